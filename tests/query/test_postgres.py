"""The same plans on PostgreSQL: every figure that DuckDB gives, PostgreSQL gives too."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.query.company import Dice, company
from tests.query.own_kpis import own_kpis
from tests.query.trial import EXTRA, question

from tolok.kpis.load import catalogue
from tolok.query.answer import Answer
from tolok.query.examples import agrees, run
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine
from tolok.store.postgres import PostgresEngine, load_facts

pytestmark = pytest.mark.postgres
KPIS = {**catalogue(), **own_kpis()}
EXAMPLES = [(id_, number) for id_, definition in KPIS.items() for number in range(len(definition.examples))]


def assert_equal(one: Answer, other: Answer) -> None:
    """The same members in the same order, the same figures, the same notes."""
    assert one.ids == other.ids
    assert one.members == other.members
    assert one.notes == other.notes
    for asked, left, right in zip(one.asked, one.results, other.results, strict=True):
        for name in ("value", "of", "over", "count"):
            np.testing.assert_allclose(
                getattr(left, name), getattr(right, name), rtol=1e-9, atol=1e-9, err_msg=f"{asked.id} {name}"
            )


@pytest.fixture(scope="module", params=range(3))
def engines(request: pytest.FixtureRequest, postgres_url: str) -> Iterator[tuple[DuckDBEngine, PostgresEngine]]:
    """One random company in both engines."""
    number = request.param
    here = DuckDBEngine.from_rows(company(2000 + number, 60, currencies=number != 1))
    load_facts(postgres_url, f"company_{number}", here)
    with PostgresEngine(postgres_url, f"company_{number}") as there:
        yield here, there


@pytest.mark.parametrize("number", range(16))
def test_any_question_has_the_same_answer_on_both(engines: tuple[DuckDBEngine, PostgresEngine], number: int) -> None:
    dice = Dice(number)
    kpis = tuple(dice.sample(sorted(KPIS), 14))
    asked, calendar = question(5000 + number, kpis)
    setting = Setting(currency="USD", calendar=calendar, extra=EXTRA)
    assert_equal(*[ask(engine, KPIS, asked, setting) for engine in engines])


@pytest.mark.parametrize("part", range(4))
def test_examples_of_the_catalogue_have_their_answers_on_postgres(postgres_url: str, part: int) -> None:
    """A fourth of a sample of all examples: each fact set is copied over, asked, and replaced."""
    sample = EXAMPLES[part::12]
    assert sample
    for id_, number in sample:
        example = KPIS[id_].examples[number]

        opened = []

        def there(
            rows: dict[str, tuple[dict[str, object], ...]], opened: list[PostgresEngine] = opened
        ) -> PostgresEngine:
            load_facts(postgres_url, "example", DuckDBEngine.from_rows(rows))
            opened.append(PostgresEngine(postgres_url, "example"))
            return opened[-1]

        assert agrees(example, run(KPIS[id_], example, KPIS, there)), (id_, example.says)
        for engine in opened:
            engine.close()

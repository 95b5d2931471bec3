"""Every example of every KPI has the same answer on PostgreSQL: no engine's accident is in a definition."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tolok.kpis.definition import Definition, Example
from tolok.kpis.load import catalogue
from tolok.query.examples import agrees, run
from tolok.query.run import Engine
from tolok.store.duckdb import DuckDBEngine
from tolok.store.postgres import PostgresEngine, load_facts

pytestmark = pytest.mark.postgres

KPIS = catalogue()
ALL = [(kpi, number) for kpi, definition in sorted(KPIS.items()) for number in range(len(definition.examples))]


class Copies:
    """Puts an example's rows into PostgreSQL, in place of those of the example before."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: PostgresEngine | None = None

    def __call__(self, rows: dict[str, tuple[dict[str, object], ...]]) -> Engine:
        self.close()
        with DuckDBEngine.from_rows(rows) as source:
            load_facts(self.url, "examples", source)
        self.engine = PostgresEngine(self.url, "examples")
        return self.engine

    def close(self) -> None:
        if self.engine is not None:
            self.engine.close()


@pytest.fixture(scope="module")
def copies(postgres_url: str) -> Iterator[Copies]:
    found = Copies(postgres_url)
    yield found
    found.close()


@pytest.mark.parametrize(("kpi", "number"), ALL, ids=[f"{kpi}-{number + 1}" for kpi, number in ALL])
def test_an_example_has_its_answer_on_postgres(copies: Copies, kpi: str, number: int) -> None:
    definition: Definition = KPIS[kpi]
    example: Example = definition.examples[number]
    value = run(definition, example, KPIS, copies)
    assert agrees(example, value), f"{kpi}: {value} instead of {example.answer}"

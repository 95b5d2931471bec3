"""The rows behind a target are those that its figure is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.query.company import Dice, company
from tests.query.oracle import Oracle
from tests.query.own_kpis import own_kpis
from tests.query.trial import EXTRA
from tests.query.trial import question as any_question

from tolok.kpis.definition import Definition, Value
from tolok.kpis.load import catalogue, parse
from tolok.query.drill import records
from tolok.query.question import Filter, Question, Viewer
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = catalogue() | own_kpis()
SETTING = Setting(currency="USD")


def asked(seed: int, kpi: str) -> Question:
    """A stretch of days in which targets stand, by chance of a team, a rep or what somebody sees."""
    dice = Dice(seed)
    start, end = dice.choice(
        [
            (date(2025, 1, 1), date(2025, 12, 31)),
            (date(2025, 4, 1), date(2025, 6, 30)),
            (date(2025, 3, 1), date(2025, 3, 31)),
            (date(2025, 2, 10), date(2025, 5, 20)),
        ]
    )
    where = dice.choice([(), (Filter("team", ("t1",)),), (Filter("team", ("t0", "t2")),), (Filter("rep", ("r1",)),)])
    question = Question((kpi,), "total", start, end, where=where)
    if dice.random() < 0.4:
        viewer = Viewer("r1", frozenset({"r1", "r2"}), teams=frozenset(dice.choice([(), ("t1", "t2"), ("t0",)])))
        question = replace(question, viewer=viewer)
    return question


@pytest.mark.parametrize("seed", range(40))
def test_the_rows_add_up_to_the_figure(seed: int) -> None:
    engine = DuckDBEngine.from_rows(company(seed))
    for kpi, adds_up in (("wins_target", True), ("rate_target", False)):
        question = asked(seed, kpi)
        figure = ask(engine, KPIS, question, SETTING).value()
        (side,) = records(engine, KPIS, question, SETTING)
        rows = [dict(zip(side.columns, row, strict=True)) for row in side.rows]
        assert len(rows) == side.total
        assert question.start is not None
        assert question.end is not None
        whole = [(row["to_on"] - row["from_on"]).days + 1 for row in rows]  # type: ignore[operator]
        shared = [
            (min(row["to_on"], question.end) - max(row["from_on"], question.start)).days + 1  # type: ignore[type-var]
            for row in rows
        ]
        assert all(days > 0 for days in shared)
        over = whole if adds_up else [sum(shared)] * len(rows)
        parts = [
            float(row["value"]) * days / of  # type: ignore[arg-type]
            for row, days, of in zip(rows, shared, over, strict=True)
        ]
        assert figure == (pytest.approx(sum(parts)) if rows else None)


@pytest.mark.parametrize("seed", range(40))
def test_the_rows_are_those_that_an_oracle_counts_in_any_group_and_period(seed: int) -> None:
    rows = company(3000 + seed)
    engine = DuckDBEngine.from_rows(rows)
    kpis = ("wins_target", "rate_target", "pipeline_target", "size_target", "revenue_target")
    question, calendar = any_question(seed, kpis)
    setting = Setting(currency="USD", calendar=calendar, extra=EXTRA)
    answer = ask(engine, KPIS, question, setting)
    asking = (question.by, question.where, question.viewer, question.grain, EXTRA)
    oracle = Oracle(rows, engine.coverage, KPIS, calendar, "USD", *asking)
    for side in records(engine, KPIS, question, setting):
        body = KPIS[side.kpi].body
        assert isinstance(body, Value)
        wanted = {
            row["id"]
            for key in answer.ids
            for slot in answer.periods
            for row in oracle.planned(body.of.name, slot, key)
        }
        found = [row[side.columns.index("id")] for row in side.rows] if side.columns else []
        assert len(found) == len(set(found)) == side.total
        assert set(found) == wanted


def test_rows_of_a_series_meet_the_conditions_of_their_kpi() -> None:
    seen = [
        {"series": "web_visits", "on": "2025-01-01", "value": value, "roll_up": "sum", "region": region}
        for value, region in ((5, "Bali"), (7, "Jawa"))
    ]
    engine = DuckDBEngine.from_rows({"observations": seen})
    written = 'name = "Visits"\nquestion = "?"\nformula = "?"\nunit = "count"\nbetter = "higher"\ntiming = "leading"\n'
    written += 'family = "customer"\nfunction = "marketing"\n'
    written += '[value]\nof = { observed = "web_visits", where = { region = "Bali" } }'
    question = Question(("visits",), "total", date(2025, 1, 1), date(2025, 1, 31))
    visits = parse(written, "visits")
    assert isinstance(visits, Definition)
    own = {"visits": visits}
    assert ask(engine, own, question, SETTING).value() == 5
    (side,) = records(engine, own, question, SETTING)
    assert [row[side.columns.index("value")] for row in side.rows] == [5]

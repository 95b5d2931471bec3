"""Targets in answers: lengths and scopes that never add up twice, and approved targets before imported ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tolok.kpis.load import catalogue
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = catalogue()
SALES = [
    {"id": "s1", "sold_on": date(2026, 1, 5), "kind": "sale", "amount": 10, "owner_id": "r1"},
    {"id": "s2", "sold_on": date(2026, 12, 30), "kind": "sale", "amount": 10, "owner_id": "r2"},
]
REPS = [{"id": "r1", "name": "Ayu"}, {"id": "r2", "name": "Budi"}]


def target(
    start: str, end: str, value: float, source: str = "plan", kpi: str = "revenue", **scope: str
) -> dict[str, Any]:
    name = f"{source}:{kpi}:{start}:{end}:{sorted(scope.items())}:{value}"
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return {"id": name, "source": source, "kpi": kpi, "from_on": first, "to_on": last, "value": value, **scope}


def figures(
    targets: list[dict[str, Any]], *, kpi: str = "revenue", grain: str = "total", by: tuple[str, ...] = ()
) -> Any:
    engine = DuckDBEngine.from_rows({"sales": SALES, "reps": REPS, "targets": targets})
    asked = Question((kpi,), grain, date(2026, 1, 1), date(2026, 12, 31), by, compare="target")  # type: ignore[arg-type]
    answer = ask(engine, KPIS, asked, Setting())
    found = {(row.period.label if grain != "total" else "", *row.members.values()): row.target for row in answer.rows()}
    return found[("",)] if grain == "total" and not by else found


MONTHS = [
    (f"2026-{m:02}-01", f"2026-{m:02}-{d}")
    for m, d in zip(range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True)
]


def test_an_approved_target_stands_for_the_imported_one_and_is_not_added_to_it() -> None:
    imported = [target(*month, 100) for month in MONTHS]
    assert figures(imported) == 1200
    approved = [target(*MONTHS[0], 150, "tolok")]
    assert figures([*imported, *approved]) == 1250
    by_month = figures([*imported, *approved], grain="month")
    assert by_month[("2026-01",)] == 150
    assert by_month[("2026-02",)] == 100


def test_an_approved_quarter_stands_for_its_imported_months() -> None:
    imported = [target(*month, 100) for month in MONTHS]
    approved = [target("2026-01-01", "2026-03-31", 360, "tolok")]
    assert figures([*imported, *approved]) == 360 + 900
    assert figures([*imported, *approved], grain="quarter")[("2026-Q1",)] == 360
    assert figures([*imported, *approved], grain="month")[("2026-01",)] == pytest.approx(360 * 31 / 90)


def test_approved_months_of_a_whole_year_stand_for_the_imported_year() -> None:
    year = target("2026-01-01", "2026-12-31", 1000)
    months = [target(*month, 100, "tolok") for month in MONTHS]
    assert figures([year]) == 1000
    assert figures([year, *months]) == 1200
    assert figures([year, *months[:6]]) == 1000  # half a year's do not


def test_an_approved_target_of_one_rep_leaves_the_imported_ones_of_others() -> None:
    imported = [target(*MONTHS[0], 100, rep_id=rep) for rep in ("r1", "r2")]
    approved = [target(*MONTHS[0], 70, "tolok", rep_id="r1")]
    assert figures([*imported, *approved], by=("rep",)) == {("", "Ayu"): 70, ("", "Budi"): 100}
    assert figures([*imported, *approved]) == 170


def test_each_rep_counts_by_the_lengths_that_they_have() -> None:
    quarter = target("2026-01-01", "2026-03-31", 300, rep_id="r1")
    months = [target(*month, 50, rep_id="r2") for month in MONTHS[:3]]
    assert figures([quarter, *months], grain="quarter")[("2026-Q1",)] == 450


def test_months_fill_the_quarter_that_nobody_set() -> None:
    first = target("2026-01-01", "2026-03-31", 300)
    months = [target(*month, 50) for month in MONTHS]
    assert figures([first, *months]) == 300 + 9 * 50


def test_a_month_in_two_teams_is_two_pieces_that_add_up() -> None:
    pieces = [target("2026-03-01", "2026-03-04", 10, rep_id="r1"), target("2026-03-05", "2026-03-31", 90, rep_id="r1")]
    assert figures(pieces, grain="month")[("2026-03",)] == 100


def test_a_stock_adds_up_over_reps_and_not_over_months() -> None:
    both = [
        target(*month, value, kpi="open_pipeline", rep_id=rep)
        for month in MONTHS
        for rep, value in (("r1", 100), ("r2", 40))
    ]
    assert figures(both, kpi="open_pipeline") == pytest.approx(140)


def test_the_target_of_an_average_is_copied_though_it_is_money() -> None:
    months = [target(*month, 500, kpi="average_deal_size") for month in MONTHS]
    assert figures(months, kpi="average_deal_size") == pytest.approx(500)

"""Targets in answers: lengths and scopes that never add up twice, and approved targets before imported ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tolok.kpis.load import catalogue
from tolok.query.question import Filter, Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = catalogue()
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
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


def test_targets_of_money_in_another_currency_are_converted_and_never_added_as_they_stand() -> None:
    written = [
        {**target("2026-01-01", "2026-01-31", 100, rep_id="r1"), "currency": "USD"},
        {**target("2026-01-01", "2026-01-31", 100, rep_id="r2"), "currency": "EUR"},
        {**target("2026-02-01", "2026-02-28", 40, rep_id="r2"), "currency": "EUR"},
    ]
    rate = {"id": "x", "currency": "EUR", "into": "USD", "on": date(2025, 12, 30), "rate": "1.2"}
    for rates, wanted, lost in (([rate], 220, 1), ([], 100, 2)):
        engine = DuckDBEngine.from_rows({"sales": SALES, "targets": written, "exchange_rates": rates})
        answer = ask(engine, KPIS, Question(("revenue_target",), "total", *YEAR), Setting(currency="USD"))
        assert answer.value() == pytest.approx(wanted)
        assert any(note.startswith(f"{lost} rows in another currency") for note in answer.notes)


def test_the_currency_of_a_count_says_nothing() -> None:
    written = [{**target("2026-01-01", "2026-01-31", 7, kpi="deals_won"), "currency": "EUR"}]
    assert figures(written, kpi="deals_won") == 7


def test_a_filter_leaves_the_targets_that_the_breakdown_shows() -> None:
    """A year's target was set in the old team; the months that stand for it were set in the new one."""
    moves = [
        {"rep_id": "r1", "team_id": "old", "from_on": "2025-01-01", "to_on": "2026-01-31"},
        {"rep_id": "r1", "team_id": "new", "from_on": "2026-02-01"},
    ]
    year = target("2026-01-01", "2026-12-31", 1200, rep_id="r1")
    months = [target(*month, 90, rep_id="r1") for month in MONTHS[1:]]
    rows = {"sales": SALES, "reps": REPS, "memberships": moves, "targets": [year, *months]}
    engine = DuckDBEngine.from_rows({**rows, "teams": [{"id": "old"}, {"id": "new"}]})
    asked = Question(("revenue_target",), "month", date(2026, 1, 1), date(2026, 12, 31), ("team",))
    told = {(row.ids["team"], row.period.label): row.value for row in ask(engine, KPIS, asked, Setting()).rows()}
    whole = replace(asked, grain="total", start=date(2026, 1, 1))
    by_team = {row.ids["team"]: row.value for row in ask(engine, KPIS, whole, Setting()).rows()}
    assert told["new", "2026-02"] == 90
    assert by_team == {"old": 1200}  # the year was set, so it stands for the year
    for team in ("old", "new"):
        chosen = replace(asked, by=(), where=(Filter("team", (team,)),))
        found = {row.period.label: row.value for row in ask(engine, KPIS, chosen, Setting()).rows()}
        assert found == {label: told.get((team, label)) for label in found}

"""A team stands for the teams below it: in filters, in targets, and for who leads it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tolok.kpis.load import catalogue
from tolok.query.question import EVERYTHING, Filter, Question, Viewer
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = catalogue()
TEAMS = [
    {"id": "all", "name": "National", "manager_id": "m0"},
    {"id": "java", "name": "Java", "parent_id": "all", "manager_id": "m1"},
    {"id": "west", "name": "West Java", "parent_id": "java", "region": "West"},
    {"id": "east", "name": "East Java", "parent_id": "java", "region": "East"},
    {"id": "bali", "name": "Bali", "parent_id": "all", "region": "East"},
]
HOME = {"r1": "west", "r2": "east", "r3": "bali", "m1": "java", "m0": "all"}
REPS = [{"id": rep, "name": rep.upper(), "team_id": team} for rep, team in HOME.items()]
SOLD = {"r1": 1, "r2": 20, "r3": 300, "m1": 4000, "m0": 50000}
SALES = [
    {"id": f"s{rep}", "sold_on": date(2026, 1, 10), "kind": "sale", "amount": amount, "owner_id": rep}
    for rep, amount in SOLD.items()
]
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
LEADS_JAVA = Viewer("Made", frozenset({"r1", "r2", "m1"}), teams=frozenset({"java", "west", "east"}))
REP = Viewer("Ayu", frozenset({"r1"}))


def planned(value: float, start: str = "2026-01-01", end: str = "2026-01-31", **scope: str) -> dict[str, Any]:
    name = f"{start}:{end}:{sorted(scope.items())}"
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return {"id": name, "kpi": "revenue", "from_on": first, "to_on": last, "value": value, **scope}


def rows(targets: list[dict[str, Any]], viewer: Viewer = EVERYTHING, **asked: Any) -> dict[tuple[Any, ...], Any]:
    engine = DuckDBEngine.from_rows({"sales": SALES, "reps": REPS, "teams": TEAMS, "targets": targets})
    start, end = asked.pop("days", JANUARY)
    question = Question(("revenue",), start=start, end=end, compare="target", viewer=viewer, **asked)
    return {
        tuple(row.members.values()): (row.value, row.target) for row in ask(engine, KPIS, question, Setting()).rows()
    }


def in_team(*teams: str, exclude: bool = False) -> dict[str, Any]:
    return {"where": (Filter("team", teams, exclude),)}


@pytest.mark.parametrize(
    ("teams", "expected"),
    [
        (("West Java",), 1),
        (("Java",), 4021),
        (("National",), 54321),
        (("Java", "West Java"), 4021),
        (("bali", "west"), 301),
    ],
)
def test_a_team_is_asked_with_all_below_it(teams: tuple[str, ...], expected: float) -> None:
    assert rows([], **in_team(*teams))[()][0] == expected


def test_leaving_a_team_out_leaves_all_below_it_out() -> None:
    assert rows([], **in_team("Java", exclude=True))[()][0] == 50300


def test_teams_in_a_circle_end_where_they_began() -> None:
    circle = [{"id": "a", "name": "A", "parent_id": "b"}, {"id": "b", "name": "B", "parent_id": "a"}]
    reps = [{"id": "r1", "name": "Ayu", "team_id": "a"}, {"id": "r2", "name": "Budi", "team_id": "b"}]
    plans = [planned(5, team_id="a"), planned(6, team_id="b")]
    engine = DuckDBEngine.from_rows({"sales": SALES, "reps": reps, "teams": circle, "targets": plans})
    question = Question(("revenue",), start=JANUARY[0], end=JANUARY[1], where=(Filter("team", ("A",)),))
    assert ask(engine, KPIS, question, Setting()).value() == 21


def test_the_target_of_a_team_and_those_below_it_are_not_added() -> None:
    below = [planned(100, team_id="west"), planned(200, team_id="east")]
    assert rows(below)[()][1] == 300
    assert rows([*below, planned(350, team_id="java")])[()][1] == 350
    assert rows([*below, planned(350, team_id="java"), planned(40, team_id="bali")])[()][1] == 390
    assert rows([*below, planned(350, team_id="java"), planned(999, team_id="all")])[()][1] == 999


def test_by_team_each_has_its_own_target() -> None:
    found = rows([planned(100, team_id="west"), planned(350, team_id="java")], by=("team",))
    assert found[("West Java",)] == (1, 100)
    assert found[("Java",)] == (4000, 350)


def test_a_team_above_without_a_region_takes_nothing_from_the_regions_below() -> None:
    found = rows(
        [planned(100, team_id="west"), planned(200, team_id="east"), planned(350, team_id="java")], by=("region",)
    )
    assert (found[("West",)][1], found[("East",)][1]) == (100, 200)


def test_the_team_whose_targets_cover_more_days_counts() -> None:
    quarter = (date(2026, 1, 1), date(2026, 3, 31))
    months = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-03-01", "2026-03-31")]
    below = [planned(100, *month, team_id="west") for month in months]
    assert rows([*below, planned(70, *months[0], team_id="java")], days=quarter)[()][1] == 300
    assert rows([*below, planned(700, "2026-01-01", "2026-03-31", team_id="java")], days=quarter)[()][1] == 700


def test_a_team_is_asked_with_its_own_target() -> None:
    plans = [planned(9999), planned(350, team_id="java"), planned(100, team_id="west"), planned(30, rep_id="r3")]
    assert rows(plans, **in_team("Java"))[()] == (4021, 350)


def test_who_leads_a_team_is_measured_by_its_target() -> None:
    plans = [planned(9999), planned(777, team_id="bali"), planned(350, team_id="java"), planned(100, team_id="west")]
    assert rows(plans, LEADS_JAVA)[()] == (4021, 350)
    assert rows(plans, LEADS_JAVA, **in_team("West Java"))[()] == (1, 100)
    assert rows([planned(9999), planned(777, team_id="bali")], LEADS_JAVA)[()] == (4021, None)


def test_a_rep_is_measured_by_their_own_target() -> None:
    plans = [planned(9999), planned(350, team_id="java"), planned(60, rep_id="r1"), planned(70, rep_id="r2")]
    assert rows(plans, REP)[()] == (1, 60)
    assert rows(plans[:2], REP)[()] == (1, None)


def test_where_only_reps_have_targets_a_team_has_their_sum() -> None:
    plans = [planned(9999), planned(777, team_id="bali"), planned(60, rep_id="r1"), planned(70, rep_id="r2")]
    assert rows(plans, LEADS_JAVA)[()] == (4021, 130)

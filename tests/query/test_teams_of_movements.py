"""Whose retention it is when a rep changes team: against a walk through every contract, and against the stock."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest
from tests.query.company import Dice, Rows
from tests.query.own_kpis import own_kpis

from tolok.kpis.load import catalogue
from tolok.periods import Period
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = {**catalogue(), **own_kpis()}
SETTING = Setting(currency="USD")
DAY = timedelta(days=1)
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def moving_company(seed: int) -> Rows:
    """Reps who change team now and then without a gap, and their contracts."""
    dice = Dice(seed)
    rows: Rows = {
        "reps": [{"id": f"r{number}"} for number in range(4)],
        "teams": [{"id": f"t{number}"} for number in range(3)],
        "memberships": [],
        "subscriptions": [],
        "sales": [{"sold_on": LAST, "amount": 1}],
    }
    for rep in rows["reps"]:
        starts = sorted({date(2023, 1, 1), *(dice.day(FIRST, LAST) for _ in range(3))})
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            end = following - DAY if following else None
            held = {"rep_id": rep["id"], "team_id": f"t{dice.randrange(3)}", "from_on": start, "to_on": end}
            rows["memberships"].append(held)
    for _ in range(60):
        start = dice.day(date(2024, 6, 1), LAST)
        end = dice.maybe(start + timedelta(days=dice.randrange(1, 400)), 0.6)
        contract = {"account_id": f"a{dice.randrange(9)}", "owner_id": f"r{dice.randrange(4)}", "currency": "USD"}
        rows["subscriptions"].append(
            {**contract, "amount": dice.randrange(1, 50), "started_on": start, "ended_on": end, "status": "active"}
        )
    return rows


def team(rows: Rows, rep: str, day: date) -> str:
    """The team of a rep on a day."""
    (found,) = [
        each["team_id"]
        for each in rows["memberships"]
        if each["rep_id"] == rep and each["from_on"] <= day and (each["to_on"] is None or each["to_on"] >= day)
    ]
    return str(found)


def retained(rows: Rows, period: Period) -> dict[str, float]:
    """Net revenue retention by team, contract by contract."""
    sides: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    opening = period.start - DAY
    for each in rows["subscriptions"]:
        held = [
            each["started_on"] <= day and (each["ended_on"] is None or each["ended_on"] > day)
            for day in (opening, period.end)
        ]
        if any(held):
            answers_for_it = team(rows, each["owner_id"], max(opening, each["started_on"]))
            for side in (0, 1):
                sides[answers_for_it][each["account_id"]][side] += each["amount"] * held[side]
    found = {}
    for name, accounts in sides.items():
        was = sum(before for before, _ in accounts.values())
        kept = sum(after for before, after in accounts.values() if before)
        if was:
            found[name] = 100 * kept / was
    return found


@pytest.mark.parametrize("seed", range(6))
def test_retention_belongs_to_the_team_that_held_the_customer_at_the_opening(seed: int) -> None:
    rows = moving_company(seed)
    asked = Question(("nrr",), ("month", "quarter")[seed % 2], FIRST, LAST, ("team",))  # type: ignore[arg-type]
    answer = ask(DuckDBEngine.from_rows(rows), KPIS, asked, SETTING)
    for period in answer.periods:
        lines = [row for row in answer.rows() if row.period == period and row.value is not None]
        assert {row.ids["team"]: row.value for row in lines} == pytest.approx(retained(rows, period)), period.label


def test_what_a_team_opens_with_is_what_it_closed_with() -> None:
    rows = moving_company(9)
    engine = DuckDBEngine.from_rows(rows)
    asked = Question(("nrr", "mrr"), "month", FIRST, LAST, ("team",))
    answer = ask(engine, KPIS, asked, SETTING)
    opened = {(row.ids["team"], row.period.start): row.over for row in answer.rows() if row.kpi.startswith("nrr")}
    for row in answer.rows():
        following = (row.ids["team"], row.period.end + DAY)
        if row.kpi == "mrr" and following in opened:
            assert opened[following] == pytest.approx(row.value), following


def test_a_rep_who_changes_team_loses_no_customer_by_it() -> None:
    rows: Rows = {
        "reps": [{"id": "r"}],
        "teams": [{"id": "old"}, {"id": "new"}],
        "memberships": [
            {"rep_id": "r", "team_id": "old", "from_on": "2024-01-01", "to_on": "2025-01-14"},
            {"rep_id": "r", "team_id": "new", "from_on": "2025-01-15"},
        ],
        "subscriptions": [{"account_id": "a", "owner_id": "r", "amount": 10, "started_on": "2024-06-01"}],
        "sales": [{"sold_on": "2025-02-28", "amount": 1}],
    }
    asked = Question(("mrr_lost",), "month", date(2025, 1, 1), date(2025, 2, 28), ("team",))
    answer = ask(DuckDBEngine.from_rows(rows), KPIS, asked, SETTING)
    found = {(row.ids["team"], row.period.start.month): row.value for row in answer.rows()}
    assert found == {("old", 1): 0, ("old", 2): None, ("new", 1): None, ("new", 2): 0}

"""Targets in Python and in SQL are the same; who can carry them, and what history says, come out of the facts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tolok.kpis.additive import additive
from tolok.kpis.load import catalogue
from tolok.periods import Calendar
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine
from tolok.targets.evidence import past, pasts_by_rep, results, season
from tolok.targets.members import people, things
from tolok.targets.presence import Stay
from tolok.targets.roll_up import rolled_up
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.smart import Asked
from tolok.targets.staff import team_parts
from tolok.targets.standing import standing

KPIS = catalogue()
SPANS = [(start, months) for months in (1, 3, 12) for start in range(0, 12, months)]


def span(start: int, months: int) -> tuple[date, date]:
    end = start + months
    return date(2026, start + 1, 1), date(2026 + end // 12, end % 12 + 1, 1) - timedelta(days=1)


@settings(max_examples=40, deadline=None)
@given(
    some.lists(
        some.tuples(some.sampled_from(SPANS), some.integers(1, 1000), some.sampled_from(["plan", "tolok"])),
        min_size=1,
        max_size=12,
        unique_by=lambda one: (one[0], one[2]),
    ),
    some.sampled_from(SPANS),
    some.sampled_from(["revenue", "open_pipeline", "win_rate"]),
)
def test_the_target_of_any_stretch_is_the_same_in_python_and_in_sql(
    targets: list[tuple[tuple[int, int], int, str]], asked: tuple[int, int], kpi: str
) -> None:
    rows: list[dict[str, Any]] = []
    for number, (where, value, source) in enumerate(targets):
        start, end = span(*where)
        row = {"id": f"{source}:{number}", "source": source, "kpi": kpi, "from_on": start, "to_on": end, "value": value}
        rows.append(row)
    sales = [{"id": "s", "sold_on": date(2026, 1, 1), "kind": "sale", "amount": 1}]
    sales.append({**sales[0], "id": "t", "sold_on": date(2026, 12, 31)})
    engine = DuckDBEngine.from_rows({"sales": sales, "targets": rows})
    first, last = span(*asked)
    answer = ask(engine, KPIS, Question((kpi,), "total", first, last, compare="target"), Setting())
    in_sql = next(answer.rows()).target
    here = rolled_up(standing(engine, kpi), first, last, additive(kpi, KPIS))
    if here.value is None:
        assert in_sql is None
    else:
        assert in_sql == pytest.approx(float(here.value), rel=1e-9)


REPS = [
    {"id": "lead", "name": "Lia", "team_id": "j"},
    {"id": "old", "name": "Oka", "team_id": "j", "hired_on": date(2020, 1, 1)},
    {"id": "new", "name": "Nia", "team_id": "j", "hired_on": date(2026, 7, 1)},
    {"id": "newest", "name": "Rio", "team_id": "j", "hired_on": date(2026, 12, 20)},
    {"id": "gone", "name": "Gita", "team_id": "j", "left_on": date(2026, 3, 1)},
    {"id": "moved", "name": "Made", "team_id": "b", "hired_on": date(2020, 1, 1)},
    {"id": "desk", "name": "Dewi", "team_id": "b", "quota_carrying": False},
]
TEAMS = [{"id": "j", "name": "Jawa", "manager_id": "lead"}, {"id": "b", "name": "Bali"}]
MEMBERSHIPS = [
    {"id": "1", "rep_id": "moved", "team_id": "j", "from_on": None, "to_on": date(2027, 2, 10)},
    {"id": "2", "rep_id": "moved", "team_id": "b", "from_on": date(2027, 2, 11), "to_on": None},
]


def test_people_take_part_with_their_stays_and_a_whole_years_weight() -> None:
    """Nia sold 60 in the half year that she was there: 120 in a whole one; Rio's ten days tell nothing yet."""
    engine = DuckDBEngine.from_rows({"reps": REPS, "teams": TEAMS, "memberships": MEMBERSHIPS})
    parts = team_parts(
        engine,
        {"j": "Jawa", "b": "Bali"},
        date(2027, 1, 1),
        date(2027, 12, 31),
        basis="last-year",
        by_rep={
            "old": Decimal(100),
            "new": Decimal(60),
            "newest": Decimal(9),
            "moved": Decimal(80),
            "lead": Decimal(7),
        },
        by_team={"j": Decimal(300), "b": Decimal(100)},
        year=(date(2026, 1, 1), date(2026, 12, 31)),
        leaders=["lead"],
    )
    jawa, bali = parts
    assert {seller.id: round(seller.weight, 0) for seller in jawa.sellers} == {
        "old": 100,
        "new": 119,  # 60 × 365 ÷ 184
        "newest": 100,  # the mean of the others
        "moved": 80,
    }
    stays = {seller.id: seller.stays for seller in (*jawa.sellers, *bali.sellers)}
    assert stays["moved"] == (Stay(date(2027, 2, 11), None),)
    assert [seller.id for seller in bali.sellers] == ["moved"]
    assert (jawa.weight, bali.weight) == (300, 100)


def test_members_come_with_the_day_from_which_they_are_gone() -> None:
    accounts = [{"id": "a", "name": "Toko", "region": "Jawa", "channel": None}]
    engine = DuckDBEngine.from_rows({"reps": REPS, "teams": TEAMS, "accounts": accounts})
    assert people(engine)["rep"]["gone"].left_on == date(2026, 3, 1)
    assert people(engine)["team"]["j"].name == "Jawa"
    found = things(engine)
    assert (found["account"]["a"].name, set(found["region"]), set(found["channel"])) == ("Toko", {"Jawa"}, set())


class Shop:
    """What answers questions over rows."""

    def __init__(self, rows: dict[str, list[dict[str, Any]]]) -> None:
        self.engine = DuckDBEngine.from_rows(rows)

    def answer(self, question: Question) -> Any:
        return ask(self.engine, KPIS, question, Setting())


SALES = [
    {"id": f"{rep}{month}", "sold_on": date(2026, month, 5), "kind": "sale", "amount": amount * month, "owner_id": rep}
    for month in range(1, 5)
    for rep, amount in (("old", 10), ("moved", 1))
]


def test_history_is_what_the_questions_answer() -> None:
    shop = Shop({"sales": SALES, "reps": REPS, "teams": TEAMS})
    months = tuple(Calendar().periods(date(2026, 1, 1), date(2026, 4, 30), "month"))
    asked = Asked("revenue", "month", months)
    assert [value for _, value in past(shop, asked, COMPANY, "").figures] == [11, 22, 33, 44]
    assert [value for _, value in past(shop, asked, Scope.of({"rep": "old"}), "Oka").figures] == [10, 20, 30, 40]
    both = {one.name: [value for _, value in one.figures] for one in pasts_by_rep(shop, asked, ["moved", "old"])}
    assert both == {"Made": [1, 2, 3, 4], "Oka": [10, 20, 30, 40]}
    by_team = results(shop, "revenue", "team", date(2026, 1, 1), date(2026, 4, 30))
    assert by_team == {"j": 100, "b": 10}
    assert season(shop, "revenue", date(2026, 4, 30), "ID").is_flat

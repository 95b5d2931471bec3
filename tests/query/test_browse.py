"""Listings show the records that a person may see, in order, a page at a time; checked against plain Python."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tolok.errors import QuestionError
from tolok.query.browse import Condition, Listing, browse, record
from tolok.query.question import Filter, Viewer
from tolok.store.duckdb import DuckDBEngine

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def deals() -> list[dict[str, object]]:
    dice = random.Random(8)
    made = [
        {
            "id": f"s:{n}",
            "source": "s",
            "source_id": str(n),
            "name": f"Deal {n % 7} {n}",
            "owner_id": dice.choice(["s:ann", "s:bob", None]),
            "owner_at_close_id": dice.choice([None, None, "s:ann"]),
            "account_id": f"s:a{n % 3}",
            "stage_id": dice.choice(["s:new", "s:late"]),
            "status": dice.choice(["open", "open", "won"]),
            "amount": Decimal(dice.randrange(1, 900)),
            "created_on": date(2026, 1, 1),
            "expected_close_on": TODAY + timedelta(days=dice.randrange(-40, 40)) if n % 5 else None,
        }
        for n in range(120)
    ]
    for deal in made:  # who owned a deal when it closed is told of what closed
        deal["closed_on"] = date(2026, 3, 1) if deal["owner_at_close_id"] else None
    return made


@pytest.fixture
def engine(deals):
    people = [{"id": "s:ann", "name": "Ann", "team_id": "s:w"}, {"id": "s:bob", "name": "Bob", "team_id": "s:e"}]
    made = DuckDBEngine.from_rows(
        {
            "deals": deals,
            "reps": people,
            "teams": [{"id": "s:w", "name": "West"}, {"id": "s:e", "name": "East"}],
            "memberships": [
                {"id": "m1", "rep_id": "s:ann", "team_id": "s:w"},
                {"id": "m2", "rep_id": "s:bob", "team_id": "s:e"},
            ],
            "accounts": [{"id": f"s:a{n}", "name": f"PT {n}", "region": f"R{n}"} for n in range(3)],
            "stages": [{"id": "s:new", "name": "New"}, {"id": "s:late", "name": "Late"}],
        }
    )
    yield made
    made.close()


def test_pages_hold_every_record_once_and_in_order(engine, deals):
    open_ = [deal for deal in deals if deal["status"] == "open"]
    expected = sorted(open_, key=lambda deal: (-deal["amount"], deal["id"]))  # type: ignore[operator]
    found = []
    for offset in range(0, 120, 11):
        page = browse(
            engine,
            Listing("deals", ("amount",), (), (Condition("status", "is", "open"),), (), (("amount", True),), 11, offset),
            TODAY,
            sums=("amount",),
        )  # fmt: skip
        assert page.total == len(open_)
        assert page.sums["amount"] == sum(deal["amount"] for deal in open_)  # type: ignore[misc]
        found += [item.id for item in page.records]
    assert found == [deal["id"] for deal in expected]


def test_references_are_readable_and_sorted_by_name(engine, deals):
    page = browse(engine, Listing("deals", ("owner_id", "account_id"), order=(("owner_id", True),), limit=500), TODAY)
    names = [item.names["owner_id"] for item in page.records]
    assert names == sorted((name for name in names if name), reverse=True) + [""] * sum(
        not d["owner_id"] for d in deals
    )
    assert {item.names["account_id"] for item in page.records} == {"PT 0", "PT 1", "PT 2"}


@pytest.mark.parametrize(
    ("condition", "keeps"),
    [
        (
            Condition("expected_close_on", "before", TODAY),
            lambda d: d["expected_close_on"] and d["expected_close_on"] < TODAY,
        ),
        (Condition("expected_close_on", "unknown"), lambda d: d["expected_close_on"] is None),
        (Condition("owner_id", "not", "s:ann"), lambda d: d["owner_id"] != "s:ann"),
        (Condition("amount", "at_least", 500), lambda d: d["amount"] >= 500),
        (Condition("name", "contains", "DEAL 3"), lambda d: "deal 3" in d["name"].lower()),
        (Condition("name", "contains", "' OR 1=1 --"), lambda d: False),
        (Condition("account_id.region", "is", ("R1", "R2")), lambda d: d["account_id"] in ("s:a1", "s:a2")),
    ],
)
def test_conditions(engine, deals, condition, keeps):
    page = browse(engine, Listing("deals", ("name",), conditions=(condition,), limit=500), TODAY)
    assert {item.id for item in page.records} == {deal["id"] for deal in deals if keeps(deal)}


def test_one_of_several_conditions_is_enough(engine, deals):
    late = Condition("expected_close_on", "before", TODAY)
    page = browse(
        engine, Listing("deals", ("name",), any_of=((late, Condition("amount", "at_least", 800)),), limit=500), TODAY
    )
    assert {item.id for item in page.records} == {
        deal["id"]
        for deal in deals
        if (deal["expected_close_on"] and deal["expected_close_on"] < TODAY) or deal["amount"] >= 800  # type: ignore[operator]
    }


def test_a_filter_by_team_is_by_the_owner_of_today(engine, deals):
    page = browse(engine, Listing("deals", ("name",), where=(Filter("team", ("West",)),), limit=500), TODAY)
    assert {item.id for item in page.records} == {deal["id"] for deal in deals if deal["owner_id"] == "s:ann"}


def test_a_person_sees_what_is_or_was_theirs(engine, deals):
    eyes = Viewer("ann", frozenset({"s:ann"}))
    page = browse(engine, Listing("deals", ("name",), viewer=eyes, limit=500), TODAY)
    own = {deal["id"] for deal in deals if "s:ann" in (deal["owner_id"], deal["owner_at_close_id"])}
    assert {item.id for item in page.records} == own
    for deal in deals:
        assert (record(engine, "deals", str(deal["id"]), eyes, TODAY) is not None) == (deal["id"] in own)
    assert record(engine, "deals", "s:nothing", eyes, TODAY) is None
    nobody = Viewer("nobody", frozenset())
    assert browse(engine, Listing("deals", viewer=nobody), TODAY).total == 0
    assert browse(engine, Listing("accounts", viewer=nobody), TODAY).total == 0
    assert browse(engine, Listing("stages", viewer=nobody), TODAY).total == 0


def test_what_does_not_exist_is_refused_or_empty(engine):
    with pytest.raises(QuestionError, match="Did you mean amount"):
        browse(engine, Listing("deals", ("amnt",)), TODAY)
    with pytest.raises(QuestionError, match="no fact"):
        browse(engine, Listing("dealz"), TODAY)
    assert browse(engine, Listing("orders"), TODAY).total == 0

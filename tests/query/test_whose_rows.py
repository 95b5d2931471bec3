"""A record is seen by whom the rows behind some figure show it to, and by nobody else: one rule, compared row by row."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from tolok.kpis.definition import Definition
from tolok.kpis.load import parse
from tolok.model import FACTS
from tolok.query.browse import Listing, browse, record
from tolok.query.drill import records
from tolok.query.question import Led, Question, Viewer
from tolok.query.run import Setting
from tolok.store.duckdb import DuckDBEngine

FIRST, DAYS = date(2026, 1, 1), 60
TODAY = FIRST + timedelta(days=DAYS)
REPS = ("s:ann", "s:bob", "s:cia", "s:lea")
OWNED = (
    "deals",
    "activities",
    "leads",
    "orders",
    "tickets",
    "subscriptions",
    "deal_events",
    "deal_states",
    "stage_stays",
    "accounts",
    "customer_lives",
)
DATED = {fact: [item.name for item in FACTS[fact].columns if item.type == "date"] for fact in OWNED}
"""Facts that people own, with the dates by which a KPI may count them."""

EYES = {
    "everybody's": Viewer(),
    "a rep's": Viewer("ann", frozenset({"s:ann"})),
    "a rep's without what they own now": Viewer("ann", frozenset({"s:ann"}), rows_owned_now=False),
    "nobody's": Viewer("gone", frozenset()),
    "a manager's": Viewer("lea", frozenset({"s:lea", "s:ann"})),
    "a manager's who led others before": Viewer(
        "lea",
        frozenset({"s:lea", "s:ann"}),
        led=(
            Led("s:bob", date.min, FIRST + timedelta(days=20)),
            Led("s:cia", FIRST + timedelta(days=10), FIRST + timedelta(days=25)),
            Led("s:cia", FIRST + timedelta(days=40), None),
        ),
    ),
    "a manager's whose team has gone": Viewer("lea", frozenset(), led=(Led("s:bob", FIRST, FIRST + timedelta(30)),)),
}


def some_rows(fact: str, deals: list[str], dice: random.Random) -> list[dict[str, object]]:
    found = []
    for number in range(90):
        row: dict[str, object] = {"source": "s", "source_id": str(number), "id": f"s:{number}"}
        for item in FACTS[fact].columns:
            if item.to == "reps":
                row[item.name] = dice.choice([*REPS, None])
            elif item.name == "deal_id":
                row[item.name] = dice.choice(deals)
            elif item.type == "date":
                row[item.name] = FIRST + timedelta(dice.randrange(DAYS)) if dice.random() < 0.6 else None
        interval = FACTS[fact].interval
        if interval and row[interval[0]] and row[interval[1]] and str(row[interval[1]]) < str(row[interval[0]]):
            row[interval[0]], row[interval[1]] = row[interval[1]], row[interval[0]]
        row["amount"] = number
        found.append({name: value for name, value in row.items() if name in FACTS[fact].column_names})
    return found


@pytest.fixture(scope="module")
def rows() -> dict[str, list[dict[str, object]]]:
    dice = random.Random(3)
    deals = [f"s:{number}" for number in range(90)]
    return {fact: some_rows(fact, deals, dice) for fact in OWNED}


@pytest.fixture(scope="module")
def engine(rows):
    loose = [{"id": "s:1", "source": "s", "source_id": "1"}]
    others = dict.fromkeys(("payments", "products", "stages", "contacts", "costs"), loose)
    made = DuckDBEngine.from_rows({"reps": [{"id": rep, "name": rep} for rep in REPS], **rows, **others})
    yield made
    made.close()


def key(fact: str, cells: dict[str, object]) -> object:
    """What a row is known by: its id, or what tells one derived row from another."""
    return cells["id"] if "id" in FACTS[fact].column_names else cells["amount"]


def drilled(engine: DuckDBEngine, fact: str, viewer: Viewer) -> set[object]:
    """All rows that any figure of a fact opens to: by each of its dates, and of what lasts on each day."""
    found: set[object] = set()
    asked = [(f'dated_by = "{name}"', FIRST, TODAY) for name in DATED[fact]]
    if FACTS[fact].interval:
        asked += [('window = "closing"', FIRST + timedelta(n), FIRST + timedelta(n)) for n in range(DAYS)]
    for how, start, end in asked:
        question = Question(("counted",), start=start, end=end, viewer=viewer)
        for side in records(engine, {"counted": counted(fact, how)}, question, Setting(), limit=10_000):
            found |= {key(fact, dict(zip(side.columns, row, strict=True))) for row in side.rows}
    return found


def counted(fact: str, how: str) -> Definition:
    text = f"""name = "Counted"
question = "How many?"
formula = "rows"
unit = "count"
better = "higher"
timing = "lagging"
family = "operational"
function = "sales"
[value]
count = "{fact}"
{how}
"""
    made = parse(text, "counted")
    assert isinstance(made, Definition)
    return made


@pytest.mark.parametrize("fact", OWNED)
def test_a_record_is_seen_where_some_figure_opens_to_it_and_nowhere_else(engine, rows, fact):
    undated = {key(fact, row) for row in rows[fact] if not any(row[name] for name in DATED[fact])}
    for whose, viewer in EYES.items():
        listed = browse(engine, Listing(fact, viewer=viewer, limit=10_000), TODAY).records
        mine = {key(fact, {"id": item.id, **item.cells}) for item in listed}
        shown = drilled(engine, fact, viewer)
        assert shown <= mine, f"{whose} figures open to {fact} that are not to be looked at"
        assert mine - shown <= undated, f"{whose} list of {fact} holds what no figure opens to"
        if "id" in FACTS[fact].column_names:
            for row in rows[fact]:
                seen = record(engine, fact, str(row["id"]), viewer, TODAY) is not None
                assert seen == (row["id"] in mine), f"{whose} {fact} {row['id']}"


def test_what_was_led_is_seen_until_the_day_it_was_led(engine, rows):
    """By hand: orders have one owner and one date."""
    viewer = EYES["a manager's who led others before"]
    expected = {
        row["id"]
        for row in rows["orders"]
        if row["owner_id"] in ("s:lea", "s:ann")
        or any(
            row["owner_id"] == led.rep
            and row["ordered_on"]
            and led.from_on <= row["ordered_on"] < (led.until_on or date.max)
            for led in viewer.led
        )
    }
    found = {item.id for item in browse(engine, Listing("orders", viewer=viewer, limit=1000), TODAY).records}
    assert found == expected
    plain = {
        item.id for item in browse(engine, Listing("orders", viewer=EYES["a manager's"], limit=1000), TODAY).records
    }
    assert plain < found


def test_without_an_owner_there_is_nothing_to_see(engine):
    for fact in ("payments", "products", "stages", "contacts", "costs"):
        assert browse(engine, Listing(fact, viewer=EYES["a manager's"]), TODAY).total == 0

"""Importing again changes nothing; importing an updated export changes exactly what changed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.imports.conftest import TODAY
from tests.imports.test_same_facts import HEADER as DEALS
from tests.imports.test_same_facts import STAGES, deals

from tolok.imports.derive import customer_lives, deal_states, sales, stage_stays
from tolok.model import FACTS

HEADER = ["Deal ID", "Deal Name", "Account Name", "Owner", "Stage", "Amount", "Created Date", "Close Date"]
ROWS = [
    ["D1", "Alpha", "Acme", "Ana", "Proposal", 100, "2026-01-05", ""],
    ["D2", "Beta", "Borg", "Budi", "Closed Won", 250, "2026-01-07", "2026-02-10"],
    ["D3", "Gamma", "Acme", "Ana", "Qualification", 80, "2026-01-09", ""],
    ["D4", "Delta", "Core", "Budi", "Closed Lost", 60, "2026-01-11", "2026-02-20"],
]


def test_the_same_file_again_changes_nothing(shop, write):
    path = write("deals.csv", HEADER, ROWS)
    first = shop.take(path)
    before = shop.facts()
    second = shop.take(path)
    assert (first.snapshot, first.changed) == ("000001", 4)
    assert (second.snapshot, second.changed, second.facts) == ("000001", 0, {})
    assert shop.facts() == before


def test_an_updated_export_changes_exactly_what_changed_and_says_so_in_events(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS))
    updated = [list(row) for row in ROWS]
    updated[0][4], updated[0][5] = "Negotiation", 120
    updated[2][4], updated[2][7] = "Closed Won", "2026-03-02"
    updated.append(["D5", "Epsilon", "Dune", "Citra", "Proposal", 40, "2026-03-01", ""])
    result = shop.take(write("deals.csv", HEADER, updated))
    assert result.facts["deals"] == {"new": 1, "changed": 2, "deleted": 0}
    told = shop.ask(
        'SELECT e.deal_id, field, o.name, n.name, "on" FROM deal_events e LEFT JOIN stages o ON o.id = e.old '
        "LEFT JOIN stages n ON n.id = e.new WHERE origin = 'difference' AND field = 'stage_id' ORDER BY 1"
    )
    assert told == [
        ("deals:D1", "stage_id", "Proposal", "Negotiation", date(2026, 3, 15)),
        ("deals:D3", "stage_id", "Qualification", "Closed Won", date(2026, 3, 2)),
    ]
    assert shop.ask("SELECT old, new FROM deal_events WHERE field = 'amount'") == [("100.0000", "120.0000")]
    assert shop.ask("SELECT status, closed_on FROM deals WHERE source_id = 'D3'") == [("won", date(2026, 3, 2))]
    assert shop.one("SELECT sum(amount) FROM sales") == Decimal(330)


def test_past_states_stay_as_they_were_known(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS), today=date(2026, 2, 25))
    updated = [list(row) for row in ROWS]
    updated[0][4], updated[0][5] = "Negotiation", 120
    updated.append(["D5", "Epsilon", "Dune", "Citra", "Proposal", 40, "2026-03-09", ""])
    shop.take(write("deals.csv", HEADER, updated), today=date(2026, 3, 10))
    states = shop.ask(
        "SELECT from_on, to_on, g.name, amount FROM deal_states d LEFT JOIN stages g ON g.id = d.stage_id "
        "WHERE deal_id = 'deals:D1' ORDER BY 1"
    )
    assert states == [
        (date(2026, 1, 5), date(2026, 2, 20), None, Decimal(100)),
        (date(2026, 2, 20), date(2026, 3, 10), "Proposal", Decimal(100)),
        (date(2026, 3, 10), None, "Negotiation", Decimal(120)),
    ]


def test_absence_is_not_deletion_unless_the_export_is_complete(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS))
    path = write("deals.csv", HEADER, ROWS[:2])
    assert shop.take(path).changed == 0
    assert shop.one("SELECT count(*) FROM deals") == 4
    result = shop.take(path, complete=True)
    assert result.facts["deals"]["deleted"] == 2
    assert shop.ask("SELECT deal_id FROM deal_events WHERE field = 'deleted' ORDER BY 1") == [
        ("deals:D3",),
        ("deals:D4",),
    ]
    assert shop.one("SELECT count(*) FROM deal_states WHERE deal_id = 'deals:D3'") == 0


def test_a_column_that_an_export_lacks_keeps_what_another_gave(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS))
    keep = [0, 1, 4, 5, 6, 7]
    shop.take(write("deals.csv", [HEADER[i] for i in keep], [[row[i] for i in keep] for row in ROWS]))
    assert shop.one("SELECT count(*) FROM deals WHERE owner_id IS NOT NULL AND account_id IS NOT NULL") == 4


def test_a_rep_who_moves_leaves_one_team_and_enters_another(shop, write):
    header = ["Sales Agent", "Manager", "Regional Office"]
    shop.take(
        write(
            "sales_teams.csv", header, [["Ana", "Mira", "East"], ["Budi", "Mira", "East"], ["Citra", "Nando", "West"]]
        )
    )
    shop.take(
        write(
            "sales_teams.csv", header, [["Ana", "Nando", "East"], ["Budi", "Mira", "East"], ["Citra", "Nando", "West"]]
        )
    )
    rows = shop.ask(
        "SELECT t.name, from_on, to_on FROM memberships m JOIN teams t ON t.id = m.team_id JOIN reps r ON r.id = m.rep_id "
        "WHERE r.name = 'Ana' ORDER BY to_on NULLS LAST"
    )
    assert rows == [("Mira", None, date(2026, 3, 14)), ("Nando", date(2026, 3, 15), None)]


def nothing(fact: str) -> str:
    """A fact without rows, as a relation."""
    columns = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {column.name}" for column in FACTS[fact].columns)
    return f"(SELECT {columns} WHERE false)"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_many_small_updates_the_derived_facts_are_those_computed_anew(shop, write, seed):
    chance = random.Random(seed)
    rows = deals(seed, 200)
    shop.take(write("deals.csv", DEALS, rows))
    anew = {
        "deal_states": deal_states.select("deals", "deal_events", "DATE '2026-03-15'", "stages"),
        "stage_stays": stage_stays.select("deals", "deal_events", "deal_states", "stages"),
        "sales": sales.select(
            "deals", orders="", deals="deals", lines=nothing("deal_lines"), products=nothing("products")
        ),
        "customer_lives": customer_lives.select("sales", "accounts"),
    }
    for step in range(6):
        for row in chance.sample(rows, 6):
            row[4] = chance.choice(STAGES)
            row[5] = f"{chance.randrange(100, 9_000_000) / 100:.2f}"
            row[7] = f"2025-12-{chance.randrange(1, 29):02d}" if row[4].startswith("Closed") else ""
        if step == 3:
            rows.append(["D999", "Late", "Acme", "Ana", "Proposal", "10.00", "2025-09-01", ""])
        if step == 4:
            rows.pop(0)
        result = shop.take(write("deals.csv", DEALS, rows), today=TODAY + timedelta(days=7 * step), complete=True)
        assert 0 < result.facts["deals"]["changed"] <= 6
        assert result.facts["deals"]["deleted"] == (step == 4)
        for fact, select in anew.items():
            columns = ", ".join(f'"{column.name}"' for column in FACTS[fact].columns)
            stored = shop.ask(f"SELECT {columns} FROM {fact} ORDER BY ALL")
            assert stored == shop.ask(f"SELECT {columns} FROM ({select}) ORDER BY ALL"), fact
            assert stored or fact == "stage_stays"


def test_a_correction_of_last_months_export_does_not_stretch_the_data_into_a_new_month(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS), today=date(2026, 2, 27))
    corrected = [list(row) for row in ROWS]
    corrected[0][5] = 110
    shop.take(write("deals.csv", HEADER, corrected), today=date(2026, 3, 3))
    assert shop.ask("SELECT \"on\" FROM deal_events WHERE field = 'amount'") == [(date(2026, 2, 20),)]
    assert shop.one('SELECT max("on") FROM deal_events') == date(2026, 2, 20)


def test_a_change_is_never_dated_before_one_that_was_seen_earlier(shop, write):
    shop.take(write("deals.csv", HEADER, ROWS), today=date(2026, 2, 25))
    updated = [list(row) for row in ROWS]
    updated[0][4] = "Negotiation"
    updated.append(["D5", "Epsilon", "Dune", "Citra", "Proposal", 40, "2026-03-01", ""])
    shop.take(write("deals.csv", HEADER, updated), today=date(2026, 3, 5))
    updated[0][4] = "Qualification"
    shop.take(write("deals.csv", HEADER, updated), today=date(2026, 3, 9))
    moved = shop.ask(
        'SELECT o.name, n.name, "on" FROM deal_events e JOIN stages o ON o.id = e.old JOIN stages n ON n.id = e.new '
        "WHERE origin = 'difference' AND field = 'stage_id' AND deal_id = 'deals:D1' ORDER BY \"on\", \"at\""
    )
    assert moved == [
        ("Proposal", "Negotiation", date(2026, 3, 5)),
        ("Negotiation", "Qualification", date(2026, 3, 5)),
    ]
    now = "SELECT g.name FROM deal_states d JOIN stages g ON g.id = d.stage_id WHERE deal_id = 'deals:D1' AND to_on IS NULL"
    assert shop.ask(now) == [("Qualification",)]


def test_after_small_updates_of_orders_sales_and_buying_lives_are_those_computed_anew(shop, write):
    chance = random.Random(1)
    header = ["order id", "order date", "customer", "product", "quantity", "amount", "sales rep"]
    rows = [
        [f"O{n}", f"2025-{1 + n % 9:02d}-{1 + n % 27:02d}", f"C{n % 17}", f"P{n % 5}", "1", f"{10 + n}.00", f"R{n % 3}"]
        for n in range(120)
    ]
    shop.take(write("orders.csv", header, rows))
    for step in range(3):
        for row in chance.sample(rows, 4):
            row[1] = f"2025-{chance.randrange(1, 10):02d}-{chance.randrange(1, 28):02d}"
            row[2] = f"C{chance.randrange(20)}"
        if step == 2:
            rows.pop(0)
        result = shop.take(write("orders.csv", header, rows), complete=True)
        assert 0 < result.facts["orders"]["changed"] + result.facts["orders"].get("new", 0) <= 4
        anew = {
            "sales": sales.select("orders", orders="orders", deals="", lines="", products="products"),
            "customer_lives": customer_lives.select("sales", "accounts"),
        }
        for fact, select in anew.items():
            columns = ", ".join(f'"{column.name}"' for column in FACTS[fact].columns)
            stored = shop.ask(f"SELECT {columns} FROM {fact} ORDER BY ALL")
            assert stored == shop.ask(f"SELECT {columns} FROM ({select}) ORDER BY ALL"), fact
            assert len(stored) >= 17

"""However an export is written, split or ordered, the facts are the same."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tolok.imports.facts import bring_in
from tolok.sources import mapping_file

HEADER = ["Deal ID", "Deal Name", "Account Name", "Owner", "Stage", "Amount", "Created Date", "Close Date"]
STAGES = ["Qualification", "Proposal", "Closed Won", "Closed Lost"]


def deals(seed: int, size: int = 60) -> list[list[str]]:
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        stage = chance.choice(STAGES)
        opened = date(2025, 1, 1) + timedelta(days=chance.randrange(200))
        closed = opened + timedelta(days=13 + chance.randrange(90)) if stage.startswith("Closed") else None
        rows.append(
            [
                f"D{number:03d}",
                f"Deal {number}",
                chance.choice(["Acme", "Borg", "Core"]),
                chance.choice(["Ana", "Budi"]),
                stage,
                f"{Decimal(chance.randrange(100, 9_000_000)) / 100:.2f}",
                opened.isoformat(),
                closed.isoformat() if closed else "",
            ]
        )
    return rows


ANSWERS = (
    "SELECT d.source_id, d.name, a.name, r.name, s.name, d.status, d.amount, d.created_on, d.closed_on FROM deals d "
    "LEFT JOIN accounts a ON a.id = d.account_id LEFT JOIN reps r ON r.id = d.owner_id "
    "LEFT JOIN stages s ON s.id = d.stage_id ORDER BY 1",
    "SELECT deal_id, from_on, to_on, status, stage_id FROM deal_states ORDER BY ALL",
    "SELECT id, sold_on, amount, first_sale_on, business FROM sales ORDER BY ALL",
    "SELECT * FROM customer_lives ORDER BY ALL",
)


def told(shop) -> list[list[tuple]]:
    return [shop.ask(query) for query in ANSWERS]


def test_a_long_history_put_in_order_in_parts_gives_the_same_states(another, write, monkeypatch):
    rows = deals(7)
    chance = random.Random(8)
    head = ["Event ID", "Deal ID", "Field", "Old Value", "New Value", "Changed At"]
    events = []
    for row in rows[: len(rows) * 3 // 4]:  # the others have no history
        on = date.fromisoformat(row[6])
        for old, new in (("", "Qualification"), ("Qualification", "Proposal"), ("Proposal", row[4])):
            events.append(
                [f"E{len(events)}", row[0], "stage", old, new, f"{on.isoformat()} 0{chance.randrange(10)}:00:00"]
            )
            on += timedelta(days=chance.randrange(6))
    told_in = ("SELECT * FROM deal_states ORDER BY ALL", "SELECT * FROM stage_stays ORDER BY ALL")
    found = []
    for name, at_once in (("whole", 2_000_000), ("parts", 10)):
        monkeypatch.setattr(sys.modules["tolok.imports.derive.renew"], "AT_ONCE", at_once)
        shop = another(name)
        shop.take(
            write(f"{name}/deals.csv", HEADER, rows), write(f"{name}/deal_history.csv", head, events), source="crm"
        )
        found.append([shop.ask(query) for query in told_in])
    states, stays = found[0]
    assert {row[-1] for row in states} == {"history", "derived"}
    assert len(stays) > 50
    assert found[1] == found[0]


def test_words_that_few_rows_of_a_large_table_say_are_read(another, write, monkeypatch):
    rows = [[*row[:4], "Sent", row[5], row[6], "2025-12-01"] for row in deals(9, 900)]
    for place, row in enumerate(rows):
        row.append(("Won", "Lost", "Open")[place % 3])
    for place, status in ((437, "Batal"), (611, "Menang"), (612, "batal")):  # lost, won, lost; far from the top
        rows[place][-1] = status
    file = write("many/deals.csv", [*HEADER, "Status"], rows)
    figures = sys.modules["tolok.sources.values.figures"]
    found = []
    for name, large in (("looked at whole", 1_000), ("by a sample", 100)):
        monkeypatch.setattr(figures, "LARGE", large)
        monkeypatch.setattr(figures, "SAMPLE", 60)
        shop = another(name.replace(" ", "-"))
        result = shop.take(file, source="crm")
        assert (result.imported, result.rejected) == (900, 0), name
        found.append(shop.ask("SELECT status, count(*) FROM deals GROUP BY 1 ORDER BY 1"))
    assert found[0] == found[1] == [("lost", 302), ("open", 298), ("won", 300)]


def test_splitting_the_file_gives_the_same_facts(another, write):
    rows = deals(1)
    whole, parts, steps = another("whole"), another("parts"), another("steps")
    whole.take(write("whole/deals.csv", HEADER, rows), source="crm")
    first, second = write("parts/deals_1.csv", HEADER, rows[:25]), write("parts/deals_2.csv", HEADER, rows[25:])
    parts.take(first, second, source="crm")
    assert told(parts) == told(whole)
    steps.take(first, source="crm")
    steps.take(second, source="crm")
    assert told(steps)[0] == told(whole)[0]
    assert told(steps)[2:] == told(whole)[2:]


_numbers = count()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), delimiter=st.sampled_from([",", ";", "\t"]))
def test_order_of_rows_and_columns_and_the_delimiter_do_not_matter(another, write, seed, delimiter):
    rows, chance = deals(7), random.Random(seed)
    number = next(_numbers)
    plain = another(f"plain{number}")
    plain.take(write(f"a{number}/deals.csv", HEADER, rows), source="crm")
    order = chance.sample(range(len(HEADER)), len(HEADER))
    shuffled = chance.sample(rows, len(rows))
    path = write(
        f"b{number}/deals.csv", [HEADER[i] for i in order], [[row[i] for i in order] for row in shuffled], delimiter
    )
    other = another(f"other{number}")
    other.take(path, source="crm")
    assert told(other) == told(plain)
    assert plain.take(path, source="crm").changed == 0


def test_another_locale_gives_the_same_facts(another, write):
    rows = deals(3)
    plain, other = another("plain"), another("other")
    plain.take(write("a/deals.csv", HEADER, rows), source="crm")

    def local(day: str) -> str:
        return ".".join(reversed(day.split("-"))) if day else ""

    german = [
        [*r[:5], f"{Decimal(r[5]):,.2f}".translate(str.maketrans(",.", ".,")), local(r[6]), local(r[7])] for r in rows
    ]
    other.take(write("b/deals.csv", HEADER, german, ";"), source="crm")
    assert told(other) == told(plain)


def test_lines_of_documents_are_the_same_in_any_order_and_equal_lines_stay_apart(shop, write):
    header = ["Invoice No", "Invoice Date", "Customer", "Product", "Quantity", "Unit Price"]
    rows = [["1", "2026-01-02", "Acme", "Pen", 2, "1.50"]] * 2 + [
        ["1", "2026-01-02", "Acme", "Ink", 1, "9.00"],
        ["2", "2026-01-03", "Borg", "Pen", 5, "1.50"],
        ["2", "2026-01-03", "Borg", "Pen", -1, "1.50"],
    ]
    shop.take(write("invoices.csv", header, rows))
    assert shop.ask("SELECT count(*), sum(amount) FROM orders") == [(5, Decimal("21.0000"))]
    assert shop.take(write("invoices.csv", header, rows[::-1])).changed == 0
    longer = [*rows, ["2", "2026-01-03", "Borg", "Ink", 1, "9.00"]]
    assert shop.take(write("invoices.csv", header, longer)).facts["orders"] == {"new": 1, "changed": 0, "deleted": 0}
    shorter = [row for row in longer if row[3] != "Ink"]
    assert shop.take(write("invoices.csv", header, shorter)).facts["orders"]["deleted"] == 2
    assert shop.one("SELECT sum(amount) FROM orders") == Decimal("12.0000")


def test_what_a_person_writes_into_the_mapping_while_an_import_runs_is_kept(shop, write, monkeypatch):
    path = write("deals.csv", HEADER, deals(3))
    shop.take(path, source="crm")
    file = shop.folder / "mappings" / "crm.toml"
    real = bring_in

    def meanwhile(*args, **options):
        text = file.read_text()
        place = text.index('name = "Proposal"')
        file.write_text(text[:place] + text[place:].replace('outcome = "open"', 'outcome = "lost" # by Ana', 1))
        return real(*args, **options)

    monkeypatch.setattr(sys.modules["tolok.imports.run"], "bring_in", meanwhile)
    shop.take(write("deals.csv", HEADER, deals(4)), source="crm")
    assert 'outcome = "lost" # by Ana' in file.read_text()
    assert len(mapping_file.load(file).stages) == len(STAGES)

"""What the proposal says beside the columns: stages, spellings, assumptions, what is left out and why."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from tolok.sources.mapping import ColumnMapping, Mapping, StageMapping, TableMapping
from tolok.sources.recognise import Proposal
from tolok.sources.table import RawTable


def column(proposal: Proposal, fact: str, to: str) -> ColumnMapping:
    mapping = next(m for m in proposal.mapping.tables if m.fact == fact)
    found = mapping.column(to)
    assert found is not None, [c.to for c in mapping.columns]
    return found


def read(desk, path: Path, *, delimiter: str = ",") -> RawTable:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        headers, *rows = csv.reader(file, delimiter=delimiter)
    return desk.table(headers, rows, path.name)


@pytest.mark.data
def test_the_maven_export_maps_onto_deals_accounts_products_and_reps(desk, data):
    tables = [read(desk, path) for path in sorted((data / "maven_crm").glob("*.csv"))]
    proposal = desk.propose(*tables, timezone="UTC", currency="USD")
    facts = {m.table: m.fact for m in proposal.mapping.tables}
    assert facts["sales_pipeline"] == "deals"
    assert facts["accounts"] == "accounts"
    assert facts["products"] == "products"
    assert "reps" in facts.values() or facts["sales_teams"] == "memberships"
    assert proposal.mapping.ignored == ("data_dictionary",)
    outcomes = {stage.name: (stage.position, stage.outcome) for stage in proposal.mapping.stages}
    assert outcomes == {"Prospecting": (1, "open"), "Engaging": (2, "open"), "Won": (3, "won"), "Lost": (4, "lost")}
    assert column(proposal, "deals", "closed_on").format == "iso"
    assert column(proposal, "deals", "owner_id").by == "name"
    assert column(proposal, "accounts", "annual_revenue").unit == "millions"
    spelled = [(s.written, s.means, s.confirmed) for s in proposal.mapping.synonyms]
    assert spelled == [("GTXPro", "GTX Pro", False)]


@pytest.mark.data
def test_the_demo_of_salesforce_keeps_its_stages_probabilities_and_us_dates(desk, data):
    tables = [read(desk, path) for path in sorted((data / "salesforce_demo").glob("*.csv"))]
    proposal = desk.propose(*tables, timezone="UTC", currency="USD")
    facts = {m.table: m.fact for m in proposal.mapping.tables}
    assert facts == {
        "Account": "accounts",
        "Lead": "leads",
        "Opportunity": "deals",
        "OpportunityHistory": "deal_events",
    }
    assert column(proposal, "deals", "closed_on").format == "%m/%d/%y"
    assert column(proposal, "deal_events", "at").format == "%m/%d/%y %I:%M %p"
    assert {"new:stage_id", "new:amount", "new:expected_close_on", "new:probability"} <= {
        c.to for m in proposal.mapping.tables if m.fact == "deal_events" for c in m.columns
    }
    stages = {stage.name: stage for stage in proposal.mapping.stages}
    assert stages["Closed Won"].outcome == "won"
    assert stages["Closed Lost"].outcome == "lost"
    assert stages["Negotiation/Review"].probability == 90
    order = [s.name for s in sorted(proposal.mapping.stages, key=lambda s: s.position)]
    assert order.index("Qualification") < order.index("Value Proposition") < order.index("Negotiation/Review")
    assert order[-2:] == ["Closed Won", "Closed Lost"]


@pytest.mark.data
def test_online_retail_has_returns_and_adjustments_by_the_letter_of_the_invoice(desk, data):
    # the last rows of the file hold all kinds; the first 2,000 make it quick
    path = data / "online_retail" / "Online_Retail.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        headers, *rows = csv.reader(file)
    chosen = rows[:2000] + [row for row in rows if row[0][:1] in "CA"][:200] + [r for r in rows if r[0][:1] == "A"]
    proposal = desk.propose(desk.table(headers, chosen, "Online_Retail.csv.gz"), timezone="UTC", currency="GBP")
    assert {m.fact for m in proposal.mapping.tables} == {"orders", "accounts", "products"}
    kind = column(proposal, "orders", "kind")
    assert {kind.values["^[Cc]"], kind.values["^[Aa]"], kind.values["*"]} == {"return", "adjustment", "sale"}
    assert column(proposal, "orders", "ordered_at").format == "iso time"
    assert all(m.carried for m in proposal.mapping.tables if m.fact != "orders")


@pytest.mark.data
def test_the_marketing_funnel_has_leads_and_won_deals(desk, data):
    tables = [read(desk, path) for path in sorted((data / "olist_funnel").glob("*.csv"))]
    proposal = desk.propose(*tables, timezone="America/Sao_Paulo", currency="BRL")
    facts = {m.fact: m for m in proposal.mapping.tables}
    assert {"leads", "deals"} <= set(facts)
    assert facts["deals"].constants["status"] == "won"
    assert column(proposal, "deals", "closed_on").header == "won_date"
    assert column(proposal, "deals", "lead_id").header == "mql_id"
    assert column(proposal, "leads", "source_id").header == "mql_id"


@pytest.mark.data
def test_a_series_without_dates_is_said_to_have_none(desk, data):
    proposal = desk.propose(read(desk, data / "lydia_pinkham_annual.csv"))
    assert proposal.mapping.tables == ()
    assert "no date" in proposal.unrecognised[0][1]


def test_purchases_without_headings_are_proposed_with_an_assumption(desk):
    rows = [[f"{i % 40:05}", f"{i % 9:04}", f"1997{1 + i % 12:02}{1 + i % 28:02}", str(1 + i % 5), f"{i}.33"]
            for i in range(200)]  # fmt: skip
    table = desk.table([f"column {i}" for i in range(1, 6)], rows, "CDNOW_sample.txt")
    proposal = desk.propose(table)
    mapping = proposal.mapping.tables[0]
    assert mapping.fact == "orders"
    assert mapping.confidence < 0.5
    assert column(proposal, "orders", "ordered_on").format == "%Y%m%d"
    assert column(proposal, "orders", "amount").header == "column 5"
    assert column(proposal, "orders", "quantity").header == "column 4"
    assert any("no headings" in assumption.text for assumption in proposal.assumptions)


def deals(desk, dates, **more):
    headers = ["Deal ID", "Deal Name", "Stage", "Amount", "Close Date", *more]
    rows = [[str(i), f"Deal {i}", "Won" if i % 2 else "Demo", "1000", day, *(v[i] for v in more.values())]
            for i, day in enumerate(dates)]  # fmt: skip
    return desk.table(headers, rows, "deals.csv")


def test_one_day_above_twelve_settles_the_order_of_the_whole_column(desk):
    days = ["03/04/2026"] * 50 + ["25/04/2026"]
    proposal = desk.propose(deals(desk, days), timezone="America/New_York", currency="USD")
    assert column(proposal, "deals", "closed_on").format == "%d/%m/%Y"
    days = ["03/04/2026"] * 50 + ["04/25/2026"]
    proposal = desk.propose(deals(desk, days))
    assert column(proposal, "deals", "closed_on").format == "%m/%d/%Y"


def test_a_companion_column_settles_the_order(desk):
    table = deals(desk, ["03/04/2026", "05/06/2026"], **{"Created Date": ["25/01/2026", "13/02/2026"]})
    proposal = desk.propose(table, timezone="America/New_York", currency="USD")
    assert column(proposal, "deals", "closed_on").format == "%d/%m/%Y"
    assert column(proposal, "deals", "closed_on").assumption.startswith(("", "the date"))
    assert not any("nothing in the column decides" in a.text for a in proposal.assumptions)


def test_nothing_is_created_in_the_future(desk):
    # 05/06/2026 is in the past of 1 June 2026 only as 6 May
    table = deals(desk, ["05/06/2026", "05/07/2026"], **{"Created Date": ["05/06/2026", "04/07/2026"]})
    proposal = desk.propose(table)
    assert column(proposal, "deals", "created_on").format == "%m/%d/%Y"


def test_a_truly_ambiguous_order_is_assumed_and_said(desk):
    proposal = desk.propose(deals(desk, ["03/04/2026", "05/04/2026"]))
    assert column(proposal, "deals", "closed_on").format == "%d/%m/%Y"
    assert any("day first" in a.text and "03/04/2026" in a.text for a in proposal.assumptions)
    proposal = desk.propose(deals(desk, ["03/04/2026", "05/04/2026"]), timezone="America/Chicago", currency="USD")
    assert column(proposal, "deals", "closed_on").format == "%m/%d/%Y"


@pytest.mark.parametrize(
    ("amounts", "currency", "decimal", "assumed"),
    [
        (["1.234", "2.500", "900"], "IDR", ",", False),
        (["1.234", "2.500", "900"], "USD", ",", True),
        (["1,234", "2,500", "900"], "USD", ".", True),
        (["1.234,50", "2.500"], "USD", ",", False),
        (["1,234.50", "2,500"], "IDR", ".", False),
        (["1.5", "2.25"], "IDR", ".", False),
        (["Rp 1.500.000", "Rp 900.000"], "USD", ",", False),
        (["1500", "1.234"], "USD", ".", True),
        (["0.125", "1.234"], "IDR", ".", True),
    ],
)
def test_the_decimal_mark_comes_from_the_whole_column(desk, amounts, currency, decimal, assumed):
    rows = [[str(i), f"d{i}", "Won" if i else "Demo", amount, "2026-01-20"] for i, amount in enumerate(amounts)]
    table = desk.table(["Deal ID", "Deal Name", "Stage", "Amount", "Close Date"], rows, "deals.csv")
    proposal = desk.propose(table, currency=currency)
    found = column(proposal, "deals", "amount")
    assert found.decimal == decimal
    assert bool(found.assumption) is assumed, found.assumption


def test_miliar_and_million_are_told_apart_by_the_company_of_words(desk):
    rows = [["1", "a", "Menang", "1,5 jt", "20/01/2026"], ["2", "b", "Demo", "2 M", "21/01/2026"]]
    table = desk.table(["Deal ID", "Deal Name", "Tahap", "Nilai", "Tgl Closing"], rows, "deals.csv")
    amount = column(desk.propose(table, currency="USD"), "deals", "amount")
    assert amount.values == {"M": "1000000000"}
    assert "miliar" in amount.assumption


def test_a_currency_beside_the_amount_is_kept_as_a_constant_or_by_row(desk):
    def amounts(*cells: str) -> RawTable:
        rows = [[str(i), f"d{i}", "Won", cell, "2026-01-20"] for i, cell in enumerate(cells)]
        return desk.table(["Deal ID", "Deal Name", "Stage", "Amount", "Close Date"], rows, "deals.csv")

    one = desk.propose(amounts("€ 1,000.00", "€ 20.00")).mapping.tables[0]
    assert one.constants["currency"] == "EUR"
    mixed = desk.propose(amounts("EUR 1,000.00", "USD 20.00"))
    assert column(mixed, "deals", "currency").header == "Amount"


def test_months_as_headings_become_rows_of_targets(desk):
    rows = [["Budi", "1.500.000", "2.000.000", "1.750.000"], ["Sari", "900.000", "", "1.000.000"]]
    table = desk.table(["Nama Sales", "Jan 2026", "Feb 2026", "Mar 2026"], rows, "Target Penjualan 2026.xlsx")
    mapping = desk.propose(table).mapping.tables[0]
    assert mapping.fact == "targets"
    assert mapping.unpivot == ("Jan 2026", "Feb 2026", "Mar 2026")
    assert mapping.unpivot_to == ("from_on", "value")
    assert mapping.column("rep_id").header == "Nama Sales"
    assert mapping.column("value").decimal == ","
    assert mapping.constants["to_on"] == "month"


def test_a_date_with_numbers_that_nobody_knows_is_series_in_time(desk):
    rows = [[f"2026-01-{day:02}", str(day * 10), str(day * 3)] for day in range(1, 29)]
    mapping = desk.propose(desk.table(["Date", "Web sessions", "Sign-ups"], rows, "web.csv")).mapping.tables[0]
    assert mapping.fact == "observations"
    assert mapping.unpivot == ("Web sessions", "Sign-ups")
    assert mapping.unpivot_to == ("series", "value")


def test_a_known_mapping_is_kept_and_only_new_tables_and_stages_are_added(desk):
    settled = TableMapping(
        "deals",
        "deals",
        (
            ColumnMapping("Deal ID", "source_id"),
            ColumnMapping("Stage", "stage_id", parse="reference", by="name"),
            ColumnMapping("Close Date", "closed_on", parse="date", format="%m/%d/%Y"),
        ),
    )
    known = Mapping("shop", "UTC", "USD", (settled,), (StageMapping("", "Demo", 1, "open", 40.0),))
    table = deals(desk, ["25/04/2026", "03/04/2026"])
    leads = desk.table(
        ["Lead ID", "Company", "Lead Source", "Created Date"], [["1", "A", "Web", "2026-01-01"]], "leads.csv"
    )
    proposal = desk.propose(table, leads, known=known)
    assert proposal.mapping.tables[0] == settled
    assert [m.fact for m in proposal.mapping.tables] == ["deals", "leads"]
    assert proposal.mapping.stages[0] == StageMapping("", "Demo", 1, "open", 40.0)
    assert {s.name for s in proposal.mapping.stages} == {"Demo", "Won"}


def test_a_status_beside_the_stage_says_the_outcome(desk):
    rows = [["1", "a", "Proposal", "Won", "10", "2026-01-02"], ["2", "b", "Demo", "Lost", "20", "2026-01-03"],
            ["3", "c", "Demo", "Open", "30", ""]]  # fmt: skip
    table = desk.table(["Deal ID", "Deal Name", "Stage", "Status", "Value", "Close Date"], rows, "deals.csv")
    proposal = desk.propose(table)
    assert column(proposal, "deals", "status").values == {"Won": "won", "Lost": "lost", "Open": "open"}
    assert {s.outcome for s in proposal.mapping.stages} == {"open"}


def test_hostile_headings_and_cells_are_only_text(desk):
    headers = ["Deal ID", "Deal Name'); DROP TABLE x; --", "Stage", "Amount", "Close Date", "\x00\x07", "🤖" * 300, ""]
    rows = [
        ["1", "'; --", "Won\x00", "1e30", "9999-12-31", "", "x" * 5000, "\n"],
        ["2", "b", "Demo", "5", "2026-01-01", "", "", ""],
    ]
    proposal = desk.propose(desk.table(headers, rows, "deals';.csv"))
    assert proposal.mapping.tables[0].fact == "deals"


def test_dictionaries_and_empty_tables_are_left_out_with_a_reason(desk):
    words = desk.table(["Field", "Description"], [["amount", "money"]], "dictionary.csv")
    empty = desk.table(["Deal ID", "Stage", "Amount"], [], "deals.csv")
    proposal = desk.propose(words, empty)
    assert dict(proposal.unrecognised).keys() == {"dictionary.csv", "deals.csv"}
    assert proposal.mapping.tables == ()


def test_a_row_of_ten_thousand_columns_does_not_hang(desk):
    headers = ["Deal ID", "Stage", "Amount", "Close Date", *(f"field {i}" for i in range(2000))]
    row = ["1", "Won", "5", "2026-01-01", *("x" for _ in range(2000))]
    connection = desk.connection
    connection.execute("CREATE TABLE wide AS SELECT " + ", ".join(f"'{v}' AS c{i}" for i, v in enumerate(row)))
    table = RawTable(file="deals.csv", sheet="", headers=tuple(headers), relation="wide", rows=1)
    assert desk.propose(table).mapping.tables[0].fact == "deals"

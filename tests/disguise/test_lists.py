"""Small lists beside the deals, as people keep them: stage histories, targets by month, spend, surveys, stock."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge

import tolok

pytestmark = pytest.mark.data


def test_a_history_from_stage_to_stage_places_stages_where_no_deal_stands_today(judge: Judge) -> None:
    deals = [["1", "Ann", "Won", 100, "2025-01-01", "2025-03-01"], ["2", "Ann", "Lost", 100, "2025-01-01", "2025-02-10"],
             ["3", "Bob", "Demo", 100, "2025-01-05", ""],
             ["4", "Bob", "Won", 50, "2025-01-05", "2025-02-05"]]  # fmt: skip
    moves = [["1", "", "Lead", "2025-01-01"], ["1", "Lead", "Demo", "2025-01-11"], ["1", "Demo", "Won", "2025-03-01"],
             ["2", "", "Lead", "2025-01-01"],
             ["2", "Lead", "Lost", "2025-02-10"],
             ["3", "", "Lead", "2025-01-05"],
             ["3", "Lead", "Demo", "2025-01-20"],
             ["4", "", "Demo", "2025-01-05"], ["4", "Demo", "Won", "2025-02-05"]]  # fmt: skip
    judge.write("deals.csv", ["deal_id", "owner", "stage", "amount", "created", "closed"], deals)
    judge.write("deal_stage_history.csv", ["deal_id", "from_stage", "to_stage", "moved_at", "moved_by"],
                [[*row, "Ann"] for row in moves])  # fmt: skip
    judge.take(judge.folder / "given")
    stages = judge.facts("SELECT name, outcome FROM stages ORDER BY position")
    assert stages == [("Lead", "open"), ("Demo", "open"), ("Won", "won"), ("Lost", "lost")]
    shop = tolok.open(judge.shop)
    stays = {row.members["stage"]: row.value for row in shop.ask("time_in_stage", by="stage").rows()}
    assert stays == pytest.approx({"Lead": (10 + 40 + 15) / 3, "Demo": (49 + 31) / 2})
    went_on = {row.members["stage"]: row.value for row in shop.ask("stage_conversion", by="stage").rows()}
    assert went_on == pytest.approx({"Lead": 200 / 3, "Demo": 200 / 3})


def test_a_history_that_says_which_field_changed(judge: Judge) -> None:
    rows = [["1", "Stage", "Lead", "Demo", "2025-01-11 10:00"], ["1", "Amount", "100", "250", "2025-01-12 10:00"],
            ["1", "Status", "Open", "Won", "2025-03-01 10:00"], ["1", "Owner", "Ann", "Bob", "2025-02-01 10:00"]]  # fmt: skip
    judge.write("deals.csv", ["Deal ID", "Owner", "Stage", "Status", "Amount", "Created", "Closed"],
                [["1", "Bob", "Demo", "Won", 250, "2025-01-01", "2025-03-01"]])  # fmt: skip
    judge.write("deal_history.csv", ["Deal ID", "Field", "Old Value", "New Value", "Changed At"], rows)
    judge.take(judge.folder / "given")
    told = judge.facts("SELECT field, old, new FROM deal_events WHERE origin = 'history' ORDER BY field")
    assert [row[0] for row in told] == ["amount", "owner_id", "stage_id", "status"]
    assert ("status", "open", "won") in told
    assert judge.facts("SELECT count(*) FROM deal_events WHERE field = 'status'") == [(1,)]
    names = "SELECT r.name FROM deals d JOIN reps r ON r.id = d.owner_at_creation_id"
    assert judge.facts(names) == [("Ann",)]


@pytest.mark.parametrize("months", [["Januari", "Februari", "Maret"], [1, 2, 3], ["Jan", "Feb", "Mar"]])
def test_targets_with_year_and_month_apart(months: list[object], judge: Judge) -> None:
    rows = [[2025, months[n % 3], f"Sales {n // 3}", 1_000_000 * (n + 1)] for n in range(12)]
    judge.take(judge.write("target_sales.csv", ["Tahun", "Bulan", "Nama Sales", "Target Omzet"], rows, delimiter=";"))
    told = judge.facts("SELECT from_on, to_on, sum(value) FROM targets GROUP BY ALL ORDER BY 1")
    assert [(str(row[0]), str(row[1]), int(row[2])) for row in told] == [
        ("2025-01-01", "2025-01-31", 22_000_000), ("2025-02-01", "2025-02-28", 26_000_000),
        ("2025-03-01", "2025-03-31", 30_000_000),
    ]  # fmt: skip


def test_sales_by_month_are_no_targets(judge: Judge) -> None:
    rows = [[f"Rep {n}", 1000 + n, 2000, 3000] for n in range(8)]
    result = judge.take(judge.write("Sales by rep.csv", ["Sales Rep", "Jan 2025", "Feb 2025", "Mar 2025"], rows))
    assert [file.table for file in result.files] == ["observations"]
    more = judge.folder / "more"
    more.mkdir()
    judge.folder = more
    rows = [[f"Rep {n}", 10_000, 20_000] for n in range(8)]
    result = judge.take(judge.write("Quota.csv", ["Rep", "Q1 2025", "Q2 2025"], rows))
    assert [file.table for file in result.files] == ["targets"]


LISTS = {
    "ad spend": ("ad_spend.csv", "costs", ["Day", "Campaign name", "Amount spent (USD)", "Impressions"],
                 lambda n: [date(2025, 1, 1) + timedelta(days=n), f"C{n % 3}", 12.5, 100]),
    "satisfaction": ("kepuasan pelanggan.csv", "answers", ["Tanggal", "Nama Pelanggan", "Skor Kepuasan (1-5)", "Komentar"],
                     lambda n: [f"{n % 28 + 1:02d}/01/2025", f"Toko {n % 5}", n % 5 + 1, "ok"]),
    "stock": ("stock.csv", "observations", ["Date", "SKU", "Warehouse", "Qty on hand"],
              lambda n: [date(2025, 1, 1) + timedelta(days=n), f"S{n % 4}", "W1", 100 - n]),
    "turnover by branch": ("Omzet.csv", "observations", ["Cabang", "Jan 2025", "Feb 2025"],
                           lambda n: [f"Cabang {n}", "1.000.000", "2.500.000"]),
    "calls": ("calls.csv", "activities", ["Call Date", "Agent Name", "Duration (s)", "Disposition"],
              lambda n: [f"2025-01-{n % 28 + 1:02d} 10:00:00", f"Agent {n % 3}", 60 * n, "Answered"]),
    "staff": ("employees.csv", "reps", ["employeeID", "lastName", "firstName", "title", "hireDate"],
              lambda n: [n, f"L{n}", f"F{n}", "Sales Representative", "2012-05-01"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_what_it_is(name: str, judge: Judge) -> None:
    file, fact, header, row = LISTS[name]
    result = judge.take(judge.write(file, header, [row(n) for n in range(40)]))
    assert [one.table for one in result.files] == [fact]
    assert result.rejected == 0

"""Reports with groups, subtotals and tables beside the table, as systems and people print them: only records count."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal
from tests.disguise.test_shops_and_ledgers import LINES, NET, day

import tolok

pytestmark = pytest.mark.data

EMPTY = ("",)


def expected(deal: Deal) -> date:
    return deal.closed or (deal.created or date(2017, 10, 1)) + timedelta(days=120)


def by_rep(judge: Judge) -> dict[str, list[Deal]]:
    found: dict[str, list[Deal]] = {}
    for deal in judge.rows:
        found.setdefault(deal.rep, []).append(deal)
    return dict(sorted(found.items()))


def test_a_grouped_report_of_salesforce(judge: Judge, book) -> None:
    rows: list[list[object]] = [
        ["As of 2018-01-05 10:00:00"], [], ["Opportunity Owner  ↑", "Opportunity Name", "Account Name", "Stage", "Amount",
                                            "Close Date", "Created Date"]]  # fmt: skip
    for rep, deals in by_rep(judge).items():
        rows += [[rep if n == 0 else "", d.id, d.account, d.stage, d.amount, expected(d), d.created]
                 for n, d in enumerate(deals)]  # fmt: skip
        rows += [["Subtotal", "", "", "", sum(d.amount or 0 for d in deals)], ["", "Count", len(deals)]]
    rows += [["Total", "", "", "", sum(d.amount or 0 for d in judge.rows)], ["", "Count", len(judge.rows)], [],
             ["Confidential Information - Do Not Distribute"]]  # fmt: skip
    judge.same(book("By owner.xlsx", {"Opportunities by owner": (["Opportunities by owner"], rows)}))


def test_a_grouped_list_of_odoo(judge: Judge, book) -> None:
    header = ["Opportunity", "Customer", "Salesperson", "Stage", "Expected Revenue", "Created on", "Closed Date"]
    rows: list[list[object]] = []
    for rep, deals in by_rep(judge).items():
        rows.append([f"{rep} ({len(deals)})", "", "", "", sum(d.amount or 0 for d in deals)])
        rows += [["    " + d.id, d.account, rep, d.stage, d.amount or 0, d.created, d.closed] for d in deals]
    judge.same(book("crm.lead.xlsx", {"Sheet1": (header, rows)}))


def test_a_board_of_monday_with_its_groups(judge: Judge, book) -> None:
    header = [
        "Name",
        "Owner",
        "Stage",
        "Deal Value",
        "Expected Close Date",
        "Deal creation date",
        "Close Date",
        "Accounts",
    ]
    rows: list[list[object]] = [["A board to manage deals"], []]
    for title, status in (("Active Deals", "open"), ("Closed Won", "won"), ("Lost", "lost")):
        deals = [d for d in judge.rows if d.status == status]
        rows += [[title], header]
        rows += [[d.id, d.rep, d.stage, d.amount, expected(d), d.created, d.closed, d.account] for d in deals]
        rows += [["", "", "", sum(d.amount or 0 for d in deals)], []]
    judge.same(book("Deals.xlsx", {"Deals": (["Deals"], rows)}))


def test_a_sheet_with_merged_months_sums_between_and_another_table_below(judge: Judge, book) -> None:
    header = ["Bulan", "ID", "Sales", "Customer", "Status", "Tgl Masuk", "Tgl Closing", "Nilai (USD)"]
    said = {"won": "Menang", "lost": "Kalah", "open": "Proses"}
    rows: list[list[object]] = []
    months: dict[str, list[Deal]] = {}
    for d in sorted(judge.rows, key=lambda d: d.closed or date(2019, 1, 1)):
        months.setdefault(f"{d.closed:%B %Y}" if d.closed else "Open", []).append(d)
    for month, deals in months.items():
        rows += [[month if n == 0 else "", d.id, d.rep, d.account, said[d.status], d.created, d.closed, d.amount]
                 for n, d in enumerate(deals)]  # fmt: skip
        rows += [["", "", "", "", "", "", "TOTAL", sum(d.amount or 0 for d in deals)], []]
    rows += [[], ["Sales", "Target"], *([rep, 1000] for rep in by_rep(judge)), [], ["Note: figures not audited"]]
    result = judge.same(book("Rekap.xlsx", {"Rekap": (header, rows)}))
    assert any("table 2: not imported" in note for note in result.notes), result.notes


def bought(judge: Judge) -> dict[str, object]:
    told = tolok.open(judge.shop).ask("revenue", by="account").rows()
    return {row.members["account"]: row.value for row in told if row.value}


def test_the_customer_above_the_lines_of_a_ledger(judge: Judge) -> None:
    header = ["", "Date", "Transaction type", "Num", "Product/Service", "Quantity", "Sales price", "Amount", "Balance"]
    rows: list[list[object]] = []
    for customer in range(6):
        lines = [(d, p, q, price) for d, _, p, q, price in LINES if d % 6 == customer]
        total = f"${sum(q * price for *_, q, price in lines):,.2f}"
        rows.append([f"Cust {customer}", *EMPTY * 8])
        rows += [["", f"{day(d):%m/%d/%Y}", "Invoice", d, p, q, f"{price:.2f}", f"{q * price:,.2f}", ""]
                 for d, p, q, price in lines]  # fmt: skip
        rows.append([f"Total for Cust {customer}", *EMPTY * 6, total, ""])
    rows.append(["TOTAL", *EMPTY * 6, f"${NET:,.2f}", ""])
    judge.take(judge.write("Sales by Customer Detail.csv", header, rows))
    assert bought(judge) == {f"Cust {n}": sum(q * p for d, _, _, q, p in LINES if d % 6 == n) for n in range(6)}


INDONESIAN = {
    "Tokopedia": ("Nomor Invoice|Tanggal Pembayaran|Status Terakhir|Nama Produk|Jumlah Produk Dibeli|Harga Jual (IDR)|Nama "
                  "Pembeli|Total Penjualan (IDR)", lambda d, p, q, price: [f"INV/{d}", f"{day(d):%d-%m-%Y} 10:00:00",
                  "Pesanan Selesai", p, q, price, f"Cust {d % 6}", q * price]),
    "Shopee": ("No. Pesanan|Waktu Pesanan Dibuat|Status Pesanan|Nama Produk|Harga Setelah Diskon|Jumlah|Total Harga Produk|"
               "Nama Pembeli", lambda d, p, q, price: [f"25{d}A", f"{day(d)} 10:00", "Selesai", p, price, q, q * price,
               f"Cust {d % 6}"]),
    "a number of pieces called jumlah": ("No Faktur|Tanggal|Pelanggan|Barang|Jumlah|Harga", lambda d, p, q, price: [
        d, day(d), f"Cust {d % 6}", p, q, price]),
    "a sum called jumlah": ("No Faktur|Tanggal|Pelanggan|Barang|Harga|Jumlah", lambda d, p, q, price: [
        d, day(d), f"Cust {d % 6}", p, price, q * price]),
}  # fmt: skip


@pytest.mark.parametrize("kind", INDONESIAN)
def test_lines_whose_jumlah_may_be_pieces_or_money(kind: str, judge: Judge) -> None:
    header, row = INDONESIAN[kind]
    path: Path = judge.write("penjualan.csv", header.split("|"), [row(d, p, q, price) for d, _, p, q, price in LINES])
    judge.take(path, currency="IDR")
    assert sum(bought(judge).values()) == NET  # type: ignore[arg-type]
    assert len(bought(judge)) == 6


def test_another_table_below_is_a_table_of_its_own(judge: Judge, book) -> None:
    header = ["Opportunity ID", "Sales agent", "Account", "Stage", "Created date", "Close date", "Amount"]
    rows: list[list[object]] = [[d.id, d.rep, d.account, d.stage, d.created, d.closed, d.amount] for d in judge.rows]
    accounts = [[f"Firm {n}", "retail", 1990 + n % 30, n * 1.5, n * 10, "Japan", ""] for n in range(90)]
    below = ["Account", "Sector", "Year established", "Revenue", "Employees", "Country", "Subsidiary of"]
    targets = [[rep, "2017-12", 1000] for rep in by_rep(judge)]
    rows += [[], [], below, *accounts, [], ["Targets"], ["Sales agent", "Month", "Target"], *targets]
    result = judge.same(book("Report.xlsx", {"Report": (header, rows)}))
    assert [(file.table, file.rows) for file in result.files] == [
        ("deals", len(judge.rows)),
        ("accounts", 90),
        ("targets", len(targets)),
    ]


def test_a_shorter_table_beside_is_left_out_and_said(judge: Judge, book) -> None:
    header = ["Opportunity ID", "Sales agent", "Stage", "Created date", "Close date", "Amount", "", "Rep", "Region"]
    rows = [[d.id, d.rep, d.stage, d.created, d.closed, d.amount] for d in judge.rows]
    for row, rep in zip(rows, by_rep(judge), strict=False):
        row += ["", rep, "North"]
    result = judge.same(book("Report.xlsx", {"Report": (header, rows)}))
    assert any("a second table beside it with the headings “Rep”, “Region” left out" in note for note in result.notes)
    assert judge.facts("SELECT DISTINCT region FROM deals") == [(None,)]


def test_the_customer_above_lines_that_begin_with_their_date(judge: Judge) -> None:
    rows: list[list[object]] = [["PT Maju"], ["Rincian Penjualan per Pelanggan"], []]
    rows.append(["Tanggal", "No. Faktur", "Keterangan Barang", "Kuantitas", "Satuan", "Harga", "Jumlah"])
    for customer in range(6):
        lines = [(n, n % 4 + 1, 1500 + n * 10) for n in range(60) if n % 6 == customer]
        rows.append([f"Toko {customer}", *EMPTY * 6])
        rows += [[f"{n % 28 + 1:02d} Des 2025", f"F{n}", f"Item {n % 5}", q, "PCS", price, q * price]
                 for n, q, price in lines]  # fmt: skip
        rows.append([f"Total Toko {customer}", *EMPTY * 5, sum(q * price for _, q, price in lines)])
    path = judge.write("Rincian Penjualan per Pelanggan.csv", rows[0], rows[1:])
    result = judge.take(path, currency="IDR")
    assert result.rejected == 0, result.rejects[:3]
    assert {name for name in bought(judge) if name} == {f"Toko {customer}" for customer in range(6)}

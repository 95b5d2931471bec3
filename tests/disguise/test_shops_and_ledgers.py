"""Order lines as shops, ledgers and sample databases keep them: which amount counts, and heads apart from lines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge

import tolok
from tolok.imports import run

pytestmark = pytest.mark.data

LINES = [(1000 + n // 3, n % 3 + 1, f"P{n % 5}", n % 4 + 1, 10 * (n % 7 + 1)) for n in range(120)]
"""Document, line, product, quantity, price: three lines to each document."""
NET = sum(quantity * price for *_, quantity, price in LINES)


def day(document: int) -> date:
    return date(2025, 1, 6) + timedelta(days=document % 90)


def total(document: int) -> int:
    return sum(quantity * price for d, *_, quantity, price in LINES if d == document)


def revenue(judge: Judge) -> object:
    return tolok.open(judge.shop).ask("revenue").value()


def test_the_total_of_the_invoice_on_every_line_is_not_the_lines(judge: Judge) -> None:
    header = [
        "ContactName",
        "InvoiceNumber",
        "InvoiceDate",
        "Total",
        "InventoryItemCode",
        "Quantity",
        "UnitAmount",
        "Currency",
    ]
    rows = [
        [f"Cust {d % 6}", f"INV-{d}", f"{day(d):%d/%m/%Y}", total(d), p, q, price, "USD"] for d, _, p, q, price in LINES
    ]
    result = judge.take(judge.write("sales.csv", header, rows))
    assert revenue(judge) == NET
    assert any("of the whole document" in said for said in result.assumptions)


def test_the_total_on_the_first_line_alone_is_not_the_lines(judge: Judge) -> None:
    header = ["Name", "Financial Status", "Subtotal", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price",
              "Billing Name"]  # fmt: skip
    rows = [
        [f"#{d}", "paid" if line == 1 else "", total(d) if line == 1 else "", f"{day(d)} 10:00:00 +0700", q, p, price,
         f"Cust {d % 6}" if line == 1 else ""]
        for d, line, p, q, price in LINES
    ]  # fmt: skip
    judge.take(judge.write("orders_export.csv", header, rows))
    assert revenue(judge) == NET
    assert judge.facts("SELECT count(DISTINCT document), count(*) FROM orders") == [(40, 120)]


def test_amounts_with_tax_are_not_net(judge: Judge) -> None:
    header = ["No Faktur", "Tanggal", "Nama Barang", "Qty", "Harga", "Total", "Nama Pelanggan"]
    rows = [[f"F{d}", day(d), p, q, price, round(q * price * 1.11, 2), f"Toko {d % 6}"] for d, _, p, q, price in LINES]
    judge.take(judge.write("penjualan.csv", header, rows), currency="IDR")
    assert revenue(judge) == NET


def test_an_amount_that_is_neither_is_believed(judge: Judge) -> None:
    """Prices of another list than the sale's: the amount is what was sold for."""
    header = ["ORDERNUMBER", "QUANTITYORDERED", "PRICEEACH", "ORDERLINENUMBER", "SALES", "ORDERDATE", "STATUS", "PRODUCTCODE",
              "CUSTOMERNAME", "COUNTRY"]  # fmt: skip
    rows = [
        [d, q, min(price, 40), line, f"{q * price}.5", f"{day(d).month}/{day(d).day}/{day(d).year} 0:00",
         "Cancelled" if d == 1003 else "Shipped", p, f"Cust {d % 6}", "USA"]
        for d, line, p, q, price in LINES
    ]  # fmt: skip
    judge.take(judge.write("sales_data_sample.csv", header, rows))
    expected = sum(q * price + 0.5 for d, _, _, q, price in LINES if d != 1003)
    assert revenue(judge) == pytest.approx(expected)


@pytest.mark.parametrize(("heading", "cell"), [("discount", 0.05), ("Discount %", "5%"), ("Diskon (%)", 5)])
def test_a_discount_comes_off_where_no_amount_is_given(heading: str, cell: object, judge: Judge) -> None:
    header = ["Order No", "Order Date", "Product", "Qty", "Unit Price", heading]
    rows = [[d, day(d), p, q, price, cell if line == 1 else 0] for d, line, p, q, price in LINES]
    path = judge.write("orders.csv", header, rows)
    judge.take(path)
    assert run(judge.shop, [path]).changed == 0
    expected = sum(q * price * (0.95 if line == 1 else 1) for _, line, _, q, price in LINES)
    assert revenue(judge) == pytest.approx(expected)


def test_heads_and_lines_in_two_tables_are_one(judge: Judge) -> None:
    judge.write(
        "orders.csv",
        ["orderID", "customerID", "employeeID", "orderDate", "shipCountry"],
        [[d, f"C{d % 6}", d % 3 + 1, f"{day(d)} 00:00:00.000", "France"] for d in sorted({d for d, *_ in LINES})],
    )
    judge.write("order_details.csv", ["orderID", "productID", "unitPrice", "quantity"],
                [[d, p, price, q] for d, _, p, q, price in LINES])  # fmt: skip
    judge.write("customers.csv", ["customerID", "companyName", "city", "country"],
                [[f"C{n}", f"Company {n}", "Paris", "France"] for n in range(6)])  # fmt: skip
    judge.write("employees.csv", ["employeeID", "lastName", "firstName", "title", "hireDate"],
                [[n, f"L{n}", f"F{n}", "Sales Representative", "2012-05-01"] for n in (1, 2, 3)])  # fmt: skip
    given = judge.folder / "given"
    result = judge.take(given)
    assert {file.table for file in result.files} >= {"orders", "accounts", "reps"}
    assert revenue(judge) == NET
    shop = tolok.open(judge.shop)
    by_rep = {row.members["rep"]: row.value for row in shop.ask("revenue", by="rep").rows()}
    assert by_rep == {f"F{n} L{n}": sum(q * p for d, _, _, q, p in LINES if d % 3 + 1 == n) for n in (1, 2, 3)}
    months = {row.period.label: row.value for row in shop.ask("revenue", grain="month").rows()}
    assert months == {
        label: sum(q * p for d, _, _, q, p in LINES if f"{day(d):%Y-%m}" == label)
        for label in {f"{day(d):%Y-%m}" for d, *_ in LINES}
    }
    assert run(judge.shop, [given]).changed == 0


def test_a_retailer_of_the_second_edition(judge: Judge, book) -> None:
    """The same web shop in its other edition: other headings, two sheets of a workbook."""
    header = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
    rows = [[f"{'C' if d % 9 == 0 else ''}{d}", p, f"Thing {p}", -q if d % 9 == 0 else q, day(d), price, 13000 + d % 6, "France"]
            for d, _, p, q, price in LINES]  # fmt: skip
    judge.take(
        book("online_retail_II.xlsx", {"Year 2009-2010": (header, rows[:60]), "Year 2010-2011": (header, rows[60:])})
    )
    assert revenue(judge) == sum((-q if d % 9 == 0 else q) * p for d, _, _, q, p in LINES)
    assert judge.facts("SELECT count(*) FROM accounts") == [(6,)]


def test_a_superstore(judge: Judge) -> None:
    header = ["Row ID", "Order ID", "Order Date", "Ship Date", "Ship Mode", "Customer ID", "Customer Name", "Segment", "Country",
              "City", "State", "Region", "Product ID", "Category", "Sub-Category", "Product Name", "Sales", "Quantity",
              "Discount", "Profit"]  # fmt: skip
    rows = [
        [n, f"CA-{d}", f"{day(d).month}/{day(d).day}/{day(d).year}", f"{day(d).month}/{day(d).day}/{day(d).year}", "Second Class",
         f"CG-{d % 6}", f"Claire {d % 6}", "Consumer", "United States", "Henderson", "Kentucky", "South", p, "Furniture",
         "Chairs", f"Chair {p}", q * price, q, 0.2, 5.5]
        for n, (d, _, p, q, price) in enumerate(LINES, start=1)
    ]  # fmt: skip
    result = judge.take(judge.write("Sample - Superstore.csv", header, rows, encoding="cp1252"))
    assert [file.recognised_as for file in result.files] == ["plain"]
    assert revenue(judge) == NET
    workspace = tolok.open(judge.shop)
    assert {row.members["category"]: row.value for row in workspace.ask("revenue", by="category").rows()} == {
        "Furniture": NET
    }
    assert len(list(workspace.ask("revenue", by="account").rows())) == 6

"""Invoice lines of the British web shop as other shops and accounting programs would export them: the same revenue."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.disguise.conftest import Judge

import tolok

pytestmark = pytest.mark.data


@dataclass(frozen=True)
class Line:
    """One line of an invoice."""

    invoice: str
    code: str
    name: str
    quantity: int
    at: datetime
    price: Decimal
    customer: str
    country: str

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price


@dataclass
class Truth:
    """Revenue of the lines, whole, by month and by country, worked out in plain Python."""

    revenue: Decimal = Decimal(0)
    months: dict[str, Decimal] = field(default_factory=dict)
    countries: dict[str, Decimal] = field(default_factory=dict)
    customers: set[str] = field(default_factory=set)


@pytest.fixture(scope="session")
def lines(data: Path) -> list[Line]:
    """Every fiftieth invoice, whole: sales and credits, not the three corrections of bad debt."""
    found = []
    numbers: dict[str, int] = {}
    with gzip.open(data / "online_retail" / "Online_Retail.csv.gz", "rt", encoding="utf-8", errors="replace") as file:
        reader = csv.DictReader(file)
        for row in reader:
            number = row["InvoiceNo"]
            if number.startswith("A") or numbers.setdefault(number, len(numbers)) % 50:
                continue
            found.append(
                Line(number, row["StockCode"], row["Description"], int(row["Quantity"]), when(row["InvoiceDate"]),
                     Decimal(row["UnitPrice"]), row["CustomerID"].removesuffix(".0"), row["Country"])
            )  # fmt: skip
    return found


def when(text: str) -> datetime:
    for form in ("%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(text)


@pytest.fixture(scope="session")
def truth(lines: list[Line]) -> Truth:
    found = Truth()
    for line in lines:
        found.revenue += line.amount
        month = f"{line.at:%Y-%m}"
        found.months[month] = found.months.get(month, Decimal(0)) + line.amount
        found.countries[line.country] = found.countries.get(line.country, Decimal(0)) + line.amount
        if line.customer:
            found.customers.add(line.customer)
    return found


def comma(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate({ord(","): ".", ord("."): ","})


Row = Callable[[Line], list[object]]

SHOPS: dict[str, tuple[str, str, list[str], Row, str]] = {
    "web shop": ("orders.csv", ",",
        ["order_id", "sku", "item_name", "qty", "created_at", "unit_price", "customer_id", "country"],
        lambda x: [x.invoice, x.code, x.name, x.quantity, f"{x.at:%Y-%m-%dT%H:%M:%S}", x.price, x.customer, x.country], "GBP"),
    "Indonesian accounting": ("penjualan.csv", ";",
        ["No. Faktur", "Kode Barang", "Nama Barang", "Qty", "Tgl Faktur", "Harga Satuan", "Jumlah", "Kode Pelanggan", "Negara"],
        lambda x: [x.invoice, x.code, x.name, x.quantity, f"{x.at:%d/%m/%Y}", "Rp " + comma(x.price), "Rp " + comma(x.amount),
                   x.customer, x.country], "IDR"),
    "German accounting": ("Rechnungen.csv", ";",
        ["Rechnungsnr.", "Rechnungsdatum", "Kundennr.", "Artikelnr.", "Bezeichnung", "Menge", "Einzelpreis",
         "Nettobetrag", "Land"],
        lambda x: [x.invoice, f"{x.at:%d.%m.%Y}", x.customer, x.code, x.name, x.quantity, comma(x.price), comma(x.amount),
                   x.country], "EUR"),
    "French accounting": ("factures.csv", ";",
        ["N° facture", "Date de facture", "Code client", "Code article", "Désignation", "Quantité", "Prix unitaire",
         "Montant HT", "Pays"],
        lambda x: [x.invoice, f"{x.at:%d/%m/%Y}", x.customer, x.code, x.name, x.quantity, comma(x.price).replace(".", " "),
                   comma(x.amount).replace(".", " "), x.country], "EUR"),
    "Spanish accounting": ("facturas.csv", ";",
        ["Nº factura", "Fecha de factura", "Código cliente", "Código producto", "Descripción", "Cantidad", "Precio unitario",
         "Importe neto", "País"],
        lambda x: [x.invoice, f"{x.at:%d-%m-%Y}", x.customer, x.code, x.name, x.quantity, comma(x.price), comma(x.amount),
                   x.country], "EUR"),
    "Dutch accounting": ("facturen.csv", ";",
        ["Factuurnummer", "Factuurdatum", "Klantnummer", "Artikelcode", "Omschrijving", "Aantal", "Prijs", "Bedrag", "Land"],
        lambda x: [x.invoice, f"{x.at:%d-%m-%Y}", x.customer, x.code, x.name, x.quantity, comma(x.price), comma(x.amount),
                   x.country], "EUR"),
    "American ledger with brackets": ("sales.csv", ",",
        ["Invoice #", "Invoice Date", "Cust No", "Item", "Item Description", "Qty", "Price", "Ext Amt", "Country"],
        lambda x: [x.invoice, f"{x.at:%m/%d/%Y}", x.customer, x.code, x.name, x.quantity, f"${x.price:,.2f}",
                   f"${x.amount:,.2f}" if x.amount >= 0 else f"(${-x.amount:,.2f})", x.country], "USD"),
    "tax beside the net": ("invoice_lines.csv", ",",
        ["Invoice Number", "Invoice Date", "Customer ID", "Product Code", "Quantity", "Unit Price", "Net Amount", "VAT", "Gross",
         "Country"],
        lambda x: [x.invoice, f"{x.at:%Y-%m-%d}", x.customer, x.code, x.quantity, x.price, x.amount, x.amount / 5,
                   x.amount * 6 / 5, x.country], "GBP"),
    "credit notes by type with plain numbers": ("invoices.csv", ",",
        ["Document No", "Document Type", "Posting Date", "Customer No", "Item No", "Quantity", "Amount", "Country"],
        lambda x: [x.invoice.lstrip("C"), "Credit Note" if x.invoice[0] == "C" else "Invoice", f"{x.at:%Y-%m-%d}", x.customer,
                   x.code, abs(x.quantity) if x.invoice[0] == "C" else x.quantity,
                   abs(x.amount) if x.invoice[0] == "C" else x.amount, x.country], "EUR"),
    "database of a shop": ("fact_sales.csv", "|",
        ["INV_NO", "INV_DT", "CUST_ID", "PROD_CD", "PROD_DESC", "QTY", "UNIT_PRC", "LINE_AMT", "CTRY"],
        lambda x: [x.invoice, f"{x.at:%Y%m%d}", x.customer, x.code, x.name, x.quantity, x.price, x.amount, x.country], "GBP"),
}  # fmt: skip


@pytest.mark.parametrize("shop", SHOPS)
def test_the_same_revenue_from(shop: str, judge: Judge, lines: list[Line], truth: Truth) -> None:
    file, delimiter, header, row, currency = SHOPS[shop]
    result = judge.take(judge.write(file, header, map(row, lines), delimiter=delimiter), currency=currency)
    assert result.rejected == 0, result.rejects[:3]
    assert [one.table for one in result.files] == ["orders"]
    workspace = tolok.open(judge.shop)
    assert workspace.ask("revenue").value() == pytest.approx(float(truth.revenue), rel=1e-9)
    months = {r.period.label: r.value for r in workspace.ask("revenue", grain="month").rows() if r.value}
    assert months == pytest.approx({month: float(value) for month, value in truth.months.items()}, rel=1e-9)
    countries = {r.members["country"]: r.value for r in workspace.ask("revenue", by="country").rows()}
    assert countries == pytest.approx({name: float(value) for name, value in truth.countries.items()}, rel=1e-9)
    accounts = workspace.snapshot().coverage.facts["accounts"].rows
    assert accounts == len(truth.customers)


def test_cdnow_without_headings_is_purchases(judge: Judge, data: Path) -> None:
    rows = [line.split() for line in (data / "cdnow" / "CDNOW_sample.txt").read_text().splitlines() if line.split()]
    judge.take(data / "cdnow")
    workspace = tolok.open(judge.shop)
    assert workspace.ask("revenue").value() == pytest.approx(float(sum(Decimal(row[4]) for row in rows)), rel=1e-12)
    facts = workspace.snapshot().coverage.facts
    assert (facts["orders"].rows, facts["accounts"].rows) == (len(rows), len({row[0] for row in rows})) == (6919, 2357)
    by_year: dict[str, Decimal] = {}
    for row in rows:
        by_year[row[2][:4]] = by_year.get(row[2][:4], Decimal(0)) + Decimal(row[4])
    told = {r.period.label: r.value for r in workspace.ask("revenue", grain="year").rows()}
    assert told == pytest.approx({year: float(value) for year, value in by_year.items()}, rel=1e-12)

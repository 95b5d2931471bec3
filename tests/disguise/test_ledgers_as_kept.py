"""Ledgers of orders as accounting systems and tills write them: whatever the layout, the revenue is the same."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge

import tolok

pytestmark = pytest.mark.data

CUSTOMERS = ("Toko Maju", "Toko Sentosa", "Toko Jaya Abadi", "PT Makmur")
REPS = ("Andi Saputra", "Budi Hartono", "Citra Lestari")
PRODUCTS = {"Beras 5kg": 68_000, "Gula 1kg": 17_500, "Minyak 2L": 38_900}


class Order:
    """An order of some lines: product, quantity, price."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.number = f"INV/2025/{number:05d}"
        self.day = date(2025, 1, 2) + timedelta(days=chance.randrange(360))
        self.customer, self.rep = chance.choice(CUSTOMERS), chance.choice(REPS)
        chosen = chance.sample(sorted(PRODUCTS), chance.randint(1, 3))
        self.lines = [(name, chance.randint(1, 40), PRODUCTS[name]) for name in chosen]

    @property
    def net(self) -> int:
        return sum(quantity * price for _, quantity, price in self.lines)


@pytest.fixture
def orders() -> list[Order]:
    chance = random.Random(11)
    return [Order(number, chance) for number in range(1, 151)]


def dotted(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def same(judge: Judge, orders: list[Order], *, by_rep: bool = True) -> None:
    workspace = tolok.open(judge.shop)
    assert workspace.ask("revenue").value("revenue") == sum(order.net for order in orders)
    mean = workspace.ask("average_purchase_value").value("average_purchase_value")
    assert float(mean) == pytest.approx(sum(order.net for order in orders) / len(orders))
    by_customer = {row.members["account"]: row.value for row in workspace.ask("revenue", by="account").rows()}
    assert by_customer == {
        customer: sum(order.net for order in orders if order.customer == customer) for customer in CUSTOMERS
    }
    if by_rep:
        by = {row.members["rep"]: row.value for row in workspace.ask("revenue", by="rep").rows()}
        assert by == {rep: sum(order.net for order in orders if order.rep == rep) for rep in REPS}


def test_the_head_stands_on_the_first_line_alone(judge: Judge, orders: list[Order]) -> None:
    header = ("*Customer", "*Tanggal Transaksi", "Nomor Transaksi", "Salesman", "*Nama Produk", "*Kuantitas",
              "*Harga Satuan", "Jumlah")  # fmt: skip
    rows = []
    for order in orders:
        for place, (name, quantity, price) in enumerate(order.lines):
            head = (order.customer, f"{order.day:%d/%m/%Y}", order.number, order.rep)
            line = (name, quantity, f"Rp. {dotted(price)},00", f"Rp. {dotted(quantity * price)},00")
            rows.append((*(("",) * 4 if place else head), *line))
    result = judge.take(judge.write("penjualan.csv", header, rows), currency="IDR")
    assert any("belong to the order above" in note for note in result.notes)
    same(judge, orders)


def test_lines_under_the_names_of_another_table(judge: Judge, orders: list[Order]) -> None:
    header = ("Referensi Pesanan", "Tanggal Pesanan", "Pelanggan", "Tenaga Penjual", "Baris Pesanan/Produk",
              "Baris Pesanan/Kuantitas", "Baris Pesanan/Harga Satuan", "Baris Pesanan/Subtotal", "Status")  # fmt: skip
    rows = [
        (*(("",) * 4 if place else (order.number, f"{order.day} 03:00:00", order.customer, order.rep)), name, quantity, price,
         quantity * price, "" if place else "Pesanan Penjualan")
        for order in orders
        for place, (name, quantity, price) in enumerate(order.lines)
    ]  # fmt: skip
    judge.take(judge.write("pesanan.csv", header, rows), currency="IDR")
    same(judge, orders)


def test_the_total_of_the_order_on_its_first_line_is_not_repeated(judge: Judge, orders: list[Order]) -> None:
    header = ("Invoice No", "Invoice Date", "Customer", "Sales Rep", "Invoice Total", "Product", "Qty", "Unit Price")
    rows = [
        (
            *(("",) * 5 if place else (order.number, order.day, order.customer, order.rep, order.net)),
            name,
            quantity,
            price,
        )
        for order in orders
        for place, (name, quantity, price) in enumerate(order.lines)
    ]
    judge.take(judge.write("invoices.csv", header, rows), currency="IDR")
    same(judge, orders)


def test_a_till(judge: Judge, orders: list[Order]) -> None:
    header = ("Outlet", "Date", "Time", "Category", "Items", "Quantity", "Gross Sales", "Discounts", "Refunds", "Net Sales",
              "Receipt Number", "Collected By", "Served By", "Customer", "Event Type")  # fmt: skip
    rows = [
        ("Pusat", f"{order.day:%d-%m-%Y}", "10:20:00", "Sembako", name, quantity, quantity * price, 0, 0, quantity * price,
         order.number, order.rep, order.rep, order.customer, "Payment")
        for order in orders
        for name, quantity, price in order.lines
    ]  # fmt: skip
    judge.take(judge.write("item_details.csv", header, rows), currency="IDR")
    same(judge, orders)


@pytest.mark.parametrize(
    ("net", "tax"),
    [("DPP", "PPN 11%"), ("Subtotal", "Tax"), ("Total HT", "TVA"), ("Netto", "MwSt 19%"), ("Nettobetrag", "USt. 19 %")],
)
def test_an_amount_to_which_the_tax_was_added_is_not_revenue(
    net: str, tax: str, judge: Judge, orders: list[Order]
) -> None:
    header = ("No. Faktur", "Tgl. Faktur", "Customer", "Salesman", net, tax, "Total")
    rows = [
        (order.number, f"{order.day:%Y-%m-%d}", order.customer, order.rep, order.net, f"{order.net * 0.11:.2f}",
         f"{order.net * 1.11:.2f}")
        for order in orders
    ]  # fmt: skip
    judge.take(judge.write("faktur.csv", header, rows), currency="IDR")
    same(judge, orders)

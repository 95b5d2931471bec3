"""The same orders as eight shops write them: one truth comes out, whatever stands beside the line's own amount."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import tolok
from tolok import settings as workspaces
from tolok.imports import run


@dataclass(frozen=True)
class Line:
    order: str
    at: datetime
    buyer: int
    product: str
    quantity: int
    price: int  # in whole units, so that all shops can write it
    cancelled: bool


LINES = tuple(
    Line(f"A{1000 + n // 3}", datetime(2026, 3, 1, 9, 30, tzinfo=UTC) + timedelta(hours=7 * (n // 3)), n // 3 % 9,
         f"Item {n % 7}", n % 4 + 1, 1500 + 250 * (n % 5), n // 3 % 8 == 2)
    for n in range(120)
)  # fmt: skip
TRUTH = sum(line.quantity * line.price for line in LINES if not line.cancelled)
BUYERS = len({line.buyer for line in LINES if not line.cancelled})

Rows = list[list[object]]


def whole(line: Line) -> int:
    """What the whole order comes to, with delivery: it stands beside the lines and must not be counted."""
    return sum(other.quantity * other.price for other in LINES if other.order == line.order) + 900


def first(line: Line) -> bool:
    return next(other for other in LINES if other.order == line.order) is line


def dotted(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")


def shopee(line: Line) -> list[object]:
    return [line.order, "Batal" if line.cancelled else "Selesai", f"{line.at:%Y-%m-%d %H:%M}", line.product,
            dotted(line.price + 100), dotted(line.price), line.quantity, 0, dotted(line.quantity * line.price),
            dotted(whole(line)), f"user_{line.buyer}", f"Buyer {line.buyer}"]  # fmt: skip


def tokopedia(line: Line) -> list[object]:
    head = [
        line.order,
        f"{line.at:%d-%m-%Y %H:%M:%S}",
        "Dibatalkan Penjual" if line.cancelled else "Transaksi selesai.",
    ]
    tail = [f"Buyer {line.buyer}", whole(line)]
    return [*(head if first(line) else [""] * 3), line.product, line.quantity, line.price,
            *(tail if first(line) else [""] * 2)]  # fmt: skip


def tiktok(line: Line) -> list[object]:
    return [line.order, "Canceled" if line.cancelled else "Completed", line.product, line.quantity, line.price,
            line.quantity * line.price, 0, line.quantity * line.price, whole(line), f"{line.at:%d/%m/%Y %H:%M:%S}",
            f"user{line.buyer}"]  # fmt: skip


def amazon(line: Line) -> list[object]:
    return [line.order, f"{line.at:%Y-%m-%dT%H:%M:%S}+00:00", "Cancelled" if line.cancelled else "Shipped", line.product,
            line.quantity, "IDR", line.quantity * line.price]  # fmt: skip


def shopify(line: Line) -> list[object]:
    head = ["voided" if line.cancelled else "paid", whole(line) - 900, whole(line)] if first(line) else [""] * 3
    return ["#" + line.order[1:], f"b{line.buyer}@example.com", *head, f"{line.at:%Y-%m-%d %H:%M:%S} +0000",
            line.quantity, line.product, line.price, f"Buyer {line.buyer}" if first(line) else ""]  # fmt: skip


def woocommerce(line: Line) -> list[object]:
    return [line.order, "Cancelled" if line.cancelled else "Completed", f"{line.at:%Y-%m-%d %H:%M}", "Buyer", line.buyer,
            f"b{line.buyer}@example.com", line.product, line.quantity, line.price, whole(line) - 900, whole(line)]  # fmt: skip


SHOPS: dict[str, tuple[str, list[str], Callable[[Line], list[object]]]] = {
    "shopee": ("Order.all.csv", ["No. Pesanan", "Status Pesanan", "Waktu Pesanan Dibuat", "Nama Produk", "Harga Awal",
               "Harga Setelah Diskon", "Jumlah", "Returned quantity", "Total Harga Produk", "Total Pembayaran",
               "Username (Pembeli)", "Nama Penerima"], shopee),
    "tokopedia": ("Tokopedia_Order.csv", ["Nomor Invoice", "Tanggal Pembayaran", "Status Terakhir", "Nama Produk",
                  "Jumlah Produk Dibeli", "Harga Jual (IDR)", "Nama Pembeli", "Total Penjualan (IDR)"], tokopedia),
    "tiktok_shop": ("All order.csv", ["Order ID", "Order Status", "Product Name", "Quantity", "SKU Unit Original Price",
                    "SKU Subtotal Before Discount", "SKU Seller Discount", "SKU Subtotal After Discount", "Order Amount",
                    "Created Time", "Buyer Username"], tiktok),
    "amazon": ("7788.txt", ["amazon-order-id", "purchase-date", "order-status", "sku", "quantity", "currency",
               "item-price"], amazon),
    "shopify": ("orders_export_1.csv", ["Name", "Email", "Financial Status", "Subtotal", "Total", "Created at",
                "Lineitem quantity", "Lineitem name", "Lineitem price", "Billing Name"], shopify),
    "woocommerce": ("orders.csv", ["Order Number", "Order Status", "Order Date", "First Name (Billing)",
                    "Last Name (Billing)", "Email (Billing)", "Item Name", "Quantity", "Item Cost",
                    "Order Subtotal Amount", "Order Total Amount"], woocommerce),
}  # fmt: skip


def written(header: list[str], rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def opened(folder: Path, name: str, text: str) -> tolok.Workspace:
    shop = folder / "shop"
    workspaces.create(shop, currency="IDR", timezone="UTC")
    (folder / name).write_text(text, encoding="utf-8")
    result = run(shop, [folder / name])
    assert result.rejected == 0
    return tolok.open(shop)


@pytest.mark.parametrize("shop", SHOPS)
def test_the_export_of_a_shop_gives_what_its_lines_come_to(shop: str, tmp_path: Path) -> None:
    name, header, line = SHOPS[shop]
    workspace = opened(tmp_path, name, written(header, [line(one) for one in LINES]))
    assert workspace.ask("revenue").value() == TRUTH
    if shop != "amazon":  # whose report names no buyer
        assert workspace.ask("buying_customers").value() == BUYERS


@pytest.mark.parametrize("shop", ["shopify", "woocommerce"])
def test_buyers_known_by_email_are_shown_by_name(shop: str, tmp_path: Path) -> None:
    name, header, line = SHOPS[shop]
    workspace = opened(tmp_path, name, written(header, [line(one) for one in LINES]))
    shown = {row.members["account"] for row in workspace.ask("revenue", by="account").rows()}
    assert {f"Buyer {n}" for n in range(3)} <= shown


def test_a_row_per_piece_without_a_quantity_counts_each_piece(tmp_path: Path) -> None:
    header = [
        "orderItemId",
        "createTime",
        "orderNumber",
        "customerName",
        "paidPrice",
        "unitPrice",
        "itemName",
        "status",
    ]
    pieces = [line for line in LINES for _ in range(line.quantity)]
    rows: Rows = [
        [n, f"{one.at:%d %b %Y %H:%M}", one.order, f"Buyer {one.buyer}", one.price - 50, one.price, one.product,
         "canceled" if one.cancelled else "delivered"]
        for n, one in enumerate(pieces, start=500)
    ]  # fmt: skip
    workspace = opened(tmp_path, "lazada.csv", written(header, rows))
    assert workspace.ask("revenue").value() == TRUTH


def test_a_minus_behind_a_figure_takes_the_document_back(tmp_path: Path) -> None:
    header = ["Billing Document", "Billing Date", "Customer", "Material", "Billed Quantity", "Unit Price", "Net Value"]
    rows: Rows = [
        [("C" if one.cancelled else "") + one.order[1:], f"{one.at:%d/%m/%Y}", f"Buyer {one.buyer}", one.product,
         f"{one.quantity}-" if one.cancelled else one.quantity, f"{one.price}.00",
         f"{one.quantity * one.price}.00" + ("-" if one.cancelled else "")]
        for one in LINES
    ]  # fmt: skip
    workspace = opened(tmp_path, "VF05.csv", written(header, rows))
    back = sum(one.quantity * one.price for one in LINES if one.cancelled)
    assert workspace.ask("revenue").value() == TRUTH - back

"""What is sold: machines by deals, supplies by repeat orders, service by contract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.company import Table
from tolok.demo.names import GOODS
from tolok.demo.setting import Floats, Ints, Texts, texts

RUPIAH = 100  # hundredths
PRICE_RISE = 0.04  # a year
USD_PER_RUPIAH = 1 / 16_000


@dataclass(frozen=True)
class Goods:
    """Products by number: their codes, categories, prices and costs in hundredths of a rupiah."""

    codes: Texts
    category: Texts
    price: Ints
    cost: Ints

    def of(self, *categories: str) -> Ints:
        """The products of some categories."""
        return np.flatnonzero(np.isin(self.category, categories))

    def price_on(self, product: Ints, years: Floats) -> Ints:
        """The list price some years after the start, rounded to five hundred rupiah."""
        step = 500 * RUPIAH
        priced: Ints = np.round(self.price[product] * (1 + PRICE_RISE) ** years / step).astype(np.int64) * step
        return priced


def stock_up() -> tuple[Goods, Table]:
    """The products and their table."""
    codes = texts([f"P-{number:03}" for number in range(1, len(GOODS) + 1)])
    price = np.array([price * RUPIAH for _, _, price, _ in GOODS])
    cost = np.array([round(price * share) * RUPIAH for _, _, price, share in GOODS])
    goods = Goods(codes, texts([category for category, *_ in GOODS]), price, cost)
    table: Table = {
        "source_id": codes,
        "name": texts([name for _, name, *_ in GOODS]),
        "code": texts([f"SN{100 + number}" for number in range(len(GOODS))]),
        "category": goods.category,
        "list_price": price,
        "unit_cost": cost,
        "currency": texts(["IDR"] * len(GOODS)),
        "active": np.ones(len(GOODS), dtype=bool),
    }
    return goods, table

"""What each deal is about: its lines, prices and value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.company import Table
from tolok.demo.deals import PROPOSAL, Deals
from tolok.demo.goods import RUPIAH, USD_PER_RUPIAH, Goods
from tolok.demo.names import MACHINES, SEGMENTS
from tolok.demo.setting import Flags, Ints, Setting, Texts, ids, pick, texts
from tolok.demo.truth import Truth

MONTHS_OF_SERVICE = 12
SIZES = {"HORECA": (2.6, 1.9), "Ritel modern": (2.2, 2.4), "Institusi": (2.4, 2.0), "UMKM": (1.3, 1.1)}
"""Mean number of lines and of units a line, by segment."""


@dataclass(frozen=True)
class Baskets:
    """Lines of all deals, in order of deals, and the deals' values; money in hundredths of the deal's currency."""

    deal: Ints
    line: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    amount: Ints
    unit_cost: Ints
    total: Ints
    first_guess: Ints
    in_usd: Flags


def fill(setting: Setting, truth: Truth, goods: Goods, deals: Deals) -> Baskets:
    """Lines at the list price of the day less a discount; service contracts have one line of twelve months."""
    chance = setting.chance("baskets")
    count = len(deals)
    lines_mean, units_mean = np.array([SIZES[name] for name in SEGMENTS])[deals.segment].T
    lines = 1 + np.minimum(chance.poisson(lines_mean - 1), 4)
    lines[deals.service] = 1
    deal = np.repeat(np.arange(count), lines)
    line = np.arange(len(deal)) - np.repeat(np.cumsum(lines) - lines, lines) + 1
    machines, services = goods.of(*MACHINES), goods.of("Layanan")
    product = machines[(chance.integers(0, len(machines), count)[deal] + (line - 1) * 5) % len(machines)]
    small = deals.segment[deal] != SEGMENTS.index("HORECA")
    chosen = services[np.where(small & (chance.random(len(deal)) < 0.7), 0, 1)]
    product = np.where(deals.service[deal], chosen, product)
    quantity = 1 + np.minimum(chance.poisson(np.maximum(units_mean - 0.6, 0.2)[deal]), 9)
    quantity = np.where(deals.service[deal], MONTHS_OF_SERVICE, quantity)

    years = (deals.created[deal] - setting.number(setting.start)) / 365.25
    listed = goods.price_on(product, years)
    discount = chance.choice((0, 3, 5, 8, 10, 12), count, p=(0.30, 0.15, 0.22, 0.15, 0.12, 0.06))[deal]
    in_usd = (chance.random(count) < truth.usd_share) & ~deals.service & (deals.segment == SEGMENTS.index("HORECA"))
    in_rupiah = listed * (100 - discount) // 100 // (1_000 * RUPIAH) * (1_000 * RUPIAH)
    in_cents = np.rint(listed * USD_PER_RUPIAH * (100 - discount) / 100).astype(np.int64)
    unit_price = np.where(in_usd[deal], in_cents, in_rupiah)
    cost = goods.cost[product]
    unit_cost = np.where(in_usd[deal], np.rint(cost * USD_PER_RUPIAH).astype(np.int64), cost)
    amount = unit_price * quantity
    total = np.bincount(deal, weights=amount, minlength=count).astype(np.int64)
    step = np.where(in_usd, 100 * 100, 1_000_000 * RUPIAH)
    guess = np.rint(total * np.exp(chance.normal(0.08, 0.25, count)) / step).astype(np.int64) * step
    first_guess = np.where(chance.random(count) < 0.4, np.maximum(guess, step), total)
    return Baskets(deal, line, product, quantity, unit_price, amount, unit_cost, total, first_guess, in_usd)


def amount_known(setting: Setting, baskets: Baskets, deals: Deals) -> Ints:
    """The value of each deal as its record says at the end: the first guess until the proposal."""
    proposed = deals.entered[:, PROPOSAL]
    settled = (proposed >= 0) & (proposed <= setting.number(setting.as_of))
    found: Ints = np.where(settled, baskets.total, baskets.first_guess)
    return found


def lines_table(setting: Setting, goods: Goods, deals: Deals, baskets: Baskets, codes: Texts, kinds: Texts) -> Table:
    """Deal lines: known once the proposal is written."""
    proposed = deals.entered[baskets.deal, PROPOSAL]
    rows = (proposed >= 0) & (proposed <= setting.number(setting.as_of))
    return {
        "source_id": ids("DL", len(rows), 6)[rows],
        "deal_id": codes[baskets.deal[rows]],
        "line": baskets.line[rows],
        "product_id": goods.codes[baskets.product[rows]],
        "quantity": baskets.quantity[rows] * 100,
        "unit_price": baskets.unit_price[rows],
        "amount": baskets.amount[rows],
        "currency": currencies(baskets.in_usd[baskets.deal[rows]]),
        "kind": pick(kinds, baskets.deal[rows]),
    }


def currencies(in_usd: Flags) -> Texts:
    """Codes of the currency of each row."""
    return pick(texts(["IDR", "USD"]), in_usd.astype(np.int64))

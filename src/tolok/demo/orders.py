"""Orders: what won deals bring, and the supplies that customers order again and again; returns and payments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.activities import entered_late
from tolok.demo.baskets import Baskets
from tolok.demo.company import Table, keep
from tolok.demo.customers import Customers
from tolok.demo.deals import Deals
from tolok.demo.goods import RUPIAH, Goods
from tolok.demo.names import REGIONS, SEGMENTS, SUPPLIES
from tolok.demo.people import People
from tolok.demo.setting import Flags, Floats, Ints, Setting, Texts, pick, spread, texts
from tolok.demo.truth import Truth

ORDERS_A_MONTH = 1.25
TAX_PERCENT = 11
UNITS = {"HORECA": 9.0, "Ritel modern": 16.0, "Institusi": 14.0, "UMKM": 4.0}


@dataclass(frozen=True)
class Lines:
    """Order lines, by document; money in hundredths of the line's currency."""

    document: Ints
    product: Ints
    quantity: Ints
    unit_price: Ints
    unit_cost: Ints


@dataclass(frozen=True)
class Orders:
    """Documents by number: who, when, from which deal (-1 for none), returned from which document (-1)."""

    day: Ints
    account: Ints
    deal: Ints
    returns: Ints
    in_usd: Flags
    lines: Lines


def buying_lives(setting: Setting, truth: Truth, customers: Customers, deals: Deals) -> tuple[Ints, Ints]:
    """First and last day on which each account orders again; last before first where it never does."""
    chance = setting.chance("buying lives")
    count = len(customers.codes)
    never = setting.n_days
    first_won = np.full(count, never)
    machines = deals.won & ~deals.service
    np.minimum.at(first_won, deals.account[machines], deals.closed[machines])
    bought = first_won < never
    begins = np.where(customers.legacy, 0, np.minimum(first_won + chance.integers(10, 30, count), never))
    monthly = np.array([truth.churn[name] for name in SEGMENTS])[customers.segment]
    left = setting.number(setting.start)  # chances of leaving count from the start, or from the first order
    stays = np.rint(chance.exponential(1 / monthly) * 30.44).astype(np.int64)
    ends = np.minimum(np.maximum(begins, left) + stays, setting.n_days - 1)
    return begins, np.where(customers.legacy | bought, ends, -1)


def place(setting: Setting, truth: Truth, goods: Goods, customers: Customers, deals: Deals, baskets: Baskets) -> Orders:
    """All documents in order of days: of won deals, repeat orders, and returns of either."""
    chance = setting.chance("orders")
    day, account = _repeats(setting, truth, customers, deals, chance)
    again = _supplies(setting, goods, customers, chance, day, account)
    deal, deal_day, deal_lines = _of_deals(setting, deals, baskets, chance)
    repeat_count = len(day)
    days = np.concatenate((day, deal_day))
    lines = Lines(
        *(
            np.concatenate(
                (getattr(again, name), getattr(deal_lines, name) + (repeat_count if name == "document" else 0))
            )
            for name in Lines.__dataclass_fields__
        )
    )
    orders = Orders(
        day=days,
        account=np.concatenate((account, deals.account[deal])),
        deal=np.concatenate((np.full(repeat_count, -1), deal)),
        returns=np.full(len(days), -1),
        in_usd=np.concatenate((np.zeros(repeat_count, dtype=bool), baskets.in_usd[deal])),
        lines=lines,
    )
    return _in_order(_with_returns(setting, truth, orders, chance))


def _repeats(
    setting: Setting, truth: Truth, customers: Customers, deals: Deals, chance: np.random.Generator
) -> tuple[Ints, Ints]:
    """Days and accounts of repeat orders: chance by the account's habit and the season."""
    begins, ends = buying_lives(setting, truth, customers, deals)
    first, last = setting.number(setting.start), setting.number(setting.end)
    begins = np.maximum(begins, first)
    trade = setting.trade(truth)
    sums = np.concatenate(([0.0], np.cumsum(trade)))
    habit = ORDERS_A_MONTH / 30.44 * np.exp(chance.normal(-0.15, 0.55, len(begins)))
    alive = ends >= begins
    weight = np.where(alive, sums[np.maximum(ends, 0) + 1] - sums[np.minimum(begins, setting.n_days)], 0.0)
    usual = trade[first : last + 1].mean()
    drawn = chance.poisson(np.maximum(habit * weight / usual, 0.0))
    account = np.repeat(np.arange(len(begins)), drawn)
    day = spread(trade, begins[account], ends[account] + 1, chance.random(len(account)))
    within = day <= last
    return day[within], account[within]


def _supplies(
    setting: Setting, goods: Goods, customers: Customers, chance: np.random.Generator, day: Ints, account: Ints
) -> Lines:
    count = len(day)
    many = 1 + np.minimum(chance.poisson(1.4, count), 5)
    document = np.repeat(np.arange(count), many)
    supplies = goods.of(*SUPPLIES)
    line = np.arange(len(document)) - np.repeat(np.cumsum(many) - many, many)
    product = supplies[(chance.integers(0, len(supplies), count)[document] + line * 3) % len(supplies)]
    units = np.array([UNITS[name] for name in SEGMENTS])[customers.segment[account]][document]
    quantity = np.maximum(1, np.rint(units * np.exp(chance.normal(0, 0.45, len(document))))).astype(np.int64)
    years = (day[document] - setting.number(setting.start)) / 365.25
    unit_cost = goods.cost[product]
    return Lines(document, product, quantity, goods.price_on(product, years), unit_cost)


def _of_deals(
    setting: Setting, deals: Deals, baskets: Baskets, chance: np.random.Generator
) -> tuple[Ints, Ints, Lines]:
    """One document per won deal that is no contract, on the day it closed or shortly after."""
    day = setting.at_work(deals.closed + np.where(chance.random(len(deals)) < 0.85, 0, 1))
    rows = deals.won & ~deals.service & (day >= setting.number(setting.start)) & (day <= setting.number(setting.end))
    deal = np.flatnonzero(rows)
    number = np.full(len(deals), -1)
    number[deal] = np.arange(len(deal))
    chosen = rows[baskets.deal]
    lines = Lines(
        number[baskets.deal[chosen]],
        baskets.product[chosen],
        baskets.quantity[chosen],
        baskets.unit_price[chosen],
        baskets.unit_cost[chosen],
    )
    return deal, day[deal], lines


def _with_returns(setting: Setting, truth: Truth, orders: Orders, chance: np.random.Generator) -> Orders:
    """Some documents come back in part: one line, some or all of its units, three to twenty-five days later."""
    count = len(orders.day)
    back = np.flatnonzero(chance.random(count) < truth.return_rate)
    day = setting.at_work(orders.day[back] + chance.integers(3, 26, len(back)))
    firsts = np.searchsorted(orders.lines.document, back)
    units = np.ceil(orders.lines.quantity[firsts] * chance.uniform(0.1, 1.0, len(back))).astype(np.int64)
    kept = day <= setting.number(setting.end)
    back, day, firsts, units = back[kept], day[kept], firsts[kept], units[kept]
    lines = orders.lines
    return Orders(
        day=np.concatenate((orders.day, day)),
        account=np.concatenate((orders.account, orders.account[back])),
        deal=np.concatenate((orders.deal, orders.deal[back])),
        returns=np.concatenate((orders.returns, back)),
        in_usd=np.concatenate((orders.in_usd, orders.in_usd[back])),
        lines=Lines(
            np.concatenate((lines.document, count + np.arange(len(back)))),
            np.concatenate((lines.product, lines.product[firsts])),
            np.concatenate((lines.quantity, -units)),
            np.concatenate((lines.unit_price, lines.unit_price[firsts])),
            np.concatenate((lines.unit_cost, lines.unit_cost[firsts])),
        ),
    )


def _in_order(orders: Orders) -> Orders:
    """Documents numbered by day, lines by document."""
    order = np.argsort(orders.day, kind="stable")
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    document = place_of[orders.lines.document]
    rows = np.argsort(document, kind="stable")
    returns = orders.returns[order]
    return Orders(
        day=orders.day[order],
        account=orders.account[order],
        deal=orders.deal[order],
        returns=np.where(returns >= 0, place_of[returns], -1),
        in_usd=orders.in_usd[order],
        lines=Lines(
            document[rows],
            *(getattr(orders.lines, name)[rows] for name in ("product", "quantity", "unit_price", "unit_cost")),
        ),
    )


def tables(
    setting: Setting,
    truth: Truth,
    people: People,
    customers: Customers,
    goods: Goods,
    orders: Orders,
    deal_codes: Texts,
) -> dict[str, Table]:
    """Order lines and payments known at the end."""
    chance = setting.chance("order records")
    now, count = setting.number(setting.as_of), len(orders.day)
    codes = _numbers(setting, orders)
    late = chance.random(count) < truth.late_rate
    entered = orders.day + np.where(late, 1 + chance.geometric(1 / truth.late_mean_days, count), 0)
    plain = (orders.returns < 0) & ~np.isin(np.arange(count), orders.returns)
    cancelled = plain & (chance.random(count) < 0.012)
    draft = plain & (orders.day > now - 6) & (orders.deal < 0) & (chance.random(count) < 0.12)
    status = np.where(cancelled, 2, np.where(draft, 1, 0))
    minute = chance.integers(8 * 60, 18 * 60, count)
    lines, document = orders.lines, orders.lines.document
    amount = lines.unit_price * lines.quantity
    tax = _tax(amount, orders.in_usd[document])
    owner = people.holder[customers.seat[orders.account], np.minimum(orders.day, setting.n_days - 1)]
    first = np.searchsorted(document, document)
    line = np.arange(len(document)) - first + 1
    rows = (entered <= now)[document]
    team = people.seat_team[customers.seat[orders.account]]
    kinds = np.where(orders.returns >= 0, 1, 0)
    online = (orders.deal < 0) & (chance.random(count) < 0.35)
    table: Table = {
        "source_id": texts([f"{code}/{n}" for code, n in zip(codes[document], line, strict=True)]),
        "document": codes[document],
        "line": line,
        "kind": pick(texts(["sale", "return"]), kinds[document]),
        "status": pick(texts(["confirmed", "draft", "cancelled"]), status[document]),
        "source_status": pick(texts(["Selesai", "Konsep", "Batal"]), status[document]),
        "account_id": customers.codes[orders.account[document]],
        "owner_id": people.codes[owner[document]],
        "product_id": goods.codes[lines.product],
        "deal_id": pick(deal_codes, orders.deal[document]),
        "quantity": lines.quantity * 100,
        "unit_price": lines.unit_price,
        "amount": amount,
        "tax": tax,
        "cost": lines.unit_cost * lines.quantity,
        "currency": pick(texts(["IDR", "USD"]), orders.in_usd[document].astype(np.int64)),
        "channel": pick(texts(["Sales", "Aplikasi"]), online[document].astype(np.int64)),
        "region": pick(texts([name for name, *_ in REGIONS]), team[document]),
        "country": texts(["Indonesia"] * len(document)),
        "ordered_on": setting.dates(orders.day[document]),
        "ordered_at": setting.instants(orders.day[document], minute[document]),
        "extra": entered_late(setting, entered[document], late[document]),
    }
    due = np.bincount(document, weights=amount + tax, minlength=count).astype(np.int64)
    owed = (kinds == 0) & (status == 0) & (entered <= now)
    return {
        "orders": keep(table, rows),
        "payments": _payments(setting, customers, orders, codes, due, owed),
    }


def _payments(setting: Setting, customers: Customers, orders: Orders, codes: Texts, due: Ints, owed: Flags) -> Table:
    """Money in: once, or in two instalments that add up exactly; small customers have two weeks, others a month."""
    chance = setting.chance("payments")
    now, count = setting.number(setting.as_of), len(codes)
    terms = np.where(customers.segment[orders.account] == SEGMENTS.index("UMKM"), 14, 30)
    lateness: Floats = chance.normal(2, 8, (2, count))
    never = chance.random(count) < 0.015
    halves = chance.random(count) < 0.1
    first_part = np.where(halves, due * 2 // 5 // (1_000 * RUPIAH) * (1_000 * RUPIAH), due)
    first_part = np.where(orders.in_usd, due, first_part)
    due_day = orders.day + terms
    paid = np.maximum(due_day + np.rint(lateness[0]).astype(np.int64), orders.day)
    again = paid + np.maximum(np.rint(20 + lateness[1]).astype(np.int64), 1)
    document = np.concatenate((np.arange(count), np.arange(count)))
    amount = np.concatenate((first_part, due - first_part))
    day = np.concatenate((paid, again))
    rows = (np.concatenate((owed, owed)) & ~np.concatenate((never, never))) & (amount > 0) & (day <= now)
    part = np.repeat((1, 2), count)
    return {
        "source_id": texts([f"PAY-{codes[d]}-{p}" for d, p in zip(document[rows], part[rows], strict=True)]),
        "document": codes[document[rows]],
        "account_id": customers.codes[orders.account[document[rows]]],
        "amount": amount[rows],
        "currency": pick(texts(["IDR", "USD"]), orders.in_usd[document[rows]].astype(np.int64)),
        "due_on": setting.dates(due_day[document[rows]]),
        "paid_on": setting.dates(day[rows]),
    }


def _tax(amount: Ints, in_usd: Flags) -> Ints:
    """Eleven percent, to the whole rupiah or cent, halves up."""
    unit = np.where(in_usd, 1, RUPIAH)
    size = np.abs(amount)
    tax = (size * TAX_PERCENT + 50 * unit) // (100 * unit) * unit
    found: Ints = np.sign(amount) * tax
    return found


def _numbers(setting: Setting, orders: Orders) -> Texts:
    """Document numbers as an invoice book has them: INV/2026/000123, and RET/… for returns."""
    years = setting.dates(orders.day).astype("datetime64[Y]").astype(int) + 1970
    back = (orders.returns >= 0).tolist()
    return texts(
        [f"{'RET' if b else 'INV'}/{year}/{n:06}" for n, (year, b) in enumerate(zip(years, back, strict=True), start=1)]
    )

"""Service contracts: recurring amounts from won service deals, some with a free trial, some that end."""

from __future__ import annotations

import numpy as np

from tolok.demo.baskets import Baskets
from tolok.demo.company import Table, keep, when
from tolok.demo.customers import Customers
from tolok.demo.deals import Deals
from tolok.demo.goods import Goods
from tolok.demo.people import People
from tolok.demo.setting import Setting, ids, pick, texts

END_REASONS = ("Harga", "Tutup usaha", "Pindah pemasok", "Mesin dijual")
TRIALS_A_WEEK = 2.2
TRIAL_DAYS = 30
MONTHLY_END = 0.018


def table(
    setting: Setting, people: People, customers: Customers, goods: Goods, deals: Deals, baskets: Baskets
) -> Table:
    """Subscriptions known at the end: of deals, of customers from before, and trials of which some are paid later."""
    chance = setting.chance("contracts")
    now, first = setting.number(setting.as_of), setting.number(setting.start)
    line = np.searchsorted(baskets.deal, np.arange(len(deals)))
    sold = np.flatnonzero(deals.won & deals.service)
    old = np.flatnonzero(customers.legacy)[::4]
    weeks = (setting.number(setting.end) - first) // 7
    trial_count = int(chance.poisson(TRIALS_A_WEEK * setting.scale * weeks))
    tried = chance.integers(0, len(customers.codes), trial_count)
    trial_day = np.sort(first + chance.integers(0, weeks * 7, trial_count))
    converts = chance.random(trial_count) < 0.34

    small, large = goods.of("Layanan")
    product = np.concatenate((baskets.product[line[sold]], np.full(len(old), large), np.full(trial_count, small)))
    price = np.concatenate(
        (
            baskets.unit_price[line[sold]],
            np.full(len(old), goods.price[large]),
            np.full(trial_count, goods.price[small]),
        )
    )
    account = np.concatenate((deals.account[sold], old, tried))
    trial = np.concatenate((np.full(len(sold) + len(old), -1), trial_day))
    never = setting.n_days
    begins = np.concatenate(
        (deals.closed[sold] + 1, -chance.integers(0, 700, len(old)), np.where(converts, trial_day + TRIAL_DAYS, never))
    )
    count = len(account)
    stays = np.rint(chance.exponential(1 / MONTHLY_END, count) * 30.44).astype(np.int64)
    ends = np.maximum(begins, first) + np.maximum(stays, 30)
    paid = (begins <= now) & (begins < never)
    known = paid | ((trial >= 0) & (trial <= now))
    over = paid & (ends <= now)
    lapsed = ~paid & (trial + TRIAL_DAYS <= now)
    columns: Table = {
        "source_id": ids("SUB", count, 5),
        "account_id": customers.codes[account],
        "owner_id": people.codes[people.holder[customers.seat[account], now]],
        "product_id": goods.codes[product],
        "plan": pick(texts(["Dasar", "Lengkap"]), (product == large).astype(np.int64)),
        "amount": price,
        "currency": texts(["IDR"] * count),
        "started_on": when(setting.dates(begins), paid),
        "ended_on": when(setting.dates(ends), over),
        "trial_started_on": when(setting.dates(trial), trial >= 0),
        "end_reason": pick(texts(list(END_REASONS)), np.where(over, chance.integers(0, len(END_REASONS), count), -1)),
        "status": pick(texts(["trial", "active", "ended"]), np.where(over | lapsed, 2, np.where(paid, 1, 0))),
    }
    return keep(columns, known)

"""The simulation as a whole: one part after the other, each from its own chance."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tolok.demo import activities, contracts, customers, goods, leads, listening, orders, plans
from tolok.demo.baskets import fill, lines_table
from tolok.demo.company import Company, Table
from tolok.demo.customers import Customers
from tolok.demo.deal_records import as_recorded, deals_table, history, process_tables
from tolok.demo.deals import Deals, run, shocks
from tolok.demo.names import COMPANY
from tolok.demo.people import hire
from tolok.demo.people import tables as people_tables
from tolok.demo.setting import Flags, Ints, Setting, Texts, pick, texts
from tolok.demo.truth import Truth
from tolok.errors import QuestionError

START = date(2023, 11, 1)


def simulate(
    seed: int = 1,
    scale: float = 1.0,
    *,
    start: date = START,
    years: int = 3,
    reps: int = 40,
    as_of: date | None = None,
    truth: Truth | None = None,
) -> Company:
    """Simulate a company from ``start`` for some years, as its systems know it at the end of ``as_of``.

    ``scale`` multiplies how much each rep does. ``as_of`` (by default the last day) hides what had not happened or
    had not been entered by then, and changes nothing else: two dates of one seed are two exports of one company.
    ``truth`` replaces what is planted; names of people and dates in it are filled in.
    """
    if reps < 6 or not 1 <= years <= 10 or not 0 < scale <= 100:
        raise QuestionError(
            "A simulated company needs at least 6 reps, 1 to 10 years, and a scale above 0 and up to 100.",
            next_step="For millions of deals use simulate_big.",
        )
    end = date(start.year + years, start.month, min(start.day, 28)) - timedelta(days=1)
    seen = min(as_of or end, end)
    if seen < start:
        raise QuestionError(f"There is nothing to see before {start}.", next_step="Give a later date.")
    setting = Setting(seed, scale, start, end, seen, reps)
    planted = truth or Truth()
    people, planted = hire(setting, planted)
    bought_by = customers.find(setting, people)
    push, planted = shocks(setting, planted)
    deals = run(setting, planted, people, bought_by, push)
    products, product_table = goods.stock_up()
    baskets = fill(setting, planted, products, deals)
    kinds = deal_types(setting, bought_by, deals)
    times = as_recorded(setting, people, deals)

    source, from_lead = leads.sources(setting, planted, deals)
    lead_table, lead_of = leads.table(
        setting, planted, people, bought_by, products, deals, times.codes, source, from_lead
    )
    offers = np.isin(kinds, ("upsell", "cross_sell"))
    activity_table, last_contact, contacts = activities.table(
        setting, planted, people, bought_by, deals, times.codes, offers
    )
    placed = orders.place(setting, planted, products, bought_by, deals, baskets)
    order_tables = orders.tables(setting, planted, people, bought_by, products, placed, times.codes)
    links = {"lead_source": source, "lead_id": lead_of, "type": kinds, "last_activity_on": last_contact}
    subscription_table = contracts.table(setting, people, bought_by, products, deals, baskets)
    ticket_table, solved, askers = listening.tickets(setting, people, bought_by, products, placed.day, placed.account)
    answer_table = listening.answers(setting, people, bought_by, placed.day, placed.account, solved, askers)

    daily = _daily(setting, placed, subscription_table)
    tables: dict[str, Table] = {
        **people_tables(setting, people),
        **customers.tables(setting, people, bought_by, *_touched(setting, deals, placed, bought_by), contacts),
        "subscriptions": subscription_table,
        "leads": lead_table,
        "deals": deals_table(setting, people, bought_by, deals, baskets, times, links),
        "deal_lines": lines_table(setting, products, deals, baskets, times.codes, _line_kinds(kinds)),
        "deal_events": history(setting, people, deals, baskets, times),
        **process_tables(),
        "activities": activity_table,
        "products": product_table,
        **order_tables,
        "costs": plans.costs(setting, people),
        "exchange_rates": plans.rates(setting),
        "targets": plans.targets(setting, planted, people, _seat_revenue(setting, placed, bought_by)),
        "answers": answer_table,
        "tickets": ticket_table,
        "observations": plans.observations(setting, planted, daily),
    }
    return Company(COMPANY, "IDR", "Asia/Jakarta", start, seen, planted, tables)


def deal_types(setting: Setting, bought_by: Customers, deals: Deals) -> Texts:
    """New for who never bought; for customers existing business, renewal (of contracts), upsell or cross-sell."""
    chance = setting.chance("deal types")
    first_won = np.full(len(bought_by.codes), setting.n_days)
    np.minimum.at(first_won, deals.account[deals.won], deals.closed[deals.won])
    known = bought_by.legacy[deals.account] | (first_won[deals.account] < deals.created)
    kind = np.where(known, chance.choice((1, 3, 4), len(deals), p=(0.45, 0.33, 0.22)), 0)
    kind = np.where(known & deals.service, 2, kind)
    return pick(texts(["new", "existing", "renewal", "upsell", "cross_sell"]), kind)


def _line_kinds(kinds: Texts) -> Texts:
    """Lines know no "existing"."""
    found = kinds.copy()
    found[kinds == "existing"] = None
    return found


def _touched(setting: Setting, deals: Deals, placed: orders.Orders, bought_by: Customers) -> tuple[Ints, Flags]:
    """The first day on which each account is needed, and whether it ever bought by the end."""
    count, now = len(bought_by.codes), setting.number(setting.as_of)
    first = np.full(count, setting.n_days)
    np.minimum.at(first, deals.account, deals.created)
    np.minimum.at(first, placed.account, placed.day)
    started = setting.number(setting.start)  # activities may reach any account from the start
    buys = bought_by.legacy.copy()
    buys[placed.account[placed.day <= now]] = True
    return np.minimum(first, started), buys


def _seat_revenue(setting: Setting, placed: orders.Orders, bought_by: Customers) -> np.ndarray:
    """What each seat brings in an average month."""
    lines = placed.lines
    rupiah = ~placed.in_usd[lines.document]
    seat = bought_by.seat[placed.account[lines.document]]
    amount = np.where(rupiah, lines.unit_price * lines.quantity, 0)
    total = np.bincount(seat, weights=amount, minlength=setting.seats)
    found: np.ndarray = total / ((setting.end - setting.start).days / 30.44)
    return found


def _daily(setting: Setting, placed: orders.Orders, subscriptions: Table) -> dict[str, Ints]:
    """The company's own figures: revenue and cost by day, active customers and trials by week."""
    lines, days = placed.lines, placed.day[placed.lines.document]
    rupiah = ~placed.in_usd[lines.document]
    size = setting.n_days
    revenue = np.bincount(days[rupiah], weights=(lines.unit_price * lines.quantity)[rupiah], minlength=size)
    cost = np.bincount(days[rupiah], weights=(lines.unit_cost * lines.quantity)[rupiah], minlength=size)
    weeks = size // 7 + 1
    pairs = np.unique(placed.day // 7 * 1_000_000 + placed.account)
    trial = subscriptions["trial_started_on"]
    trial_day = (trial[~np.isnat(trial)] - np.datetime64(setting.origin)).astype(np.int64)
    return {
        "revenue": revenue.astype(np.int64),
        "cost": cost.astype(np.int64),
        "weekly_active_customers": np.bincount(pairs // 1_000_000, minlength=weeks),
        "trial_sign_ups": np.bincount(trial_day // 7, minlength=weeks),
    }

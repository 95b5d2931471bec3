"""Leads: those that became deals, and the many that did not."""

from __future__ import annotations

import numpy as np

from tolok.demo.company import Table, keep, when
from tolok.demo.customers import Customers
from tolok.demo.deals import Deals
from tolok.demo.goods import Goods
from tolok.demo.names import CAMPAIGNS, FIRST_NAMES, INDUSTRIES, LAST_NAMES, NAME_ENDS, NAME_STEMS, REGIONS, SEGMENTS
from tolok.demo.people import People
from tolok.demo.setting import Flags, Ints, Setting, Texts, ids, pick, texts
from tolok.demo.truth import Truth

FROM_LEADS = 0.6
SOURCE_WEIGHTS = (0.16, 0.12, 0.30, 0.18, 0.14, 0.10)  # of all leads, in the order of the truth's sources
OTHER_SOURCES = ("Kunjungan sales", "Pelanggan lama", "Telepon masuk")


def sources(setting: Setting, truth: Truth, deals: Deals) -> tuple[Texts, Flags]:
    """The lead source of each deal, and whether a lead stands behind it."""
    chance = setting.chance("deal sources")
    count = len(deals)
    from_lead = chance.random(count) < FROM_LEADS
    names = list(truth.lead_conversion)
    converted = np.array(SOURCE_WEIGHTS) * np.array(list(truth.lead_conversion.values()))
    source = pick(texts(names), chance.choice(len(names), count, p=converted / converted.sum()))
    others = pick(texts(list(OTHER_SOURCES)), chance.integers(0, len(OTHER_SOURCES), count))
    return np.where(from_lead, source, others), from_lead


def table(
    setting: Setting,
    truth: Truth,
    people: People,
    customers: Customers,
    goods: Goods,
    deals: Deals,
    deal_codes: Texts,
    source: Texts,
    from_lead: Flags,
) -> tuple[Table, Texts]:
    """The leads known at the end, and each deal's lead (None where there is none)."""
    chance = setting.chance("leads")
    now = setting.number(setting.as_of)
    names = list(truth.lead_conversion)
    behind = np.flatnonzero(from_lead)
    arrived = deals.created[behind] - chance.geometric(0.16, len(behind))
    seats, days, sources_of = [deals.seat[behind]], [arrived], [source[behind]]
    for name in names:  # as many failures as the planted conversion asks for
        won_over = np.flatnonzero(source[behind] == name)
        rate = truth.lead_conversion[name]
        failures = round(len(won_over) * (1 - rate) / rate)
        like = won_over[chance.integers(0, len(won_over), failures)] if len(won_over) else won_over
        seats.append(deals.seat[behind[like]])
        days.append(arrived[like] + chance.integers(-10, 11, len(like)))
        sources_of.append(texts([name] * len(like)))
    seat, day, lead_source = np.concatenate(seats), np.concatenate(days), np.concatenate(sources_of)
    count = len(seat)
    deal = np.full(count, -1)
    deal[: len(behind)] = behind
    order = np.lexsort((np.arange(count), day))
    seat, day, lead_source, deal = seat[order], day[order], lead_source[order], deal[order]
    good: Flags = deal >= 0
    promising = good | (chance.random(count) < 0.22)

    minute = np.where(
        chance.random(count) < 0.75, chance.integers(8 * 60, 18 * 60, count), chance.integers(0, 1440, count)
    )
    wait = np.rint(np.exp(chance.normal(np.where(good, 4.0, 5.3), 1.1, count))).astype(np.int64)
    answered_day, answered_minute = _answer(setting, day, minute, wait)
    answered_day = np.where(good, np.minimum(answered_day, deals.created[np.maximum(deal, 0)]), answered_day)
    same = answered_day == day
    answered_minute = np.where(same, np.minimum(np.maximum(answered_minute, minute + 2), 1439), answered_minute)
    answered = (good | (chance.random(count) < 0.93)) & (answered_day <= now)

    qualified_day = np.where(good, deals.created[np.maximum(deal, 0)], day + 1 + chance.integers(1, 15, count))
    qualified = promising & (qualified_day <= now) & (answered | good)
    converted = good & (qualified_day <= now)
    judged = day + 21 <= now
    status = np.where(converted, 3, np.where(qualified, 1, np.where(judged & ~promising, 2, 0)))
    words = ("Baru", "Terkualifikasi", "Tidak Memenuhi Syarat", "Konversi")
    quality = np.where(qualified, 0, np.where(status == 2, 1, -1))
    deal_won = deals.won[np.maximum(deal, 0)] & (deals.recorded[np.maximum(deal, 0)] <= now) & converted
    segment = np.where(good, deals.segment[np.maximum(deal, 0)], chance.integers(0, len(SEGMENTS), count))
    kind = chance.integers(0, 3, count)
    first, last, stem, end = (
        chance.integers(0, len(listed), count) for listed in (FIRST_NAMES, LAST_NAMES, NAME_STEMS, NAME_ENDS)
    )
    industry = texts([INDUSTRIES[SEGMENTS[s]][k] for s, k in zip(segment, kind, strict=True)])
    company = texts([f"{i} {NAME_STEMS[a]} {NAME_ENDS[b]}" for i, a, b in zip(industry, stem, end, strict=True)])
    account = np.where(good, deals.account[np.maximum(deal, 0)], -1)
    company[good] = customers.names[account[good]]
    industry[good] = customers.industry[account[good]]
    known_account = pick(customers.codes, np.where(converted, account, -1))
    paid = np.isin(lead_source, ("Google Ads", "Instagram Ads", "Pameran"))
    codes = ids("L", count, 6)
    rows = (day >= setting.number(setting.start)) & (day <= now)
    table: Table = {
        "source_id": codes,
        "name": texts([f"{FIRST_NAMES[a]} {LAST_NAMES[b]}" for a, b in zip(first, last, strict=True)]),
        "company": company,
        "owner_id": people.codes[people.holder[seat, np.clip(day, 0, setting.n_days - 1)]],
        "account_id": known_account,
        "deal_id": pick(deal_codes, np.where(converted, deal, -1)),
        "lead_source": lead_source,
        "channel": pick(texts(["Online", "Offline"]), np.isin(lead_source, ("Pameran", "Referensi pelanggan")) * 1),
        "campaign": pick(texts(list(CAMPAIGNS)), np.where(paid, chance.integers(0, len(CAMPAIGNS), count), -1)),
        "industry": industry,
        "region": pick(texts([name for name, *_ in REGIONS]), people.seat_team[seat]),
        "country": texts(["Indonesia"] * count),
        "product_id": goods.codes[chance.integers(0, 12, count)],
        "status": pick(texts(["open", "qualified", "disqualified", "converted"]), status),
        "source_status": pick(texts(list(words)), status),
        "quality": pick(texts(["good", "bad"]), quality),
        "rating": pick(texts(["Hot", "Warm", "Cold"]), np.where(promising, chance.integers(0, 2, count), 2)),
        "is_enquiry": np.isin(lead_source, ("Website", "WhatsApp")),
        "created_on": setting.dates(day),
        "created_at": setting.instants(day, minute),
        "first_response_at": when(setting.instants(answered_day, answered_minute), answered),
        "qualified_on": when(setting.dates(qualified_day), qualified),
        "converted_on": when(setting.dates(qualified_day), converted),
        "won_on": when(setting.dates(deals.closed[np.maximum(deal, 0)]), deal_won),
    }
    lead_of = texts([None] * len(deals))
    linked = np.flatnonzero(rows & good)
    lead_of[deal[linked]] = codes[linked]
    return keep(table, rows), lead_of


def _answer(setting: Setting, day: Ints, minute: Ints, wait: Ints) -> tuple[Ints, Ints]:
    """When somebody answers, so many working minutes after office hours (8 to 17) allow it."""
    opens, length = 8 * 60, 9 * 60
    at_work = setting.working[np.clip(day, 0, setting.n_days - 1)]
    too_late = ~at_work | (minute >= opens + length)
    begin = setting.at_work(np.where(too_late, day + 1, day))
    gone = np.where(too_late, 0, np.maximum(minute - opens, 0)) + wait
    answered = begin
    for _ in range(int(gone.max(initial=0)) // length):
        answered = np.where(gone >= length, setting.at_work(answered + 1), answered)
        gone = np.where(gone >= length, gone - length, gone)
    return answered, opens + gone

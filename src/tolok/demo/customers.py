"""Customers and prospects of each seat, and the people at them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.company import Table, keep
from tolok.demo.names import FIRST_NAMES, INDUSTRIES, LAST_NAMES, NAME_ENDS, NAME_STEMS, REGIONS, SEGMENTS, TITLES
from tolok.demo.people import People
from tolok.demo.setting import Flags, Ints, Setting, Texts, ids, pick, texts

PER_SEAT = 26
LEGACY_SHARE = 0.45  # customers already before the data starts


@dataclass(frozen=True)
class Customers:
    """Accounts by number: the seat that serves them, segment, and whether they bought before the data starts."""

    codes: Texts
    names: Texts
    industry: Texts
    seat: Ints
    segment: Ints
    legacy: Flags

    def groups(self) -> Ints:
        """Seat and segment as one key."""
        return self.seat * len(SEGMENTS) + self.segment


def find(setting: Setting, people: People) -> Customers:
    """Accounts for every seat, at least four of each segment."""
    chance = setting.chance("customers")
    seats = setting.seats
    per_seat = max(4 * len(SEGMENTS), round(PER_SEAT * setting.scale))
    seat = np.repeat(np.arange(seats), per_seat)
    first = np.tile(np.arange(4 * len(SEGMENTS)) % len(SEGMENTS), (seats, 1))
    more = chance.choice(len(SEGMENTS), (seats, per_seat - first.shape[1]), p=(0.28, 0.18, 0.14, 0.40))
    segment = np.concatenate((first, more), axis=1).ravel()
    count = len(seat)
    stems, ends = chance.integers(0, len(NAME_STEMS), (2, count)), chance.integers(0, len(NAME_ENDS), count)
    seen: dict[str, int] = {}
    names = []
    industry = [INDUSTRIES[SEGMENTS[n]][kind % 3] for n, kind in zip(segment, stems[1], strict=True)]
    for number in range(count):
        name = f"{industry[number]} {NAME_STEMS[stems[0, number]]} {NAME_ENDS[ends[number]]}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    legacy = chance.random(count) < LEGACY_SHARE
    return Customers(ids("A", count, 5), texts(names), texts(industry), seat, segment, legacy)


def tables(
    setting: Setting, people: People, customers: Customers, first_touch: Ints, buys: Flags, deal_contacts: Ints
) -> dict[str, Table]:
    """Accounts and contacts that exist at the end; ``first_touch`` is the first day anything needs the account."""
    chance = setting.chance("accounts")
    count = len(customers.codes)
    now = setting.number(setting.as_of)
    own = np.where(customers.legacy, -chance.integers(1, 1500, count), chance.integers(0, setting.n_days, count))
    created = np.minimum(own, first_touch - chance.integers(0, 10, count))
    team = people.seat_team[customers.seat]
    cities = [city for _, city, _ in REGIONS]
    town = chance.integers(0, 60, count)
    owner = people.holder[customers.seat, now]
    size = np.array([60, 220, 400, 6])[customers.segment]
    accounts: Table = {
        "source_id": customers.codes,
        "name": customers.names,
        "parent_id": _parents(chance, customers, created),
        "owner_id": pick(people.codes, owner),
        "segment": texts([SEGMENTS[n] for n in customers.segment]),
        "industry": customers.industry,
        "region": texts([REGIONS[n][0] for n in team]),
        "country": texts(["Indonesia"] * count),
        "city": texts([cities[t][n % len(cities[t])] for t, n in zip(team, town, strict=True)]),
        "channel": texts([("Langsung", "Agen", "Marketplace")[n] for n in chance.choice(3, count, p=(0.7, 0.2, 0.1))]),
        "type": texts(["Customer" if bought else "Prospect" for bought in buys]),
        "employees": np.maximum(1, np.round(size * np.exp(chance.normal(0, 0.6, count)))).astype(np.int64),
        "created_on": setting.dates(created),
        "created_at": setting.instants(created, chance.integers(8 * 60, 17 * 60, count)),
    }
    here = created <= now
    place = np.repeat(np.arange(count), 2)
    firsts, lasts = chance.integers(0, len(FIRST_NAMES), len(place)), chance.integers(0, len(LAST_NAMES), len(place))
    contacts: Table = {
        "source_id": ids("K", len(place), 5),
        "account_id": customers.codes[place],
        "name": texts([f"{FIRST_NAMES[a]} {LAST_NAMES[b]}" for a, b in zip(firsts, lasts, strict=True)]),
        "email": texts([f"kontak{n + 1}@pelanggan.example" for n in range(len(place))]),
        "phone": texts([f"+62 8{n // 1000 % 90 + 10} 0000 {n % 10000:04}" for n in range(len(place))]),
        "title": texts([TITLES[n] for n in chance.integers(0, len(TITLES), len(place))]),
        "created_on": setting.dates(created[place]),
    }
    # everybody at a customer who exists, beyond the first contact only where a deal names them
    wanted = here[place] & ((np.arange(len(place)) % 2 == 0) | np.isin(np.arange(len(place)), deal_contacts))
    return {"accounts": keep(accounts, here), "contacts": keep(contacts, wanted)}


def _parents(chance: np.random.Generator, customers: Customers, created: Ints) -> Texts:
    """A twentieth of the customers belong to an older one of the same seat and segment."""
    groups = customers.groups()
    order = np.lexsort((created, groups))
    previous = np.full(len(order), -1)
    same = groups[order][1:] == groups[order][:-1]
    previous[order[1:]] = np.where(same, order[:-1], -1)
    previous[chance.random(len(previous)) > 0.05] = -1
    return pick(customers.codes, previous)

"""What reps did: demos and proposals as the deals had them, everything else by habits of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.company import Table, keep, maybe, when
from tolok.demo.customers import Customers
from tolok.demo.deals import DEMO, PROPOSAL, Deals
from tolok.demo.people import People
from tolok.demo.setting import Days, Flags, Floats, Ints, Setting, Texts, among, ids, pick, texts
from tolok.demo.truth import Truth

HABITS: dict[str, float] = {  # a rep and working day
    "call": 1.25,
    "visit": 1.0,
    "message": 1.2,
    "email": 0.8,
    "meeting": 0.4,
    "training": 0.025,
    "referral": 0.03,
}
MINUTES: dict[str, int] = {"call": 9, "visit": 55, "meeting": 50, "demo": 75, "training": 150}
WORDS: dict[str, str] = {
    "call": "Telepon",
    "visit": "Kunjungan",
    "message": "WhatsApp",
    "email": "Email",
    "meeting": "Rapat",
    "demo": "Demo",
    "proposal": "Penawaran",
    "offer": "Offer",
    "training": "Pelatihan",
    "referral": "Referensi",
}
KINDS = tuple(WORDS)
CHANNELS = ("Telepon", "WhatsApp", "Email", "Tatap muka")
CHANNEL_OF = {"call": 0, "message": 1, "email": 2, "visit": 3, "meeting": 3, "demo": 3}
OUTCOMES = ("Tidak diangkat", "Tertarik", "Minta penawaran", "Belum butuh")
AHEAD_DAYS = 14


def pushes(setting: Setting, truth: Truth, deals: Deals) -> dict[str, Floats]:
    """What moves each kind of activity from week to week, apart from who is there and works."""
    weeks = int(setting.week[-1]) + 1
    chance = setting.chance("decoys")
    steady = np.ones(weeks)
    calls, walk = np.zeros(weeks), np.zeros(weeks)
    noise = chance.normal(0, 1, (2, weeks))
    for week in range(1, weeks):
        calls[week] = 0.6 * calls[week - 1] + 0.18 * noise[0, week]
        walk[week] = np.clip(walk[week - 1] + 0.05 * noise[1, week], -0.7, 0.7)
    won = np.bincount(setting.week[deals.closed[deals.won]], minlength=weeks).astype(float)
    usual = max(won.mean(), 1e-9)
    follow = np.concatenate((np.full(truth.message_lag_weeks, usual), won[: -truth.message_lag_weeks]))
    return {
        **dict.fromkeys(HABITS, steady),
        "call": np.exp(calls),
        "email": np.exp(walk),
        "message": 0.35 + 0.65 * follow / usual,
    }


@dataclass(frozen=True)
class Doings:
    """What took place or is planned, by day: who (by seat), which kind, about which deal (-1 for none)."""

    seat: Ints
    day: Ints
    kind: Ints
    deal: Ints

    def __len__(self) -> int:
        return len(self.seat)

    def rows(self, chosen: Ints | Flags) -> Doings:
        return Doings(self.seat[chosen], self.day[chosen], self.kind[chosen], self.deal[chosen])

    def of(self, *kinds: str) -> Flags:
        found: Flags = np.isin(self.kind, [KINDS.index(kind) for kind in kinds])
        return found


def table(
    setting: Setting, truth: Truth, people: People, customers: Customers, deals: Deals, codes: Texts, offers: Flags
) -> tuple[Table, Days, Ints]:
    """Activities known at the end, each deal's last contact, and the contacts that are named.

    ``codes`` are the deals' ids, ``offers`` tells which deals began with an offer to a customer.
    """
    chance = setting.chance("activities")
    now = setting.number(setting.as_of)
    doings = _doings(setting, truth, people, deals, offers, chance)
    count, day, kind, deal = len(doings), doings.day, doings.kind, doings.deal
    planned, inner = day > now, doings.of("training")
    served = among(customers.seat, setting.seats, doings.seat, chance.random(count))
    account = np.where(inner, -1, np.where(deal >= 0, deals.account[deal], served))
    contact = np.where(account >= 0, account * 2 + (chance.random(count) < 0.25), -1)
    late = chance.random(count) < truth.late_rate
    entered = day + np.where(late, 1 + chance.geometric(1 / truth.late_mean_days, count), 0)
    # of what lies ahead, only some meetings and visits are planned yet
    arranged = doings.of("meeting", "visit") & (chance.random(count) < 0.4) & (day <= now + AHEAD_DAYS)
    rows = np.where(planned, arranged, entered <= now)

    usual = np.array([MINUTES.get(name, 0) for name in KINDS])[kind]
    length = np.maximum(1, np.rint(usual * np.exp(chance.normal(0, 0.35, count)))).astype(np.int64)
    missed = doings.of("call") & (chance.random(count) < 0.22)
    outcome = np.where(missed, 0, chance.integers(1, len(OUTCOMES), count))
    ahead = np.where(doings.of("meeting", "demo", "visit"), chance.integers(1, 9, count), 0)
    decided = doings.of("offer") & (deals.recorded[deal] <= now)
    columns: Table = {
        "source_id": ids("V", count, 7),
        "kind": texts(list(KINDS))[kind],
        "source_kind": texts(list(WORDS.values()))[kind],
        "rep_id": people.codes[people.holder[doings.seat, np.minimum(day, setting.n_days - 1)]],
        "account_id": pick(customers.codes, account),
        "contact_id": pick(ids("K", len(customers.codes) * 2, 5), contact),
        "deal_id": pick(codes, deal),
        "subject": texts([f"{word} pelanggan" for word in WORDS.values()])[kind],
        "direction": pick(texts(["out", "in"]), np.where(inner, -1, chance.random(count) < 0.2)),
        "channel": pick(texts(list(CHANNELS)), np.array([CHANNEL_OF.get(name, -1) for name in KINDS])[kind]),
        "outcome": pick(texts(list(OUTCOMES)), np.where(planned | inner, -1, outcome)),
        "accepted": pick(texts([False, True]), np.where(decided, deals.won[deal].astype(np.int64), -1)),
        "done": ~planned & ~missed,
        "booked_on": setting.dates(np.where(planned, np.minimum(day - ahead, now), day - ahead)),
        "started_at": setting.instants(day, chance.integers(8 * 60, 16 * 60 + 30, count)),
        "happened_on": setting.dates(day),
        "duration_minutes": maybe(length * 100, (usual > 0) & ~planned & ~missed),
        "extra": entered_late(setting, entered, late & ~planned),
    }
    last = np.full(len(deals), -1)
    touched = rows & ~planned & (deal >= 0)
    np.maximum.at(last, deal[touched], day[touched])
    contacts = np.unique(contact[rows & (contact >= 0)])
    return keep(columns, rows), when(setting.dates(last), last >= 0), contacts


def _doings(
    setting: Setting, truth: Truth, people: People, deals: Deals, offers: Flags, chance: np.random.Generator
) -> Doings:
    """Everything from the start to a little after the end, in order of days."""
    first, end = setting.number(setting.start), setting.number(setting.end)
    moves = pushes(setting, truth, deals)
    zeal = np.exp(chance.normal(0, 0.12, setting.seats))
    zeal[people.identical_seats] = 1.0
    present = zeal[:, None] * people.held_by_rep() * setting.working
    parts = []
    for kind, rate in HABITS.items():
        drawn = chance.poisson(
            (rate * setting.scale * present * moves[kind][setting.week])[:, first : end + AHEAD_DAYS]
        )
        seat, day = np.nonzero(drawn)
        many = drawn[seat, day]
        total = int(many.sum())
        kinds = np.full(total, KINDS.index(kind))
        parts.append(Doings(np.repeat(seat, many), np.repeat(day, many) + first, kinds, np.full(total, -1)))
    began = np.where(offers, deals.created, -1)
    for kind, days in (("demo", deals.entered[:, DEMO]), ("proposal", deals.entered[:, PROPOSAL]), ("offer", began)):
        rows = np.flatnonzero((days >= first) & (days <= end))
        parts.append(Doings(deals.seat[rows], days[rows], np.full(len(rows), KINDS.index(kind)), rows))
    everything = Doings(
        np.concatenate([part.seat for part in parts]),
        np.concatenate([part.day for part in parts]),
        np.concatenate([part.kind for part in parts]),
        np.concatenate([part.deal for part in parts]),
    )
    everything = everything.rows(np.lexsort((everything.kind, everything.seat, everything.day)))
    about = _about(chance, deals, everything.seat, everything.day)
    deal = np.where((everything.deal >= 0) | everything.of("training", "referral"), everything.deal, about)
    return Doings(everything.seat, everything.day, everything.kind, deal)


def entered_late(setting: Setting, entered: Ints, late: Flags) -> Texts:
    """Extra columns as JSON: the day of entry, where it was later than the day itself."""
    found = texts([None] * len(entered))
    rows = np.flatnonzero(late)
    found[rows] = texts([f'{{"entered_on": "{day}"}}' for day in setting.dates(entered[rows])])
    return found


def _about(chance: np.random.Generator, deals: Deals, seat: Ints, day: Ints) -> Ints:
    """One of the seat's deals that is open that day, for some activities; else -1."""
    order = np.lexsort((deals.created, deals.seat))
    key = deals.seat[order].astype(np.int64) * 100_000 + deals.created[order]
    place = np.searchsorted(key, seat * 100_000 + day, side="right") - 1 - chance.integers(0, 14, len(day))
    candidate = order[np.clip(place, 0, len(order) - 1)] if len(order) else np.zeros(len(day), dtype=np.int64)
    if not len(order):
        return np.full(len(day), -1)
    fits = (place >= 0) & (deals.seat[candidate] == seat) & (deals.created[candidate] <= day)
    fits &= (deals.closed[candidate] >= day) & (chance.random(len(day)) < 0.6)
    found: Ints = np.where(fits, candidate, -1)
    return found

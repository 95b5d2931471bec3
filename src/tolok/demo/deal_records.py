"""Deals as the CRM holds them: the record of today, and the history of every change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tolok.demo.baskets import Baskets, amount_known
from tolok.demo.company import Table, maybe, when
from tolok.demo.customers import Customers
from tolok.demo.deals import DEMO, LOST, NEGOTIATION, PROPOSAL, PROSPECT, QUALIFIED, WON, Deals
from tolok.demo.names import CAMPAIGNS, COMPETITORS, LOSS_REASONS, REGIONS, SEGMENTS
from tolok.demo.people import People
from tolok.demo.setting import Days, Flags, Ints, Setting, Texts, ids, pick, texts

STAGES = (
    ("Prospek", 10, "open"),
    ("Kualifikasi", 20, "open"),
    ("Demo", 40, "open"),
    ("Penawaran", 60, "open"),
    ("Negosiasi", 80, "open"),
    ("Menang", 100, "won"),
    ("Kalah", 0, "lost"),
)
SERVICE_STAGES = (
    ("Minat", 15, "open"),
    ("Survei lokasi", 30, "open"),
    ("Presentasi paket", 45, "open"),
    ("Draf kontrak", 65, "open"),
    ("Negosiasi kontrak", 85, "open"),
    ("Kontrak ditandatangani", 100, "won"),
    ("Tidak jadi", 0, "lost"),
)
STAGE_CODES = texts([f"S-{n + 1:02}" for n in range(len(STAGES) + len(SERVICE_STAGES))])


@dataclass(frozen=True)
class DealTimes:
    """What the record says at the end: which stage, outcome, close date and owner, and how often it was pushed."""

    codes: Texts
    here: Flags
    decided: Flags
    stage: Ints
    expected: Ints
    owner: Ints


def process_tables() -> dict[str, Table]:
    """Pipelines and their stages."""
    stages = STAGES + SERVICE_STAGES
    pipelines = texts(["PL-1", "PL-2"])
    return {
        "pipelines": {
            "source_id": pipelines,
            "name": texts(["Penjualan mesin", "Kontrak servis"]),
            "position": np.array([1, 2]),
        },
        "stages": {
            "source_id": STAGE_CODES,
            "pipeline_id": pipelines[np.arange(len(stages)) // len(STAGES)],
            "name": texts([name for name, *_ in stages]),
            "position": np.arange(len(stages)) % len(STAGES) + 1,
            "probability": np.array([chance * 100 for _, chance, _ in stages]),
            "outcome": texts([outcome for *_, outcome in stages]),
        },
    }


def as_recorded(setting: Setting, people: People, deals: Deals) -> DealTimes:
    """The state of each deal at the end, by what was entered until then."""
    now = setting.number(setting.as_of)
    decided = deals.recorded <= now
    reached = ((deals.entered >= 0) & (deals.entered <= now)).sum(axis=1) - 1
    stage = np.where(decided, np.where(deals.won, WON, LOST), np.maximum(reached, PROSPECT))
    days, guesses = _expectations(setting, deals)
    known = np.where((days >= 0) & (days <= now), guesses, -1)
    latest = known.shape[1] - 1 - np.argmax(known[:, ::-1] >= 0, axis=1)
    expected = np.where(decided, deals.closed, known[np.arange(len(deals)), latest])
    owner = np.where(decided, deals.owner_closed, people.holder[deals.seat, now])
    return DealTimes(ids("D", len(deals), 6), deals.created <= now, decided, stage, expected, owner)


def deals_table(
    setting: Setting,
    people: People,
    customers: Customers,
    deals: Deals,
    baskets: Baskets,
    times: DealTimes,
    links: dict[str, Texts | Days],
) -> Table:
    """The record of every deal; ``links`` are the columns that come from leads, contacts and activities."""
    chance = setting.chance("deal records")
    count, decided, won, now = len(deals), times.decided, deals.won, setting.number(setting.as_of)
    category = texts(["Mesin", "Pendingin", "Dapur"])[chance.integers(0, 3, count)]
    category[deals.service] = "Servis"
    lost = decided & ~won
    reason = chance.choice(len(LOSS_REASONS), count, p=(0.30, 0.22, 0.16, 0.18, 0.08, 0.06))
    rival = np.where((reason == 1) | (chance.random(count) < 0.1), chance.integers(0, len(COMPETITORS), count), -1)
    qualified = (deals.entered[:, QUALIFIED] >= 0) & (deals.entered[:, QUALIFIED] <= now)
    stages = STAGES + SERVICE_STAGES
    number = times.stage + deals.service * len(STAGES)
    forecast = np.array([0, 0, 1, 1, 2, 3, 4])[times.stage]
    moved = deals.owner_created != times.owner
    table: Table = {
        "source_id": times.codes,
        "name": texts([f"{c} – {n}" for c, n in zip(category, customers.names[deals.account], strict=True)]),
        "account_id": customers.codes[deals.account],
        "owner_id": people.codes[times.owner],
        "owner_at_creation_id": pick(people.codes, np.where(moved, deals.owner_created, -1)),
        "pipeline_id": pick(texts(["PL-1", "PL-2"]), deals.service.astype(np.int64)),
        "stage_id": STAGE_CODES[number],
        "status": pick(texts(["open", "won", "lost"]), np.where(decided, np.where(won, 1, 2), 0)),
        "amount": amount_known(setting, baskets, deals),
        "currency": pick(texts(["IDR", "USD"]), baskets.in_usd.astype(np.int64)),
        "probability": np.array([chance * 100 for _, chance, _ in stages])[number],
        "forecast_category": pick(texts(["Pipeline", "Best Case", "Commit", "Closed", "Omitted"]), forecast),
        "campaign": pick(
            texts(list(CAMPAIGNS)), np.where(chance.random(count) < 0.2, chance.integers(0, len(CAMPAIGNS), count), -1)
        ),
        "region": pick(texts([name for name, *_ in REGIONS]), people.seat_team[deals.seat]),
        "segment": pick(texts(list(SEGMENTS)), deals.segment),
        "competitor": pick(texts(list(COMPETITORS)), np.where(lost, rival, -1)),
        "loss_reason": pick(texts(list(LOSS_REASONS)), np.where(lost, reason, -1)),
        "created_on": setting.dates(deals.created),
        "created_at": setting.instants(deals.created, sitting_minute(np.arange(count), deals.created)),
        "qualified_on": when(setting.dates(deals.entered[:, QUALIFIED]), qualified),
        "closed_on": when(setting.dates(deals.closed), decided),
        "closed_at": when(setting.instants(deals.closed, sitting_minute(np.arange(count), deals.closed)), decided),
        "expected_close_on": setting.dates(times.expected),
        "quantity": maybe(np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)),
        **links,
    }
    return {name: values[times.here] for name, values in table.items()}


def history(setting: Setting, people: People, deals: Deals, baskets: Baskets, times: DealTimes) -> Table:
    """Every change of stage, outcome, amount, owner and expected close, up to the end."""
    changes = _Changes(setting)
    stage_code = _ref(STAGE_CODES)[np.arange(len(STAGES)) + deals.service[:, None] * len(STAGES)]
    everyone = np.arange(len(deals))
    created, recorded, won = deals.created, deals.recorded, deals.won
    start_stage = stage_code[:, PROSPECT]
    guess, total = _amounts(baskets.first_guess), _amounts(baskets.total)
    changes.add("created", everyone, created, None, _iso(setting, created), 0)
    changes.add("stage_id", everyone, created, None, start_stage, 1)
    changes.add("status", everyone, created, None, texts(["open"] * len(deals)), 2)
    changes.add("amount", everyone, created, None, guess, 3)
    changes.add("owner_id", everyone, created, None, _ref(people.codes[deals.owner_created]), 4)
    for stage in (QUALIFIED, DEMO, PROPOSAL, NEGOTIATION):
        rows = np.flatnonzero(deals.entered[:, stage] >= 0)
        day = deals.entered[rows, stage]
        changes.add("stage_id", rows, day, stage_code[rows, stage - 1], stage_code[rows, stage], 10)
    settled = np.flatnonzero((deals.entered[:, PROPOSAL] >= 0) & (baskets.first_guess != baskets.total))
    changes.add("amount", settled, deals.entered[settled, PROPOSAL], guess[settled], total[settled], 11)
    last = np.max(np.where(deals.entered >= 0, np.arange(5), 0), axis=1)
    end_stage = stage_code[everyone, np.where(won, WON, LOST)]
    outcome = pick(texts(["lost", "won"]), won.astype(np.int64))
    changes.add("stage_id", everyone, recorded, stage_code[everyone, last], end_stage, 20)
    changes.add("status", everyone, recorded, texts(["open"] * len(deals)), outcome, 21)
    changes.add("closed_on", everyone, recorded, None, _iso(setting, deals.closed), 22)
    _expected_changes(changes, setting, deals)
    _owner_changes(changes, people, deals)
    return changes.table(times, people)


def _expectations(setting: Setting, deals: Deals) -> tuple[Ints, Ints]:
    """Deal × guess: the day of each new guess at the close (-1 for none), and the guess."""
    steps = 5
    days = np.full((len(deals), steps), -1)
    guesses = np.full((len(deals), steps), -1)
    days[:, 0], guesses[:, 0] = deals.created, deals.expected_first
    for step in range(1, steps):
        before = guesses[:, step - 1]
        moved = (deals.pushes >= step) & (days[:, step - 1] >= 0)
        gap = deals.closed - before
        day = setting.at_work(np.maximum(before - 2, days[:, step - 1] + 1))
        moved &= (day < deals.recorded) & (gap > 0)
        left = np.maximum(deals.pushes - step + 1, 1)
        guess = setting.at_work(before + np.maximum(gap // left, 7))
        days[:, step] = np.where(moved, day, -1)
        guesses[:, step] = np.where(moved, guess, -1)
    return days, guesses


def sitting_minute(deal: Ints, day: Ints) -> Ints:
    """The minute of a working day at which a deal's record is touched: the same wherever it is told."""
    minute: Ints = 8 * 60 + 15 + (deal * 7919 + day * 10_477) % 525
    return minute


class _Changes:
    """Changes collected kind by kind, then put in order."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.parts: list[tuple[Texts, Ints, Ints, Texts, Texts, Ints]] = []

    def add(self, field: str, deals: Ints, days: Ints, old: Texts | None, new: Texts, rank: int) -> None:
        count = len(deals)
        before = texts([None] * count) if old is None else old
        self.parts.append((texts([field] * count), deals, days, before, new, np.full(count, rank)))

    def table(self, times: DealTimes, people: People) -> Table:
        setting = self.setting
        field, deal, day, old, new, rank = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        order = np.lexsort((rank, day, deal))
        field, deal, day, old, new = (values[order] for values in (field, deal, day, old, new))
        # changes of one deal on one day are made in one sitting
        sitting = np.concatenate(([True], (deal[1:] != deal[:-1]) | (day[1:] != day[:-1])))
        number = np.cumsum(sitting) - 1
        within = np.arange(len(deal)) - np.flatnonzero(sitting)[number]
        codes = ids("E", len(deal), 7)
        rows = (day <= setting.number(setting.as_of)) & times.here[deal]
        return {
            "source_id": codes[rows],
            "deal_id": times.codes[deal[rows]],
            "field": field[rows],
            "old": old[rows],
            "new": new[rows],
            "at": setting.instants(day[rows], sitting_minute(deal[rows], day[rows]), within[rows]),
            "on": setting.dates(day[rows]),
            "by_id": people.codes[times.owner[deal[rows]]],
            "origin": texts(["history"] * int(rows.sum())),
        }


def _expected_changes(changes: _Changes, setting: Setting, deals: Deals) -> None:
    days, guesses = _expectations(setting, deals)
    for step in range(days.shape[1]):
        rows = np.flatnonzero(days[:, step] >= 0)
        old = None if step == 0 else _iso(setting, guesses[rows, step - 1])
        changes.add("expected_close_on", rows, days[rows, step], old, _iso(setting, guesses[rows, step]), 5)
    made = days >= 0
    latest = days.shape[1] - 1 - np.argmax(made[:, ::-1], axis=1)
    last = guesses[np.arange(len(deals)), latest]
    rows = np.flatnonzero(last != deals.closed)
    closed = _iso(setting, deals.closed[rows])
    changes.add("expected_close_on", rows, deals.recorded[rows], _iso(setting, last[rows]), closed, 23)


def _owner_changes(changes: _Changes, people: People, deals: Deals) -> None:
    """Deals change hands when their seat does."""
    for seat in range(people.holder.shape[0]):
        for day in (np.flatnonzero(np.diff(people.holder[seat])) + 1).tolist():
            rows = np.flatnonzero((deals.seat == seat) & (deals.created < day) & (deals.recorded >= day))
            old, new = people.codes[people.holder[seat, [day - 1, day]]]
            count = len(rows)
            changes.add(
                "owner_id",
                rows,
                np.full(count, day),
                texts([f"demo:{old}"] * count),
                texts([f"demo:{new}"] * count),
                6,
            )


def _iso(setting: Setting, days: Ints) -> Texts:
    return texts(setting.dates(days).astype(str).tolist())


def _ref(codes: Texts) -> Texts:
    return texts([f"demo:{code}" for code in codes])


def _amounts(hundredths: Ints) -> Texts:
    """Amounts as history writes them: exact, with four decimals as the model keeps them."""
    return texts([f"{value // 100}.{value % 100:02}00" for value in hundredths.tolist()])

"""Deals from the first word to won or lost: the causal heart of the simulation.

A customer waits for a demo; how many demos take place in a week is pushed and held back at random. A won deal closes
five weeks after its demo, whatever else happens, except where the negotiation is a bottleneck or the rep lets it slip.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from tolok.demo.customers import Customers
from tolok.demo.names import SEGMENTS
from tolok.demo.people import People
from tolok.demo.setting import Flags, Floats, Ints, Setting, among, spread
from tolok.demo.truth import Truth

PER_SEAT_AND_DAY = 0.36
GROWTH = 0.08  # a year
DEMO_SHOCK = 0.42
WAIT_DAYS = 42
PROSPECT, QUALIFIED, DEMO, PROPOSAL, NEGOTIATION, WON, LOST = range(7)


@dataclass(frozen=True)
class Deals:
    """Deals by number, in order of creation; all days are day numbers.

    ``entered`` is deal × stage (five open stages): the day it entered, or -1. ``closed`` is the business day of the
    outcome, ``recorded`` the day somebody entered it. ``expected_first`` is the first guess at the close.
    """

    seat: Ints
    segment: Ints
    account: Ints
    service: Flags
    entered: Ints
    closed: Ints
    recorded: Ints
    won: Flags
    expected_first: Ints
    pushes: Ints
    owner_created: Ints
    owner_closed: Ints

    @property
    def created(self) -> Ints:
        created: Ints = self.entered[:, PROSPECT]
        return created

    def __len__(self) -> int:
        return len(self.seat)


def shocks(setting: Setting, truth: Truth) -> tuple[Floats, Truth]:
    """The random push on demos by week, and the truth that knows it."""
    chance = setting.chance("demo shocks")
    weeks = int(setting.week[-1]) + 1
    drawn = chance.normal(0, DEMO_SHOCK, weeks)
    monday = [setting.origin + timedelta(weeks=week) for week in range(weeks)]
    told = {day: round(float(size), 4) for day, size in zip(monday, drawn, strict=True) if day <= setting.end}
    return np.round(drawn, 4), replace(truth, demo_shocks={d: s for d, s in told.items() if d >= setting.start})


def run(setting: Setting, truth: Truth, people: People, customers: Customers, push: Floats) -> Deals:
    """All deals that are still open at the start or are opened later."""
    chance = setting.chance("deals")
    seat, created = _openings(setting, people, chance)
    count = len(seat)
    segment = _segments(setting, truth, chance, created)
    account = among(
        customers.groups(), setting.seats * len(SEGMENTS), seat * len(SEGMENTS) + segment, chance.random(count) ** 1.4
    )
    service = chance.random(count) < 0.07

    qualified = setting.at_work(created + 1 + chance.gamma(2.0, 2.5, count).astype(np.int64))
    pull = np.exp(push[setting.week]) * setting.working * _ahead(setting.season(truth), 7 * truth.leading_lag_weeks)
    shown = spread(pull, qualified + 1, qualified + 1 + WAIT_DAYS, chance.random(count))
    proposed = setting.at_work(shown + chance.integers(5, 10, count))
    bargained = setting.at_work(np.maximum(shown + chance.integers(14, 21, count), proposed + 1))
    on_time = shown + 7 * truth.leading_lag_weeks - 1 + np.rint(chance.normal(0, 2.0, count)).astype(np.int64)
    closes = np.maximum(setting.at_work(on_time), bargained + 1)

    stuck = (people.seat_team[seat] == _bottleneck(truth)) & (bargained >= setting.number(truth.bottleneck_on))
    extra = chance.gamma(6.0, truth.bottleneck_extra_days / 6.0, count)
    closes = closes + np.where(stuck, np.rint(extra), 0).astype(np.int64)
    slips = seat == people.slipping_seat
    slip = np.rint(chance.gamma(8.0, truth.slip_days / 8.0, count)).astype(np.int64)
    closes = setting.at_work(closes + np.where(slips, slip, 0))

    owner_later = people.holder[seat, np.minimum(closes, setting.n_days - 1)]
    odds = np.array([truth.win_after_demo[name] for name in SEGMENTS])
    score = np.log(odds / (1 - odds))[segment] + people.skill[owner_later]
    won = chance.random(count) < 1 / (1 + np.exp(-score))
    entered = np.stack([created, qualified, shown, proposed, bargained], axis=1)
    entered, closes, won = _fates(setting, chance, entered, closes, won)

    late = chance.random(count) < truth.late_rate
    delay = 1 + chance.geometric(1 / truth.late_mean_days, count)
    recorded = np.minimum(closes + np.where(late, delay, 0), setting.n_days - 1)
    guess = created + np.rint(80 * np.exp(chance.normal(0, 0.25, count))).astype(np.int64)
    pushes = np.where(slips, chance.integers(2, 5, count), chance.random(count) < 0.18).astype(np.int64)
    deals = Deals(
        seat=seat,
        segment=segment,
        account=account,
        service=service,
        entered=entered,
        closed=closes,
        recorded=recorded,
        won=won,
        expected_first=setting.at_work(guess),
        pushes=pushes,
        owner_created=people.holder[seat, created],
        owner_closed=people.holder[seat, np.minimum(recorded, setting.n_days - 1)],
    )
    return _rows(deals, (deals.recorded >= setting.number(setting.start)) & (created <= setting.number(setting.end)))


def _openings(setting: Setting, people: People, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Seat and day of each new deal, in order of days."""
    years = (np.arange(setting.n_days) - setting.number(setting.start)) / 365.25
    rate = (
        PER_SEAT_AND_DAY * setting.scale * people.pace[:, None] * people.ramp * setting.working * (1 + GROWTH) ** years
    )
    drawn = chance.poisson(rate)
    day = np.repeat(np.tile(np.arange(setting.n_days), setting.seats), drawn.ravel())
    seat = np.repeat(np.repeat(np.arange(setting.seats), setting.n_days), drawn.ravel())
    order = np.lexsort((seat, day))
    return seat[order], day[order]


def _segments(setting: Setting, truth: Truth, chance: np.random.Generator, created: Ints) -> Ints:
    """Segments of new deals; from the day of the mix shift, another share of one."""
    shifting = SEGMENTS.index(truth.mix_segment)
    others = np.array([n for n in range(len(SEGMENTS)) if n != shifting])
    share = np.where(created >= setting.number(truth.mix_on), truth.mix_share[1], truth.mix_share[0])
    other = chance.choice(others, len(created), p=(0.45, 0.30, 0.25))
    found: Ints = np.where(chance.random(len(created)) < share, shifting, other)
    return found


def _fates(
    setting: Setting, chance: np.random.Generator, entered: Ints, closes: Ints, won: Flags
) -> tuple[Ints, Ints, Flags]:
    """Where deals that are not won end: before the demo, or at a stage after it."""
    count = len(closes)
    fate = chance.random(count)
    early = fate < 0.33
    last = np.where(fate < 0.13, PROSPECT, QUALIFIED)
    later = chance.choice((DEMO, PROPOSAL, NEGOTIATION), count, p=(0.30, 0.40, 0.30))
    last = np.where(early, last, np.where(won, NEGOTIATION, later))
    lost = early | ~won
    entered = np.where(np.arange(5) <= last[:, None], entered, -1)
    reached = entered[np.arange(count), last]
    wait = 2 + chance.gamma(2.0, np.array([5.0, 12.0, 7.0, 8.0, 9.0])[last]).astype(np.int64)
    negotiated = lost & (last == NEGOTIATION)  # these take as long as the won ones, and somewhat more
    ended = setting.at_work(np.where(negotiated, closes + wait // 2, reached + wait))
    return entered, np.where(lost, ended, closes), won & ~early


def _ahead(values: Floats, days: int) -> Floats:
    """What will be, so many days later."""
    return np.concatenate((values[days:], np.full(days, values[-days:].mean())))


def _bottleneck(truth: Truth) -> int:
    return int(truth.bottleneck_team.rsplit("-", 1)[1]) - 1


def _rows(deals: Deals, kept: Flags) -> Deals:
    return Deals(**{name: getattr(deals, name)[kept] for name in deals.__dataclass_fields__})

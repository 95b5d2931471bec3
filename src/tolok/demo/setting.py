"""The frame of a simulation: its days, its calendar of trade, and where its chance comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tolok.demo.truth import Truth
from tolok.periods import feast_days, public_holidays

WARM_UP_WEEKS = 40
AFTERWARDS_DAYS = 280  # deals opened near the end still have a fate, only nobody knows it yet
TIME_ZONE_MINUTES = 7 * 60  # Jakarta

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]
Texts = NDArray[Any]


@dataclass(frozen=True)
class Setting:
    """Seed, size and dates of one simulation. Days are counted from ``origin``, a Monday well before ``start``."""

    seed: int
    scale: float
    start: date
    end: date
    as_of: date
    seats: int

    @cached_property
    def origin(self) -> date:
        before = self.start - timedelta(weeks=WARM_UP_WEEKS)
        return before - timedelta(days=before.weekday())

    @cached_property
    def n_days(self) -> int:
        return (self.end - self.origin).days + 1 + AFTERWARDS_DAYS

    def chance(self, purpose: str) -> np.random.Generator:
        """An independent source of chance per purpose, so that one part's draws do not move another's."""
        return np.random.default_rng([self.seed, crc32(purpose.encode())])

    def number(self, day: date) -> int:
        """A date as a number of days from the origin."""
        return (day - self.origin).days

    def fraction(self, share: float) -> date:
        """The first of the month that lies a share of the way from start to end."""
        day = self.start + (self.end - self.start) * share
        return date(day.year, day.month, 1)

    def dates(self, numbers: Ints) -> Days:
        """Day numbers as dates."""
        return np.datetime64(self.origin, "D") + numbers.astype("timedelta64[D]")

    def instants(self, numbers: Ints, minutes: Ints, seconds: Ints | int = 0) -> Days:
        """Local day and minute as an instant in UTC."""
        whole = self.dates(numbers).astype("datetime64[us]")
        moved = (minutes - TIME_ZONE_MINUTES) * 60 + seconds
        found: Days = whole + moved.astype("timedelta64[s]")
        return found

    @cached_property
    def weekday(self) -> Ints:
        return np.arange(self.n_days) % 7

    @cached_property
    def week(self) -> Ints:
        return np.arange(self.n_days) // 7

    @cached_property
    def month(self) -> Ints:
        """Months from January of year 0, per day."""
        return self.dates(np.arange(self.n_days)).astype("datetime64[M]").astype(np.int64) + 1970 * 12

    @cached_property
    def holidays(self) -> Flags:
        years = range(self.origin.year, self.origin.year + self.n_days // 365 + 2)
        found = np.zeros(self.n_days, dtype=bool)
        for day in (day for year in years for day in public_holidays("ID", year)):
            if 0 <= self.number(day) < self.n_days:
                found[self.number(day)] = True
        return found

    @cached_property
    def working(self) -> Flags:
        """Whether the office works: Monday to Friday without holidays."""
        return (self.weekday < 5) & ~self.holidays

    @cached_property
    def lebaran(self) -> tuple[date, ...]:
        last = self.origin + timedelta(days=self.n_days)
        return feast_days("ID", self.origin.year, last.year)

    def season(self, truth: Truth) -> Floats:
        """How much trade a day draws by its month and its distance from Lebaran."""
        factor = np.array(truth.month_factors)[self.month % 12]
        for feast in self.lebaran:
            away = np.arange(self.n_days) - self.number(feast)
            for first, last, size in truth.lebaran_factors:
                factor[(away >= first) & (away <= last)] *= size
        return factor

    def trade(self, truth: Truth) -> Floats:
        """The season, by weekday: when repeat orders come in."""
        trade: Floats = self.season(truth) * np.array(truth.weekday_factors)[self.weekday]
        trade[self.holidays] = 0.0
        return trade

    @cached_property
    def next_working(self) -> Ints:
        """For each day, itself or the next working day."""
        found = np.where(self.working, np.arange(self.n_days), self.n_days)
        return np.minimum(np.minimum.accumulate(found[::-1])[::-1], self.n_days - 1)

    def at_work(self, numbers: Ints) -> Ints:
        """Days moved to the next working day where they are none."""
        found: Ints = self.next_working[np.clip(numbers, 0, self.n_days - 1)]
        return found


def spread(weights: Floats, first: Ints, after: Ints, chance: Floats) -> Ints:
    """One day per row, drawn by weights among the days from ``first`` to before ``after``; ``first`` if all weigh 0."""
    sums = np.concatenate(([0.0], np.cumsum(weights)))
    first = np.clip(first, 0, len(weights) - 1)
    after = np.clip(after, first + 1, len(weights))
    aim = sums[first] + chance * (sums[after] - sums[first])
    day = np.searchsorted(sums, aim, side="right") - 1
    empty = sums[after] <= sums[first]
    found: Ints = np.where(empty, first, np.clip(day, first, after - 1))
    return found


def among(keys: Ints, groups: int, wanted: Ints, chance: Floats) -> Ints:
    """For each wanted group, one of the rows whose key is that group; -1 where there is none."""
    order = np.argsort(keys, kind="stable")
    counts = np.bincount(keys, minlength=groups)
    begins = np.concatenate(([0], np.cumsum(counts)))[:-1]
    offset = np.minimum((chance * counts[wanted]).astype(np.int64), np.maximum(counts[wanted] - 1, 0))
    place = np.minimum(begins[wanted] + offset, max(len(order) - 1, 0))
    found: Ints = np.where(counts[wanted] > 0, order[place] if len(order) else -1, -1)
    return found


def ids(prefix: str, count: int, width: int = 6) -> Texts:
    """Source ids: a prefix and a number."""
    return texts([f"{prefix}-{number:0{width}}" for number in range(1, count + 1)])


def texts(values: list[Any]) -> Texts:
    """A list as an array of Python objects."""
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def pick(names: Texts, index: Ints) -> Texts:
    """Names by index; None where the index is negative."""
    if not len(names):
        return texts([None] * len(index))
    found = names[np.maximum(index, 0)]
    found[index < 0] = None
    return found

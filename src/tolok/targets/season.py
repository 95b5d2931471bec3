"""The season of a business: how sales are spread over a year's days, learned from its history, Lebaran included.

A moving feast shifts about eleven days a year, so the same month of last year misleads. Days within a feast's season
are learned by their distance to the feast in weeks, all other days by their month; both as the average of a day
against the average day of its year, so that growth is not taken for a season.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean

from tolok.periods import Period, WorkingHours, feast_days, moving_feast
from tolok.targets.sentence import Sentence, say

_FULL_YEAR = 360
_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Season:
    """What a day is worth against the average day: by weeks around the country's feast, else by month."""

    months: Mapping[int, Decimal] = field(default_factory=dict)
    feast_weeks: Mapping[int, Decimal] = field(default_factory=dict)
    country: str = ""
    why: Sentence = field(default_factory=lambda: say("every working day alike", "setiap hari kerja sama"))

    @property
    def is_flat(self) -> bool:
        """Whether nothing is known of a season."""
        return not self.months

    def of(self, day: date) -> Decimal:
        """What a day is worth; 1 is the average day."""
        if self.is_flat:
            return Decimal(1)
        week = feast_week(day, self.country) if self.feast_weeks else None
        if week is not None and week in self.feast_weeks:
            return self.feast_weeks[week]
        return self.months.get(day.month, Decimal(1))

    def weight(self, period: Period, hours: WorkingHours) -> Decimal:
        """What a period is worth: its days by season, or its working days where no season is known."""
        days = [period.start + timedelta(days=n) for n in range(period.days)]
        if self.is_flat:
            return Decimal(sum(hours.is_working_day(day) for day in days) or len(days))
        return sum((self.of(day) for day in days), Decimal(0))


FLAT = Season()


def feast_week(day: date, country: str) -> int | None:
    """Weeks between a day and its country's feast (−5 to 1), where the day lies in the feast's season; else None.

    >>> feast_week(date(2026, 3, 14), "ID"), feast_week(date(2026, 8, 1), "ID")
    (-1, None)
    """
    feast = moving_feast(country) if country else None
    if feast is None:
        return None
    for first in feast_days(country, day.year - 1, day.year + 1):
        distance = (day - first).days
        if -feast.before <= distance <= feast.after:
            return distance // 7
    return None


def learned(history: Mapping[date, Decimal], last: date, country: str = "") -> Season:
    """The season of daily figures that end with ``last``; flat where they cover less than a year.

    Negative days (more returns than sales) count as they are, but no day is worth less than nothing.
    """
    days = sorted(day for day in history if day <= last)
    if not days or (last - days[0]).days + 1 < _FULL_YEAR:
        return FLAT
    months: dict[int, list[float]] = defaultdict(list)
    weeks: dict[int, list[float]] = defaultdict(list)
    years = 0
    end = last
    while (end - days[0]).days + 1 >= _FULL_YEAR:
        start = max(end - timedelta(days=364), days[0])
        span = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        mean = fmean(float(history.get(day, 0)) for day in span)
        if mean > 0:
            years += 1
            for day in span:
                worth = float(history.get(day, 0)) / mean
                week = feast_week(day, country)
                (months[day.month] if week is None else weeks[week]).append(worth)
        end = start - timedelta(days=1)
    if not years:
        return FLAT
    feast = moving_feast(country) if country else None
    return Season(
        {month: _worth(values) for month, values in sorted(months.items())},
        {week: _worth(values) for week, values in sorted(weeks.items())} if feast else {},
        country,
        _why(years, feast.name if feast and weeks else ""),
    )


def _worth(values: list[float]) -> Decimal:
    return Decimal(str(max(fmean(values), 0.0))).quantize(_PLACES)


def _why(years: int, feast: str) -> Sentence:
    base = say("learned from {n} year(s) of history", "dipelajari dari riwayat {n} tahun", n=years)
    if not feast:
        return base
    return say(
        "{base}, {feast} laid where it falls",
        "{lama}, {feast} ditempatkan sesuai tanggalnya",
        base=base.en,
        lama=base.id,
        feast=feast,
    )

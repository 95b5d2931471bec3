"""The organisation's calendar: which day belongs to which week, month, quarter and year."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

from tolok.errors import DefinitionError, QuestionError, nearest
from tolok.periods.period import GRAINS, Grain, Period
from tolok.periods.retail_years import Anchor, period_starts

Kind = Literal["month", "4-4-5", "4-5-4", "5-4-4"]
Naming = Literal["start", "end"]
Shift = Literal["previous", "last-year"]

_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "year": 12}
_FIRST_YEAR, _LAST_YEAR = 3, 9996  # beyond, dates of neighbouring periods do not exist
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """A fiscal calendar.

    ``kind`` is "month" (calendar months) or a pattern of whole weeks. ``fiscal_start`` is the month in which the
    fiscal year begins. ``week_start`` is the first day of a week, 0 for Monday to 6 for Sunday. A 52/53-week year ends
    on the last day of a week: the ``anchor`` "last" in, or "nearest" to the end of, the month before ``fiscal_start``.
    A fiscal year that spans two calendar years is named by the one it ends in, or starts in (``year_named_by``).
    ``holidays`` is a country code of public holidays, "" for none.

    >>> Calendar(fiscal_start=4).period_of(date(2026, 5, 1), "quarter").label
    'FY2027-Q1'
    >>> Calendar("4-5-4", 2, 6, "nearest", "start").period_of(date(2024, 2, 3), "year")
    Period(start=datetime.date(2023, 1, 29), end=datetime.date(2024, 2, 3), label='FY2023', partial=False, grain='year')
    """

    kind: Kind = "month"
    fiscal_start: int = 1
    week_start: int = 0
    anchor: Anchor = "last"
    year_named_by: Naming = "end"
    holidays: str = ""

    def __post_init__(self) -> None:
        for name, value, known in (
            ("kind", self.kind, get_args(Kind)),
            ("anchor", self.anchor, get_args(Anchor)),
            ("year_named_by", self.year_named_by, get_args(Naming)),
        ):
            if value not in known:
                raise DefinitionError(f"A calendar has no {name} {value!r}.", next_step=nearest(str(value), known))
        if not 1 <= self.fiscal_start <= 12:
            raise DefinitionError(
                f"A fiscal year cannot start in month {self.fiscal_start}.", next_step="Give a month from 1 to 12."
            )
        if not 0 <= self.week_start <= 6:
            raise DefinitionError(
                f"A week cannot start on day {self.week_start}.", next_step="Give 0 for Monday to 6 for Sunday."
            )

    def period_of(self, day: date, grain: Grain) -> Period:
        """The whole period of a grain that a day belongs to; of grain total, the day alone."""
        _check(grain)
        _within_reach(day)
        if grain == "day":
            return Period(day, day, day.isoformat(), grain="day")
        if grain == "week":
            start = day - timedelta(days=(day.weekday() - self.week_start) % 7)
            return Period(start, start + timedelta(days=6), self._week_label(start), grain="week")
        if grain == "total":
            return total(day, day)
        return self._months(self._index(day) // _MONTHS[grain], grain)

    def periods(self, start: date, end: date, grain: Grain) -> list[Period]:
        """The periods that fill start to end (both inside); the first and last are cut there and marked partial."""
        _check(grain)
        if start > end:
            raise QuestionError(
                f"The period from {start} to {end} ends before it begins.", next_step="Swap --from and --to."
            )
        if grain == "total":
            return [total(start, end)]
        found = [self.period_of(start, grain)]
        while found[-1].end < end:
            found.append(self.period_of(found[-1].end + _DAY, grain))
        return [cut(period, start, end) for period in found]

    def whole(self, period: Period) -> Period:
        """The uncut period around a period."""
        return period if period.grain == "total" else self.period_of(period.start, period.grain)

    def step(self, period: Period, count: int) -> Period:
        """The whole period so many periods later (earlier when negative)."""
        grain = period.grain
        _within_reach(period.start)
        if grain == "total":
            return self._step_total(period, count)
        if grain in ("day", "week"):
            days = count if grain == "day" else 7 * count
            return self.period_of(self.whole(period).start + timedelta(days=days), grain)
        return self._months(self._index(period.start) // _MONTHS[grain] + count, grain)

    def shift(self, period: Period, how: Shift) -> Period:
        """The whole period before, or the one a year earlier: the same weekday for days and weeks, else the same month.

        A total of whole months steps by as many months; another one by as many days.
        """
        if how == "previous":
            return self.step(period, -1)
        if how != "last-year":
            raise QuestionError(
                f"A period cannot be compared with {how!r}.", next_step=nearest(how, ("previous", "last-year"))
            )
        if period.grain == "total":
            return self._total_last_year(period)
        return self.step(period, {"day": -364, "week": -52, "month": -12, "quarter": -4, "year": -1}[period.grain])

    def rolling(self, period: Period, *, days: int = 0, months: int = 0, first: date | None = None) -> Period:
        """The window of so many days or months that ends with a period; partial where it begins before ``first``.

        >>> window = Calendar().rolling(Calendar().period_of(date(2026, 2, 1), "month"), months=12)
        >>> print(window.start, window.end, window.label)
        2025-03-01 2026-02-28 12 months to 2026-02-28
        """
        if (days > 0) == (months > 0):
            raise QuestionError(
                "A rolling period needs a number of days or of months.", next_step="Give one of them, above 0."
            )
        start = period.end - timedelta(days=days - 1) if days else months_later(period.end + _DAY, -months)
        length, word = (days, "day") if days else (months, "month")
        label = f"{length} {word}{'s' if length > 1 else ''} to {period.end}"
        return Period(start, period.end, label, partial=first is not None and start < first)

    def rolling_periods(
        self, start: date, end: date, grain: Grain, *, days: int = 0, months: int = 0, first: date | None = None
    ) -> list[Period]:
        """For each period of a grain, the window that ends with it."""
        return [
            self.rolling(period, days=days, months=months, first=first) for period in self.periods(start, end, grain)
        ]

    def whole_months(self, start: date, end: date) -> int:
        """How many whole months of this calendar start to end is; 0 when it is no number of whole months."""
        first, last = self._index(start), self._index(end + _DAY)
        aligned = self._month_start(first) == start and self._month_start(last) == end + _DAY
        return last - first if aligned else 0

    def _months(self, number: int, grain: Grain) -> Period:
        length = _MONTHS[grain]
        start = self._month_start(number * length)
        end = self._month_start((number + 1) * length) - _DAY
        return Period(start, end, self._label(start, number * length, grain), grain=grain)

    def _index(self, day: date) -> int:
        """Number of the month that a day belongs to, counted so that fiscal years begin at multiples of twelve."""
        if self.kind == "month":
            return day.year * 12 + day.month - self.fiscal_start
        for year in (day.year + 1, day.year, day.year - 1):
            starts = _starts(self, year)
            if starts[0] <= day:
                return year * 12 + sum(start <= day for start in starts) - 1
        raise AssertionError("a day lies in its calendar year's fiscal year or in one beside it")

    def _month_start(self, index: int) -> date:
        if self.kind == "month":
            months = index + self.fiscal_start - 1
            return date(months // 12, months % 12 + 1, 1)
        return _starts(self, index // 12)[index % 12]

    def _label(self, start: date, index: int, grain: Grain) -> str:
        if self.kind == "month" and grain == "month":
            return start.strftime("%Y-%m")
        named = index // 12 + (1 if self.year_named_by == "end" and self.fiscal_start > 1 else 0)
        year = f"{named:04}" if self.kind == "month" and self.fiscal_start == 1 else f"FY{named:04}"
        if grain == "year":
            return year
        return f"{year}-Q{index % 12 // 3 + 1}" if grain == "quarter" else f"{year}-P{index % 12 + 1:02}"

    def _week_label(self, start: date) -> str:
        if self.week_start:
            return start.isoformat()
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"

    def _step_total(self, period: Period, count: int) -> Period:
        months = self.whole_months(period.start, period.end)
        if not months:
            days = timedelta(days=period.days * count)
            return total(period.start + days, period.end + days)
        first = self._index(period.start) + months * count
        return total(self._month_start(first), self._month_start(first + months) - _DAY)

    def _total_last_year(self, period: Period) -> Period:
        months = self.whole_months(period.start, period.end)
        if months:
            first = self._index(period.start) - 12
            return total(self._month_start(first), self._month_start(first + months) - _DAY)
        return total(self.day_last_year(period.start), self.day_last_year(period.end))

    def day_last_year(self, day: date) -> date:
        """The same date a year earlier; in a 52/53-week calendar, the same day of the fiscal year before."""
        if self.kind == "month":
            return months_later(day, -12)
        year = self.period_of(day, "year")
        before = self.step(year, -1)
        return min(before.start + (day - year.start), before.end)


@lru_cache(maxsize=4096)
def _starts(calendar: Calendar, year: int) -> tuple[date, ...]:
    return period_starts(year, calendar.kind, calendar.fiscal_start, calendar.week_start, calendar.anchor)


def total(start: date, end: date) -> Period:
    """All days from start to end as one period.

    >>> total(date(2026, 1, 1), date(2026, 10, 31)).label
    '2026-01-01..2026-10-31'
    """
    return Period(start, end, f"{start}..{end}")


def cut(period: Period, start: date, end: date) -> Period:
    """A period without the days before start and after end, marked partial when it lost any."""
    if period.start >= start and period.end <= end:
        return period
    return Period(max(period.start, start), min(period.end, end), period.label, True, period.grain)


def months_later(day: date, count: int) -> date:
    """The same day of the month, so many months later; the month's last day where it is shorter.

    >>> months_later(date(2024, 2, 29), -12)
    datetime.date(2023, 2, 28)
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _check(grain: str) -> None:
    if grain not in GRAINS:
        raise QuestionError(f"There is no grain {grain!r}.", next_step=nearest(grain, GRAINS))


def _within_reach(day: date) -> None:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise QuestionError(
            f"The date {day} is outside what calendars cover.", next_step="Check the year with tolok check."
        )

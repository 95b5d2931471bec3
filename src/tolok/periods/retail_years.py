"""Years of 52 or 53 whole weeks, as retailers keep them: 4-4-5, 4-5-4 and 5-4-4.

Such a year ends on one weekday: the last of a month, or the one nearest to the month's end. The 53rd week that comes
every five or six years belongs to the last period.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

Anchor = Literal["last", "nearest"]
PATTERNS: dict[str, tuple[int, int, int]] = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}


def year_end(year: int, fiscal_start: int, week_start: int, anchor: Anchor) -> date:
    """The last day of the fiscal year that nominally begins on the first of ``fiscal_start`` in ``year``.

    >>> year_end(2023, fiscal_start=2, week_start=6, anchor="nearest")  # the NRF's 2023, which had 53 weeks
    datetime.date(2024, 2, 3)
    """
    end_year, end_month = (year, 12) if fiscal_start == 1 else (year + 1, fiscal_start - 1)
    month_end = date(end_year, end_month, monthrange(end_year, end_month)[1])
    back = (month_end.weekday() - (week_start - 1)) % 7
    if anchor == "nearest" and back > 3:
        return month_end + timedelta(days=7 - back)
    return month_end - timedelta(days=back)


def period_starts(year: int, kind: str, fiscal_start: int, week_start: int, anchor: Anchor) -> tuple[date, ...]:
    """First days of the twelve periods of a fiscal year."""
    day = year_end(year - 1, fiscal_start, week_start, anchor) + timedelta(days=1)
    starts = []
    for weeks in PATTERNS[kind] * 4:
        starts.append(day)
        day += timedelta(weeks=weeks)
    return tuple(starts)

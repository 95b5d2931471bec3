"""Periods: fiscal calendars, what is compared with what, and working time.

>>> from datetime import date
>>> [period.label for period in Calendar().periods(date(2026, 1, 15), date(2026, 3, 2), "month")]
['2026-01', '2026-02', '2026-03']
"""

from __future__ import annotations

from tolok.periods.calendar import Calendar
from tolok.periods.comparison import Comparison, compare
from tolok.periods.feasts import Feast, feast_days, moving_feast
from tolok.periods.period import GRAINS, Grain, Period
from tolok.periods.public_holidays import public_holidays
from tolok.periods.working_time import CalendarDay, WorkingHours, calendar_table

__all__ = [
    "GRAINS",
    "Calendar",
    "CalendarDay",
    "Comparison",
    "Feast",
    "Grain",
    "Period",
    "WorkingHours",
    "calendar_table",
    "compare",
    "feast_days",
    "moving_feast",
    "public_holidays",
]

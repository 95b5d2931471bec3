"""Working time: which days and hours the organisation works, and how much of it lies between two instants.

In SQL, working time between two instants takes no function per row. Join the table of ``calendar_table`` twice, each
instant ``t`` (UTC) to the day with ``starts_at <= t < ends_at``, and subtract::

    worked(t) = minutes_before + least(greatest(minutes from opens_at to t, 0), minutes)
    working minutes = worked(responded_at) - worked(created_at)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tolok.errors import DefinitionError
from tolok.periods.public_holidays import public_holidays
from tolok.settings import Settings

_SPAN = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-–]\s*(\d{1,2})[:.](\d\d)")
_DAY_NAMES = (
    ("monday", "senin"),
    ("tuesday", "selasa"),
    ("wednesday", "rabu"),
    ("thursday", "kamis"),
    ("friday", "jumat"),
    ("saturday", "sabtu"),
    ("sunday", "minggu"),
)
MONDAY_TO_FRIDAY = frozenset(range(5))


@dataclass(frozen=True)
class WorkingHours:
    """When the organisation works: from and to in minutes after local midnight, weekdays (0 is Monday), days off.

    ``holidays`` is a country code of public holidays, ``closed_on`` further days off.

    >>> WorkingHours.parse("08:30-17:00", days="mon-sat", timezone="Asia/Jakarta").opens
    510
    """

    opens: int = 9 * 60
    closes: int = 17 * 60
    days: frozenset[int] = MONDAY_TO_FRIDAY
    timezone: str = "UTC"
    holidays: str = ""
    closed_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24 * 60:
            raise DefinitionError(
                "Working hours must begin before they end, within one day.", next_step='Write them as "09:00-17:00".'
            )
        if not self.days or not self.days <= set(range(7)):
            raise DefinitionError(
                "Working days must be some of the seven weekdays.", next_step='Write them as "mon-fri" or "mon,wed".'
            )
        _zone(self.timezone)

    @classmethod
    def parse(
        cls,
        hours: str = "09:00-17:00",
        *,
        days: str = "mon-fri",
        timezone: str = "UTC",
        holidays: str = "",
        closed_on: Sequence[date] = (),
    ) -> WorkingHours:
        """Working hours as people write them in settings."""
        found = _SPAN.fullmatch(hours.strip())
        if found is None:
            raise DefinitionError(f"Working hours {hours!r} cannot be read.", next_step='Write them as "09:00-17:00".')
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        if max(m1, m2) > 59:
            raise DefinitionError(f"Working hours {hours!r} have no such minute.", next_step='Write "09:00-17:00".')
        return cls(h1 * 60 + m1, h2 * 60 + m2, _weekdays(days), timezone, holidays, frozenset(closed_on))

    @classmethod
    def of(cls, settings: Settings) -> WorkingHours:
        """The working hours that an organisation's settings declare."""
        return cls.parse(
            settings.working_hours,
            days=settings.working_days,
            timezone=settings.timezone,
            holidays=settings.holidays_country,
            closed_on=tuple(date.fromisoformat(day) for day in settings.closed_on),
        )

    def is_working_day(self, day: date) -> bool:
        """Whether the organisation works on a day."""
        if day.weekday() not in self.days or day in self.closed_on:
            return False
        return not self.holidays or day not in public_holidays(self.holidays, day.year)

    def working_days(self, start: date, end: date) -> int:
        """Working days from start to end, both inside; 0 when end lies before start."""
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range((end - start).days + 1))

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Working minutes between two instants (UTC where they carry no zone); negative when end lies before start.

        From Friday half past four to Monday a quarter past nine, in Jakarta:

        >>> hours = WorkingHours.parse("09:00-17:00", timezone="Asia/Jakarta")
        >>> hours.working_minutes(datetime(2026, 10, 30, 9, 30), datetime(2026, 11, 2, 2, 15))
        45.0
        """
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.working_minutes(end, start)
        zone = _zone(self.timezone)
        first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        worked = timedelta(0)
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.is_working_day(day):
                opens, closes = self._span(day)
                worked += max(min(end, closes) - max(start, opens), timedelta(0))
        return worked.total_seconds() / 60

    def _span(self, day: date) -> tuple[datetime, datetime]:
        return _local(day, self.opens, self.timezone), _local(day, self.closes, self.timezone)


@dataclass(frozen=True)
class CalendarDay:
    """One local day: when it begins and ends, when work begins (UTC, without zone), and working time up to it."""

    day: date
    is_working_day: bool
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    minutes: int
    minutes_before: int
    working_days_before: int


def calendar_table(start: date, end: date, hours: WorkingHours) -> list[CalendarDay]:
    """Every local day from start to end with its working time, for set-based joins (see the module's formula).

    On a day off, work begins and ends when the day ends, so that no minute counts.
    """
    rows = []
    minutes_before = days_before = 0
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        starts, ends = _local(day, 0, hours.timezone), _local(day, 24 * 60, hours.timezone)
        works = hours.is_working_day(day)
        opens, closes = hours._span(day) if works else (ends, ends)
        minutes = round((closes - opens).total_seconds() / 60)
        starts, ends, opens, closes = (moment.replace(tzinfo=None) for moment in (starts, ends, opens, closes))
        rows.append(CalendarDay(day, works, starts, ends, opens, closes, minutes, minutes_before, days_before))
        minutes_before += minutes
        days_before += works
    return rows


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise DefinitionError(
            f"There is no time zone {name!r}.", next_step='Use a name like "Asia/Jakarta" or "UTC".'
        ) from error


def _local(day: date, minutes: int, timezone: str) -> datetime:
    """The instant of a local clock time."""
    ahead, rest = divmod(minutes, 24 * 60)
    day += timedelta(days=ahead)
    wall = datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=_zone(timezone))
    return wall.astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _weekdays(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        ends = [_weekday(name) for name in part.split("-")]
        if None in ends or len(ends) > 2:
            raise DefinitionError(
                f"Working days {text!r} cannot be read.", next_step='Write them as "mon-fri" or "mon,wed,sat".'
            )
        first, last = ends[0] or 0, ends[-1] or 0
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(found)


def _weekday(name: str) -> int | None:
    """The number of a weekday written in English or Indonesian, in full or by three letters or more."""
    for number, spellings in enumerate(_DAY_NAMES):
        if len(name) >= 3 and any(full.startswith(name) for full in spellings):
            return number
    return None

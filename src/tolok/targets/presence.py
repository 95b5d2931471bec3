"""How much of a period somebody is there to sell: hires with their ramp, leavers, absences, transfers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tolok.errors import QuestionError
from tolok.periods import WorkingHours
from tolok.periods.calendar import months_later

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ramp:
    """What new people are expected to sell, month by month since their first day, as parts of a full target.

    >>> Ramp.of("25, 50, 75").fraction(date(2026, 1, 15), date(2026, 2, 15))
    Decimal('0.5')
    """

    steps: tuple[Decimal, ...] = ()

    @classmethod
    def of(cls, text: str) -> Ramp:
        """A ramp as people write it: percents of the months, "25, 50, 75"; empty for none."""
        steps = []
        for part in text.replace("%", "").replace(";", ",").split(","):
            if not part.strip():
                continue
            try:
                step = Decimal(part.strip())
            except ArithmeticError:
                raise QuestionError(
                    f"The ramp {text!r} cannot be read.", next_step='Write percents by month, such as "25, 50, 75".'
                ) from None
            if not 0 <= step <= 100:
                raise QuestionError(f"A ramp of {step} % is not between 0 and 100.", next_step='Write "25, 50, 75".')
            steps.append(step / 100)
        return cls(tuple(steps))

    def fraction(self, hired_on: date | None, day: date) -> Decimal:
        """The part of a full target that is expected on a day."""
        if hired_on is None or not self.steps or day < hired_on:
            return Decimal(1)
        for number, step in enumerate(self.steps, start=1):
            if day < months_later(hired_on, number):
                return step
        return Decimal(1)


@dataclass(frozen=True)
class Stay:
    """A stretch of days; an open end is None."""

    start: date | None = None
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Seller:
    """Somebody who can carry a target. ``left_on`` is the first day no longer employed.

    ``stays`` are the stretches in the team that shares out, all of the time where there are none; ``weight`` is
    last year's result, 1, or a capacity.
    """

    id: str
    name: str
    weight: Decimal = Decimal(1)
    hired_on: date | None = None
    left_on: date | None = None
    stays: tuple[Stay, ...] = ()
    absences: tuple[Stay, ...] = ()

    def is_there(self, day: date) -> bool:
        """Whether they sell for this team on a day."""
        if (self.hired_on and day < self.hired_on) or (self.left_on and day >= self.left_on):
            return False
        if self.stays and not any(day in stay for stay in self.stays):
            return False
        return not any(day in absence for absence in self.absences)


@dataclass(frozen=True)
class Presence:
    """Working days of a period, those on which somebody is there, and the mean ramp on them."""

    days: int
    present: int
    ramp: Decimal
    first: date | None = None
    last: date | None = None

    @property
    def fraction(self) -> Decimal:
        """The part of a full target that can be expected."""
        return Decimal(self.present) / self.days * self.ramp if self.days else Decimal(0)


def presence(seller: Seller, start: date, end: date, hours: WorkingHours, ramp: Ramp) -> Presence:
    """How much of a period a seller is there, by working days; by calendar days where none is a working day."""
    all_days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    working = [day for day in all_days if hours.is_working_day(day)] or all_days
    there = [day for day in working if seller.is_there(day)]
    if not there:
        return Presence(len(working), 0, Decimal(0))
    mean = sum((ramp.fraction(seller.hired_on, day) for day in there), Decimal(0)) / len(there)
    return Presence(len(working), len(there), mean, there[0], there[-1])


def transferred(seller: Seller, start: date, end: date) -> tuple[date, date]:
    """The days of a period that a seller's part of it covers: all, but where they came from or go to another team."""
    if not seller.stays:
        return start, end
    inside = [day for day in _days(start, end) if any(day in stay for stay in seller.stays)]
    return (inside[0], inside[-1]) if inside else (start, end)


def _days(start: date, end: date) -> list[date]:
    return [start + n * _DAY for n in range((end - start).days + 1)]

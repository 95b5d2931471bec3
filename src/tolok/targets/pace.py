"""Pace: where a target should stand today, what each working day still needs, and where the run rate lands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from tolok.errors import QuestionError
from tolok.money import round_half_up
from tolok.periods import WorkingHours
from tolok.targets.season import FLAT, Season

Status = Literal["not begun", "ahead", "on pace", "behind", "met", "missed", "no answer"]
ON_PACE = (Decimal(95), Decimal(105))
"""From how many percent of where it should be something is on pace, and from how many it is ahead."""

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Pace:
    """Where a target stands.

    ``expected`` is where it should stand, ``of_pace`` the actual figure in percent of that (as displayed, one decimal),
    ``attained`` in percent of the whole target, ``landing`` what the period comes to if it goes on like this,
    ``needed`` what each working day left must bring. For lower-is-better a percent above 100 is good, too.
    """

    target: Decimal
    actual: Decimal | None
    expected: Decimal
    share_gone: Decimal
    of_pace: Decimal | None
    attained: Decimal | None
    landing: Decimal | None
    needed: Decimal | None
    days_gone: int
    days_left: int
    status: Status

    @property
    def is_over(self) -> bool:
        """Whether the period has ended."""
        return self.days_left == 0 and self.days_gone > 0


def pace(
    target: Decimal,
    actual: Decimal | None,
    start: date,
    end: date,
    today: date,
    *,
    hours: WorkingHours | None = None,
    season: Season = FLAT,
    better: Literal["higher", "lower"] = "higher",
    adds_up: bool = True,
) -> Pace:
    """Where a target of a period stands at the end of ``today``, the last day that the figures know of.

    Figures that add up are held against the share of working days gone by, each worth what the season says; others (a
    win rate, a stock) against the target itself. Status is judged from the displayed figure.
    """
    if end < start:
        raise QuestionError("The target's period ends before it begins.", next_step="Swap its dates.")
    weights = _weights(start, end, hours or WorkingHours(), season)
    gone = sum((weight for day, weight in weights.items() if day <= today), Decimal(0))
    whole = sum(weights.values(), Decimal(0))
    days_gone = sum(day <= today for day in weights)
    days_left = len(weights) - days_gone
    if today >= end:
        days_gone, days_left, gone = len(weights), 0, whole
    share = gone / whole
    expected = target * share if adds_up else target
    begun = today >= start
    of_pace = _percent(actual, expected, better) if begun else None
    attained = _percent(actual, target, better) if begun else None
    landing = needed = None
    if adds_up and actual is not None and begun:
        landing = actual / share if gone else None
        left = target - actual
        needed = max(left, Decimal(0)) / days_left if days_left else None
    elif begun:
        landing = actual
    return Pace(
        target,
        actual,
        expected,
        share,
        of_pace,
        attained,
        landing,
        needed,
        days_gone,
        days_left,
        _status(of_pace, attained, begun=begun, over=today >= end, nothing_due=adds_up and not expected),
    )


def _weights(start: date, end: date, hours: WorkingHours, season: Season) -> dict[date, Decimal]:
    """The working days of a period and what each is worth; all days where none is one, or none is worth anything."""
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    working = [day for day in days if hours.is_working_day(day)] or days
    found = {day: season.of(day) for day in working}
    return found if any(found.values()) else dict.fromkeys(working, Decimal(1))


def _percent(actual: Decimal | None, against: Decimal, better: str) -> Decimal | None:
    if actual is None:
        return None
    if better == "lower":
        if actual <= 0:
            return None if actual < 0 else _HUNDRED if against == 0 else Decimal(999)
        return round_half_up(_HUNDRED * against / actual, 1)
    return round_half_up(_HUNDRED * actual / against, 1) if against else None


def _status(of_pace: Decimal | None, attained: Decimal | None, *, begun: bool, over: bool, nothing_due: bool) -> Status:
    if not begun:
        return "not begun"
    if over:
        return "no answer" if attained is None else "met" if attained >= _HUNDRED else "missed"
    if nothing_due:
        return "on pace"
    if of_pace is None:
        return "no answer"
    return "behind" if of_pace < ON_PACE[0] else "ahead" if of_pace >= ON_PACE[1] else "on pace"

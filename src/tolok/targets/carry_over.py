"""Targets carried over from last year's targets or results, with an uplift where they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tolok.kpis.additive import additive
from tolok.kpis.definition import Definition
from tolok.money import round_half_up
from tolok.periods import Calendar, Grain
from tolok.periods.calendar import months_later
from tolok.targets.scope import Scope
from tolok.targets.share import smallest
from tolok.targets.target import Target

_GRAINS: tuple[tuple[Grain, int], ...] = (("month", 12), ("quarter", 4), ("year", 1), ("week", 52))


@dataclass(frozen=True)
class CarriedOver:
    """The new targets, and those of last year that were left out: who left, and periods that have passed."""

    targets: tuple[Target, ...]
    left_out: tuple[Target, ...]


def carried_over(
    last_year: Iterable[Target],
    definitions: Mapping[str, Definition],
    calendar: Calendar,
    today: date,
    *,
    uplift: Decimal = Decimal(0),
    is_there: Callable[[Scope], bool] = lambda scope: True,
    author: str = "",
    at: datetime | None = None,
    why: str = "",
) -> CarriedOver:
    """Last year's targets for the same periods a year later; ``uplift`` percent is added to what adds up.

    A rate is carried over as it is: ten percent more of a win rate is a decision of its own.
    """
    targets, left_out = [], []
    for target in last_year:
        start, end = a_year_later(target.start, target.end, calendar)
        value = target.value
        definition = definitions.get(target.kpi)
        if uplift and additive(target.kpi, definitions).over_scope:
            step = smallest(target.value, definition.unit if definition else "money", target.currency)
            value = round_half_up(value * (1 + uplift / 100), max(0, -int(step.as_tuple().exponent)))
        carried = Target(
            target.kpi, start, end, max(value, Decimal(0)), target.scope, target.currency, author=author, at=at, why=why
        )
        if end < today or not is_there(target.scope):
            left_out.append(replace(target))
        else:
            targets.append(carried)
    return CarriedOver(tuple(targets), tuple(left_out))


def a_year_later(start: date, end: date, calendar: Calendar) -> tuple[date, date]:
    """The period a year later: the same month, quarter or fiscal year, else the same dates.

    >>> [str(day) for day in a_year_later(date(2027, 2, 1), date(2027, 2, 28), Calendar())]
    ['2028-02-01', '2028-02-29']
    """
    for grain, steps in _GRAINS:
        period = calendar.period_of(start, grain)
        if (period.start, period.end) == (start, end):
            later = calendar.step(period, steps)
            return later.start, later.end
    return months_later(start, 12), months_later(end, 12)

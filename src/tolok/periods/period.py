"""A period: a stretch of days with the name that people give it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "year", "total"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year", "total")


@dataclass(frozen=True)
class Period:
    """First and last day (both inside), its label, and whether it is cut short at either side.

    >>> Period(date(2026, 3, 1), date(2026, 3, 31), "2026-03").days
    31
    """

    start: date
    end: date
    label: str
    partial: bool = False
    grain: Grain = "total"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

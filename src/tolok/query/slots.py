"""The stretches of time that one query answers for: asked periods, those they are compared with, and their bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from tolok.periods import Period

EVER = date(1, 1, 1)


@dataclass(frozen=True)
class Slot:
    """One stretch of time: its number ``k``, its first and its last day."""

    k: int
    start: date
    end: date


@dataclass
class Slots:
    """A list of slots without repeats; asking again for the same days gives the same number."""

    listed: list[Slot] = field(default_factory=list)
    _index: dict[tuple[date, date], int] = field(default_factory=dict)

    def add(self, period: Period) -> int:
        key = (period.start, period.end)
        if key not in self._index:
            self._index[key] = len(self.listed)
            self.listed.append(Slot(len(self.listed), period.start, period.end))
        return self._index[key]

    @property
    def first(self) -> date:
        return min(slot.start for slot in self.listed)

    @property
    def last(self) -> date:
        return max(slot.end for slot in self.listed)

    @property
    def boundaries(self) -> list[date]:
        """Ends of all slots and the days before they start, in order."""
        days = {slot.end for slot in self.listed} | {before(slot.start) for slot in self.listed}
        return sorted(days)


def before(day: date) -> date:
    return day - timedelta(days=1) if day > EVER else EVER

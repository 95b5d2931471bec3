"""What a set of facts holds: which columns have data, which dates they span, which currencies occur."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class FactCoverage:
    """One fact: rows, cells filled per column, first and last real date per date column, currencies seen."""

    rows: int
    filled: dict[str, int] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """All facts, and the last real date among them: where every default period ends."""

    facts: dict[str, FactCoverage]
    starts_on: date | None
    ends_on: date | None

    def has(self, fact: str) -> bool:
        return fact in self.facts and self.facts[fact].rows > 0

    def filled(self, fact: str, column: str) -> bool:
        return self.has(fact) and self.facts[fact].filled.get(column, 0) > 0

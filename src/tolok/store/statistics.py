"""What a fact holds, counted in one pass: rows, filled cells, first and last date, currencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tolok.model import Fact
from tolok.model.coverage import Coverage, FactCoverage
from tolok.store.quoting import identifier, literal

Fetch = Callable[[str], Sequence[tuple[Any, ...]]]
"""Runs a statement and gives its rows."""


@dataclass(frozen=True)
class Statistics:
    """The coverage of one fact, and its latest real date even where that lies in the future."""

    coverage: FactCoverage
    latest: date | None = None

    @property
    def has_future(self) -> bool:
        """Whether rows lie after the day up to which dates counted: the same rows say more on a later day."""
        return self.latest is not None and self.latest != self.coverage.last


def statistics(fact: Fact, relation: str, today: date | None, fetch: Fetch) -> Statistics:
    """Count what a relation of this fact holds; real dates after ``today`` do not tell where the data ends."""
    row = fetch(statement(fact, relation, today))[0]
    rows, filled = int(row[0]), row[1 : 1 + len(fact.columns)]
    dates = [_day(value) for value in row[1 + len(fact.columns) :]]
    count = len(fact.real_dates)
    firsts, lasts, latests = dates[:count], dates[count : 2 * count], dates[2 * count :]
    coverage = FactCoverage(
        rows=rows,
        filled={column.name: int(cells) for column, cells in zip(fact.columns, filled, strict=True) if cells},
        first=min((day for day in firsts if day), default=None),
        last=max((day for day in lasts if day), default=None),
        currencies=_currencies(fact, relation, fetch),
    )
    return Statistics(coverage, max((day for day in latests if day), default=None))


def statement(fact: Fact, relation: str, today: date | None) -> str:
    """One SELECT with all counts, in SQL that DuckDB and PostgreSQL both take."""
    past = f" FILTER (WHERE {{0}} <= DATE {literal(today.isoformat())})" if today else ""
    dates = [identifier(name) for name in fact.real_dates]
    if fact.took_place:
        dates = [f"CASE WHEN coalesce({identifier(fact.took_place)}, true) THEN {name} END" for name in dates]
    parts = [
        "COUNT(*)",
        *(f"COUNT({identifier(column.name)})" for column in fact.columns),
        *(f"MIN({name}){past.format(name)}" for name in dates),
        *(f"MAX({name}){past.format(name)}" for name in dates),
        *(f"MAX({name})" for name in dates),
    ]
    return f"SELECT {', '.join(parts)} FROM {relation}"


def _currencies(fact: Fact, relation: str, fetch: Fetch) -> tuple[str, ...]:
    if fact.column("currency") is None:
        return ()
    found = fetch(f"SELECT DISTINCT currency FROM {relation} WHERE currency IS NOT NULL")
    return tuple(sorted(str(row[0]) for row in found))


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def memberships_change(relation: str, fetch: Fetch) -> bool:
    """Whether anybody belonged to more than one team or manager over time."""
    several = f"SELECT 1 FROM {relation} GROUP BY rep_id HAVING COUNT(*) > 1 LIMIT 1"
    return bool(fetch(several))


_ORGANISATION = frozenset({"reps", "teams", "memberships", "accounts", "products"})
_STANDING = _ORGANISATION | {"subscriptions"}


def together(facts: dict[str, FactCoverage]) -> Coverage:
    """The coverage of all facts, with the first and last real date among them.

    When somebody was hired, or a running contract was signed, does not say where the data of a business begins, unless
    nothing else does.
    """
    begins: date | None = None
    for standing in (_STANDING, _ORGANISATION, frozenset[str]()):
        firsts = [fact.first for name, fact in facts.items() if fact.first and name not in standing]
        begins = begins or min(firsts, default=None)
    lasts = [fact.last for fact in facts.values() if fact.last]
    return Coverage(facts=facts, starts_on=begins, ends_on=max(lasts, default=None))

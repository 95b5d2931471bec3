"""Measure what a set of facts holds, by one statement per fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from tolok.model import FACTS
from tolok.model.coverage import Coverage, FactCoverage
from tolok.model.fact import Fact

Fetch = Callable[[str], Sequence[Sequence[object]]]


def statement(fact: Fact) -> str:
    """Rows, filled cells per column, and first and last of each real date."""
    pieces = ["count(*)", *(f'count("{name}")' for name in fact.column_names)]
    for name in fact.real_dates:
        pieces += [f'min("{name}")', f'max("{name}")']
    return f'SELECT {", ".join(pieces)} FROM "{fact.name}"'


def measure_fact(fact: Fact, fetch: Fetch, latest: date | None = None) -> FactCoverage:
    """Coverage of one fact; dates after ``latest`` (planned ones) do not count as its last."""
    row = list(fetch(statement(fact))[0])
    names = fact.column_names
    filled = {name: int(str(value)) for name, value in zip(names, row[1 : 1 + len(names)], strict=True)}
    dates = row[1 + len(names) :]
    firsts = [value for value in dates[0::2] if isinstance(value, date)]
    lasts = [value for value in dates[1::2] if isinstance(value, date)]
    if latest is not None and any(value > latest for value in lasts):
        lasts = [value for value in _lasts_until(fact, fetch, latest) if value is not None]
    currencies: tuple[str, ...] = ()
    if filled.get("currency"):
        found = fetch(f'SELECT DISTINCT "currency" FROM "{fact.name}" WHERE "currency" IS NOT NULL ORDER BY 1')
        currencies = tuple(str(line[0]) for line in found)
    return FactCoverage(
        rows=int(str(row[0])),
        filled=filled,
        first=min(firsts, default=None),
        last=max(lasts, default=None),
        currencies=currencies,
    )


def _lasts_until(fact: Fact, fetch: Fetch, latest: date) -> list[date | None]:
    pieces = [f'max(CASE WHEN "{name}" <= DATE \'{latest}\' THEN "{name}" END)' for name in fact.real_dates]
    row = fetch(f'SELECT {", ".join(pieces)} FROM "{fact.name}"')[0]
    return [value if isinstance(value, date) else None for value in row]


PEOPLE = ("reps", "teams", "memberships")
"""Facts whose dates do not tell when the business's data begins or ends: a rep was hired long before."""


def together(facts: dict[str, FactCoverage], latest: date | None = None) -> Coverage:
    """Coverage of all facts; the data begins and ends with the facts that record business."""
    business = {name: held for name, held in facts.items() if name not in PEOPLE and held.rows}
    known = business or {name: held for name, held in facts.items() if held.rows}
    firsts = [held.first for held in known.values() if held.first is not None]
    lasts = [held.last for held in known.values() if held.last is not None]
    if latest is not None:
        lasts = [day for day in lasts if day <= latest]
    return Coverage(facts, min(firsts, default=None), max(lasts, default=None))


def measure(fetch: Fetch, held: Iterable[str], latest: date | None = None) -> Coverage:
    """Coverage of the named facts."""
    return together({name: measure_fact(FACTS[name], fetch, latest) for name in held}, latest)

"""Until when the facts behind a KPI reach, from what was counted when they were published: no row is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tolok.kpis.definition import Definition
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.query.observed import CALENDAR
from tolok.query.sides import chosen_body, sides

STANDING = frozenset({"reps", "teams", "memberships", "accounts", "products", "stages", "pipelines", "targets"})
"""Facts whose dates do not say how new the data is: a target reaches ahead, a rep was hired once."""


@dataclass(frozen=True)
class Freshness:
    """How new one KPI's facts are. ``reaches`` is the earliest of the last days of the facts it stands on.

    ``facts`` gives the last real date of each (None where none of its rows is dated), ``lacking`` those that are not
    there; ``imported_at`` is when the data was published last.
    """

    kpi: str
    reaches: date | None
    facts: dict[str, date | None]
    lacking: tuple[str, ...] = ()
    imported_at: datetime | None = None

    def behind(self, day: date) -> int:
        """Days by which it lags behind a day; 0 where it reaches it."""
        return max(0, (day - self.reaches).days) if self.reaches else 0


def freshness(
    kpi: str,
    definitions: Mapping[str, Definition],
    coverage: Coverage,
    *,
    variant: str = "",
    imported_at: datetime | None = None,
) -> Freshness:
    """How new the facts behind a KPI's variant are, those of the KPIs within it included."""
    definition = definitions[kpi]
    body, dated = chosen_body(definition, variant or definition.default_variant)
    facts: dict[str, date | None] = {}
    lacking: list[str] = []
    for _, measure in sides(body, dated, dict(definitions)):
        if measure.name in CALENDAR and not coverage.has("observations"):
            continue
        fact = {"target": "targets", "observed": "observations"}.get(measure.aggregate, measure.fact)
        for name in (fact, *_told_by(fact)):
            if not coverage.has(name):
                lacking += [name] if name == fact else []
            else:
                facts[name] = coverage.facts[name].last
    told = [last for fact, last in facts.items() if last is not None and fact not in STANDING and not _is_state(fact)]
    reaches = min(told, default=None)
    return Freshness(kpi, reaches, facts, tuple(dict.fromkeys(lacking)), imported_at)


def _told_by(fact: str) -> tuple[str, ...]:
    """The facts that a derived one is made of: their dates say how new it is."""
    return tuple(FACTS[fact].derived_from) if _is_state(fact) else ()


def _is_state(fact: str) -> bool:
    """Derived states begin when something changed last, which may be long ago in data that is new."""
    return bool(FACTS[fact].derived_from) and fact != "sales"

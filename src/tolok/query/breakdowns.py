"""By what a KPI can be broken down in this data: the dimensions that every side of it has a filled way to."""

from __future__ import annotations

from tolok.kpis.definition import Definition
from tolok.model.coverage import Coverage
from tolok.model.dimensions import DIMENSIONS
from tolok.query.observed import CALENDAR
from tolok.query.path import resolve
from tolok.query.sides import chosen_body, sides


def breakdowns(
    definition: Definition, catalogue: dict[str, Definition], coverage: Coverage, variant: str = ""
) -> tuple[str, ...]:
    """The dimensions, in the catalogue's order; none where a side's fact holds no rows."""
    body, dated = chosen_body(definition, variant or definition.default_variant)
    told = [measure for _, measure in sides(body, dated, catalogue) if measure.aggregate != "target"]
    facts = {measure.fact for measure in told if measure.name not in CALENDAR}
    facts = {fact or "observations" for fact in facts}
    if not facts or not all(coverage.has(fact) for fact in facts):
        return ()
    return tuple(name for name in DIMENSIONS if all(resolve(name, fact, coverage) is not None for fact in facts))

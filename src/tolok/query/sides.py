"""What a KPI is made of: its measures, each with the side of the KPI that it stands on."""

from __future__ import annotations

from dataclasses import replace

from tolok.kpis.bodies import needs_kpis
from tolok.kpis.definition import (
    Body,
    Change,
    Cohort,
    Condition,
    Definition,
    Formula,
    Measure,
    Members,
    Movement,
    Ratio,
)
from tolok.query.compile import STOCKS


def chosen_body(definition: Definition, variant: str) -> tuple[Body, str]:
    """The body and date of a KPI's variant."""
    found = definition.variants.get(variant)
    if found is None:
        return definition.body, definition.dated_by
    return found.body, found.dated_by or definition.dated_by


def sides(body: Body, dated: str, catalogue: dict[str, Definition]) -> list[tuple[str, Measure]]:
    """The measures of a body with the side they stand on; a formula's are those of the KPIs it names."""
    if isinstance(body, Ratio):
        return [("of", _dated(body.of, dated)), ("over", _dated(body.over, dated))]
    if isinstance(body, Cohort):
        entered = Measure("count", fact=body.fact, where=body.where, dated_by=body.entered)
        reached = Condition(body.reached, "reached", (body.entered, str(body.within_days)))
        where = (*body.where, *body.reached_where, reached)
        return [("of", Measure("count", fact=body.fact, where=where, dated_by=body.entered)), ("over", entered)]
    if isinstance(body, Movement):
        if body.basis == "flow":
            return [("", Measure("count", fact=body.fact, where=body.where, dated_by=body.dated_by))]
        return [
            ("opening", Measure("count", fact=body.fact, where=body.where, window="opening")),
            ("closing", Measure("count", fact=body.fact, where=body.where, window="closing")),
        ]
    if isinstance(body, Change | Members | Formula):
        found = []
        for name in needs_kpis(body):
            id_, _, variant = name.partition(".")
            inner, inner_dated = chosen_body(catalogue[id_], variant or catalogue[id_].default_variant)
            found += [(f"{name} {side}".strip(), measure) for side, measure in sides(inner, inner_dated, catalogue)]
        return found
    return [("", _dated(body.of, dated))]


def _dated(measure: Measure, dated: str) -> Measure:
    fact, _, name = dated.partition(".")
    if measure.dated_by or fact != measure.fact or measure.window in STOCKS:
        return measure
    return replace(measure, dated_by=name)

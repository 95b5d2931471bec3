"""Whether a KPI's figures add up: over time (months to a year), and over the organisation (reps to a team).

Revenue does both. The open pipeline adds up over teams, not over months. A win rate or an average deal size does neither:
its target is copied, never split.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tolok.kpis.definition import Body, Definition, Formula, Measure, Value

_WORD = re.compile(r"[a-z_][a-z0-9_.]*")


@dataclass(frozen=True)
class Additive:
    """How figures of a KPI add up."""

    over_time: bool
    over_scope: bool


NOT = Additive(False, False)
BOTH = Additive(True, True)


def additive(kpi: str, definitions: Mapping[str, Definition]) -> Additive:
    """How the figures of a KPI add up; an unknown one is taken to add up, as amounts do.

    >>> from tolok.kpis.load import catalogue
    >>> additive("open_pipeline", catalogue())
    Additive(over_time=False, over_scope=True)
    >>> additive("average_deal_size", catalogue()) == NOT
    True
    """
    definition = definitions.get(kpi)
    if definition is None:
        return BOTH
    variant = definition.variants.get(definition.default_variant)
    return _of_body(variant.body if variant else definition.body, definition, definitions, frozenset({kpi}))


def _of_body(
    body: Body, definition: Definition, definitions: Mapping[str, Definition], seen: frozenset[str]
) -> Additive:
    if isinstance(body, Value):
        return _of_measure(body.of, definition, definitions, seen)
    if isinstance(body, Formula):
        return _of_formula(body, definitions, seen)
    return NOT


def _of_measure(
    measure: Measure, definition: Definition, definitions: Mapping[str, Definition], seen: frozenset[str]
) -> Additive:
    if measure.aggregate == "target":
        named = definitions.get(measure.name)
        if named is None or measure.name in seen:
            return BOTH
        return _of_body(named.body, named, definitions, seen | {measure.name})
    if measure.aggregate in ("count", "sum", "observed"):
        if measure.aggregate == "observed" and definition.unit not in ("money", "count", "hours"):
            return NOT
        counted_members = measure.per is not None and measure.aggregate == "count"
        return Additive(measure.window == "period" and not counted_members, True)
    return Additive(False, measure.aggregate == "distinct")


def _of_formula(body: Formula, definitions: Mapping[str, Definition], seen: frozenset[str]) -> Additive:
    """Sums and differences of KPIs add up as they do, and so does one KPI times or by a number; the rest does not."""
    terms = re.split(r"(?<!\*)\s[-+]\s", body.expression.strip().removeprefix("-"))
    found = []
    for term in terms:
        names = _WORD.findall(term)
        kpi, _, variant = names[0].partition(".") if names else ("", "", "")
        over = re.search(r"/[^*/]*[a-z_]", term)
        if len(names) != 1 or over or kpi in seen or kpi not in definitions:
            return NOT
        inner = definitions[kpi]
        chosen = inner.variants.get(variant or inner.default_variant)
        found.append(_of_body(chosen.body if chosen else inner.body, inner, definitions, seen | {kpi}))
    return Additive(all(one.over_time for one in found), all(one.over_scope for one in found))

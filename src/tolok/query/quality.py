"""Which of the gaps in the data touch which KPI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tolok.kpis.definition import Definition
from tolok.model import FACTS
from tolok.query.check import Finding
from tolok.query.sides import sides


def by_kpi(found: Iterable[Finding], definitions: Mapping[str, Definition]) -> dict[str, tuple[Finding, ...]]:
    """The findings that touch each KPI, in their order; a KPI that none touches is left out.

    A finding that names KPIs touches these; one that names none touches all that stand on its fact.
    """
    standing = {kpi: _facts(definition, definitions) for kpi, definition in definitions.items()}
    touched: dict[str, list[Finding]] = {}
    for finding in found:
        kpis = finding.kpis or tuple(kpi for kpi, facts in standing.items() if finding.fact in facts)
        for kpi in kpis:
            touched.setdefault(kpi, []).append(finding)
    return {kpi: tuple(items) for kpi, items in touched.items()}


def _facts(definition: Definition, definitions: Mapping[str, Definition]) -> frozenset[str]:
    """The facts that a KPI stands on, and those that derived ones are made of."""
    found: set[str] = set()
    for _, measure in sides(definition.body, definition.dated_by, dict(definitions)):
        found.add({"target": "targets", "observed": "observations"}.get(measure.aggregate, measure.fact))
    waiting = list(found)
    while waiting:
        for source in FACTS[waiting.pop()].derived_from:
            if source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)

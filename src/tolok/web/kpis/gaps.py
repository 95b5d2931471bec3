"""What this data lacks for a KPI to have an answer."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from tolok.kpis.definition import Definition
from tolok.kpis.text import needs_of
from tolok.model import FACTS
from tolok.query.observed import CALENDAR
from tolok.query.sides import chosen_body, sides
from tolok.web.kpis import words
from tolok.workspace import Workspace


def missing(
    workspace: Workspace, definition: Definition, definitions: Mapping[str, Definition], variant: str = ""
) -> tuple[str, ...]:
    """What this data lacks for a KPI's variant, in words; nothing where it has all."""
    snapshot = workspace.snapshots.current()
    if snapshot is None:
        return ()
    coverage = snapshot.coverage
    body, dated = chosen_body(definition, variant or definition.default_variant)
    found: dict[str, None] = {}
    for need in needs_of(body):
        kind, _colon, name = need.partition(":")
        if kind == "kpi" and name in definitions:
            inner = missing(workspace, definitions[name], definitions)
            found.update(dict.fromkeys(inner))
        elif need in FACTS and not coverage.has(need):
            derived = FACTS[need].derived_from
            for fact in derived or (need,):
                if not coverage.has(fact):
                    found[_("There are no %(fact)s.") % {"fact": words.fact(fact).lower()}] = None
        elif kind == "series" and name not in CALENDAR and not coverage.has("observations"):
            found[_("There is no series “%(name)s”.") % {"name": name}] = None
        elif kind == "target" and not coverage.has("targets"):
            found[_("There are no approved targets.")] = None
    for _side, measure in sides(body, dated, dict(definitions)):
        if not measure.fact or not coverage.has(measure.fact):
            continue
        conditions = [
            item.column for item in measure.where if item.test != "not" and not item.column.startswith("extra.")
        ]
        for path in (measure.column, measure.dated_by, *conditions):
            first = path.split(".")[0]
            if first and not coverage.filled(measure.fact, first):
                told = {"fact": words.fact(measure.fact), "field": words.column(first).lower()}
                found[_("%(fact)s have no %(field)s in this data.") % told] = None
    return tuple(found)

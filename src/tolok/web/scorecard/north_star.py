"""The north star: the one KPI that the organisation steers by, in the fiscal year, with its pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tolok.errors import DefinitionError
from tolok.kpis.definition import Definition
from tolok.periods import Period
from tolok.query.question import EVERYTHING, Filter, Question, Viewer
from tolok.targets.figure import plain_number
from tolok.targets.pace import Pace
from tolok.web.asking import Asking
from tolok.web.targets.paces import pace_of


@dataclass(frozen=True)
class NorthStar:
    """Where the organisation stands in its fiscal year; where its totals are not ``shared``, where the viewer's rows do."""

    definition: Definition
    name: str
    year: Period
    value: float | None
    target: float | None
    pace: Pace | None
    currency: str
    scope: str = ""
    shared: bool = True

    @property
    def tone(self) -> str:
        """Good, a little behind, or behind; judged as the targets are."""
        if self.pace is None or self.pace.of_pace is None:
            return ""
        return {"behind": "bad", "missed": "bad"}.get(self.pace.status, "good")


def north_star(asking: Asking, viewer: Viewer, language: str, *, shared: bool) -> NorthStar | None:
    """The north star in the fiscal year of the period that is looked at; None where nobody chose one.

    It is the whole organisation's, for everybody who may see its totals (``shared``); else of the viewer's rows.
    """
    workspace = asking.workspace
    chosen = workspace.settings.north_star
    kpi = chosen.kpi or "revenue"
    definition = workspace.definitions.get(kpi)
    if definition is None:
        raise DefinitionError(
            f"The north star {kpi!r} is no KPI.", file="tolok.toml", next_step="Choose one of: tolok kpis"
        )
    year = workspace.calendar.period_of(asking.whole.start, "year")
    end = min(year.end, asking.ends_on)
    if end < year.start:
        return None
    seen = EVERYTHING if shared else viewer
    where = _scope(chosen.scope)
    answer = workspace.answer(Question((kpi,), "total", year.start, end, where=where, viewer=seen))
    value = answer.value()
    target = _given(chosen.target) if shared else None
    if target is None:
        planned = Question(
            (kpi,), "total", year.start, year.end, where=where, compare="target", viewer=seen, only_targets=True
        )
        target = next((row.target for row in workspace.answer(planned).rows()), None)
    found = None
    if target:
        exact = None if value is None else Decimal(str(value))
        found = pace_of(workspace, definition, Decimal(str(target)), exact, year, _until(asking, year))
    words = definition.words_in(language)
    return NorthStar(definition, words.name, year, value, target, found, answer.currency, chosen.scope, shared)


def _until(asking: Asking, year: Period) -> date:
    return min(year.end, asking.ends_on)


def _scope(text: str) -> tuple[Filter, ...]:
    """The part of the organisation that the setting names: "region=Java"."""
    dimension, equals, value = text.partition("=")
    return (Filter(dimension.strip(), (value.strip(),)),) if equals else ()


def _given(text: str) -> float | None:
    """The target that the setting gives, None where it gives none."""
    number = plain_number(text) if text.replace(".", "").replace(",", "").isdigit() else None
    return float(number) if number else None

"""The figures of a dashboard's cards: cards of one period and part are asked in one question."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from tolok.errors import TolokError, WorkspaceError
from tolok.kpis.definition import Definition
from tolok.query.answer import Row
from tolok.query.question import Question, Viewer
from tolok.web.asking import SPARK, Asking
from tolok.web.kpi.breakdown import Breakdown, arranged
from tolok.web.scorecard.cards import Card as Figure
from tolok.web.scorecard.cards import pace_in

Found = TypeVar("Found")


@dataclass(frozen=True)
class Line:
    """One KPI over its periods, with the target of each: ``figure`` is the last period's."""

    figure: Figure
    rows: tuple[Row, ...]
    targets: tuple[float | None, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """One KPI by the members of a dimension."""

    definition: Definition
    name: str
    breakdown: Breakdown
    currency: str


@dataclass
class Group:
    """KPIs that one question answers: their ids with the variant of each."""

    asking: Asking
    by: str = ""
    kpis: dict[str, str] = field(default_factory=dict)

    def takes(self, asking: Asking, by: str, kpi: str, variant: str) -> bool:
        """Whether another KPI fits into this question."""
        mine, other = self.asking, asking
        same = (mine.grain, mine.whole, mine.where, mine.compare, self.by)
        return (
            same == (other.grain, other.whole, other.where, other.compare, by)
            and self.kpis.get(kpi, variant) == variant
        )

    @property
    def variants(self) -> dict[str, str]:
        return {kpi: variant for kpi, variant in self.kpis.items() if variant}


def grouped(wanted: Iterable[tuple[Asking, str, str, str]]) -> tuple[list[Group], list[Group]]:
    """The fewest questions for (asking, dimension, KPI, variant), and which of them each is answered by."""
    groups: list[Group] = []
    places = []
    for asking, by, kpi, variant in wanted:
        group = next((one for one in groups if one.takes(asking, by, kpi, variant)), None)
        if group is None:
            group = Group(asking, by)
            groups.append(group)
        group.kpis[kpi] = variant
        places.append(group)
    return groups, places


def lines(group: Group, viewer: Viewer, language: str) -> dict[str, Line | TolokError]:
    """The KPIs of a group over their periods, by id."""
    return _each(group, lambda kpis: _lines(group.asking, kpis, viewer, language))


def parts(group: Group, viewer: Viewer, language: str) -> dict[str, Parts | TolokError]:
    """The KPIs of a group by its dimension, by id."""
    return _each(group, lambda kpis: _parts(group, kpis, viewer, language))


def _each(group: Group, ask: Callable[[dict[str, str]], dict[str, Found]]) -> dict[str, Found | TolokError]:
    """All KPIs in one question; where that is refused, one by one, so that one that fails leaves the others alone."""
    try:
        return dict(ask(group.kpis))
    except WorkspaceError:
        raise
    except TolokError as error:
        if len(group.kpis) == 1:
            return dict.fromkeys(group.kpis, error)
    found: dict[str, Found | TolokError] = {}
    for kpi, variant in group.kpis.items():
        found |= _each(Group(group.asking, group.by, {kpi: variant}), ask)
    return found


def _lines(asking: Asking, kpis: dict[str, str], viewer: Viewer, language: str) -> dict[str, Line]:
    start, end = asking.span(SPARK[asking.grain] - 1)
    variants = {kpi: variant for kpi, variant in kpis.items() if variant}
    answer = asking.workspace.answer(
        Question(
            tuple(kpis),
            asking.grain,  # type: ignore[arg-type]
            start,
            end,
            where=asking.where,
            compare=asking.compare,
            variants=variants,
            viewer=viewer,
        )
    )
    planned = asking.workspace.answer(
        Question(
            tuple(kpis),
            asking.grain,  # type: ignore[arg-type]
            start,
            asking.whole.end,
            where=asking.where,
            compare="target",
            viewer=viewer,
            only_targets=True,
        )
    )
    targets = {(row.kpi, row.period.start): row.target for row in planned.rows()}
    by_kpi: dict[str, list[Row]] = {}
    for row in answer.rows():
        by_kpi.setdefault(row.kpi, []).append(row)
    found = {}
    for kpi, rows in by_kpi.items():
        definition = asking.workspace.definitions[kpi]
        wanted = tuple(targets.get((kpi, row.period.start)) for row in rows)
        last = Row(**{**rows[-1].__dict__, "target": wanted[-1]})
        figure = Figure(
            definition,
            definition.words_in(language).name,
            last,
            tuple(row.value for row in rows),
            answer.currency,
            pace_in(asking, definition, wanted[-1], last),
        )
        found[kpi] = Line(figure, tuple(rows), wanted, answer.notes)
    return found


def _parts(group: Group, kpis: dict[str, str], viewer: Viewer, language: str) -> dict[str, Parts]:
    asking = group.asking
    answer = asking.workspace.answer(
        Question(
            tuple(kpis),
            start=asking.period.start,
            end=asking.period.end,
            by=(group.by,),
            where=asking.where,
            compare=asking.compare,
            variants={kpi: variant for kpi, variant in kpis.items() if variant},
            viewer=viewer,
        )
    )
    rows = list(answer.rows())
    found = {}
    for kpi in kpis:
        definition = asking.workspace.definitions[kpi]
        own = arranged((row for row in rows if row.kpi == kpi), group.by, answer.notes)
        found[kpi] = Parts(definition, definition.words_in(language).name, own, answer.currency)
    return found

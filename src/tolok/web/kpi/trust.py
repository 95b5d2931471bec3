"""May a figure be believed: how new its data is, what is wrong with it, what its rules say, and how it changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpRequest

from tolok.kpis.definition import Definition
from tolok.model import FACTS
from tolok.query.answer import Answer
from tolok.query.check import Finding
from tolok.query.judgement import RuleState, rule_states
from tolok.query.question import Question
from tolok.query.what_changed import Cells, RowChange, SideChange, WhatChanged
from tolok.web.asking import Asking
from tolok.web.kpi.cells import called, written
from tolok.web.look.tags import language
from tolok.workspace import Workspace

SNAPSHOTS = 20
"""Earlier snapshots that are offered to compare with, the latest first."""
SHOWN = 30
"""Rows behind a change that a page lists; all of them are counted."""
NAMED = ("name", "document", "subject", "source_id", "id", "deal_id")
TOLD = ("amount", "status", "closed_on", "sold_on")
"""What a row is called by, and what is told of one that came or went."""


@dataclass(frozen=True)
class Moved:
    """One row behind a change: what it is called, and what it says now and said before."""

    name: str
    deal: str  # the deal whose page tells more, or empty
    cells: tuple[tuple[str, str, str], ...]  # what a cell is called, what it said before, what it says now


@dataclass(frozen=True)
class Changed:
    """What became of a figure since a snapshot, with the rows behind the difference; ``came`` and so on are counts."""

    since: str
    published: datetime
    before: float | None
    after: float | None
    same: bool
    complete: bool
    came: int
    went: int
    differ: int
    rows: tuple[tuple[str, Moved], ...]  # "came", "went" or "differs", and the row


@dataclass(frozen=True)
class Trust:
    """Everything about one figure that lets a person defend it."""

    reaches: date | None
    imported: datetime | None
    rule: RuleState | None
    look_at: tuple[tuple[str, str], ...]  # ids and names of the KPIs that a rule sends to
    findings: tuple[Finding, ...]
    gaps: int  # how many of them are more than notes, also for who is not told them
    earlier: tuple[tuple[str, datetime], ...]
    changed: Changed | None


def trust_of(request: HttpRequest, asking: Asking, definition: Definition, variant: str, answer: Answer) -> Trust:
    """What is known of the figure of the page's period; findings count all rows, so only who sees all of them is told."""
    workspace, access = asking.workspace, request.access  # type: ignore[attr-defined]
    fresh = workspace.freshness(definition.id, variant=variant)[definition.id]
    states = rule_states(answer, language())
    rule = states[-1] if states and states[-1].state and not variant else None
    look_at = tuple(
        (id_, workspace.definitions[id_].words_in(language()).name)
        for id_ in (rule.look_at if rule else ())
        if id_ in workspace.definitions
    )
    current = workspace.snapshot().id
    earlier = tuple((one.id, one.created_at) for one in reversed(workspace.snapshots.list()) if one.id != current)[
        :SNAPSHOTS
    ]
    changed = None
    since = request.GET.get("since", "")
    if since:
        published = dict(earlier).get(since)
        if published is None:
            raise Http404
        question = Question(
            kpis=(definition.id,),
            start=asking.period.start,
            end=asking.period.end,
            where=asking.where,
            variant=variant,
            viewer=access.viewer,
        )
        changed = _changed(since, published, workspace.what_changed(definition.id, question, since, current), workspace)
    findings = workspace.quality().get(definition.id, ())
    gaps = sum(one.level != "note" for one in findings)
    told = findings if access.sees_all else ()
    return Trust(fresh.reaches, fresh.imported_at, rule, look_at, told, gaps, earlier, changed)


def _changed(since: str, published: datetime, found: WhatChanged, workspace: Workspace) -> Changed:
    rows: list[tuple[str, Moved]] = []
    for side in found.sides:
        names = _Names(workspace, side)
        rows += [("differs", names.differing(one)) for one in side.changed]
        rows += [("came", names.whole(cells)) for cells in side.added]
        rows += [("went", names.whole(cells)) for cells in side.removed]
    rows = list(dict.fromkeys(rows))  # a row may stand on both sides of a ratio
    kinds = [kind for kind, _ in rows]
    return Changed(
        since,
        published,
        found.before,
        found.after,
        found.same,
        all(side.complete for side in found.sides),
        kinds.count("came"),
        kinds.count("went"),
        kinds.count("differs"),
        tuple(rows[:SHOWN]),
    )


class _Names:
    """The rows of one side by name, and what they refer to by name; asked for the rows that a page shows."""

    def __init__(self, workspace: Workspace, side: SideChange) -> None:
        self.side = side
        self._references: dict[str, dict[str, str]] = {}
        for column in FACTS[side.fact].columns:
            if column.to:
                ids = {str(cell) for one in side.changed[:SHOWN] for cell in one.cells.get(column.name, ()) if cell}
                self._references[column.name] = workspace.names(column.to, ids) if ids else {}
        ids = {one.id for one in side.changed[:SHOWN]} if side.fact == "deals" else set()
        self._deals = workspace.names("deals", ids) if ids else {}

    def differing(self, row: RowChange) -> Moved:
        cells = tuple(
            (called(name), self._written(name, before), self._written(name, now))
            for name, (before, now) in sorted(row.cells.items())
        )
        name = self._deals.get(row.id, row.id.partition(":")[2] or row.id)
        return Moved(name, row.id if self.side.fact == "deals" else "", cells)

    def whole(self, cells: Cells) -> Moved:
        deal = cells.get("id") if self.side.fact == "deals" else cells.get("deal_id")
        name = next((cells[key] for key in NAMED if cells.get(key)), "")
        told = tuple((called(key), "", written(cells[key])) for key in TOLD if cells.get(key) is not None)
        return Moved(str(name), str(deal or ""), told)

    def _written(self, name: str, cell: object) -> str:
        return self._references.get(name, {}).get(str(cell), written(cell))

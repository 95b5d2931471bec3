"""What became of a record: the days that it tells itself, and what imports said otherwise from one to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from tolok.query.browse import Record
from tolok.query.question import Viewer
from tolok.web.records.cells import Cell, cell
from tolok.web.records.kinds import Kind
from tolok.web.records.words import called
from tolok.workspace import Workspace

SNAPSHOTS = 8
"""How many snapshots back a page looks."""


@dataclass(frozen=True)
class Milestone:
    """A day that the record tells of, and what happened then."""

    on: date
    what: str


@dataclass(frozen=True)
class Said:
    """What one import said otherwise than the one before: column, then, now. ``came`` where the record was new."""

    published: datetime
    snapshot: str
    came: bool = False
    cells: tuple[tuple[str, Cell, Cell], ...] = ()


def milestones(kind: Kind, record: Record, life: Record | None = None) -> tuple[Milestone, ...]:
    """The latest first; of a customer also its first and its last sale."""
    told = [(name, record.get(name)) for name in kind.milestones]
    told += [(name, life.get(name)) for name in ("first_sale_on", "last_sale_on")] if life is not None else []
    days = [(value.date() if isinstance(value, datetime) else value, name) for name, value in told]
    ordered = [(day, number, name) for number, (day, name) in enumerate(days) if isinstance(day, date)]
    return tuple(Milestone(day, called(name)) for day, _number, name in sorted(ordered, reverse=True))


def said(workspace: Workspace, fact: str, record: Record, viewer: Viewer) -> tuple[Said, ...]:
    """What the kept snapshots before said otherwise, the latest first; of what these eyes could see in each."""
    kept = workspace.snapshots.list()[-SNAPSHOTS:]
    states = [(one, workspace.record(fact, record.id, viewer, snapshot=one)) for one in kept]
    found: list[Said] = []
    for (_earlier, before), (snapshot, now) in pairwise(states):
        if now is None:
            continue
        if before is None:
            found.append(Said(snapshot.created_at, snapshot.id, came=True))
            continue
        names = [
            name for name in {**before.cells, **now.cells} if before.get(name) != now.get(name) and name != "extra"
        ]
        if names:
            cells = tuple((called(name), cell(fact, before, name), cell(fact, now, name)) for name in names)
            found.append(Said(snapshot.created_at, snapshot.id, cells=cells))
    return tuple(reversed(found))

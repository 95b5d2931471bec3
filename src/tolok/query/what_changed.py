"""Why a KPI's figure differs between two snapshots: the rows that came, went, or say something else now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tolok.query.drill import Records

Cells = dict[str, object]


@dataclass(frozen=True)
class RowChange:
    """One row that is counted in both, with the cells that differ: column → (before, after)."""

    id: str
    cells: dict[str, tuple[object, object]]


@dataclass(frozen=True)
class SideChange:
    """What happened to the rows on one side of a KPI. Not ``complete`` where there were more rows than were read."""

    side: str
    fact: str
    added: tuple[Cells, ...] = ()
    removed: tuple[Cells, ...] = ()
    changed: tuple[RowChange, ...] = ()
    complete: bool = True


@dataclass(frozen=True)
class WhatChanged:
    """A KPI's figure in two snapshots, and the rows behind the difference."""

    kpi: str
    before: float | None
    after: float | None
    sides: tuple[SideChange, ...]

    @property
    def same(self) -> bool:
        """Whether neither the figure nor any row behind it changed."""
        return self.before == self.after and not any(
            side.added or side.removed or side.changed or not side.complete for side in self.sides
        )


def compared(before: Sequence[Records], after: Sequence[Records]) -> tuple[SideChange, ...]:
    """Side by side what rows were behind a figure before and after; rows are told apart by their id."""
    known = {(one.side, number): one for number, one in enumerate(before)}
    found = []
    for number, now in enumerate(after):
        then = known.get((now.side, number)) or Records(now.kpi, now.side, now.fact, (), (), 0)
        found.append(_side(then, now))
    return tuple(found)


def _side(then: Records, now: Records) -> SideChange:
    complete = len(then.rows) == then.total and len(now.rows) == now.total
    if not all("id" in one.columns for one in (then, now) if one.rows):
        return _by_content(then, now, complete)
    old, new = _by_id(then), _by_id(now)
    changed = []
    for id_ in sorted(old.keys() & new.keys()):
        names = dict.fromkeys((*new[id_], *old[id_]))
        cells = {name: (old[id_].get(name), new[id_].get(name)) for name in names}
        cells = {name: pair for name, pair in cells.items() if pair[0] != pair[1]}
        if cells:
            changed.append(RowChange(id_, cells))
    return SideChange(
        now.side,
        now.fact,
        tuple(new[id_] for id_ in sorted(new.keys() - old.keys())),
        tuple(old[id_] for id_ in sorted(old.keys() - new.keys())),
        tuple(changed),
        complete,
    )


def _by_id(records: Records) -> dict[str, Cells]:
    place = records.columns.index("id") if records.rows else 0
    return {str(row[place]): dict(zip(records.columns, row, strict=True)) for row in records.rows}


def _by_content(then: Records, now: Records, complete: bool) -> SideChange:
    """Derived rows have no id: one that says something else has gone and another has come."""
    old, new = _counted(then), _counted(now)
    return SideChange(now.side, now.fact, _listed(new - old), _listed(old - new), (), complete)


def _counted(records: Records) -> Counter[tuple[tuple[str, object], ...]]:
    filled = [
        tuple((name, cell) for name, cell in zip(records.columns, row, strict=True) if cell is not None)
        for row in records.rows
    ]
    return Counter(tuple(sorted(cells)) for cells in filled)


def _listed(counted: Counter[tuple[tuple[str, object], ...]]) -> tuple[Cells, ...]:
    return tuple(dict(cells) for cells in sorted(counted.elements(), key=str))

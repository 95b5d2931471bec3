"""Two snapshots side by side: how many rows of each fact came, went, or say something else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tolok.model import FACTS, IMPORTED
from tolok.store.connection import Limits, connect, in_our_words
from tolok.store.fact_file import attach
from tolok.store.manifest import Snapshot, StoredFact
from tolok.store.quoting import identifier


@dataclass(frozen=True)
class FactChange:
    """One fact in two snapshots: its rows in each, and how many came, differ and went."""

    fact: str
    before: int
    after: int
    added: int
    changed: int
    removed: int

    @property
    def same(self) -> bool:
        return not (self.added or self.changed or self.removed)


def compared(then: Snapshot, now: Snapshot, limits: Limits) -> tuple[FactChange, ...]:
    """Every fact that either snapshot holds. What is computed from others follows them and is left out."""
    found = []
    for name in IMPORTED:
        old, new = then.facts.get(name), now.facts.get(name)
        if old is not None or new is not None:
            found.append(_fact(name, then.folder, old, now.folder, new, limits))
    return tuple(found)


def _fact(
    name: str, folder: Path, old: StoredFact | None, other: Path, new: StoredFact | None, limits: Limits
) -> FactChange:
    before, after = old.rows if old else 0, new.rows if new else 0
    if old is None or new is None:
        return FactChange(name, before, after, after, 0, before)
    if old.file == new.file and folder == other:
        return FactChange(name, before, after, 0, 0, 0)
    columns = tuple(one.name for one in FACTS[name].columns if one.name in old.columns and one.name in new.columns)
    added, changed, removed = _counted(name, folder / old.file, other / new.file, columns, limits)
    return FactChange(name, before, after, added, changed, removed)


@lru_cache(maxsize=256)
def _counted(name: str, old: Path, new: Path, columns: tuple[str, ...], limits: Limits) -> tuple[int, int, int]:
    """Counted once for two files, which never change; rows are told apart by their id."""
    content = ", ".join(identifier(column) for column in columns if column != "id")
    with in_our_words("comparing two snapshots"):
        connection = connect(None, limits)
        try:
            attach(connection, old, "old")
            attach(connection, new, "new")
            sides = [f"SELECT id, hash({content}) AS content FROM {side}.{identifier(name)}" for side in ("old", "new")]
            row = connection.execute(
                f"SELECT count(*) FILTER (o.id IS NULL), count(*) FILTER (o.content <> n.content), "
                f"count(*) FILTER (n.id IS NULL) FROM ({sides[0]}) AS o FULL JOIN ({sides[1]}) AS n ON o.id = n.id"
            ).fetchone()
        finally:
            connection.close()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])

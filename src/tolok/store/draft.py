"""A snapshot in the making: built beside the current one, and published whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from tolok.errors import EngineError
from tolok.model import FACTS, Fact
from tolok.store.connection import Limits, connect, in_our_words
from tolok.store.fact_file import OWN, attach, columns_of, known_fact, patch, reading, write
from tolok.store.manifest import Kind, Snapshot, StoredFact, save, sync_folder
from tolok.store.quoting import identifier
from tolok.store.statistics import memberships_change, statistics

WORK = "work-"

SMALL = 0.2
"""The largest part of a fact that is changed in a copy of its file; more is written anew."""


class Draft:
    """What an import writes into. ``connection`` is its scratch DuckDB, in which

    - ``now.<fact>`` are the facts as they are published (empty where there are none),
    - ``next.<fact>`` are the facts as this draft would publish them.

    Facts that are not put are kept: their files are shared with the current snapshot.
    """

    def __init__(
        self,
        folder: Path,
        current: Snapshot | None,
        snapshot_id: str,
        *,
        moment: datetime,
        today: date,
        limits: Limits,
    ) -> None:
        self.current = current
        self.id = snapshot_id
        self.today = today
        self.published: Snapshot | None = None
        self._folder = folder
        self._moment = moment
        self._put: dict[str, tuple[Path, StoredFact]] = {}
        self._dropped: set[str] = set()
        self._count = 0
        self.work = folder / f"{WORK}{os.getpid()}"
        self.work.mkdir()
        self.connection: duckdb.DuckDBPyConnection = connect(
            self.work / "work.duckdb", limits, spill=self.work / "spill"
        )
        self.connection.execute("CREATE SCHEMA now; CREATE SCHEMA next")
        for name, fact in FACTS.items():
            stored = current.facts.get(name) if current else None
            if current and stored:
                attach(self.connection, current.path(name), f"now_{name}")
            view = reading(fact, stored, f"now_{name}", own=True)
            self.connection.execute(f"CREATE VIEW now.{identifier(name)} AS {view}")
            self._show_kept(name)

    def put(self, fact: str, select: str, *more: str) -> int:
        """Replace a fact by the rows of a SELECT; returns how many they are. May read ``next.<fact>`` itself.

        What takes too much memory at once can come in parts: ``more`` are SELECTs of the same columns.
        """
        model = known_fact(fact)
        path = self._new_path(fact)
        with in_our_words(f"writing {fact}"):
            stored = write(self.connection, model, path, select, self.today, *more)
            if not stored.rows and self._is_empty(fact):  # nothing in place of nothing is no change
                path.unlink()
                return 0
            self._show_put(model, path, stored)
        return stored.rows

    def _is_empty(self, fact: str) -> bool:
        """Whether the fact is in the current snapshot without a row, and not touched yet."""
        there = self.current.facts.get(fact) if self.current and fact not in self._put else None
        return there is not None and not there.rows and fact not in self._dropped

    def patch(self, fact: str, *, gone: str, rows: str, key: str = "id") -> int:
        """Replace a part of a fact: rows whose key the SELECT ``gone`` gives leave, and ``rows`` come.

        For a small part this takes a fraction of the time of :meth:`put`; a large one is written anew.
        Returns how many rows the fact has then.
        """
        model = known_fact(fact)
        base, stored = self._put.get(fact, (None, None))
        if stored is None and self.current and fact in self.current.facts and fact not in self._dropped:
            base, stored = self.current.path(fact), self.current.facts[fact]
        with in_our_words(f"writing {fact}"):
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE patch_gone AS SELECT * FROM ({gone}) AS gone (key)")
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE patch_rows AS {rows}")
            own = {name for name in columns_of(self.connection, "FROM patch_rows") if name.startswith(OWN)}
            size = self._number("SELECT (SELECT COUNT(*) FROM patch_gone) + (SELECT COUNT(*) FROM patch_rows)")
            fits = stored is not None and set(stored.columns) == {*model.column_names, *own}
            if base is None or stored is None or not fits or size > stored.rows * SMALL:
                stay = f"SELECT * FROM next.{identifier(fact)} AS was"
                stay += f" WHERE NOT EXISTS (FROM patch_gone WHERE key = was.{identifier(key)})"
                return self.put(fact, f"{stay} UNION ALL BY NAME FROM patch_rows")
            path = self._new_path(fact)
            patched = patch(
                self.connection,
                model,
                base,
                path,
                key=key,
                gone="SELECT key FROM patch_gone",
                rows="FROM patch_rows",
                today=self.today,
            )
            self._show_put(model, path, patched)
        return patched.rows

    def keep(self, fact: str) -> None:
        """Publish a fact as it is now, whatever was put before."""
        known_fact(fact)
        self._put.pop(fact, None)
        self._dropped.discard(fact)
        self._show_kept(fact)

    def drop(self, fact: str) -> None:
        """Publish without a fact."""
        model = known_fact(fact)
        self._put.pop(fact, None)
        self._dropped.add(fact)
        self.connection.execute(f"CREATE OR REPLACE VIEW next.{identifier(fact)} AS {reading(model, None, '')}")

    @property
    def changed(self) -> tuple[str, ...]:
        """The facts that this draft would publish otherwise than they are."""
        held = self.current.facts if self.current else {}
        return tuple(sorted({*self._put, *(self._dropped & held.keys())}))

    def publish(self, kind: Kind, about: dict[str, Any] | None = None) -> Snapshot:
        """Make this draft the current snapshot. ``about`` says where it came from (``import`` is the import's id)."""
        if self.published is not None:
            raise EngineError(f"Snapshot {self.id} is already published.")
        facts = {
            name: refreshed(self.connection, name, stored, f"now_{name}", self.today)
            for name, stored in (self.current.facts if self.current else {}).items()
            if name not in self._put and name not in self._dropped
        }
        several = memberships_change("next.memberships", lambda sql: self.connection.execute(sql).fetchall())
        self.connection.close()
        moved: list[Path] = []
        try:
            for name, (path, stored) in self._put.items():
                target = self._folder / f"{name}-{self.id}.duckdb"
                path.rename(target)
                moved.append(target)
                facts[name] = replace(stored, file=target.name)
            sync_folder(self._folder)
            snapshot = Snapshot(self.id, self._folder, self._moment, kind, dict(about or {}), facts, several)
            save(snapshot)
        except BaseException:
            withdraw(self._folder, self.id, moved)
            raise
        self.published = snapshot
        return snapshot

    def close(self) -> None:
        """Let go of the scratch database; its folder goes with the writer's lock."""
        self.connection.close()

    def _new_path(self, fact: str) -> Path:
        self._count += 1
        return self.work / f"{fact}-{self._count}.duckdb"

    def _show_put(self, fact: Fact, path: Path, stored: StoredFact) -> None:
        database = f"next_{fact.name}_{self._count}"
        attach(self.connection, path, database)
        view = reading(fact, stored, database, own=True)
        self.connection.execute(f"CREATE OR REPLACE VIEW next.{identifier(fact.name)} AS {view}")
        self._put[fact.name] = (path, stored)
        self._dropped.discard(fact.name)

    def _number(self, sql: str) -> int:
        row = self.connection.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def _show_kept(self, fact: str) -> None:
        name = identifier(fact)
        self.connection.execute(f"CREATE OR REPLACE VIEW next.{name} AS SELECT * FROM now.{name}")


def refreshed(
    connection: duckdb.DuckDBPyConnection, name: str, stored: StoredFact, database: str, today: date
) -> StoredFact:
    """A kept fact with its dates counted anew where some lay in the future when it was written."""
    if not stored.statistics.has_future:
        return stored
    relation = f"({reading(FACTS[name], stored, database)})"
    return replace(
        stored,
        statistics=statistics(FACTS[name], relation, today, lambda sql: connection.execute(sql).fetchall()),
    )


def withdraw(folder: Path, snapshot_id: str, moved: Sequence[Path]) -> None:
    """Take back the files of a snapshot that could not be published, unless its record is already there."""
    if (folder / f"{snapshot_id}.json").exists():
        return
    for path in moved:
        path.unlink(missing_ok=True)
    (folder / f"{snapshot_id}.json.new").unlink(missing_ok=True)

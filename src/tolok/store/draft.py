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
from tolok.model import FACTS
from tolok.store.connection import Limits, connect, in_our_words
from tolok.store.fact_file import attach, known_fact, reading, write
from tolok.store.manifest import Kind, Snapshot, StoredFact, save, sync_folder
from tolok.store.quoting import identifier
from tolok.store.statistics import memberships_change, statistics

WORK = "work-"


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

    def put(self, fact: str, select: str) -> int:
        """Replace a fact by the rows of a SELECT; returns how many they are. May read ``next.<fact>`` itself."""
        model = known_fact(fact)
        self._count += 1
        path = self.work / f"{fact}-{self._count}.duckdb"
        with in_our_words(f"writing {fact}"):
            stored = write(self.connection, model, path, select, self.today)
            database = f"next_{fact}_{self._count}"
            attach(self.connection, path, database)
            view = reading(model, stored, database, own=True)
            self.connection.execute(f"CREATE OR REPLACE VIEW next.{identifier(fact)} AS {view}")
        self._put[fact] = (path, stored)
        self._dropped.discard(fact)
        return stored.rows

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

"""The snapshots of a workspace's facts: publish, read, ask what was known on a day, roll back, keep and remove.

All lives in one folder. A snapshot's record ``000012.json`` names one file per fact; the record with the highest
number is the current snapshot, so that publishing is one rename. Files are never changed after they are published and
are shared by all snapshots in which the fact is the same. What a writer leaves behind when it dies (a ``work-…``
folder, files that no record names) is removed by the next one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from tolok.errors import WorkspaceError, nearest
from tolok.model import FACTS, Fact
from tolok.store.connection import Limits, connect, in_our_words
from tolok.store.draft import WORK, Draft, refreshed
from tolok.store.fact_file import attach, reading, write
from tolok.store.lock import only_writer
from tolok.store.manifest import SUFFIX, Snapshot, StoredFact, load, save
from tolok.store.retention import Retention, kept

REMOVED = "removed.jsonl"


@dataclass(frozen=True)
class Removed:
    """A snapshot that was published once and is no longer kept."""

    id: str
    created_at: datetime
    kind: str


class Snapshots:
    """The snapshots in one folder. Reading needs no right to write there."""

    def __init__(
        self,
        folder: Path,
        *,
        keep: Retention | None = None,
        timezone: str = "UTC",
        limits: Limits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.folder = folder
        self.keep = keep or Retention()
        self.timezone = timezone
        self.limits = limits or Limits()
        self.clock = clock

    def current(self) -> Snapshot | None:
        """The snapshot published last, or None before the first."""
        ids = self._ids()
        return load(self._record(ids[-1])) if ids else None

    def get(self, snapshot_id: str) -> Snapshot:
        """A kept snapshot by its id; leading zeros may be left out."""
        wanted = snapshot_id.strip().zfill(6)
        ids = self._ids()
        if wanted in ids:
            return load(self._record(wanted))
        if any(wanted == gone.id for gone in self.removed()):
            raise WorkspaceError(f"Snapshot {wanted} is no longer kept.", next_step=self._oldest_kept())
        raise WorkspaceError(f"There is no snapshot {snapshot_id!r}.", next_step=nearest(wanted, ids))

    def list(self) -> tuple[Snapshot, ...]:
        """All kept snapshots, oldest first."""
        return tuple(load(self._record(name)) for name in self._ids())

    def removed(self) -> tuple[Removed, ...]:
        """Snapshots that are no longer kept, oldest first."""
        path = self.folder / REMOVED
        found = []
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            with suppress(ValueError, KeyError, TypeError):  # a line that a crash cut short; its record is still there
                item = json.loads(line)
                found.append(Removed(item["id"], datetime.fromisoformat(item["created_at"]), item["kind"]))
        still = set(self._ids())
        return tuple(sorted({item for item in found if item.id not in still}, key=lambda item: item.id))

    def as_of(self, day: date, timezone: str = "") -> Snapshot:
        """The snapshot that was current at the end of a day, as the workspace's clocks tell it.

        Refused where none was published by then, or where that one is no longer kept.
        """
        zone = ZoneInfo(timezone or self.timezone)
        end = datetime.combine(day + timedelta(days=1), time(), zone)
        snapshots = self.list()
        if not snapshots:
            raise WorkspaceError("Nothing has been imported yet.", next_step="Run: tolok import PATH -w DIR")
        by_then = [snapshot for snapshot in snapshots if snapshot.created_at < end]
        gone = [item.id for item in self.removed() if item.created_at < end]
        if by_then and by_then[-1].id > max(gone, default=""):
            return by_then[-1]
        what = "that was current then is no longer kept" if gone else "was published by then"
        raise WorkspaceError(
            f"What was known on {day} cannot be told: {'the snapshot' if gone else 'no snapshot'} {what}.",
            next_step=self._oldest_kept(snapshots),
        )

    @contextmanager
    def write(self, *, wait: bool = True, tell: Callable[[str], None] | None = None) -> Iterator[Draft]:
        """A draft of the next snapshot. One writer at a time: others wait, or are refused without ``wait``.

        Leaving the block without publishing, or with an error, changes nothing.
        """
        with in_our_words("writing the snapshot"), self._writing(wait=wait, tell=tell):
            draft = Draft(
                self.folder, self.current(), self._next_id(), moment=self._now(), today=self.today(), limits=self.limits
            )
            try:
                yield draft
            finally:
                draft.close()
            if draft.published is not None:
                with suppress(OSError, WorkspaceError):  # it is published; the next writer removes what is too old
                    self._thin_out()

    def rollback(self, snapshot_id: str, *, wait: bool = True, tell: Callable[[str], None] | None = None) -> Snapshot:
        """Publish a new snapshot that equals an old one; what came between stays asked for by ``as_of``."""
        with in_our_words("rolling back"), self._writing(wait=wait, tell=tell):
            old = self.get(snapshot_id)
            facts = {}
            with self._scratch() as connection:
                for name, stored in old.facts.items():
                    if stored.statistics.has_future:
                        attach(connection, old.path(name), f"now_{name}")
                    facts[name] = refreshed(connection, name, stored, f"now_{name}", self.today())
            current = self.current()
            snapshot = Snapshot(
                id=self._next_id(),
                folder=self.folder,
                created_at=self._now(),
                kind="rollback",
                about={"to": old.id, "from": current.id if current else ""},
                facts=facts,
                memberships_change=old.memberships_change,
            )
            save(snapshot)
            with suppress(OSError, WorkspaceError):
                self._thin_out()
            return snapshot

    def rewrite(self, edit: Callable[[Fact, str], str | None], about: dict[str, str]) -> int:
        """Change rows in every kept snapshot, which only forgetting a person may do; returns how many files changed.

        ``edit`` is given a fact and the relation that holds it, and returns the SELECT to put in its place, or None
        to leave it. A crash on the way leaves each snapshot whole, either before or after; doing it again finishes.
        """
        with in_our_words("rewriting the snapshots"), self._writing(wait=True, tell=None), ExitStack() as stack:
            connection = stack.enter_context(self._scratch())
            mark = self._now().strftime("%Y%m%dT%H%M%S%f")
            rewritten: dict[str, StoredFact | None] = {}
            for snapshot in self.list():
                for name, stored in snapshot.facts.items():
                    if stored.file not in rewritten and name in FACTS:
                        rewritten[stored.file] = self._rewritten(connection, snapshot, name, edit, mark)
                facts = {name: rewritten.get(stored.file) or stored for name, stored in snapshot.facts.items()}
                if facts != snapshot.facts:
                    save(replace(snapshot, facts=facts, about={**snapshot.about, **about}))
            self._discard_left_overs()
            return sum(1 for stored in rewritten.values() if stored)

    def prune(self) -> tuple[str, ...]:
        """Remove the snapshots that the retention rule does not keep; returns their ids."""
        with in_our_words("removing old snapshots"), self._writing(wait=True, tell=None):
            return self._thin_out()

    def today(self) -> date:
        """The day it is where the organisation is."""
        return self._now().astimezone(ZoneInfo(self.timezone)).date()

    def _now(self) -> datetime:
        return self.clock().astimezone(UTC)

    def _record(self, snapshot_id: str) -> Path:
        return self.folder / f"{snapshot_id}{SUFFIX}"

    def _ids(self) -> tuple[str, ...]:
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(path.stem for path in self.folder.glob(f"*{SUFFIX}") if path.stem.isdecimal()))

    def _next_id(self) -> str:
        return f"{int(max(self._ids(), default='0')) + 1:06d}"

    def _oldest_kept(self, snapshots: Sequence[Snapshot] | None = None) -> str:
        oldest = (snapshots or self.list())[0]
        day = oldest.created_at.astimezone(ZoneInfo(self.timezone)).date()
        return f"The oldest kept snapshot is {oldest.id} of {day}."

    @contextmanager
    def _writing(self, *, wait: bool, tell: Callable[[str], None] | None) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with only_writer(self.folder, wait=wait, tell=tell):
            self._discard_left_overs()
            try:
                yield
            finally:
                self._discard_work()

    @contextmanager
    def _scratch(self) -> Iterator[duckdb.DuckDBPyConnection]:
        connection = connect(None, self.limits)
        try:
            yield connection
        finally:
            connection.close()

    def _rewritten(
        self,
        connection: duckdb.DuckDBPyConnection,
        snapshot: Snapshot,
        name: str,
        edit: Callable[[Fact, str], str | None],
        mark: str,
    ) -> StoredFact | None:
        stored = snapshot.facts[name]
        database = f"old_{snapshot.id}_{name}"
        attach(connection, snapshot.path(name), database)
        try:
            select = edit(FACTS[name], f"({reading(FACTS[name], stored, database, own=True)})")
            if select is None:
                return None
            path = self.folder / f"{name}-{snapshot.id}-{mark}.duckdb"
            day = snapshot.created_at.astimezone(ZoneInfo(self.timezone)).date()
            return write(connection, FACTS[name], path, select, day)
        finally:
            connection.execute(f"DETACH {database}")

    def _thin_out(self) -> tuple[str, ...]:
        zone = ZoneInfo(self.timezone)
        published = [(snapshot.id, snapshot.created_at.astimezone(zone)) for snapshot in self.list()]
        keep = kept(published, self.keep)
        gone = [snapshot for snapshot in self.list() if snapshot.id not in keep]
        if gone:
            self._note_removed(gone)
            for snapshot in gone:
                self._record(snapshot.id).unlink()
            self._discard_left_overs()
        return tuple(snapshot.id for snapshot in gone)

    def _note_removed(self, gone: Sequence[Snapshot]) -> None:
        with (self.folder / REMOVED).open("a", encoding="utf-8") as file:
            file.write("\n")  # after a line that a crash may have cut short
            for snapshot in gone:
                line = {"id": snapshot.id, "created_at": snapshot.created_at.isoformat(), "kind": snapshot.kind}
                file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def _discard_left_overs(self) -> None:
        """Remove what no record names. While a record cannot be read, nothing is removed: it may name the file."""
        self._discard_work()
        for path in self.folder.glob(f"*{SUFFIX}.new"):
            path.unlink(missing_ok=True)
        try:
            named = {file for snapshot in self.list() for file in snapshot.files}
        except WorkspaceError:
            return
        for path in self.folder.iterdir():
            if path.name.removesuffix(".wal").endswith(".duckdb") and path.name not in named and path.is_file():
                path.unlink(missing_ok=True)

    def _discard_work(self) -> None:
        for path in self.folder.glob(f"{WORK}*"):
            shutil.rmtree(path, ignore_errors=True)

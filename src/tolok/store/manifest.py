"""A snapshot: the small record that names the file of each fact and says what it holds."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from tolok.errors import WorkspaceError
from tolok.model.coverage import Coverage, FactCoverage
from tolok.store.statistics import Statistics, together

FORMAT = 1
SUFFIX = ".json"

Kind = Literal["import", "rollback", "forget", "edit", "derive"]
KINDS: tuple[Kind, ...] = ("import", "rollback", "forget", "edit", "derive")


@dataclass(frozen=True)
class StoredFact:
    """One fact of a snapshot: its file, the columns in it, and what they hold."""

    file: str
    columns: tuple[str, ...]
    size: int
    statistics: Statistics

    @property
    def rows(self) -> int:
        return self.statistics.coverage.rows


@dataclass(frozen=True)
class Snapshot:
    """All facts as they were published at one moment; never changed afterwards, except to forget a person."""

    id: str
    folder: Path
    created_at: datetime
    kind: Kind
    about: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, StoredFact] = field(default_factory=dict)
    memberships_change: bool = False

    def path(self, fact: str) -> Path:
        return self.folder / self.facts[fact].file

    @cached_property
    def coverage(self) -> Coverage:
        """What the facts hold, and the dates between which they do."""
        return together({name: stored.statistics.coverage for name, stored in self.facts.items()})

    @property
    def ends_on(self) -> date | None:
        """The last real date not after the day it was published: where every default period ends."""
        return self.coverage.ends_on

    @property
    def files(self) -> frozenset[str]:
        return frozenset(stored.file for stored in self.facts.values())

    @property
    def import_id(self) -> str:
        return str(self.about.get("import", ""))


def save(snapshot: Snapshot) -> None:
    """Write a snapshot's record so that it is there whole or not at all: this is what publishes it."""
    target = snapshot.folder / f"{snapshot.id}{SUFFIX}"
    beside = snapshot.folder / f"{snapshot.id}{SUFFIX}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(to_json(snapshot), file, indent=1, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)
    sync_folder(snapshot.folder)


def load(path: Path) -> Snapshot:
    """Read a snapshot's record; one that was read before and has not been written since is remembered."""
    seen = path.stat()
    return _read(path, (seen.st_ino, seen.st_mtime_ns, seen.st_size))


@lru_cache(maxsize=64)
def _read(path: Path, written_at: tuple[int, int, int]) -> Snapshot:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["format"] > FORMAT:
            raise WorkspaceError(
                f"Snapshot {path.stem} was written by a newer Tolok (format {written['format']}, this one reads "
                f"{FORMAT}).",
                next_step="Upgrade Tolok.",
            )
        return from_json(written, path.parent)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkspaceError(
            f"The record of snapshot {path.stem} is damaged ({path.name}).",
            next_step="Restore the facts folder from a backup, or delete this file to use the snapshot before it.",
        ) from error


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": snapshot.id,
        "created_at": snapshot.created_at.isoformat(),
        "kind": snapshot.kind,
        "data_from": _text(snapshot.coverage.starts_on),
        "data_to": _text(snapshot.coverage.ends_on),
        "memberships_change": snapshot.memberships_change,
        "about": snapshot.about,
        "facts": {name: _fact_to_json(stored) for name, stored in sorted(snapshot.facts.items())},
    }


def from_json(written: dict[str, Any], folder: Path) -> Snapshot:
    return Snapshot(
        id=str(written["id"]),
        folder=folder,
        created_at=datetime.fromisoformat(written["created_at"]),
        kind=written["kind"],
        about=dict(written["about"]),
        facts={str(name): _fact_from_json(stored) for name, stored in written["facts"].items()},
        memberships_change=bool(written["memberships_change"]),
    )


def _fact_to_json(stored: StoredFact) -> dict[str, Any]:
    coverage = asdict(stored.statistics.coverage)
    first, last = coverage.pop("first"), coverage.pop("last")
    return {
        "file": stored.file,
        "size": stored.size,
        **coverage,
        "data_from": _text(first),
        "data_to": _text(last),
        "latest": _text(stored.statistics.latest),
        "columns": list(stored.columns),
    }


def _fact_from_json(written: dict[str, Any]) -> StoredFact:
    file = str(written["file"])
    if Path(file).name != file:
        raise ValueError(file)
    coverage = FactCoverage(
        rows=int(written["rows"]),
        filled={str(name): int(cells) for name, cells in written["filled"].items()},
        first=_date(written["data_from"]),
        last=_date(written["data_to"]),
        currencies=tuple(written["currencies"]),
    )
    return StoredFact(
        file=file,
        columns=tuple(written["columns"]),
        size=int(written["size"]),
        statistics=Statistics(coverage, _date(written["latest"])),
    )


def sync_folder(folder: Path) -> None:
    """Make renames in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""A mapping as it stands: the file, what the last look proposes beside it, and whether somebody changed it meanwhile."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from django.http import Http404

from tolok.app import place
from tolok.imports import look
from tolok.imports.look import TableLook
from tolok.sources import mapping_file
from tolok.sources.headings import normal
from tolok.sources.mapping import Mapping, TableMapping
from tolok.web.data.pairs import alone


class ChangedMeanwhile(Exception):
    """The mapping is no longer as the person saw it."""


@dataclass(frozen=True)
class State:
    """One source's mapping. ``seen`` tells whether it is still the same when it comes back."""

    source: str
    path: Path
    mapping: Mapping
    tables: tuple[TableLook, ...]
    notes: dict[tuple[str, str, str, str], str]
    seen: str
    kept: bool
    """Whether there is a file yet; before the first import there is only what was proposed."""

    def table(self, name: str, fact: str) -> TableMapping | None:
        """How a table is read as a fact; its own rows before those that are carried in it."""
        found = [one for one in self.mapping.tables if (one.table, one.fact) == (name, fact)]
        return min(found, key=lambda one: one.carried) if found else None

    def look(self, name: str) -> TableLook | None:
        """The samples of a table."""
        return next((one for one in self.tables if normal(one.name) == normal(name)), None)

    def others(self, table: TableMapping) -> frozenset[str]:
        """Columns that other facts in the same table are made of."""
        return frozenset(
            header
            for other in self.mapping.tables
            if other.table == table.table and other.fact != table.fact
            for column in other.columns
            for header in (column.header, *column.joined)
        )


def state(source: str) -> State:
    """The mapping of a source; a source that nobody has looked at is not there.

    Raises DefinitionError where the file cannot be read.
    """
    if not re.fullmatch(r"[a-z0-9_]{1,60}", source):
        raise Http404
    folder = place.folder()
    path = folder / "mappings" / f"{source}.toml"
    proposed = folder / "imports" / look.LOOKS / f"{source}.toml"
    texts = [one.read_text(encoding="utf-8", errors="replace") if one.is_file() else "" for one in (path, proposed)]
    if not any(texts):
        raise Http404
    tables = look.kept(folder / "imports", source)
    kept = mapping_file.load(path) if texts[0] else None
    offered = mapping_file.load(proposed) if texts[1] else None
    mapping = kept or offered
    assert mapping is not None
    if kept and offered:
        known = {normal(one.table) for one in kept.tables} | {normal(name) for name in kept.ignored}
        fresh = tuple(one for one in offered.tables if normal(one.table) not in known)
        mapping = kept.with_new(replace(offered, tables=fresh, ignored=()))
    notes = {**mapping_file.notes(texts[1]), **mapping_file.notes(texts[0])}
    seen = hashlib.sha256("\x00".join([*texts, repr(tables)]).encode()).hexdigest()[:32]
    return State(source, path, mapping, tables, notes, seen, bool(texts[0]))


def save(before: State, mapping: Mapping, seen: str) -> None:
    """Write the mapping, unless it has changed since it was seen."""
    with alone(place.folder()):
        if state(before.source).seen != seen:
            raise ChangedMeanwhile
        mapping_file.save(mapping, before.path)

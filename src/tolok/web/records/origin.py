"""Where a record came from: the connection, its number there, and the file and line in which it stands."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from tolok.imports.record import MAPPING, records
from tolok.workspace import Workspace

LARGEST = 32_000_000
"""Bytes of a file in which a page looks for a line."""

IMPORTS = 20
"""How many imports back it looks."""

LOOKED_AT = 400
"""Places at which a number may stand in other columns before the search is given up."""

HEADINGS_WITHIN = 20
"""Lines in which the headings stand: some exports begin with a title."""


@dataclass(frozen=True)
class Origin:
    """The connection and the number in it; the file, its line and the import where they are known."""

    connection: str
    source_id: str
    file: str = ""
    line: int | None = None
    import_id: str = ""
    imported_at: datetime | None = None


def origin(workspace: Workspace, fact: str, connection: str, source_id: str, *, files: bool) -> Origin:
    """The origin of a record; ``files`` says whether this person may know of files."""
    plain = Origin(connection, source_id)
    if not files or not connection or not source_id:
        return plain
    folder = workspace.folder / "imports"
    unsearched: list[Origin] = []
    of_connection = [one for one in records(folder) if one.get("connection") == connection and not one.get("dry_run")]
    for record in reversed(of_connection[-IMPORTS:]):
        headings = _headings(folder / str(record.get("import", "")) / MAPPING, fact)
        places = {str(one.get("name")): str(one.get("place") or "") for one in record.get("kept_files", ())}
        for one in record.get("files", ()):
            name = str(one.get("file"))
            if str(one.get("table")) != fact or name not in places:
                continue
            found = Origin(connection, source_id, name, None, str(record.get("import", "")), _moment(record))
            path = folder / places[name]
            if not places[name] or path.suffix not in (".csv", ".tsv", ".txt", ".tab"):
                unsearched.append(found)
                continue
            line = _line(path, frozenset(headings.items()), source_id)
            if line is not None:
                return replace(found, line=line)
    # A workbook is not read for one line; where it is all there ever was, the record stands in it.
    return unsearched[0] if len({one.file for one in unsearched}) == 1 and len(of_connection) == 1 else plain


def _headings(mapping: Path, fact: str) -> dict[str, str]:
    """The headings of the columns that told a row's number or document: source_id or document, by heading."""
    try:
        read = tomllib.loads(mapping.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        str(item.get("header", "")): str(item["to"])
        for table in read.get("table", ())
        if table.get("fact") == fact
        for item in table.get("columns", ())
        if item.get("to") in ("source_id", "document")
    }


@lru_cache(maxsize=500)  # kept files are named by what they hold, and never change
def _line(path: Path, told_by: frozenset[tuple[str, str]], source_id: str) -> int | None:
    """The line of a file whose cell is this number; of a line without a number, that of its document's n-th."""
    headings = dict(told_by)
    if not headings or not path.is_file() or path.stat().st_size > LARGEST:
        return None
    content = path.read_bytes()
    numbered = {heading for heading, to in headings.items() if to == "source_id"}
    wanted, nth = source_id, 1
    if not numbered:
        wanted, _hash, ordinal = source_id.rpartition("#")
        nth = int(ordinal) if ordinal.isdecimal() and len(ordinal) < 6 else 1
    column = _column(content, numbered or set(headings))
    if column is None or not wanted:
        return None
    place, separator = column
    for number, start in _places(content, wanted.encode()):
        end = content.find(b"\n", start)
        text = content[start : end if end >= 0 else None].decode("utf-8", errors="replace")
        cells = next(csv.reader([text.rstrip("\r")], delimiter=separator), [])
        if len(cells) > place and cells[place].strip() == wanted:
            nth -= 1
            if not nth:
                return number
    return None


def _column(content: bytes, headings: set[str]) -> tuple[int, str] | None:
    """Where one of these headings stands, and what separates the cells."""
    for line in content[:100_000].decode("utf-8-sig", errors="replace").splitlines()[:HEADINGS_WITHIN]:
        for separator in (",", ";", "\t", "|"):
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
            for place, cell in enumerate(cells):
                if cell in headings:
                    return place, separator
    return None


def _places(content: bytes, wanted: bytes) -> Iterator[tuple[int, int]]:
    """The lines in which a text stands: their number, counted from one, and where they begin."""
    at, number, counted = content.find(wanted), 1, 0
    for _place in range(LOOKED_AT):
        if at < 0:
            return
        number += content.count(b"\n", counted, at)
        counted = at
        yield number, content.rfind(b"\n", 0, at) + 1
        following = content.find(b"\n", at)
        at = content.find(wanted, following) if following >= 0 else -1


def _moment(record: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(str(record.get("imported_at", "")))
    except ValueError:
        return None

"""Read whatever was given: one file, a folder of files, or an archive of them."""

from __future__ import annotations

import csv
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files.archive import Budget, members, unpack_gzip
from tolok.sources.files.delimited import read_delimited
from tolok.sources.files.detect import is_prose, kind_of
from tolok.sources.files.html import read_html
from tolok.sources.files.json_records import read_json
from tolok.sources.files.parquet import read_parquet
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import Scratch
from tolok.sources.files.workbook import read_workbook
from tolok.sources.files.xml_workbook import read_xml_workbook
from tolok.sources.table import RawTable

DAMAGE = (
    duckdb.Error,
    UnicodeError,
    csv.Error,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RecursionError,
    ValueError,
    MemoryError,
)
DEEPEST = 2  # an archive may hold archives; those may not


def read(
    path: Path, connection: duckdb.DuckDBPyConnection, *, limits: Limits | None = None, shown_as: str = ""
) -> Reading:
    """The tables of a file, a folder or an archive; SourceError when there is none.

    ``shown_as`` is the name a person knows the file by. In a folder or an archive a file that cannot be read is
    skipped with its reason, and the others are read.
    """
    limits = limits or Limits()
    name = shown_as or path.name or str(path)
    path = path.absolute()
    try:
        if not path.exists():
            raise SourceError(f"{name} does not exist.", next_step="Check the path.")
        if not path.is_dir() and not path.is_file():
            raise SourceError(f"{name} is not a file or folder.", next_step="Give a file, a folder or an archive.")
        reader = _Reader(connection, Scratch.below(limits.scratch), limits)
        reading = reader.folder(path) if path.is_dir() else reader.file(path, name, 0)
    except (OSError, *DAMAGE) as error:
        raise _unreadable(name, error) from error
    if not reading.tables:
        raise _nothing(name, reading)
    return reading


class _Reader:
    """One reading: where it writes, and how much it has unpacked so far."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits) -> None:
        self.connection = connection
        self.scratch = scratch
        self.limits = limits
        self.budget = Budget(limits.max_unpacked_bytes, limits.max_ratio)

    def folder(self, path: Path) -> Reading:
        tables: list[Reading] = []
        skipped: list[tuple[str, str]] = []
        for count, (file, name, why) in enumerate(_files(path)):
            if count >= self.limits.max_files:
                raise SourceError(
                    f"{path.name} holds more than {self.limits.max_files:,} files.",
                    next_step="Give the folder that holds the export alone.",
                )
            if why:
                skipped.append((name, why))
            elif is_prose(file):
                skipped.append((name, "no table in it"))
            else:
                tables.append(self.attempt(file, name, 0))
        return _together(tables, skipped)

    def attempt(self, path: Path, name: str, depth: int) -> Reading:
        """The tables of one file among others, or the reason why there are none."""
        try:
            return self.file(path, name, depth)
        except SourceError as error:
            return Reading((), ((name, error.message),))
        except (OSError, *DAMAGE) as error:
            return Reading((), ((name, _unreadable(name, error).message),))

    def file(self, path: Path, name: str, depth: int) -> Reading:
        kind = kind_of(path, name)
        if kind in ("zip", "tar", "gzip") and depth >= DEEPEST:
            raise SourceError(
                f"{name} is an archive inside an archive inside an archive.", next_step="Unpack it first."
            )
        if kind in ("zip", "tar"):
            return self.archive(path, name, depth)
        if kind == "gzip":
            inner = unpack_gzip(path, name, self.scratch, self.budget)
            reading = self.file(inner, name, depth + 1)
            return replace(reading, tables=_hashed(reading, _hash(path)))
        with ThreadPoolExecutor(max_workers=1) as pool:
            hashing = pool.submit(_hash, path)
            if kind == "workbook":
                reading = read_workbook(path, name, self.connection, self.scratch, self.limits)
            elif kind == "xml workbook":
                reading = read_xml_workbook(path, name, self.connection, self.scratch, self.limits)
            elif kind == "html":
                reading = read_html(path, name, self.connection, self.scratch, self.limits)
            elif kind == "json":
                reading = read_json(path, name, self.connection, self.scratch, self.limits)
            elif kind == "parquet":
                reading = read_parquet(path, name, self.connection, self.scratch, self.limits)
            else:
                reading = Reading((read_delimited(path, name, self.connection, self.scratch, self.limits),))
            return replace(reading, tables=_hashed(reading, hashing.result()))

    def archive(self, path: Path, name: str, depth: int) -> Reading:
        found: list[Reading] = []
        skipped: list[tuple[str, str]] = []
        for member in members(path, name, self.scratch, self.budget, self.limits.max_files):
            shown = f"{name}/{member.name}" if depth or "/" in name else member.name
            if member.path is None:
                skipped.append((shown, member.why))
            elif is_prose(Path(member.name)):
                skipped.append((shown, "no table in it"))
            else:
                found.append(self.attempt(member.path, shown, depth + 1))
        reading = _together(found, skipped)
        if not reading.tables and not depth:
            raise _nothing(name, reading)
        return reading


def _together(found: list[Reading], skipped: list[tuple[str, str]]) -> Reading:
    tables = tuple(table for reading in found for table in reading.tables)
    left = [*skipped, *(part for reading in found for part in reading.skipped)]
    return Reading(tables, tuple(sorted(left)))


def _hashed(reading: Reading, content_hash: str) -> tuple[RawTable, ...]:
    return tuple(replace(table, content_hash=content_hash) for table in reading.tables)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> Iterator[tuple[Path, str, str]]:
    """The files below a folder in the order of their names, without hidden ones; a reason where one is left."""
    top = folder.resolve()
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for name in list(folders):
            inner = Path(base, name)
            if inner.is_symlink():
                folders.remove(name)
                yield inner, inner.relative_to(folder).as_posix(), "a link to a folder is not followed"
        for name in sorted(names):
            if name.startswith((".", "~$", "Thumbs.db", "desktop.ini")):
                continue
            path = Path(base, name)
            shown = path.relative_to(folder).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(top):
                yield path, shown, "a link that leaves the folder is not followed"
            elif path.is_file():
                yield path, shown, ""
            else:
                yield path, shown, "not a regular file"


def _unreadable(name: str, error: BaseException) -> SourceError:
    if isinstance(error, PermissionError):
        return SourceError(f"{name} may not be read by this user.", next_step="Change its permissions.")
    if isinstance(error, OSError):
        return SourceError(f"{name} cannot be read: {error.strerror or 'the disk or the path is at fault'}.")
    return SourceError(f"{name} is damaged or of a form that cannot be read.", next_step="Export it as CSV or XLSX.")


def _nothing(name: str, reading: Reading) -> SourceError:
    if not reading.skipped:
        return SourceError(f"{name} holds no files.", next_step="Give the folder or archive that holds the export.")
    file, why = reading.skipped[0]
    first = (why if file in why else f"{file}: {why}").rstrip(".")
    if len(reading.skipped) == 1:
        return SourceError(f"Nothing in {name} can be read as a table: {first}.", next_step="Export it as CSV or XLSX.")
    return SourceError(
        f"None of the {len(reading.skipped)} files in {name} can be read as a table; the first, {first}.",
        next_step="Export them as CSV or XLSX.",
    )

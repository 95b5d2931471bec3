"""Files without the people who were forgotten: kept originals, rejects, mappings, records, and what people entered."""

from __future__ import annotations

import codecs
import gzip
import html
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Literal

from tolok.errors import TolokError, WorkspaceError
from tolok.imports.forgotten import FILE, Forgotten
from tolok.sources import databases
from tolok.sources import files as file_sources
from tolok.store.connection import Limits, connect

Done = Literal["same", "cleaned", "removed"]

TEXTS = (".csv", ".json", ".jsonl", ".toml", ".txt", ".md", ".log")
ORIGINALS = (("imports", "files"), ("uploads",), ("reports",))
APP = ("app.sqlite3", "jobs.sqlite3")
_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 22
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def clean(path: Path, forgotten: Forgotten, *, write: bool = True) -> Done:
    """Rewrite a file without the forgotten; a container that holds one of them (workbook, archive) is removed."""
    with path.open("rb") as file:
        head = file.read(65_536)
    if head.startswith(_GZIP):
        return _gzipped(path, forgotten, write)
    encoding = _encoding(path, head)
    if encoding:
        return _text(path, forgotten, encoding, write)
    if not holds(path, forgotten):
        return "same"
    if write:
        path.unlink()
    return "removed"


def texts(workspace: Path) -> Iterator[Path]:
    """The workspace's own small text files: settings, mappings, records, rejects, notes."""
    for path in sorted(workspace.rglob("*")):
        inside = path.relative_to(workspace)
        kept = any(inside.parts[: len(parts)] == parts for parts in ORIGINALS)
        if kept or inside.name == FILE or path.is_symlink() or not path.is_file():
            continue
        if path.suffix.casefold() in TEXTS:
            yield path


def kept_originals(workspace: Path) -> list[Path]:
    """What was imported, and uploads that wait for it."""
    folders = [workspace.joinpath(*parts) for parts in ORIGINALS]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def holds(path: Path, forgotten: Forgotten) -> bool:
    """Whether a workbook, archive, Parquet file or database names one of the forgotten; also where it cannot be read."""
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect(None, Limits())
        try:
            limits = file_sources.Limits(scratch=Path(scratch))
            if databases.is_database(path):
                reading = databases.read(path, limits=limits)
            else:
                reading = file_sources.read(path, connection, limits=limits)
            for table in reading.tables:
                if forgotten.cleaned_lines("\x1f".join(table.headers)) != "\x1f".join(table.headers):
                    return True
                cells = ", ".join(f"c{place}" for place in range(len(table.headers)))
                result = connection.execute(f"SELECT {cells} FROM {table.relation}")
                while rows := result.fetchmany(5_000):
                    for row in rows:
                        text = "\x1f".join(cell or "" for cell in row)
                        if forgotten.cleaned_lines(text) != text:
                            return True
                if any(forgotten.cleaned_lines(reject.row) != reject.row for reject in table.rejects):
                    return True
            return False
        except TolokError:
            return True
        finally:
            connection.close()


def clean_app(path: Path, forgotten: Forgotten, *, write: bool = True) -> int:
    """Replace the forgotten in every text of what people entered; who could sign in as them no longer can."""
    if not path.is_file():
        return 0
    try:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.create_function("tolok_without", 1, lambda text: _without(text, forgotten), deterministic=True)
            connection.execute("PRAGMA secure_delete = ON")
            changed = 0
            for (table,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            ).fetchall():
                changed += _clean_table(connection, table)
            if not write:
                connection.rollback()
                return changed
            connection.commit()
            if changed:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return changed
    except sqlite3.Error as error:
        raise WorkspaceError(
            f"{path.name} could not be changed: {error}.", next_step="Stop the server, then run it again."
        ) from error


def _clean_table(connection: sqlite3.Connection, table: str) -> int:
    columns = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
    if not columns:
        return 0
    tests = " OR ".join(f"tolok_without({_quoted(name)}) IS NOT {_quoted(name)}" for name in columns)
    (count,) = connection.execute(f"SELECT count(*) FROM {_quoted(table)} WHERE {tests}").fetchone()
    if not count:
        return 0
    sets = [f"{_quoted(name)} = tolok_without({_quoted(name)})" for name in columns]
    if {"password", "is_active", "email"} <= set(columns):
        named = [_quoted(name) for name in ("email", "name") if name in columns]
        gone = " OR ".join(f"tolok_without({name}) IS NOT {name}" for name in named)
        connection.execute(f"UPDATE {_quoted(table)} SET is_active = 0, password = '!' WHERE {gone}")
    connection.execute(f"UPDATE {_quoted(table)} SET {', '.join(sets)} WHERE {tests}")
    return int(count)


def _without(value: Any, forgotten: Forgotten) -> Any:
    return forgotten.cleaned(value) if isinstance(value, str) else value


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _encoding(path: Path, head: bytes) -> str:
    """How a text file is written; "" where it is no text. Latin-1 gives every byte back as it was."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (
        head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"\xd0\xcf\x11\xe0", b"SQLite format 3\x00"))
        or b"\x00" in head
    ):
        return ""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file, suppress(UnicodeDecodeError):
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
        return "utf-8"
    return "latin-1"


def _text(path: Path, forgotten: Forgotten, encoding: str, write: bool) -> Done:
    beside = path.with_name(f".{path.name}.clean")
    changed = hidden = False
    with path.open(encoding=encoding, newline="") as file, beside.open("w", encoding=encoding, newline="") as into:
        for block in _lines(file):
            clean_block = forgotten.cleaned_lines(block)
            changed = changed or clean_block != block
            plain = _plain(clean_block)
            hidden = hidden or (plain != clean_block and forgotten.cleaned_lines(plain) != plain)
            into.write(clean_block)
    if hidden:  # written in escapes, which are not put back together
        beside.unlink()
        if write:
            path.unlink()
        return "removed"
    if changed and write:
        shutil.copymode(path, beside)
        beside.replace(path)
    else:
        beside.unlink()
    return "cleaned" if changed else "same"


def _plain(text: str) -> str:
    """A text with the letters that JSON and HTML may write as escapes."""
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)
    return html.unescape(text) if "&" in text else text


def _lines(file: Any) -> Iterator[str]:
    """The text in pieces that end where a line does."""
    rest = ""
    while block := file.read(_BLOCK):
        rest += block
        cut = rest.rfind("\n") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


def _gzipped(path: Path, forgotten: Forgotten, write: bool) -> Done:
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        inner = Path(scratch) / (path.name.removesuffix(".gz") or "inner")
        try:
            with gzip.open(path) as packed, inner.open("wb") as file:
                shutil.copyfileobj(packed, file)
        except (OSError, EOFError):
            done: Done = "removed"
        else:
            done = clean(inner, forgotten)
        if done == "same" or not write:
            return done
        if done == "removed":
            path.unlink()
            return done
        beside = path.with_name(f".{path.name}.clean")
        with inner.open("rb") as file, gzip.open(beside, "wb") as packed:
            shutil.copyfileobj(file, packed)
        beside.replace(path)
        return done

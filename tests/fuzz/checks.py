"""What holds whatever a file holds: read or refused in a sentence, every record counted once, nothing written elsewhere."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tolok import settings
from tolok.errors import TolokError
from tolok.imports import run
from tolok.sources import databases
from tolok.sources.files import Limits, read

TURNED = ("targets", "observations")
"""Facts of which a row may be a cell."""

OUTSIDE = Path("/outside-of-everything.csv")
"""Where members of spoiled archives claim to belong."""


class Broken(AssertionError):
    """Something that must hold does not."""


def limits(scratch: Path) -> Limits:
    """Limits that a small file has no business to reach, so that reaching for them shows."""
    return Limits(workbook_memory_bytes=1_500 * 1024 * 1024, workbook_seconds=20, scratch=scratch)


def reads(path: Path, folder: Path) -> str:
    """Read a file: its rows are as many as were said, each has a number of its own, none is a reject too."""
    connection = duckdb.connect(config={"memory_limit": "1GB", "threads": 1})
    try:
        if databases.is_database(path):
            tables = databases.read(path, limits=limits(folder / "scratch")).tables
        else:
            tables = read(path, connection, limits=limits(folder / "scratch")).tables
        for table in tables:
            _sound(table, connection)
    except TolokError as error:
        _spoken(error)
        return "refused"
    finally:
        connection.close()
        _stays(folder, path)
    return "read"


def _sound(table, connection: duckdb.DuckDBPyConnection) -> None:  # type: ignore[no-untyped-def]
    if table.relation.startswith('"') or "read_csv" in table.relation:
        rows = connection.execute(f"SELECT * FROM {table.relation}").fetchall()
        if len(rows) != table.rows:
            raise Broken(f"{table.title} says {table.rows} rows and has {len(rows)}")
        width = len(table.headers) + table.has_line
        if rows and len(rows[0]) != width:
            raise Broken(f"{table.title} says {width} columns and has {len(rows[0])}")
        if table.has_line:
            lines = [row[0] for row in rows]
            if len(set(lines)) != len(lines):
                raise Broken(f"{table.title} gives one number to two records")
            if {reject.line for reject in table.rejects} & set(lines):
                raise Broken(f"{table.title} both takes and rejects a record")
    if len(set(table.headers)) != len(table.headers):
        raise Broken(f"{table.title} has one heading twice")


def imports(path: Path, folder: Path) -> str:
    """Import a file: rows in are rows loaded and rejects, and a second time changes nothing."""
    shop = folder / "shop"
    settings.create(shop, currency="IDR", timezone="Asia/Jakarta")
    try:
        result = run(shop, [path])
    except TolokError as error:
        _spoken(error)
        return "refused"
    finally:
        _stays(folder, path)
    for file in result.files:
        if not 0 <= file.rejected <= file.rows:
            raise Broken(f"{file.file} has {file.rows} rows and {file.rejected} rejects")
        kept = [one for one in result.mapping.tables if one.filter] if result.mapping else []
        if file.table and file.table not in TURNED and not kept and file.imported + file.rejected != file.rows:
            raise Broken(f"{file.file} has {file.rows} rows, {file.imported} imported and {file.rejected} rejected")
    again = run(shop, [path])
    if again.changed:
        raise Broken(f"the second import changed {again.changed} records")
    return "imported"


def _spoken(error: TolokError) -> None:
    if not error.message.rstrip().endswith((".", "!", "?")) or "Traceback" in error.message:
        raise Broken(f"this is no sentence: {error.message!r}")


def _stays(folder: Path, path: Path) -> None:
    """Nothing stands in the folder but the file, the workspace and the scratch."""
    others = {entry.name for entry in folder.iterdir()} - {path.name, "shop", "scratch"}
    if others or OUTSIDE.exists():
        raise Broken(f"written outside: {sorted(others) or OUTSIDE}")

"""A way to read bytes as a file and see rows with their record numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tolok.sources.files import Limits, Reading, read
from tolok.sources.table import RawTable


@dataclass(frozen=True)
class Seen:
    """A table with its rows as (record number, cells)."""

    table: RawTable
    lines: list[int]
    rows: list[tuple[str | None, ...]]


class Files:
    """Writes files, reads them, and shows what came out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect()

    def write(self, content: bytes | str, name: str = "deals.csv") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, path: Path, limits: Limits | None = None) -> Reading:
        return read(path, self.connection, limits=limits)

    def see(self, table: RawTable) -> Seen:
        rows = self.connection.execute(f"SELECT * FROM {table.relation}").fetchall()
        assert len(rows) == table.rows
        if table.has_line:
            return Seen(table, [row[0] for row in rows], [row[1:] for row in rows])
        return Seen(table, [table.first_line + place for place in range(len(rows))], rows)

    def one(self, content: bytes | str | Path, name: str = "deals.csv", limits: Limits | None = None) -> Seen:
        """The only table of a file."""
        path = content if isinstance(content, Path) else self.write(content, name)
        (table,) = self.read(path, limits).tables
        return self.see(table)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)

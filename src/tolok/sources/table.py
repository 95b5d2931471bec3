"""A table as a source gives it: headers and text cells, nothing understood yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reject:
    """A row, or a part of a file, that could not be taken; ``line`` counts records, the header being 1."""

    file: str
    line: int
    column: str
    reason: str
    row: str = ""  # the row as written, shortened to 2,000 characters


@dataclass(frozen=True)
class RawTable:
    """One table of one file, sheet or query, readable in the scratch DuckDB connection it was read with.

    ``relation`` goes after FROM: a table name, or a ``read_csv(…)`` call that keeps the file's order. Its columns are
    all VARCHAR and named by position: ``c0``, ``c1``, … in the order of ``headers``. Blank cells are NULL.
    The record number of a row is ``first_line`` plus its position from 0 (the ``rowid`` of a table made from it);
    where records were left out while reading (``rejects``), the relation has a BIGINT column ``line`` instead and
    ``has_line`` is true.
    """

    file: str  # as a person would name it: path below the folder or archive given, "book.xlsx"
    sheet: str  # sheet, archive member's inner table, database table; "" where there is only one
    headers: tuple[str, ...]  # as written; a repeated header carries " (2)", a blank one is "column 7"
    relation: str
    rows: int
    first_line: int = 2
    has_line: bool = False
    rejects: tuple[Reject, ...] = ()
    notes: tuple[str, ...] = ()  # what was assumed while reading: encoding, delimiter, header row, total rows left out
    content_hash: str = ""  # SHA-256 of the file's bytes
    types: tuple[
        str, ...
    ] = ()  # per column, where the container has types (Parquet, SQL, spreadsheets): "date", "number", "text", ""
    fact: str = ""  # where the headers are this fact's own column names ("id" its source_id), and nothing is to guess
    system: str = ""  # whose database it came from, where that is known
    complete: bool = False  # all rows there are: what is absent was deleted

    @property
    def title(self) -> str:
        return f"{self.file} · {self.sheet}" if self.sheet else self.file

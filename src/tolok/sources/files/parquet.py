"""Parquet files, read where they lie with every column as text."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files.header import unique
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import Scratch, quoted
from tolok.sources.table import RawTable

NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
    "DECIMAL",
)
NESTED = ("STRUCT", "MAP", "UNION", "VARIANT", "JSON")


def read_parquet(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> Reading:
    """The one table of a Parquet file."""
    if any(mark in str(path) for mark in "*?[]{}"):
        link = scratch.new("parquet")
        link.symlink_to(path.absolute())
        path = link
    source = f"read_parquet({quoted(str(path))})"
    try:
        columns = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        whole = f"count(*), bit_xor(hash({', '.join(_name(str(column[0])) for column in columns)}))"
        counted = connection.execute(f"SELECT {whole} FROM {source}").fetchone()  # reads every page
    except duckdb.Error as error:
        raise SourceError(f"{file} is a damaged Parquet file.", next_step="Download or export it again.") from error
    if len(columns) > limits.max_columns:
        raise SourceError(
            f"{file} has {len(columns):,} columns; a table may have {limits.max_columns:,}.",
            next_step="Export only the columns that are needed.",
        )
    headers = [str(column[0]) for column in columns]
    types = [str(column[1]).upper() for column in columns]
    chosen = ", ".join(
        f"{_as_text(header, type_name)} AS c{place}"
        for place, (header, type_name) in enumerate(zip(headers, types, strict=True))
    )
    table = RawTable(
        file=file,
        sheet="",
        headers=unique([" ".join(header.split()) for header in headers]),
        relation=f"(SELECT {chosen} FROM {source})",
        rows=int(counted[0]) if counted else 0,
        first_line=1,
        types=tuple(_type(name) for name in types),
    )
    return Reading((table,))


def _as_text(header: str, type_name: str) -> str:
    name = _name(header)
    if type_name in ("DOUBLE", "FLOAT"):
        return f"regexp_replace(CAST({name} AS VARCHAR), '\\.0$', '')"
    if type_name.startswith(NESTED) or type_name.endswith("]"):
        return f"CAST(to_json({name}) AS VARCHAR)"
    return f"nullif(CAST({name} AS VARCHAR), '')"


def _name(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'


def _type(name: str) -> str:
    if name.startswith(("DATE", "TIMESTAMP")):
        return "date"
    if name.startswith(NUMBERS) or name in ("DOUBLE", "FLOAT"):
        return "number"
    return "text" if name == "VARCHAR" else ""

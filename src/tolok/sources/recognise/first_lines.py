"""Orders whose number, date and customer stand on the first of their lines alone: the lines below are given them too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from tolok.sources.recognise.meanings import meanings
from tolok.sources.table import RawTable
from tolok.sources.values.cells import present
from tolok.sources.values.words import BLANKS, NOTHING

SAMPLE = 2_000
FEWEST, MOST = 0.05, 0.95
"""The share of rows without a head of their own, between which heads stand on first lines."""

_HEAD = frozenset({"document", "ordered_on", "account_id"})
_LINE = frozenset({"quantity", "unit_price", "product_id"})
_AMOUNTS = frozenset({"amount", "tax", "cost", "discount", "discount_amount", "quantity", "unit_price"})
_NOTHING = frozenset(NOTHING)
_numbers = itertools.count(1)


def filled(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> list[RawTable]:
    """The tables, with what stands on the first line of each order repeated on its other lines; amounts are not."""
    return [_filled(table, connection) for table in tables]


def _filled(table: RawTable, connection: duckdb.DuckDBPyConnection) -> RawTable:
    said = [_told(header) for header in table.headers]
    if table.rows < 3 or not {"document", "ordered_on"} & set(said) or not _LINE & set(said):
        return table
    width = len(table.headers)
    cells = ", ".join(f"c{place}" for place in range(width))
    sample = connection.execute(f"SELECT {cells} FROM {table.relation} LIMIT {SAMPLE}").fetchall()
    core = [place for place, column in enumerate(said) if column in _HEAD]
    lines = [place for place, column in enumerate(said) if column in _LINE]
    below = [row for row in sample if not _any(row, core) and _any(row, lines)]
    if not _any(sample[0], core) or not FEWEST <= len(below) / len(sample) <= MOST:
        return table
    whole = [row for row in sample if _any(row, core)]
    dated = [place for place in core if said[place] in ("document", "ordered_on")]
    if sum(_any(row, dated) for row in whole) < 0.98 * len(whole):
        return table
    taken = [
        place for place in range(width) if said[place] not in _AMOUNTS and not any(_says(row[place]) for row in below)
    ]
    return _repeated(table, taken, core, lines, connection)


def _repeated(
    table: RawTable,
    taken: Sequence[int],
    core: Sequence[int],
    lines: Sequence[int],
    connection: duckdb.DuckDBPyConnection,
) -> RawTable:
    name = f'"first_lines_{next(_numbers)}"'
    line = "line" if table.has_line else f"row_number() OVER () + {table.first_line - 1}"
    cells = ", ".join(f"c{place}" for place in range(len(table.headers)))
    has_head = " OR ".join(present(f"c{place}") for place in core)
    has_line = " OR ".join(present(f"c{place}") for place in lines)
    given = ", ".join(
        f"CASE WHEN heads OR NOT has_line THEN c{place} ELSE first_value(c{place}) OVER (PARTITION BY head ORDER BY line) "
        f"END AS c{place}"
        if place in taken
        else f"c{place}"
        for place in range(len(table.headers))
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT line, {given} FROM (SELECT *, count(*) FILTER (heads) OVER "
        f"(ORDER BY line ROWS UNBOUNDED PRECEDING) AS head FROM (SELECT *, ({has_head}) AS heads, ({has_line}) AS has_line "
        f"FROM (SELECT {line} AS line, {cells} FROM {table.relation}))) ORDER BY line"
    )
    shown = ", ".join(f"“{table.headers[place]}”" for place in taken[:4])
    note = f"lines without {shown} belong to the order above them"
    return replace(table, relation=name, has_line=True, notes=(*table.notes, note))


def _told(header: str) -> str:
    """The column of orders that a heading most likely says."""
    found = meanings(header, "orders")
    return found[0].column if found and found[0].weight > 0.7 else ""


def _says(cell: str | None) -> bool:
    text = (cell or "").strip(BLANKS)
    return bool(text) and text not in _NOTHING


def _any(row: Sequence[str | None], places: Sequence[int]) -> bool:
    return any(_says(row[place]) for place in places)

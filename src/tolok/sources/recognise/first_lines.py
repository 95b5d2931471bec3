"""Orders whose number, date and customer stand on the first of their lines alone: the lines below are given them too."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from tolok.sources.headings import normal
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
    return [_numbered(_filled(table, connection), connection) for table in tables]


def _numbered(table: RawTable, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """The table with what stands on the first line of each number alone, where all lines have their number."""
    said = [_told(header) for header in table.headers]
    if table.fact or table.rows < 3 or not {"quantity", "unit_price"} & set(said):
        return table
    key = said.index("document") if "document" in said else _number_by_shape(table, connection)
    if key is None:
        return table
    places = [p for p, column in enumerate(said) if p != key and column not in _AMOUNTS | {"line"}]
    if not places or not _stands_once(table, key, places, connection):
        return table
    order = "line" if table.has_line else "place"
    source = table.relation if table.has_line else f"(SELECT *, row_number() OVER () AS place FROM {table.relation})"
    first = ", ".join(
        f"avg(CASE WHEN nth = 1 AND {present(f'c{p}')} THEN 1.0 WHEN nth = 1 THEN 0.0 END), "
        f"count(*) FILTER (nth > 1 AND {present(f'c{p}')})"
        for p in places
    )
    row = connection.execute(
        f"SELECT count(*) FILTER (nth > 1), count(*) FILTER (NOT {present(f'c{key}')}), {first} FROM (SELECT *, "
        f"row_number() OVER (PARTITION BY c{key} ORDER BY {order}) AS nth FROM {source})"
    ).fetchone()
    if not row or not row[0] or row[1] or row[0] < FEWEST * table.rows:
        return table
    found = list(zip(places, row[2::2], row[3::2], strict=True))
    if not any(share >= 0.5 and not below for _, share, below in found):
        return table
    taken = [p for p, share, below in found if share and not below]
    return _repeated(table, taken, [key], [], connection, by=key)


def _stands_once(table: RawTable, key: int, places: Sequence[int], connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether among the first rows a column is filled on the first line of a number and blank on the next ones."""
    cells = ", ".join(f"c{place}" for place in (key, *places))
    rows = connection.execute(f"SELECT {cells} FROM {table.relation} LIMIT {SAMPLE}").fetchall()
    below = [(above, row) for above, row in itertools.pairwise(rows) if above[0] == row[0]]
    return any(
        any(_says(above[n]) for above, _ in below) and not any(_says(row[n]) for _, row in below)
        for n in range(1, len(places) + 1)
    )


def _number_by_shape(table: RawTable, connection: duckdb.DuckDBPyConnection) -> int | None:
    """The column called name that holds the numbers of orders: #1001, #1002, …"""
    for place, header in enumerate(table.headers):
        if normal(header) == "name":
            cells = connection.execute(f"SELECT c{place} FROM {table.relation} LIMIT {SAMPLE}").fetchall()
            if cells and all(row[0] and re.fullmatch(r"#[A-Za-z]{0,6}-?\d+(-\d+)*", row[0].strip()) for row in cells):
                return place
    return None


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
    *,
    by: int | None = None,
) -> RawTable:
    name = f'"first_lines_{next(_numbers)}"'
    line = "line" if table.has_line else f"row_number() OVER () + {table.first_line - 1}"
    cells = ", ".join(f"c{place}" for place in range(len(table.headers)))
    has_head = " OR ".join(present(f"c{place}") for place in core)
    has_line = " OR ".join(present(f"c{place}") for place in lines) or "true"
    if by is not None:  # the first line of each number is the head of all lines with it
        has_head = f"row_number() OVER (PARTITION BY c{by} ORDER BY line) = 1"
    head = "count(*) FILTER (heads) OVER (ORDER BY line ROWS UNBOUNDED PRECEDING)" if by is None else f"c{by}"
    given = ", ".join(
        f"CASE WHEN heads OR NOT has_line THEN c{place} ELSE first_value(c{place}) OVER (PARTITION BY head ORDER BY line) "
        f"END AS c{place}"
        if place in taken
        else f"c{place}"
        for place in range(len(table.headers))
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT line, {given} FROM (SELECT *, {head} AS head FROM "
        f"(SELECT *, ({has_head}) AS heads, ({has_line}) AS has_line "
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

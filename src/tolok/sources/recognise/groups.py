"""Reports grouped by a column: what stands on the first row of a group alone holds for the rows below it too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from tolok.sources.recognise import group_rows
from tolok.sources.recognise.meanings import meanings
from tolok.sources.table import RawTable
from tolok.sources.values.cells import present

MOST_FILLED = 0.5
"""A column with more cells than this share of the rows is no heading of groups."""
FEWEST_GROUPS = 2
DEEPEST = 4
"""Columns from the left by which a report may be grouped."""

_GROUPS = {
    "deals": frozenset({"owner_id", "stage_id", "status", "region", "segment", "product_id", "pipeline_id", "channel"}),
    "orders": frozenset({"owner_id", "region", "segment", "channel"}),
}
"""Columns of which a cell left blank under another is a group even where no subtotal says so."""
_ARROWS = ("↑", "↓", "▲", "▼")
_numbers = itertools.count(1)


def repeated(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> list[RawTable]:
    """The tables, with the heading of each group on all of its rows."""
    return [_repeated(group_rows.without(table, connection), connection) for table in tables]


def _repeated(table: RawTable, connection: duckdb.DuckDBPyConnection) -> RawTable:
    if table.rows < 4 or table.fact:
        return table
    summed = any("subtotal" in note for note in table.notes)
    taken: list[int] = []
    for place in range(min(DEEPEST, len(table.headers) - 1)):
        if not _is_group(table, place, connection, told=summed or table.headers[place].strip().endswith(_ARROWS)):
            break
        taken.append(place)
    return _filled(table, taken, connection) if taken else table


def _is_group(table: RawTable, place: int, connection: duckdb.DuckDBPyConnection, *, told: bool) -> bool:
    """Whether a column has a value on its first row, few values, each above blanks, and never the same one twice running."""
    header = table.headers[place]
    if not told and not any(
        meaning.column in columns and meaning.weight > 0.85
        for fact, columns in _GROUPS.items()
        for meaning in meanings(header, fact)[:1]
    ):
        return False
    cell, line = f"c{place}", "line" if table.has_line else "rowid_"
    source = table.relation if table.has_line else f"(SELECT *, row_number() OVER () AS rowid_ FROM {table.relation})"
    has = present(cell)
    first, filled, distinct = connection.execute(
        f"SELECT arg_min({has}, {line}), count(*) FILTER ({has}), count(DISTINCT trim({cell})) FILTER ({has}) FROM {source}"
    ).fetchone() or (False, 0, 0)
    once = distinct == filled or (told and distinct > 0.5 * filled)
    return bool(first) and once and FEWEST_GROUPS <= filled <= MOST_FILLED * table.rows


def _filled(table: RawTable, taken: Sequence[int], connection: duckdb.DuckDBPyConnection) -> RawTable:
    name = f'"groups_{next(_numbers)}"'
    line = "line" if table.has_line else f"row_number() OVER () + {table.first_line - 1}"
    cells = ", ".join(f"c{place}" for place in range(len(table.headers)))
    given = ", ".join(
        f"last_value(CASE WHEN {present(f'c{place}')} THEN c{place} END IGNORE NULLS) OVER (ORDER BY line ROWS UNBOUNDED "
        f"PRECEDING) AS c{place}"
        if place in taken
        else f"c{place}"
        for place in range(len(table.headers))
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT line, {given} FROM (SELECT {line} AS line, {cells} FROM "
        f"{table.relation}) ORDER BY line"
    )
    shown = ", ".join(f"“{table.headers[place]}”" for place in taken)
    note = f"rows without {shown} belong to the group above them"
    return replace(table, relation=name, has_line=True, notes=(*table.notes, note))

"""Reports with a row above each group: its name, how many rows it has or what they sum up to, and no record at all."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

import duckdb

from tolok.sources.headings import normal, stem
from tolok.sources.table import RawTable
from tolok.sources.values.cells import present
from tolok.sources.values.quoting import literal

MOST_ROWS = 500_000
COUNTED = r"^(.*\S) \((\d+)\)$"
_TOTAL_OF = (
    "total for ",
    "total ",
    "totals for ",
    "subtotal for ",
    "jumlah ",
    "total untuk ",
    "summe ",
    "gesamt ",
    "total de ",
)
_BY = re.compile(r"\b(?:by|per|nach|par|por|menurut)\s+(\w+)")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class _Row:
    """A row that may be no record: its place among the rows, what its first cell says, whether it says anything else."""

    place: int
    text: str
    bare: bool


def without(table: RawTable, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """The table without the rows above its groups; the name of the group stands on each of its rows."""
    if table.fact or table.rows < 4 or table.rows > MOST_ROWS or len(table.headers) < 3:
        return table
    rows = _rows(table, connection)
    if not rows:
        return table
    counted = _counted(rows, table.rows)
    if counted:
        return _grouped(table, connection, counted, [])
    titles, totals = _summed(table, rows, connection)
    if titles:
        return _grouped(table, connection, titles, totals)
    if any("repeated header" in note for note in table.notes):
        stray = [row.place for row in rows if row.bare or not row.text]
        return _grouped(table, connection, {}, stray)
    return table


def _rows(table: RawTable, connection: duckdb.DuckDBPyConnection) -> list[_Row]:
    """Rows that hold nothing but their first cell and figures."""
    others = [f"c{place}" for place in range(1, len(table.headers))]
    words = " + ".join(
        f"({present(c)} AND NOT regexp_matches(trim({c}), '^[-(]?[^A-Za-z0-9]{{0,3}}[0-9][0-9., ]*%?[)-]?$'))::INT"
        for c in others
    )
    filled = " + ".join(f"{present(c)}::INT" for c in others)
    found = connection.execute(
        f"SELECT place, text, filled = 0 FROM (SELECT row_number() OVER () AS place, trim(c0) AS text, {words} AS words, "
        f"{filled} AS filled FROM {table.relation}) WHERE words = 0 AND filled <= greatest(2, {len(others)} // 3) "
        f"AND (text IS NOT NULL OR filled > 0) ORDER BY place"
    ).fetchall()
    rows = [_Row(place, text or "", bare) for place, text, bare in found]
    return rows if len(rows) <= 0.6 * table.rows else []


def _counted(rows: list[_Row], last: int) -> dict[int, str]:
    """Groups by the place of their row, where each says how many rows follow, and they do: “Ann (12)”."""
    found = [(row.place, match) for row in rows if (match := re.match(COUNTED, row.text))]
    if len(found) < 2:
        return {}
    ends = [*(place for place, _ in found[1:]), last + 1]
    right = sum(
        following - place - 1 == int(match[2]) or following == place + 1
        for (place, match), following in zip(found, ends, strict=True)
    )
    return {place: match[1] for place, match in found} if right >= 0.95 * len(found) else {}


def _summed(
    table: RawTable, rows: list[_Row], connection: duckdb.DuckDBPyConnection
) -> tuple[dict[int, str], list[int]]:
    """Groups that begin with a name alone and end with a total of that name, and the places of the totals."""
    blank = connection.execute(f"SELECT count(*) FILTER (NOT {present('c0')}) FROM {table.relation}").fetchone()
    totals, titles, opened = [], {}, {}
    for row in rows:
        low = row.text.casefold()
        if row.bare and row.text and not low.startswith(_TOTAL_OF):
            opened[low] = row
            continue
        of = next(
            (low.removeprefix(word) for word in _TOTAL_OF if low.startswith(word) and low.removeprefix(word) in opened),
            "",
        )
        if of:
            titles[opened[of].place] = opened[of].text
            totals.append(row.place)
    if titles:  # the total of the last group may be among the totals at the end
        titles |= {row.place: row.text for row in opened.values()}
    details = table.rows - len(titles) - len(totals)
    if not titles or not blank or (blank[0] < 0.9 * details and not _figures_first(table, connection, details)):
        return {}, []
    return titles, [*totals, *(row.place for row in rows if row.text and row.place not in titles and not row.bare)]


def _figures_first(table: RawTable, connection: duckdb.DuckDBPyConnection, details: int) -> bool:
    """Whether the first cell of nearly all records is a date or a number, so that a name there is none."""
    row = connection.execute(
        f"SELECT count(*) FILTER (regexp_matches(trim(c0), '^[0-9]')) FROM {table.relation}"
    ).fetchone()
    return row is not None and row[0] >= 0.95 * details


def _grouped(
    table: RawTable, connection: duckdb.DuckDBPyConnection, titles: dict[int, str], others: list[int]
) -> RawTable:
    left_out = {*titles, *others}
    if not left_out:
        return table
    name = f'"group_rows_{next(_numbers)}"'
    width = len(table.headers)
    line = "line" if table.has_line else f"row_number() OVER () + {table.first_line - 1}"
    cells = ", ".join(f"c{place}" for place in range(width))
    named = " ".join(f"WHEN {place} THEN {literal(text)}" for place, text in titles.items())
    title = f"CASE place {named} END" if named else "CAST(NULL AS VARCHAR)"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT line, {cells}, c{width} FROM (SELECT *, last_value({title} IGNORE "
        f"NULLS) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS c{width} FROM (SELECT row_number() OVER () AS place, "
        f"{line} AS line, {cells} FROM {table.relation})) WHERE place NOT IN ({', '.join(map(str, sorted(left_out)))}) "
        "ORDER BY line"
    )
    headers = table.headers
    known = connection.execute(f"SELECT count(*) FROM {name} WHERE {_said(width)}").fetchone()
    rows = table.rows - len(left_out)
    heading = _heading(table, headers)
    if titles and (heading not in ("", "Group") or not (known and known[0] > 0.9 * rows)):
        headers = (*headers, heading)
    note = f"{len(left_out)} rows with the name or the sum of a group left out"
    types = table.types and (*table.types, *[""] * (len(headers) - width))
    return replace(
        table, relation=name, headers=headers, rows=rows, has_line=True, types=types, notes=(*table.notes, note)
    )


def _said(width: int) -> str:
    """Whether a row names its group in a column of its own already."""
    return " OR ".join(f"trim(c{place}) = c{width}" for place in range(width))


def _heading(table: RawTable, headers: tuple[str, ...]) -> str:
    """What the groups are, where the name of the report says so: “Sales by Customer Detail”."""
    for text in (table.sheet, stem(table.file)):
        found = _BY.search(normal(text))
        if found and found[1].capitalize() not in headers:
            return found[1].capitalize()
    return "Group" if "Group" not in headers else "Group of rows"

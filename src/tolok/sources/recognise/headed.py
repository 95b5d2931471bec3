"""Orders kept in two tables: heads (number, date, customer) and lines (number, product, quantity), read as one table of lines."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from tolok.sources.headings import normal
from tolok.sources.recognise.meanings import meanings
from tolok.sources.table import RawTable
from tolok.sources.values.cells import cleaned

MOST = 0.9
"""The share of lines that must find their head, and half of the heads their lines, to be taken for one thing."""

_LINE = frozenset({"quantity", "unit_price", "product_id"})
_OWN_KEYS = frozenset(["id", "name", "number", "order reference", "reference"])
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Joined:
    """The tables to recognise, and for each head that went into its lines its title and where it went."""

    tables: tuple[RawTable, ...]
    heads: tuple[tuple[str, str], ...] = ()


def joined(tables: Sequence[RawTable], connection: duckdb.DuckDBPyConnection) -> Joined:
    """Lines with the columns of their heads beside their own; the heads are no table of their own then."""
    lines = [(table, key) for table in tables if (key := _key_of_lines(table)) is not None]
    heads = [table for table in tables if _may_head(table)]
    done: dict[int, RawTable] = {}
    gone: dict[int, str] = {}
    for table, key in lines:
        for head in heads:
            if head is table or id(head) in gone or head.rows > table.rows or not head.rows:
                continue
            place = _matching(table, key, head, connection)
            if place is not None:
                done[id(table)] = _beside(table, key, head, place, connection)
                gone[id(head)] = table.title
                break
    kept = tuple(done.get(id(table), table) for table in tables if id(table) not in gone)
    return Joined(kept, tuple((table.title, gone[id(table)]) for table in tables if id(table) in gone))


def _told(header: str) -> str:
    """The column of orders that a heading says for sure."""
    found = meanings(header, "orders")
    return found[0].column if found and found[0].weight > 0.9 else ""


def _key_of_lines(table: RawTable) -> int | None:
    """The place of the order's number in a table of lines."""
    said = [_told(header) for header in table.headers]
    if len(_LINE & set(said)) < 2 or "document" not in said:
        return None
    return said.index("document")


def _may_head(table: RawTable) -> bool:
    said = {_told(header) for header in table.headers}
    return "ordered_on" in said and not {"quantity", "unit_price"} & said


def _matching(table: RawTable, key: int, head: RawTable, connection: duckdb.DuckDBPyConnection) -> int | None:
    """The place of the head's own number, where nearly all lines and most heads find each other by it."""
    ours = f"SELECT DISTINCT {cleaned(f'c{key}')} AS v FROM {table.relation}"
    for place, header in enumerate(head.headers):
        if _told(header) != "document" and normal(header) not in _OWN_KEYS:
            continue
        theirs = f"SELECT {cleaned(f'c{place}')} AS v FROM {head.relation}"
        row = connection.execute(
            f"WITH ours AS MATERIALIZED ({ours}), theirs AS MATERIALIZED ({theirs}) SELECT "
            f"(SELECT avg(CASE WHEN v IN (SELECT v FROM theirs) THEN 1 ELSE 0 END) FROM ours WHERE v IS NOT NULL), "
            f"(SELECT avg(CASE WHEN v IN (SELECT v FROM ours) THEN 1 ELSE 0 END) FROM theirs WHERE v IS NOT NULL), "
            f"(SELECT count(*) = count(DISTINCT v) FROM theirs)"
        ).fetchone()
        if row and row[2] and (row[0] or 0) >= MOST and (row[1] or 0) >= 0.5:
            return place
    return None


def _beside(table: RawTable, key: int, head: RawTable, place: int, connection: duckdb.DuckDBPyConnection) -> RawTable:
    """The lines, and what their heads say that they do not say themselves."""
    own = {normal(header) for header in table.headers} | {_told(header) for header in table.headers} - {""}
    taken = [
        other
        for other, header in enumerate(head.headers)
        if other != place and normal(header) not in own and _told(header) not in (own | {"amount", "tax", "cost"})
    ]
    name = f'"headed_{next(_numbers)}"'
    line = "line" if table.has_line else f"row_number() OVER () + {table.first_line - 1}"
    cells = ", ".join(f"c{other}" for other in range(len(table.headers)))
    added = "".join(f", h.c{other} AS c{len(table.headers) + nth}" for nth, other in enumerate(taken))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT l.*{added} FROM (SELECT {line} AS line, {cells} FROM "
        f"{table.relation}) l LEFT JOIN {head.relation} h ON {cleaned(f'h.c{place}')} = {cleaned(f'l.c{key}')} "
        f"ORDER BY l.line"
    )
    types = (*table.types, *(head.types[other] for other in taken)) if table.types and head.types else ()
    return replace(
        table,
        headers=(*table.headers, *(_unused(head.headers[other], table.headers) for other in taken)),
        relation=name,
        has_line=True,
        types=types,
        notes=(*table.notes, f"read with the order heads in {head.title}"),
    )


def _unused(header: str, taken: Sequence[str]) -> str:
    return header if header not in taken else f"{header} (2)"

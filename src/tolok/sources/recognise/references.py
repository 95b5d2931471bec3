"""Whether a reference is by id or by name, and two spellings that may be one thing."""

from __future__ import annotations

import duckdb

from tolok.model import FACTS
from tolok.sources.mapping import ColumnMapping, Synonym, TableMapping
from tolok.sources.table import RawTable
from tolok.sources.values.cells import cleaned
from tolok.sources.values.spellings import propose_synonyms

MANY = 20_000
"""References with more different values are compared on so many of them."""


def column_sql(table: RawTable, header: str) -> str:
    """The text column of a header in the table's relation."""
    return f"c{table.headers.index(header)}"


def kinds(
    table: RawTable,
    header: str,
    targets: list[tuple[RawTable, TableMapping]],
    connection: duckdb.DuckDBPyConnection,
) -> str:
    """By "id" or by "name": whichever the values are found by in the tables referred to; "" where neither is."""
    own = cleaned(column_sql(table, header))
    best, found = 0.2, ""
    for other, mapping in targets:
        for by, to in (("id", "source_id"), ("name", FACTS[mapping.fact].by_name), ("name", "email"), ("id", "code")):
            column = mapping.column(to) if to else None
            if column is None or column.header not in other.headers or (other is table and column.header == header):
                continue
            theirs = cleaned(column_sql(other, column.header))
            row = connection.execute(
                f"SELECT avg(CASE WHEN v IN (SELECT {theirs} FROM {other.relation}) THEN 1 ELSE 0 END) FROM "
                f"(SELECT DISTINCT {own} AS v FROM {table.relation} LIMIT {MANY}) WHERE v IS NOT NULL"
            ).fetchone()
            share = row[0] if row and row[0] is not None else 0.0
            if share > best:
                best, found = share, by
    return found


def spellings(tables: list[tuple[RawTable, TableMapping]], connection: duckdb.DuckDBPyConnection) -> list[Synonym]:
    """Values of references by name that are missing from the list referred to, but nearly equal one of its names."""
    proposed: dict[tuple[str, str], Synonym] = {}
    for table, mapping in tables:
        for column in mapping.columns:
            target = FACTS[mapping.fact].column(column.to)
            if target is None or target.type != "ref" or column.by != "name" or column.header not in table.headers:
                continue
            names = _names(target.to, tables, connection)
            if not names:
                continue
            written = _distinct(table, column, connection)
            for synonym in propose_synonyms(target.to, written, names):
                proposed.setdefault((synonym.fact, synonym.written), synonym)
    return list(proposed.values())


def _names(
    fact: str, tables: list[tuple[RawTable, TableMapping]], connection: duckdb.DuckDBPyConnection
) -> dict[str, int]:
    found: dict[str, int] = {}
    for table, mapping in tables:
        column = mapping.column(FACTS[fact].by_name) if mapping.fact == fact and not mapping.carried else None
        if column is not None and column.header in table.headers:
            found.update(_distinct(table, column, connection))
    return found


def _distinct(table: RawTable, column: ColumnMapping, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    cell = cleaned(column_sql(table, column.header))
    query = f"SELECT {cell}, count(*) FROM {table.relation} GROUP BY 1 HAVING {cell} IS NOT NULL LIMIT {MANY}"
    return dict(connection.execute(query).fetchall())

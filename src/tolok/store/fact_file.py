"""One fact in one DuckDB file: written once, whole and typed as the model says, and only read afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb

from tolok.errors import EngineError, nearest
from tolok.model import FACTS, Fact
from tolok.store.manifest import StoredFact, sync_file
from tolok.store.quoting import identifier, literal
from tolok.store.statistics import statistics

OWN = "_"
"""Columns whose name begins so are the importer's own (a row's hash); they are stored beside the model's."""


def known_fact(name: str) -> Fact:
    """The fact of this name."""
    if name not in FACTS:
        raise EngineError(f"There is no fact {name!r}.", next_step=nearest(name, FACTS))
    return FACTS[name]


def write(
    connection: duckdb.DuckDBPyConnection, fact: Fact, path: Path, select: str, today: date | None, *more: str
) -> StoredFact:
    """Write the rows of a SELECT as a fact; columns that it lacks are empty, columns unknown to the model an error.

    ``more`` are SELECTs of the same columns, run one after the other. The file is complete and on the disk when this
    returns, without a write-ahead log beside it.
    """
    given = columns_of(connection, select)
    columns = typed(fact, given)
    own = tuple(name for name in given if name.startswith(OWN))
    statements = [f"CREATE TABLE {_table(fact)} AS SELECT {columns} FROM ({select}) AS given"]
    statements += [f"INSERT INTO {_table(fact)} SELECT {columns} FROM ({part}) AS given" for part in more]
    return _written(connection, fact, path, statements, (*fact.column_names, *own), today)


def patch(
    connection: duckdb.DuckDBPyConnection,
    fact: Fact,
    base: Path,
    path: Path,
    *,
    key: str,
    gone: str,
    rows: str,
    today: date | None,
) -> StoredFact:
    """Write a copy of a fact's file without the rows whose key a SELECT gives, and with the rows of another.

    The file must have all columns of today's model.
    """
    given = columns_of(connection, rows)
    own = tuple(name for name in given if name.startswith(OWN))
    names = ", ".join(identifier(name) for name in (*fact.column_names, *own))
    shutil.copyfile(base, path)
    statements = [
        f"DELETE FROM {_table(fact)} WHERE {identifier(key)} IN ({gone})",
        f"INSERT INTO {_table(fact)} ({names}) SELECT {typed(fact, given)} FROM ({rows}) AS given",
    ]
    return _written(connection, fact, path, statements, (*fact.column_names, *own), today)


def columns_of(connection: duckdb.DuckDBPyConnection, select: str) -> tuple[str, ...]:
    """The names of the columns that a SELECT gives."""
    return tuple(str(row[0]) for row in connection.execute(f"DESCRIBE {select}").fetchall())


def _written(
    connection: duckdb.DuckDBPyConnection,
    fact: Fact,
    path: Path,
    statements: Sequence[str],
    columns: tuple[str, ...],
    today: date | None,
) -> StoredFact:
    beside = identifier(f"writing_{fact.name}")
    connection.execute(f"ATTACH {literal(str(path))} AS {beside}")
    try:
        for statement in statements:
            connection.execute(statement)
        counted = statistics(fact, _table(fact), today, lambda sql: connection.execute(sql).fetchall())
        connection.execute(f"CHECKPOINT {beside}")
    finally:
        connection.execute(f"DETACH {beside}")
    sync_file(path)
    return StoredFact(path.name, columns, path.stat().st_size, counted)


def _table(fact: Fact) -> str:
    return f"{identifier(f'writing_{fact.name}')}.{identifier(fact.name)}"


def typed(fact: Fact, given: Iterable[str]) -> str:
    """The select list that casts what is given to the model's types, in the model's order."""
    names = tuple(given)
    for name in names:
        if fact.column(name) is None and not name.startswith(OWN):
            raise EngineError(
                f"{fact.name} has no column {name!r}.",
                next_step=nearest(name, [column.name for column in fact.columns]),
            )
    present = [
        f"CAST({identifier(column.name) if column.name in names else 'NULL'} AS {column.sql_type})"
        f" AS {identifier(column.name)}"
        for column in fact.columns
    ]
    return ", ".join([*present, *(identifier(name) for name in names if name.startswith(OWN))])


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a fact's file for reading; needs no right to write to its folder."""
    connection.execute(f"ATTACH {literal(str(path))} AS {identifier(name)} (READ_ONLY)")


def reading(fact: Fact, stored: StoredFact | None, database: str, *, own: bool = False) -> str:
    """A SELECT of a fact as today's model knows it, over an attached file; without a file, no rows of its types."""
    have = stored.columns if stored else ()
    columns = [
        identifier(column.name)
        if column.name in have
        else f"CAST(NULL AS {column.sql_type}) AS {identifier(column.name)}"
        for column in fact.columns
    ]
    if stored is None:
        return f"SELECT {', '.join(columns)} WHERE false"
    columns += [identifier(name) for name in have if own and name.startswith(OWN)]
    return f"SELECT {', '.join(columns)} FROM {identifier(database)}.{identifier(fact.name)}"

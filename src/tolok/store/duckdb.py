"""The embedded engine: one DuckDB file per fact, attached read-only when a question first needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from sqlglot import exp

from tolok.errors import DefinitionError, EngineError, nearest
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.model.fact import Fact
from tolok.store.coverage import measure
from tolok.store.engine import Columns


def empty_table(fact: Fact) -> str:
    """The columns of a fact as CREATE TABLE takes them."""
    return ", ".join(f'"{column.name}" {column.sql_type}' for column in fact.columns)


def connect(*, memory_limit: str = "2GB", threads: int = 0, scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that installs and loads nothing by itself and spills to ``scratch`` only."""
    config: dict[str, Any] = {
        "autoinstall_known_extensions": "false",
        "memory_limit": memory_limit,
        "preserve_insertion_order": "true",
    }
    if threads:
        config["threads"] = str(threads)
    if scratch is not None:
        config["temp_directory"] = str(scratch)
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


class DuckDBEngine:
    """Facts in DuckDB files, one file per fact with one table of the fact's name."""

    name = "duckdb"
    dialect = "duckdb"

    def __init__(
        self,
        files: Mapping[str, Path],
        coverage: Coverage | None = None,
        *,
        connection: duckdb.DuckDBPyConnection | None = None,
        memory_limit: str = "2GB",
        threads: int = 0,
    ) -> None:
        self._files = dict(files)
        self._connection = connection or connect(memory_limit=memory_limit, threads=threads)
        self._ready: set[str] = set() if connection is None else set(FACTS)
        self._coverage = coverage

    @classmethod
    def from_rows(cls, rows: Mapping[str, Iterable[Mapping[str, object]]]) -> DuckDBEngine:
        """Facts from plain rows, for examples and tests; ``repeat`` repeats a row, missing ids are made up."""
        connection = connect(threads=1)
        for name, fact in FACTS.items():
            connection.execute(f'CREATE TABLE "{name}" ({empty_table(fact)})')
            listed = list(_spread(fact, rows.get(name, ())))
            if listed:
                marks = ", ".join(f"CAST(? AS {column.sql_type})" for column in fact.columns)
                connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', listed)
        unknown = set(rows) - set(FACTS)
        if unknown:
            wrong = sorted(unknown)[0]
            raise DefinitionError(f"There is no fact {wrong!r}.", next_step=nearest(wrong, FACTS))
        return cls({}, connection=connection)

    @property
    def coverage(self) -> Coverage:
        if self._coverage is None:
            held = self._files or FACTS
            for name in held:
                self._need(name)
            self._coverage = measure(lambda sql: self._connection.execute(sql).fetchall(), held)
        return self._coverage

    def run(self, query: exp.Expr) -> Columns:
        result = self._execute(query)
        found = result.fetchnumpy()
        return {name: _normal(values) for name, values in found.items()}

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[object, ...]]]:
        result = self._execute(query)
        return [column[0] for column in result.description or []], result.fetchall()

    def sql(self, query: exp.Expr) -> str:
        return query.sql(dialect=self.dialect, pretty=True)

    def close(self) -> None:
        self._connection.close()

    def _execute(self, query: exp.Expr) -> duckdb.DuckDBPyConnection:
        for found in query.find_all(exp.Table):
            if found.name in FACTS:
                self._need(found.name)
        statement = query.sql(dialect=self.dialect)
        try:
            return self._connection.execute(statement)
        except duckdb.Error as error:
            raise EngineError(
                f"The store could not answer: {str(error).splitlines()[0]}",
                next_step="If the disk is sound, this is a fault of ours: please report it with --explain's output.",
            ) from error

    def _need(self, name: str) -> None:
        if name in self._ready:
            return
        path = self._files.get(name)
        if path is None:
            self._connection.execute(f'CREATE TEMP TABLE "{name}" ({empty_table(FACTS[name])})')
        else:
            place = str(path).replace("'", "''")
            try:
                self._connection.execute(f"ATTACH '{place}' AS \"file_{name}\" (READ_ONLY)")
                self._connection.execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM "file_{name}"."{name}"')
            except duckdb.Error as error:
                raise EngineError(
                    f"The fact {name} of this snapshot cannot be read.",
                    next_step="Roll back to another snapshot: tolok snapshots lists them.",
                ) from error
        self._ready.add(name)


def _spread(fact: Fact, rows: Iterable[Mapping[str, object]]) -> Iterable[tuple[object, ...]]:
    number = 0
    for row in rows:
        unknown = set(row) - set(fact.column_names) - {"repeat"}
        if unknown:
            wrong = sorted(unknown)[0]
            raise DefinitionError(f"{fact.name} has no column {wrong!r}.", next_step=nearest(wrong, fact.column_names))
        for _ in range(int(str(row.get("repeat", 1)))):
            number += 1
            values = dict(row)
            if "id" in fact.column_names and row.get("id") is None:
                values["id"] = f"{fact.name}-{number}"
            yield tuple(_plain(values.get(name)) for name in fact.column_names)


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | date) else str(value)


def _normal(values: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Numbers as float64 with NaN, text as objects with None."""
    masked = np.ma.isMaskedArray(values)
    if values.dtype.kind in "iufb":
        plain = np.asarray(values.data if masked else values, dtype=np.float64)
        if masked:
            plain = np.where(np.ma.getmaskarray(values), np.nan, plain)
        return plain
    if values.dtype.kind == "O":
        plain = np.array(values.data if masked else values, dtype=object)
        if masked:
            plain[np.ma.getmaskarray(values)] = None
        return plain
    return np.asarray(values)

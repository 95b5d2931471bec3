"""The embedded engine: DuckDB in this process, over the files of one snapshot or over rows in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from threading import Lock
from types import TracebackType
from typing import Any, Self

import duckdb
from sqlglot import exp

from tolok.errors import WorkspaceError
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.store.columns import fetch
from tolok.store.connection import Limits, confine, connect, in_our_words
from tolok.store.engine import Columns
from tolok.store.fact_file import attach, reading
from tolok.store.forms import translated
from tolok.store.manifest import Snapshot
from tolok.store.quoting import identifier
from tolok.store.statistics import statistics, together
from tolok.store.typed_rows import Rows, typed_rows


@lru_cache(maxsize=1)
def _memory(process: int) -> duckdb.DuckDBPyConnection:
    """The database in memory that all engines over rows of a process share; each sees its own temporary tables.

    Starting one takes longer than most questions to a few rows.
    """
    connection = connect(None, Limits())
    confine(connection)
    return connection


class DuckDBEngine:
    """Answers from one snapshot. A fact's file is opened when a query first names it, and only for reading.

    Threads may ask one engine over a snapshot at the same time: each question has a cursor of its own over the same
    files and the same memory. An engine over rows in memory is for one thread.
    """

    name = "duckdb"
    dialect = "duckdb"

    def __init__(self, snapshot: Snapshot | None, *, limits: Limits | None = None) -> None:
        self._snapshot = snapshot
        self._shown: set[str] = set()
        self._showing = Lock()
        self._coverage = snapshot.coverage if snapshot else Coverage({}, None, None)
        if snapshot is None:
            self._connection = _memory(os.getpid()).cursor()
        else:
            self._connection = connect(None, limits or Limits())
            confine(self._connection, [snapshot.path(fact) for fact in snapshot.facts])

    @classmethod
    def from_rows(cls, rows: Rows, *, today: date | None = None) -> Self:
        """An engine over rows written by hand: ``{"deals": [{"status": "won", "amount": 10}, …]}``.

        Facts that are not named are empty. Real dates after ``today`` do not tell where the data ends.
        """
        engine = cls(None)
        facts = {}
        for name, values in typed_rows(rows).items():
            fact = FACTS[name]
            columns = ", ".join(f"{identifier(column.name)} {column.sql_type}" for column in fact.columns)
            engine._connection.execute(f"CREATE TEMP TABLE {identifier(name)} ({columns})")
            if values:
                marks = f"({', '.join('?' * len(fact.columns))})"
                for start in range(0, len(values), 200):
                    some = values[start : start + 200]
                    engine._connection.execute(
                        f"INSERT INTO {identifier(name)} VALUES {', '.join([marks] * len(some))}",
                        [value for row in some for value in row],
                    )
            engine._shown.add(name)
            counted = statistics(fact, identifier(name), today, lambda sql: engine._connection.execute(sql).fetchall())
            facts[name] = counted.coverage
        engine._coverage = together(facts)
        return engine

    @property
    def coverage(self) -> Coverage:
        return self._coverage

    @property
    def snapshot(self) -> Snapshot | None:
        """The snapshot that it answers from, if any."""
        return self._snapshot

    def has(self, fact: str) -> bool:
        return self._coverage.has(fact)

    def run(self, query: exp.Expr) -> Columns:
        with in_our_words("answering the question"), self._asking() as cursor:
            return fetch(self._execute(cursor, query))

    def rows(self, query: exp.Expr, limit: int | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
        with in_our_words("opening the rows"), self._asking() as cursor:
            result = self._execute(cursor, query)
            names = [str(column[0]) for column in result.description or ()]
            return names, result.fetchall() if limit is None else result.fetchmany(limit)

    def sql(self, query: exp.Expr) -> str:
        return translated(query, self.name).sql(dialect=self.dialect, pretty=True)

    def batches(self, fact: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """All rows of a fact with exact values, so many at a time."""
        with in_our_words(f"reading {fact}"), self._asking() as cursor:
            self._show(fact)
            result = cursor.execute(f"SELECT * FROM {identifier(fact)}")
            while rows := result.fetchmany(size):
                yield rows

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _asking(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one question; rows in memory are temporary tables, which only their own connection sees."""
        if self._snapshot is None:
            yield self._connection
            return
        with self._connection.cursor() as cursor:
            yield cursor

    def _execute(self, cursor: duckdb.DuckDBPyConnection, query: exp.Expr) -> duckdb.DuckDBPyConnection:
        for table in query.find_all(exp.Table):
            if table.name in FACTS:
                self._show(table.name)
        own = translated(query, self.name)
        return cursor.execute(own.sql(dialect=self.dialect, copy=own is query))  # printing changes what it prints

    def _show(self, name: str) -> None:
        """Make a fact readable under its name, once."""
        if name in self._shown:
            return
        with self._showing:
            if name not in self._shown:
                self._open(name)
                self._shown.add(name)

    def _open(self, name: str) -> None:
        stored = self._snapshot.facts.get(name) if self._snapshot else None
        if self._snapshot is not None and stored is not None:
            try:
                attach(self._connection, self._snapshot.path(name), f"fact_{name}")
            except duckdb.IOException as error:
                if self._snapshot.path(name).exists():
                    raise
                raise WorkspaceError(
                    f"Snapshot {self._snapshot.id} was removed while it was being read.",
                    next_step="Ask again, of the current snapshot or of one that `tolok snapshots` lists.",
                ) from error
        seen_by_all = self._snapshot is not None  # by every cursor, which temporary views are not
        kind = "VIEW" if seen_by_all else "TEMP VIEW"
        view = reading(FACTS[name], stored, f"fact_{name}")
        self._connection.execute(f"CREATE {kind} {identifier(name)} AS {view}")

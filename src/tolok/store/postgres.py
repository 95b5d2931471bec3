"""PostgreSQL as an engine: the same plans where the data of larger installs lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlglot import exp

from tolok.errors import EngineError, Unsupported
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.settings import expanded, redacted
from tolok.store.engine import Columns
from tolok.store.forms import translated
from tolok.store.quoting import identifier
from tolok.store.statistics import statistics, together

if TYPE_CHECKING:
    import psycopg

    from tolok.store.duckdb import DuckDBEngine

TYPES = {"VARCHAR": 'TEXT COLLATE "C"'}
"""Types that are written otherwise than in the model; text is ordered by its bytes, as DuckDB does."""

BATCH = 5_000


class PostgresEngine:
    """Answers from the facts in one schema of a PostgreSQL database, which it only reads."""

    name = "postgres"
    dialect = "postgres"

    def __init__(self, url: str, schema: str = "tolok", *, today: date | None = None) -> None:
        self._schema = schema
        self._today = today
        self._connection = connected(url)
        with self._in_our_words("opening the database"):
            self._connection.execute(
                "SELECT set_config('search_path', %s, false), set_config('TimeZone', 'UTC', false),"
                " set_config('default_transaction_read_only', 'on', false)",
                (identifier(schema),),
            )
            found = self._connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", (schema,)
            ).fetchall()
            self._connection.commit()
        self._held = frozenset(str(row[0]) for row in found) & FACTS.keys()
        self._coverage: Coverage | None = None

    @property
    def coverage(self) -> Coverage:
        """What the facts hold; counted when it is first asked for."""
        if self._coverage is None:
            with self._in_our_words("counting the facts"):
                counted = {
                    name: statistics(FACTS[name], identifier(name), self._today, self._fetch).coverage
                    for name in FACTS
                    if name in self._held
                }
            self._coverage = together(counted)
        return self._coverage

    def has(self, fact: str) -> bool:
        return self.coverage.has(fact)

    def run(self, query: exp.Expr) -> Columns:
        with self._in_our_words("answering the question"), self._connection.cursor() as cursor:
            cursor.execute(self._statement(query))
            types = [
                (column.name, kind.name if (kind := self._connection.adapters.types.get(column.type_code)) else "")
                for column in cursor.description or ()
            ]
            rows = cursor.fetchall()
            return {name: as_array([row[at] for row in rows], kind) for at, (name, kind) in enumerate(types)}

    def rows(self, query: exp.Expr, limit: int | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self._in_our_words("opening the rows"), self._connection.cursor() as cursor:
            cursor.execute(self._statement(query))
            names = [column.name for column in cursor.description or ()]
            return names, cursor.fetchall() if limit is None else cursor.fetchmany(limit)

    def sql(self, query: exp.Expr) -> str:
        return self._form(query).sql(dialect=self.dialect, pretty=True)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> PostgresEngine:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _form(self, query: exp.Expr) -> exp.Expr:
        """The query in PostgreSQL's forms, with no rows in place of each fact that the schema lacks."""
        own = {with_.alias for with_ in query.find_all(exp.CTE)}
        lacking = FACTS.keys() - self._held - own
        if not any(table.name in lacking for table in query.find_all(exp.Table)):
            return translated(query, self.name)
        whole = query.copy()
        for table in list(whole.find_all(exp.Table)):
            if table.name in lacking:
                empty = exp.Subquery(
                    this=no_rows(table.name), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
                )
                empty.set("joins", table.args.get("joins"))
                table.replace(empty)
        return translated(whole, self.name)

    def _statement(self, query: exp.Expr) -> bytes:
        return _text(self._form(query).sql(dialect=self.dialect))

    def _fetch(self, sql: str) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(_text(sql)).fetchall()

    @contextmanager
    def _in_our_words(self, doing: str) -> Iterator[None]:
        with in_our_words(doing):
            try:
                yield
            finally:
                if not self._connection.closed:
                    self._connection.rollback()


def load_facts(url: str, schema: str, source: DuckDBEngine) -> dict[str, int]:
    """Copy the facts of a snapshot into a schema, replacing those of before at once; returns the rows of each."""
    copied: dict[str, int] = {}
    connection = connected(url)
    with in_our_words("copying the facts"), connection:
        connection.execute(_text(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}"))
        before = ", ".join(f"{identifier(schema)}.{identifier(name)}" for name in FACTS)
        connection.execute(_text(f"DROP TABLE IF EXISTS {before}"))
        for name, fact in FACTS.items():
            if not source.has(name):
                continue
            table = f"{identifier(schema)}.{identifier(name)}"
            connection.execute(_text(_create(name, table)))
            columns = ", ".join(identifier(column.name) for column in fact.columns)
            copied[name] = 0
            with connection.cursor() as cursor, cursor.copy(_text(f"COPY {table} ({columns}) FROM STDIN")) as copy:
                for rows in source.batches(name, BATCH):
                    for row in rows:
                        copy.write_row([_storable(value) for value in row])
                    copied[name] += len(rows)
            connection.execute(_text(f"ANALYZE {table}"))
    return copied


def connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection; the address may name environment variables, and its password is never shown."""
    try:
        import psycopg
    except ImportError:
        raise Unsupported(
            "Reading PostgreSQL needs the package psycopg.", next_step="Install it: pip install 'tolok[postgres]'"
        ) from None
    try:
        return psycopg.connect(expanded(url))
    except (psycopg.Error, UnicodeError) as error:
        said = redacted(str(error)).strip().splitlines()
        raise EngineError(
            f"The database {redacted(url)} cannot be reached: {said[0] if said else type(error).__name__}",
            next_step="Check its address, and whether it runs.",
        ) from None


@contextmanager
def in_our_words(doing: str) -> Iterator[None]:
    """Turn what PostgreSQL says into an error that a person can act on."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        said = redacted(str(error)).strip().splitlines()
        raise EngineError(f"{doing.capitalize()} failed: {said[0] if said else type(error).__name__}") from error


def as_array(values: list[Any], kind: str) -> np.ndarray[Any, Any]:
    """One column in the form that all engines give (see ``engine``), from PostgreSQL's values and type name.

    >>> as_array([1.5, None], "numeric")
    array([1.5, nan])
    """
    missing = any(value is None for value in values)
    if kind in ("int2", "int4", "int8") and not missing:
        return np.array(values, dtype=np.int64)
    if kind in ("int2", "int4", "int8", "numeric", "float4", "float8"):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    if kind == "date":
        return np.array(["NaT" if value is None else value for value in values], dtype="datetime64[D]")
    if kind in ("timestamp", "timestamptz"):
        return np.array([_instant(value) for value in values], dtype="datetime64[us]")
    if kind == "bool" and not missing:
        return np.array(values, dtype=np.bool_)
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _instant(value: datetime | None) -> Any:
    if value is None:
        return np.datetime64("NaT")
    return np.datetime64(value.replace(tzinfo=None), "us")


def _storable(value: Any) -> Any:
    """Text without NUL, which PostgreSQL cannot hold."""
    return value.replace("\x00", "") if isinstance(value, str) and "\x00" in value else value


def no_rows(fact: str) -> exp.Select:
    """A SELECT with the columns of a fact and no rows."""
    columns = [
        exp.alias_(exp.cast(exp.null(), column.sql_type, dialect="duckdb"), exp.to_identifier(column.name, quoted=True))
        for column in FACTS[fact].columns
    ]
    return exp.select(*columns).where(exp.false())


def _create(fact: str, table: str) -> str:
    columns = [
        f"{identifier(column.name)} {TYPES.get(column.sql_type, column.sql_type)}" for column in FACTS[fact].columns
    ]
    return f"CREATE TABLE {table} ({', '.join(columns)})"


def _text(sql: str) -> bytes:
    """The statement as psycopg takes text that is not a literal of the program."""
    return sql.encode("utf-8")

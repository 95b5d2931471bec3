"""One reading transaction of a database: what is in it, and its rows a batch at a time, all as of one moment."""

from __future__ import annotations

import re
import sqlite3
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from tolok.errors import SourceError
from tolok.sources.databases.address import Address, is_database
from tolok.sources.databases.options import POSTGRES_PASSED, mysql_tls

CONNECT_SECONDS = 10
STATEMENT_SECONDS = 1800
LOCK_SECONDS = 30
"""How long a table that somebody is rebuilding is waited for."""
BATCH = 5_000
_TIMESTAMP = 7  # MySQL's type of moments, unlike DATETIME, which has no zone

Rows = Iterator[Sequence[Any]]


@dataclass(frozen=True)
class Column:
    """One column of a table as the database declares it."""

    name: str
    type: str  # "date", "number", "text", ""
    of_view: bool = False  # of rows that other tables hold


class Database(Protocol):
    """A database opened for reading. ``close`` ends the transaction."""

    def tables(self) -> dict[str, tuple[Column, ...]]: ...

    def rows(self, statement: str) -> tuple[list[str], Rows]: ...

    def quoted(self, name: str) -> str: ...

    def close(self) -> None: ...


def opened(address: Address, seconds: int = STATEMENT_SECONDS) -> Database:
    """The database of an address; refused in a sentence when it cannot be reached. A statement may take ``seconds``."""
    if address.kind == "sqlite":
        return _Sqlite(address, seconds)
    return _Postgres(address, seconds) if address.kind == "postgresql" else _MySQL(address, seconds)


def kind_of(declared: str) -> str:
    """What a declared type holds: date, number or text.

    >>> [kind_of(name) for name in ("timestamp without time zone", "decimal(10,2)", "INT", "varchar(255)", "jsonb")]
    ['date', 'number', 'number', 'text', '']
    """
    word = declared.casefold()
    if re.search(r"interval|json|bytea|blob|binary|array|\[\]", word):
        return ""
    if re.search(r"date|timestamp", word):
        return "date"
    if re.search(r"int|dec|num|real|double|float|money|serial", word):
        return "number"
    return "text" if re.search(r"char|text|clob|uuid|enum", word) else ""


class _Sqlite:
    def __init__(self, address: Address, seconds: int) -> None:
        path = address.path
        assert path is not None
        if not path.is_file():
            raise SourceError(f"{path.name} does not exist.", next_step="Check the path: sqlite:///folder/file.db.")
        if not is_database(path):
            raise SourceError(f"{path.name} is not a SQLite database.", next_step="Check the path.")
        self._name = path.name
        try:
            # Another program may be writing: the file is read through its own journal, and never written.
            self._connection = sqlite3.connect(
                f"file:{_escaped(str(path.absolute()))}?mode=ro", uri=True, timeout=CONNECT_SECONDS
            )
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("PRAGMA trusted_schema = OFF")
            until = time.monotonic() + seconds
            self._connection.set_progress_handler(lambda: time.monotonic() > until, 100_000)
            self._connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
            self._connection.create_function("CONCAT", -1, _joined, deterministic=True)  # older libraries have none
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def tables(self) -> dict[str, tuple[Column, ...]]:
        try:
            names = self._connection.execute(
                "SELECT name, type = 'view' FROM sqlite_master WHERE type IN ('table', 'view')"
                " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            ).fetchall()
            return {
                name: tuple(
                    Column(str(row[1]), kind_of(str(row[2])), bool(view))
                    for row in self._connection.execute(f"PRAGMA table_info({self.quoted(name)})")
                )
                for name, view in names
            }
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def rows(self, statement: str) -> tuple[list[str], Rows]:
        try:
            cursor = self._connection.execute(statement)
        except sqlite3.Error as error:
            raise self._in_words(error) from error
        return [str(column[0]) for column in cursor.description or ()], self._all(cursor)

    def _all(self, cursor: sqlite3.Cursor) -> Rows:
        try:
            while batch := cursor.fetchmany(BATCH):
                yield from batch
        except sqlite3.Error as error:
            raise self._in_words(error) from error

    def quoted(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def close(self) -> None:
        self._connection.close()

    def _in_words(self, error: sqlite3.Error) -> SourceError:
        return SourceError(f"{self._name} cannot be read: {error}.".replace("..", "."), next_step="Check the file.")


def _joined(*parts: object) -> str:
    return "".join(str(part) for part in parts if part is not None)


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class _Postgres:
    def __init__(self, address: Address, seconds: int) -> None:
        try:
            import psycopg
            from psycopg import sql
        except ImportError as error:
            raise _driver("postgres") from error
        self._errors = psycopg.Error
        self._identifier = sql.Identifier
        self._address = address
        wanted: dict[str, Any] = {key: value for key, value in address.options if key in POSTGRES_PASSED}
        try:
            self._connection = psycopg.connect(
                host=address.host,
                port=address.port or 5432,
                user=address.user or None,
                password=address.password or None,
                dbname=address.name,
                connect_timeout=CONNECT_SECONDS,
                options=f"-c statement_timeout={seconds * 1000} -c lock_timeout={LOCK_SECONDS * 1000} -c timezone=UTC",
                **wanted,
            )
            self._connection.read_only = True
            self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        except psycopg.Error as error:
            raise _unreached(address, error) from error
        self._schemas = [value for key, value in address.options if key == "schema"]
        self._number = 0

    def tables(self) -> dict[str, tuple[Column, ...]]:
        statement = (
            "SELECT c.table_schema, c.table_name, c.column_name, c.data_type, t.table_type = 'VIEW'"
            " FROM information_schema.columns c JOIN information_schema.tables t"
            " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
            " WHERE c.table_schema NOT IN ('pg_catalog', 'information_schema') AND c.table_schema NOT LIKE 'pg\\_%'"
            " ORDER BY (c.table_schema <> 'public'), c.table_schema, c.table_name, c.ordinal_position"
        )
        found: dict[str, list[Column]] = {}
        try:
            for schema, table, column, type_, view in self._connection.execute(statement):
                if self._schemas and schema not in self._schemas:
                    continue
                name = table if schema == "public" else f"{schema}.{table}"
                found.setdefault(name, []).append(Column(column, kind_of(type_), view))
        except self._errors as error:
            raise _refused(self._address, error) from error
        return {name: tuple(columns) for name, columns in found.items()}

    def rows(self, statement: str) -> tuple[list[str], Rows]:
        self._number += 1
        cursor = self._connection.cursor(name=f"tolok_{self._number}")
        cursor.itersize = BATCH
        try:
            cursor.execute(statement.encode())
            names = [column.name for column in cursor.description or ()]
        except self._errors as error:
            raise _refused(self._address, error) from error
        return names, self._all(cursor)

    def _all(self, cursor: Any) -> Rows:
        try:
            with cursor:
                yield from cursor
        except self._errors as error:
            raise _refused(self._address, error) from error

    def quoted(self, name: str) -> str:
        return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))

    def close(self) -> None:
        self._connection.close()


class _MySQL:
    def __init__(self, address: Address, seconds: int) -> None:
        try:
            import pymysql
            from pymysql.cursors import SSCursor
        except ImportError as error:
            raise _driver("mysql") from error
        self._errors = (pymysql.MySQLError, ValueError)
        self._address = address
        tls = mysql_tls(address.options)
        try:
            self._connection = pymysql.connect(
                host=address.host,
                port=address.port or 3306,
                user=address.user or None,
                password=address.password,
                database=address.name,
                charset="utf8mb4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=seconds,
                cursorclass=SSCursor,
                local_infile=False,
                **tls,
            )
            if "ssl" in tls and not isinstance(self._connection._sock, ssl.SSLSocket):  # older drivers go on without
                self._connection.close()
                raise SourceError(
                    f"{address.shown} offers no TLS, which its address asks for.",
                    next_step="Turn TLS on at the server, or write ssl_mode=preferred.",
                )
            with self._connection.cursor() as cursor:
                cursor.execute("SET SESSION time_zone = '+00:00'")
                cursor.execute(f"SET SESSION lock_wait_timeout = {LOCK_SECONDS}")
                cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        except pymysql.MySQLError as error:
            raise _unreached(address, error) from error

    def tables(self) -> dict[str, tuple[Column, ...]]:
        found: dict[str, list[Column]] = {}
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "SELECT c.table_name, c.column_name, c.data_type, t.table_type = 'VIEW' FROM information_schema.columns c"
                    " JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
                    " WHERE c.table_schema = %s ORDER BY c.table_name, c.ordinal_position",
                    (self._address.name,),
                )
                for table, column, type_, view in cursor:
                    found.setdefault(table, []).append(Column(column, kind_of(type_), bool(view)))
        except self._errors as error:
            raise _refused(self._address, error) from error
        return {name: tuple(columns) for name, columns in found.items()}

    def rows(self, statement: str) -> tuple[list[str], Rows]:
        cursor = self._connection.cursor()
        try:
            cursor.execute(statement)
            names = [str(column[0]) for column in cursor.description or ()]
            moments = [place for place, column in enumerate(cursor.description or ()) if column[1] == _TIMESTAMP]
        except self._errors as error:
            with suppress(*self._errors):
                cursor.close()
            raise _refused(self._address, error) from error
        return names, self._all(cursor, moments)

    def _all(self, cursor: Any, moments: Sequence[int]) -> Rows:
        try:
            while batch := cursor.fetchmany(BATCH):
                yield from (_with_zone(row, moments) for row in batch) if moments else batch
        except self._errors as error:
            raise _refused(self._address, error) from error
        finally:
            cursor.close()

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def close(self) -> None:
        self._connection.close()


def _with_zone(row: Sequence[Any], moments: Sequence[int]) -> Sequence[Any]:
    """A row whose TIMESTAMP cells, which the server gives in the session's zone, say that it is UTC."""
    cells = list(row)
    for place in moments:
        if isinstance(cells[place], datetime):
            cells[place] = cells[place].replace(tzinfo=UTC)
    return cells


def _driver(extra: str) -> SourceError:
    return SourceError("The driver of this database is not installed.", next_step=f"pip install 'tolok[{extra}]'")


def _unreached(address: Address, error: Exception) -> SourceError:
    return SourceError(
        f"{address.shown} cannot be opened: {_said(address, error)}.",
        next_step="Check host, port, name, user and password.",
    )


def _refused(address: Address, error: Exception) -> SourceError:
    return SourceError(
        f"{address.shown} refused the query: {_said(address, error)}.",
        next_step="Check the tables' names and the rights of the user.",
    )


def _said(address: Address, error: Exception) -> str:
    """The server's own sentence, without the password that it might repeat."""
    said = str(error.args[1] if len(error.args) > 1 else error).strip().splitlines() or [type(error).__name__]
    line = re.sub(r"^(connection failed: |ERROR: +)|(?<=failed: )FATAL: +", "", said[0]).rstrip(". ")
    return line.replace(address.password, "***")[:300] if address.password else line[:300]

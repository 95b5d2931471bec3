"""What people entered without the people who were forgotten, where it lives on PostgreSQL."""

from __future__ import annotations

from typing import Any

from tolok.errors import WorkspaceError
from tolok.imports.forgotten import Forgotten
from tolok.settings.secrets import expanded, redacted

AT_ONCE = 1000
_TEXTS = ("text", "character varying", "json", "jsonb")


def clean_server(url: str, forgotten: Forgotten, *, write: bool = True) -> int:
    """Replace the forgotten in every text of the database of ``app_url``, in one transaction; how many rows it was.

    Who could sign in as them no longer can.
    """
    try:
        import psycopg
    except ImportError:
        raise WorkspaceError(
            "What people enter is kept on PostgreSQL (app_url), which needs the package psycopg.",
            next_step="Install it: pip install 'tolok[postgres]'",
        ) from None
    try:
        with psycopg.connect(expanded(url), connect_timeout=10) as connection:
            changed = sum(_clean_table(connection, name, forgotten) for name in _tables(connection))
            if not write:
                connection.rollback()
            return changed
    except (psycopg.Error, UnicodeError) as error:
        said = redacted(str(error)).strip().splitlines()
        raise WorkspaceError(
            f"The database of what people enter cannot be used: {said[0] if said else type(error).__name__}.",
            next_step="Check whether it runs, and app_url in tolok.toml.",
        ) from None


def _tables(connection: Any) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        " AND table_type = 'BASE TABLE' ORDER BY table_name"
    )
    return [str(name) for (name,) in found.fetchall()]


def _clean_table(connection: Any, name: str, forgotten: Forgotten) -> int:
    """Rewrite the rows of one table that name the forgotten; a row is found again by its place, which is locked."""
    from psycopg import sql

    columns = dict(
        connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position",
            [name],
        ).fetchall()
    )
    texts = [column for column, kind in columns.items() if kind in _TEXTS]
    if not texts:
        return 0
    table = sql.Identifier(name)
    connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(table))
    chosen = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in texts)
    signs_in = {"password", "is_active", "email"} <= set(columns)
    dirty = []
    with connection.cursor(name="tolok_forgets") as cursor:
        cursor.itersize = AT_ONCE
        cursor.execute(sql.SQL("SELECT ctid::text, {} FROM {}").format(chosen, table))
        for place, *row in cursor:
            clean = {
                column: new
                for column, old in zip(texts, row, strict=True)
                if old is not None and (new := forgotten.cleaned(old)) != old
            }
            if clean:
                dirty.append((place, clean))
    for place, clean in dirty:
        locked = signs_in and bool({"email", "name"} & set(clean))
        given = {**clean, "password": "!"} if locked else clean
        sets: list[sql.Composable] = [
            sql.SQL("{} = %s::{}").format(sql.Identifier(one), sql.SQL(columns[one])) for one in given
        ]
        sets += [sql.SQL("is_active = false")] if locked else []
        connection.execute(
            sql.SQL("UPDATE {} SET {} WHERE ctid = %s::tid").format(table, sql.SQL(", ").join(sets)),
            [*given.values(), place],
        )
    return len(dirty)

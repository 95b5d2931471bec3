"""Read a database: a query, some tables, or all of it, as of one moment and without holding it in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from tolok.errors import SourceError, nearest
from tolok.sources.databases.address import Address, parsed
from tolok.sources.databases.cells import text
from tolok.sources.databases.connection import Column, Database, opened
from tolok.sources.databases.layout import Layout, layout_of, statement
from tolok.sources.databases.statement import reading_only
from tolok.sources.files import Limits, Reading
from tolok.sources.files.scratch import CleanCopy, Scratch
from tolok.sources.table import RawTable

MOST_TABLES = 200
"""Tables of a database that nobody named and whose system is not known."""


def read(
    place: str | Path,
    *,
    query: str = "",
    tables: Sequence[str] = (),
    limits: Limits | None = None,
    tell: Callable[[str, int], None] = lambda table, rows: None,
) -> Reading:
    """The tables of a database, each copied into the scratch folder.

    With a ``query`` its result alone; with ``tables`` these; else, of a system whose tables are known, its facts, and
    of any other database every table. Nothing is written there: the transaction is read-only.
    """
    address = parsed(place)
    limits = limits or Limits()
    scratch = Scratch.below(limits.scratch)
    database = opened(address)
    try:
        if query:
            if tables:
                raise SourceError("A query and tables were given.", next_step="Give one of them.")
            wanted = [(_Wanted(address.name, "", "query"), reading_only(query, address.kind), ())]
            return Reading(tuple(_copied(database, *item, scratch, limits, tell) for item in wanted))
        held = database.tables()
        if tables:
            chosen = [_named(name, held, address) for name in tables]
            return _tables(database, address, {name: held[name] for name in chosen}, scratch, limits, tell)
        known = layout_of(held)
        if known is not None:
            return _facts(database, address, known, held, scratch, limits, tell)
        if not held:
            raise SourceError(f"{address.shown} holds no tables.", next_step="Check the database's name and rights.")
        if len(held) > MOST_TABLES:
            raise SourceError(
                f"{address.shown} holds {len(held):,} tables, of a system that is not known.",
                next_step="Name those that matter with --table, or give a --query.",
            )
        return _tables(database, address, held, scratch, limits, tell)
    finally:
        database.close()


class _Wanted:
    """What a copied table is called, and what is known of it."""

    def __init__(
        self, database: str, sheet: str, title: str, fact: str = "", system: str = "", utc: bool = False
    ) -> None:
        self.database, self.sheet, self.title, self.fact, self.system = database, sheet, title, fact, system
        self.utc = utc  # moments without a zone are UTC


def _named(name: str, held: dict[str, tuple[Column, ...]], address: Address) -> str:
    if name in held:
        return name
    alike = [table for table in held if table.casefold() == name.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise SourceError(f"{address.shown} has no table {name!r}.", next_step=nearest(name, held))


def _tables(
    database: Database,
    address: Address,
    chosen: dict[str, tuple[Column, ...]],
    scratch: Scratch,
    limits: Limits,
    tell: Callable[[str, int], None],
) -> Reading:
    found, skipped = [], []
    for name, columns in chosen.items():
        if len(columns) > limits.max_columns:
            skipped.append((name, f"it has {len(columns):,} columns"))
            continue
        wanted = _Wanted(address.name, name, name)
        table = _copied(database, wanted, f"SELECT * FROM {database.quoted(name)}", columns, scratch, limits, tell)
        if table.rows:
            found.append(table)
        else:
            skipped.append((name, "it has no rows"))
    if not found:
        raise SourceError(f"The tables of {address.shown} are empty.", next_step="Check that it is the right database.")
    return Reading(tuple(found), tuple(skipped))


def _facts(
    database: Database,
    address: Address,
    layout: Layout,
    held: dict[str, tuple[Column, ...]],
    scratch: Scratch,
    limits: Limits,
    tell: Callable[[str, int], None],
) -> Reading:
    found, skipped = [], []
    for part in layout.parts:
        sql = statement(part, held, layout.dialect)
        title = f"{part.fact} of {part.table}"
        if part.unless in held:
            continue
        if not sql:
            skipped.append((title, "this edition has no such table"))
            continue
        wanted = _Wanted(address.name, title, title, part.fact, layout.system, layout.utc)
        table = _copied(database, wanted, sql, (), scratch, limits, tell)
        if table.rows:
            found.append(table)
        else:
            skipped.append((title, "it has no rows"))
    if not found:
        raise SourceError(f"{address.shown} holds no rows yet.", next_step="Check that it is the right database.")
    return Reading(tuple(found), tuple(skipped))


def _copied(
    database: Database,
    wanted: _Wanted,
    sql: str,
    columns: Sequence[Column],
    scratch: Scratch,
    limits: Limits,
    tell: Callable[[str, int], None],
) -> RawTable:
    """One result as a table of text; its hash is that of its rows in the order of the text, whatever order they came in."""
    names, rows = database.rows(sql)
    if not names:
        raise SourceError("The query gives no columns.", next_step="Give a SELECT.")
    headers = _headers(names)
    types = {column.name: column.type for column in columns}
    copy = CleanCopy(scratch.new("csv"), len(headers))
    total = 0
    try:
        for line, row in enumerate(rows, start=1):
            cells = [text(value, utc=wanted.utc) for value in row]
            copy.add(line, cells)
            digest = hashlib.blake2b("\x1f".join(cells).encode("utf-8", errors="replace"), digest_size=16).digest()
            total = (total + int.from_bytes(digest, "big")) % (1 << 128)
            if line % 50_000 == 0:
                tell(wanted.title, line)
    finally:
        copy.close()
    return RawTable(
        file=wanted.database,
        sheet=wanted.sheet,
        headers=headers,
        relation=copy.relation(range(len(headers)), limits.max_record),
        rows=copy.rows,
        first_line=1,
        has_line=True,
        content_hash=f"{total:032x}",
        types=tuple(types.get(name, "") for name in names),
        fact=wanted.fact,
        system=wanted.system,
    )


def _headers(names: Sequence[str]) -> tuple[str, ...]:
    """Names as given, a blank or repeated one told apart."""
    seen: dict[str, int] = {}
    found = []
    for place, name in enumerate(names, start=1):
        clean = name.strip() or f"column {place}"
        seen[clean] = seen.get(clean, 0) + 1
        found.append(clean if seen[clean] == 1 else f"{clean} ({seen[clean]})")
    return tuple(found)

"""A glance at a database: can it be reached, what is in it, and the first rows, within seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from tolok.errors import SourceError, nearest
from tolok.sources.databases.address import parsed
from tolok.sources.databases.cells import text
from tolok.sources.databases.connection import opened
from tolok.sources.databases.layout import located
from tolok.sources.databases.statement import reading_only

SECONDS = 15
ROWS = 5
CELL = 60


@dataclass(frozen=True)
class Glance:
    """What was found: the tables, the system if it is known by them, and the first rows of a query or a table."""

    tables: tuple[str, ...]
    system: str = ""
    of: str = ""
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def glance(place: str, *, query: str = "", tables: Sequence[str] = ()) -> Glance:
    """Open a database and read a few rows; refused in one sentence where that cannot be."""
    address = parsed(place)
    statement = reading_only(query, address.kind) if query else ""
    database = opened(address, SECONDS)
    try:
        held = database.tables()
        for name in tables:
            if name not in held:
                raise SourceError(f"{address.shown} has no table {name!r}.", next_step=nearest(name, held))
        known = located(held, address.shown)
        of = "" if query else next(iter(tables or held), "")
        if not statement and not of:
            raise SourceError(f"{address.shown} holds no tables.", next_step="Check the database's name and rights.")
        headers, rows = database.rows(statement or f"SELECT * FROM {database.quoted(of)}")
        first = tuple(tuple(text(cell)[:CELL] for cell in row) for row in islice(rows, ROWS))
        return Glance(tuple(held), known.layout.system if known else "", of, tuple(headers), first)
    finally:
        database.close()

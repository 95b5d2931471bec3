"""Read a database: a query, some tables, or all of it, as of one moment and without holding it in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tolok.errors import SourceError, nearest
from tolok.sources.databases.address import Address, parsed
from tolok.sources.databases.cells import inside, text
from tolok.sources.databases.connection import Column, Database, opened
from tolok.sources.databases.layout import Located, Tables, located, statement
from tolok.sources.databases.statement import DIALECTS, of_one_table, reading_only
from tolok.sources.files import Limits, Reading
from tolok.sources.files.scratch import CleanCopy, Scratch
from tolok.sources.table import RawTable

WHOLE = frozenset({"deals", "deal_lines", "leads", "orders", "activities"})
"""What is gone from the tables of a known system was deleted there; people and customers of the past keep their names."""
NAMING = frozenset({"reps", "teams", "memberships", "stages", "pipelines", "accounts", "products"})
"""What gives the ids of deals and orders their names."""
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
    if query and tables:
        raise SourceError("A query and tables were given.", next_step="Give one of them.")
    database = opened(address)
    try:
        copying = _Copying(database, address, Scratch.below(limits.scratch), limits, tell)
        if query:
            text_of_it = reading_only(query, address.kind)
            rows = _rows_of_one(text_of_it, database, address)
            return copying.all(rows) if rows else Reading((copying.one(_Wanted("", text_of_it)),))
        held = database.tables()
        if tables:
            chosen = {name: held[name] for name in (_named(name, held, address) for name in tables)}
            return copying.all(_chosen(database, chosen, held, address))
        known = located(held, address.shown)
        if known is not None:
            return copying.all(_facts(known, DIALECTS[address.kind]))
        if not held:
            raise SourceError(f"{address.shown} holds no tables.", next_step="Check the database's name and rights.")
        if len(held) > MOST_TABLES:
            raise SourceError(
                f"{address.shown} holds {len(held):,} tables, of a system that is not known.",
                next_step="Name those that matter with --table, or give a --query.",
            )
        views = {name for name, columns in held.items() if columns[0].of_view} if len(held) else set()
        views = set() if len(views) == len(held) else views  # a person who may read views alone has them made for it
        found = copying.all(_as_they_are(database, {name: held[name] for name in held if name not in views}))
        again = tuple(
            (name, "it is a view of other tables; name it with --table if it counts") for name in sorted(views)
        )
        return replace(found, skipped=(*found.skipped, *again))
    finally:
        database.close()


@dataclass(frozen=True)
class _Wanted:
    """A table to copy: what it is called, the statement, and what is known of it; no statement where it is not here."""

    sheet: str
    sql: str
    columns: tuple[Column, ...] = ()
    fact: str = ""
    system: str = ""
    utc: bool = False  # moments without a zone are UTC
    json: Mapping[str, Sequence[str]] = field(default_factory=dict)  # columns of JSON, and the paths to look at
    needs: Sequence[str] = ()  # rows without these are left out
    whole: bool = True  # all rows that there are


def _named(name: str, held: dict[str, tuple[Column, ...]], address: Address) -> str:
    if name in held:
        return name
    alike = [table for table in held if table.casefold() == name.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise SourceError(f"{address.shown} has no table {name!r}.", next_step=nearest(name, held))


def _as_they_are(database: Database, chosen: Tables) -> list[_Wanted]:
    return [_Wanted(name, f"SELECT * FROM {database.quoted(name)}", columns) for name, columns in chosen.items()]


def _chosen(database: Database, chosen: Tables, held: Tables, address: Address) -> list[_Wanted]:
    """Some tables: of a known system as what they are, and with them the names that their ids mean."""
    schemas = {name.rpartition(".")[0] for name in chosen}
    known = located({name: columns for name, columns in held.items() if name.rpartition(".")[0] in schemas})
    if known is None or len(schemas) > 1:
        return _as_they_are(database, chosen)
    facts = {name: _facts(known, DIALECTS[address.kind], own=name.rpartition(".")[2]) for name in chosen}
    others = _as_they_are(database, {name: chosen[name] for name, found in facts.items() if not found})
    wanted = [item for found in facts.values() for item in found]
    if wanted:
        there = {item.sheet for item in wanted}
        naming = [item for item in _facts(known, DIALECTS[address.kind]) if item.fact in NAMING and item.sql]
        wanted += [item for item in naming if item.sheet not in there]
    return [*wanted, *others]


def _rows_of_one(query: str, database: Database, address: Address) -> list[_Wanted]:
    """The facts that some rows of one table of a known system are, with the names that their ids mean; else nothing."""
    schema, table = of_one_table(query, address.kind)
    if not table:
        return []
    held = database.tables()
    schema = "" if address.kind != "postgresql" or schema == "public" else schema
    known = located({name: columns for name, columns in held.items() if name.rpartition(".")[0] == schema})
    if known is None or not known.has(table):
        return []
    dialect = DIALECTS[address.kind]
    wanted = [replace(item, whole=False) for item in _facts(known, dialect, own=known.named(table), rows=query)]
    there = {item.sheet for item in wanted}
    naming = [item for item in _facts(known, dialect) if item.fact in NAMING and item.sql and item.sheet not in there]
    return [*wanted, *naming] if wanted else []


def _facts(known: Located, dialect: str, own: str = "", rows: str = "") -> list[_Wanted]:
    """The facts of a system that is known, from its tables as they are in this edition; of one table where it is named."""
    return [
        _Wanted(
            f"{part.fact} of {part.table}",
            statement(part, known, dialect, rows),
            fact=part.fact,
            system=known.layout.system,
            utc=known.layout.utc,
            json=dict(part.json),
            needs=part.needs,
        )
        for part in known.layout.parts
        if not (part.unless and known.has(part.unless)) and (not own or known.named(part.table) == own)
    ]


@dataclass(frozen=True)
class _Copying:
    """Copies results of one database into the scratch folder."""

    database: Database
    address: Address
    scratch: Scratch
    limits: Limits
    tell: Callable[[str, int], None]

    def all(self, wanted: Sequence[_Wanted]) -> Reading:
        """Every table that holds rows; of the others why they were left out."""
        found, skipped = [], []
        for item in wanted:
            if not item.sql:
                skipped.append((item.sheet, "no such table is here, or it may not be read"))
            elif len(item.columns) > self.limits.max_columns:
                skipped.append((item.sheet, f"it has {len(item.columns):,} columns"))
            elif (table := self.one(item)).rows:
                found.append(table)
            else:
                skipped.append((item.sheet, "it has no rows"))
        if not found:
            raise SourceError(
                f"The tables of {self.address.shown} are empty.", next_step="Check that it is the right database."
            )
        return Reading(tuple(found), tuple(skipped))

    def one(self, wanted: _Wanted) -> RawTable:
        """One result as a table of text; its hash is that of its rows, whatever order they came in."""
        names, rows = self.database.rows(wanted.sql)
        if not names:
            raise SourceError("The query gives no columns.", next_step="Give a SELECT.")
        headers = _headers(names)
        types = {column.name: column.type for column in wanted.columns}
        unpacked = [(names.index(name), paths) for name, paths in wanted.json.items() if name in names]
        needed = [names.index(name) for name in wanted.needs]
        copy = CleanCopy(self.scratch.new("csv"), len(headers))
        total = 0
        try:
            for line, row in enumerate(rows, start=1):
                cells = [text(value, utc=wanted.utc) for value in row]
                for place, paths in unpacked:
                    cells[place] = inside(row[place], paths)
                if not all(cells[place] for place in needed):
                    continue
                copy.add(line, cells)
                digest = hashlib.blake2b("\x1f".join(cells).encode("utf-8", errors="replace"), digest_size=16).digest()
                total = (total + int.from_bytes(digest, "big")) % (1 << 128)
                if line % 50_000 == 0:
                    self.tell(wanted.sheet or self.address.name, line)
        finally:
            copy.close()
        return RawTable(
            file=self.address.name,
            sheet=wanted.sheet,
            headers=headers,
            relation=copy.relation(range(len(headers)), self.limits.max_record),
            rows=copy.rows,
            first_line=1,
            has_line=True,
            content_hash=f"{total:032x}",
            types=tuple(types.get(name, "") for name in names),
            fact=wanted.fact,
            system=wanted.system,
            complete=bool(wanted.system) and wanted.whole and wanted.fact in WHOLE,
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

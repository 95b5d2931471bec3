"""The databases of systems whose tables are known: which of their columns are which of a fact's.

A layout is data (``layouts/<system>.toml``), its SQL written once, in PostgreSQL's words. Editions and copies of a
system differ, so every column and join lists alternatives, and the first whose columns exist is taken; a fact whose
table or identity is missing is left out. A name is the same in any case and with or without underscores
(``StageName``, ``stagename``, ``stage_name``), and the tables may lie in any one schema of the database.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any

from sqlglot import exp, parse_one

from tolok.errors import SourceError
from tolok.sources.databases.connection import Column

Tables = dict[str, tuple[Column, ...]]
MOST_ADDED = 200
"""Columns of an organisation's own that are looked at in one table."""
_WRITTEN = "postgres"
_YES = (
    "LOWER(COALESCE(CAST({flag} AS TEXT), '0')) IN ('1', 'true', 't', 'yes', 'y')"  # a copy may hold 1, true or 'true'
)
_ROWS = "tolok_asked_for_these_rows"
_ASKED = re.compile(r"\{yes ([\w.\"]+)\}")


@dataclass(frozen=True)
class Part:
    """One fact of a layout: from which table, with which joins, conditions and columns."""

    fact: str
    source: str  # "crm_lead AS l"
    joins: tuple[str, ...]
    where: tuple[tuple[str, ...], ...]  # of each condition the alternatives
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    unless: str = ""  # left out where there is this table, which tells more
    json: tuple[tuple[str, tuple[str, ...]], ...] = ()  # columns that are JSON, and the paths of which the first is it
    needs: tuple[str, ...] = ()  # columns without which a row says nothing
    extra: tuple[str, ...] = ()  # columns that an organisation added: "oc.*_c"

    @property
    def table(self) -> str:
        return _tables(self.source)[0].name


@dataclass(frozen=True)
class Layout:
    """One system's database: the tables and columns that betray it, and its facts."""

    system: str
    marks: tuple[str, ...]  # "table" or "table.column"
    parts: tuple[Part, ...]
    utc: bool = False  # moments without a zone are UTC


@dataclass(frozen=True)
class Located:
    """A layout in one schema of a database, whose tables are found by any spelling."""

    layout: Layout
    schema: str  # "" is the one where names need no prefix
    tables: Mapping[str, tuple[str, Mapping[str, str]]]  # plain name → name as it is, plain column → column as it is

    def has(self, table: str) -> bool:
        return _plain(table) in self.tables

    def named(self, table: str) -> str:
        """The name that a table has here; "" where it is not."""
        return self.tables[_plain(table)][0] if self.has(table) else ""


@cache
def layouts() -> tuple[Layout, ...]:
    """Every declared layout."""
    found = []
    for file in sorted(resources.files("tolok.sources.databases").joinpath("layouts").iterdir(), key=str):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            system = data.get("system", file.name.removesuffix(".toml"))
            parts = tuple(_part(table) for table in data["table"])
            found.append(Layout(system, tuple(data["marks"]), parts, data.get("moments") == "UTC"))
    return tuple(found)


def _part(table: dict[str, Any]) -> Part:
    flags = _either(table.get("deleted", []))
    return Part(
        table["fact"],
        table["from"],
        tuple(table.get("joins", ())),
        (*((f"NOT {_YES.format(flag=flag)}",) for flag in flags), *map(_either, table.get("where", ()))),
        tuple((name, _either(one)) for name, one in table["columns"].items()),
        table.get("unless", ""),
        tuple((name, tuple(paths)) for name, paths in table.get("json", {}).items()),
        tuple(table.get("needs", ())),
        tuple(table.get("extra", ())),
    )


def _either(said: str | list[str]) -> tuple[str, ...]:
    """The alternatives of a condition or column, ``{yes column}`` written out."""
    return tuple(
        _ASKED.sub(lambda found: _YES.format(flag=found[1]), one) for one in ([said] if isinstance(said, str) else said)
    )


def located(tables: Tables, shown: str = "the database") -> Located | None:
    """The layout whose tables are all there, and where; several copies of one system are refused in a sentence."""
    schemas: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}
    for name, columns in tables.items():
        schema, _, own = name.rpartition(".")
        known: dict[str, str] = {}
        for column in columns:
            known.setdefault(_plain(column.name), column.name)
        schemas.setdefault(schema, {}).setdefault(_plain(own), (own, known))
    for layout in layouts():
        found = [
            Located(layout, schema, held)
            for schema, held in schemas.items()
            if all(_marked(mark, held) for mark in layout.marks)
        ]
        if len(found) > 1 and found[0].schema:
            names = ", ".join(one.schema for one in found[:10])
            raise SourceError(
                f"{shown} holds {len(found)} copies of {layout.system}: {names}.",
                next_step=f"Name the one that counts behind the address: ?schema={found[0].schema}",
            )
        if found:
            return found[0]
    return None


def _marked(mark: str, held: Mapping[str, tuple[str, Mapping[str, str]]]) -> bool:
    table, _, column = mark.partition(".")
    there = held.get(_plain(table))
    return there is not None and (not column or _plain(column) in there[1])


def _plain(name: str) -> str:
    return name.casefold().replace("_", "")


def statement(part: Part, where: Located, dialect: str, rows: str = "") -> str:
    """The SELECT of a fact from the tables as they are in this edition; "" where it has no identity here.

    Its columns carry the fact's own names, the identity as ``id``. ``rows`` is a query of the part's table whose rows
    are taken in place of all that the table holds.
    """
    if not where.has(part.table) or (part.unless and where.has(part.unless)):
        return ""
    known: dict[str, Mapping[str, str]] = {}
    if not _added(known, part.source, where):
        return ""
    joins = []
    for join in part.joins:
        candidate = dict(known)
        if _added(candidate, join, where):
            known = candidate
            joins.append(join)
    chosen = []
    for name, alternatives in part.columns:
        found = next((one for one in alternatives if _there(f"SELECT {one}", known)), None)
        if found is not None:
            chosen.append((name, found))
    if not {"id", *part.needs} <= {name for name, _ in chosen}:
        return ""
    chosen += _added_by_people(part, known, {name for name, _ in chosen})
    told = (next((one for one in either if _there(f"SELECT 1 WHERE {one}", known)), "") for either in part.where)
    conditions = [one for one in told if one]
    listed = ", ".join(f'{expression} AS "{name}"' for name, expression in chosen)
    text = f"SELECT {listed} FROM {part.source} {' '.join(joins)}"
    text += f" WHERE {' AND '.join(f'({one})' for one in conditions)}" if conditions else ""
    tree = _as_here(parse_one(text, dialect=_WRITTEN), known, where)
    main = tree.find(exp.From)
    if not rows or main is None:
        return tree.sql(dialect=dialect, identify=True)
    main.this.set("this", exp.to_identifier(_ROWS, quoted=True))
    main.this.set("db", None)
    return re.sub(f'[`"]{_ROWS}[`"]', lambda _: f"({rows})", tree.sql(dialect=dialect, identify=True), count=1)


def _added_by_people(part: Part, known: Mapping[str, Mapping[str, str]], taken: set[str]) -> Iterable[tuple[str, str]]:
    """The columns that an organisation added to its edition, under their own names."""
    for pattern in part.extra:
        alias, _, like = pattern.partition(".")
        for own in list(known.get(alias, {}).values())[:MOST_ADDED]:
            if fnmatchcase(own, like) and not own.startswith("id_") and own not in taken and '"' not in own:
                taken.add(own)
                yield own, f'{alias}."{own}"'


def _tables(source: str) -> list[exp.Table]:
    text = f"SELECT 1 FROM {source}" if "JOIN " not in source.split("(")[0] else f"SELECT 1 FROM x {source}"
    tree = parse_one(text, dialect=_WRITTEN)
    return [table for table in tree.find_all(exp.Table) if table.name != "x"]


def _added(known: dict[str, Mapping[str, str]], source: str, where: Located) -> bool:
    """Whether all tables of a FROM or JOIN are here with the columns that it names; they are known then."""
    text = f"SELECT 1 FROM x {source}" if "JOIN " in source.split("(")[0] else f"SELECT 1 FROM {source}"
    tree = parse_one(text, dialect=_WRITTEN)
    for table in tree.find_all(exp.Table):
        if table.name == "x":
            continue
        if not where.has(table.name) or table.alias in known:
            return False
        known[table.alias] = where.tables[_plain(table.name)][1]
    for inner in tree.find_all(exp.Subquery):
        known[inner.alias] = {_plain(name): name for name in inner.this.named_selects}
    return _named(tree.find_all(exp.Column), known)


def _there(sql: str, known: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether every column that an expression names exists."""
    return _named(parse_one(sql, dialect=_WRITTEN).find_all(exp.Column), known)


def _named(columns: Iterable[exp.Column], known: Mapping[str, Mapping[str, str]]) -> bool:
    return all(_plain(column.name) in known.get(column.table, ()) for column in columns if column.table)


def _as_here(tree: exp.Expr, known: Mapping[str, Mapping[str, str]], where: Located) -> exp.Expr:
    """The same statement with the names that tables and columns have here."""
    for table in list(tree.find_all(exp.Table)):
        table.set("this", exp.to_identifier(where.tables[_plain(table.name)][0], quoted=True))
        if where.schema:
            table.set("db", exp.to_identifier(where.schema, quoted=True))
    for column in list(tree.find_all(exp.Column)):
        if column.table:
            column.set("this", exp.to_identifier(known[column.table][_plain(column.name)], quoted=True))
    return tree

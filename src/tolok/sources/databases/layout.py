"""The databases of systems whose tables are known: which of their columns are which of a fact's.

A layout is data (``layouts/<system>.toml``). Editions differ, so every column and join lists alternatives, and the
first whose columns exist is taken; a fact whose table or identity is missing is left out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sqlglot import exp, parse_one

from tolok.sources.databases.connection import Column

Tables = dict[str, tuple[Column, ...]]


@dataclass(frozen=True)
class Part:
    """One fact of a layout: from which table, with which joins, conditions and columns."""

    fact: str
    source: str  # "crm_lead AS l"
    joins: tuple[str, ...]
    where: tuple[str, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]
    unless: str = ""  # left out where there is this table, which tells more

    @property
    def table(self) -> str:
        return self.source.split()[0].strip("`")


@dataclass(frozen=True)
class Layout:
    """One system's database: the tables that betray it, and its facts."""

    system: str
    dialect: str
    marks: tuple[str, ...]
    parts: tuple[Part, ...]
    utc: bool = False  # moments without a zone are UTC


@cache
def layouts() -> tuple[Layout, ...]:
    """Every declared layout."""
    found = []
    for file in sorted(resources.files("tolok.sources.databases").joinpath("layouts").iterdir(), key=str):
        if file.name.endswith(".toml"):
            found.append(_layout(file.name.removesuffix(".toml"), tomllib.loads(file.read_text(encoding="utf-8"))))
    return tuple(found)


def _layout(system: str, data: dict[str, Any]) -> Layout:
    parts = tuple(
        Part(
            table["fact"],
            table["from"],
            tuple(table.get("joins", ())),
            tuple(table.get("where", ())),
            tuple((name, (one,) if isinstance(one, str) else tuple(one)) for name, one in table["columns"].items()),
            table.get("unless", ""),
        )
        for table in data["table"]
    )
    return Layout(system, data["dialect"], tuple(data["marks"]), parts, data.get("moments") == "UTC")


def layout_of(tables: Tables) -> Layout | None:
    """The layout whose tables are all there."""
    return next((layout for layout in layouts() if set(layout.marks) <= set(tables)), None)


def statement(part: Part, tables: Tables, dialect: str) -> str:
    """The SELECT of a fact from the tables as they are in this edition; "" where it has no identity here.

    Its columns carry the fact's own names, the identity as ``id``.
    """
    if part.table not in tables or part.unless in tables:
        return ""
    known = {part.source.split()[-1]: {column.name for column in tables[part.table]}}
    joins = []
    for join in part.joins:
        name, alias = _joined(join)
        if name not in tables or alias in known:
            continue
        candidate = {**known, alias: {column.name for column in tables[name]}}
        if _there(f"SELECT 1 FROM x {join}", candidate, dialect):
            known = candidate
            joins.append(join)
    chosen = []
    for name, alternatives in part.columns:
        found = next((one for one in alternatives if _there(f"SELECT {one}", known, dialect)), None)
        if found is not None:
            chosen.append((name, found))
    if not any(name == "id" for name, _ in chosen):
        return ""
    where = [one for one in part.where if _there(f"SELECT 1 WHERE {one}", known, dialect)]
    quote = "`" if dialect == "mysql" else '"'
    listed = ", ".join(f"{expression} AS {quote}{name}{quote}" for name, expression in chosen)
    text = f"SELECT {listed} FROM {part.source} {' '.join(joins)}"
    return text + (f" WHERE {' AND '.join(f'({one})' for one in where)}" if where else "")


def _joined(join: str) -> tuple[str, str]:
    words = join.split()
    table = words[words.index("JOIN") + 1]
    return table, words[words.index("JOIN") + 3]


def _there(sql: str, known: dict[str, set[str]], dialect: str) -> bool:
    """Whether every column that an expression names exists."""
    tree = parse_one(sql, dialect=dialect)
    return all(column.name in known.get(column.table, ()) for column in tree.find_all(exp.Column) if column.table)

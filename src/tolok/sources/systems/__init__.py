"""The systems whose exports are known: one folder each, with declared tables and a page of their quirks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from tolok.model import FACTS
from tolok.sources.headings import normal, table_words


@dataclass(frozen=True)
class SystemTable:
    """One table of one system as its exports write it.

    ``all`` headings must be there, one of ``any``, and none of ``none``; headings are compared in plain words.
    ``columns`` says what each heading is; several where one column is several (expected and actual close).
    """

    system: str
    fact: str
    names: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    filter: dict[str, tuple[str, ...]] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)  # "closed", "won", "order": headings that say so of a stage
    by: dict[str, str] = field(default_factory=dict)  # column of the fact → "id" or "name"
    exact: bool = False  # only with the very spelling: API names
    alone: bool = False  # headings that are not listed stay extra

    def score(self, headings: Iterable[str], file: str, sheet: str) -> float:
        """How well a table fits: the number of headings known, 0 where it is another table."""
        written = set(headings)
        form = written if self.exact else {normal(heading) for heading in written}

        def has(heading: str) -> bool:
            return (heading if self.exact else normal(heading)) in form

        missing = [heading for heading in self.all if not has(heading)]
        none_of_any = self.any and not [heading for heading in self.any if has(heading)]
        if missing or none_of_any or [heading for heading in self.none if has(heading)]:
            return 0.0
        score = float(sum(has(heading) for heading in self.columns))
        if self.names:
            words = set(table_words(file, sheet))
            score += 3.0 if words & {normal(name) for name in self.names} else 0.0
        return score


@dataclass(frozen=True)
class Ignored:
    """A table of a system that holds nothing for Tolok, and why."""

    all: tuple[str, ...]
    none: tuple[str, ...]
    why: str


@cache
def _declared() -> tuple[tuple[str, dict[str, Any]], ...]:
    found = []
    for folder in sorted(resources.files("tolok.sources.systems").iterdir(), key=str):
        declared = folder.joinpath("system.toml")
        if folder.is_dir() and declared.is_file():
            found.append((folder.name, tomllib.loads(declared.read_text(encoding="utf-8"))))
    return tuple(found)


@cache
def tables() -> tuple[SystemTable, ...]:
    """Every declared table of every system, read once."""
    return tuple(_table(system, table) for system, data in _declared() for table in data["table"])


@cache
def ignored() -> tuple[Ignored, ...]:
    return tuple(
        Ignored(tuple(entry["all"]), tuple(entry.get("none", ())), entry["why"])
        for _, data in _declared()
        for entry in data.get("ignore", ())
    )


def _table(system: str, data: dict[str, Any]) -> SystemTable:
    return SystemTable(
        system=system,
        fact=data["fact"],
        names=tuple(data.get("names", ())),
        all=tuple(data.get("all", ())),
        any=tuple(data.get("any", ())),
        none=tuple(data.get("none", ())),
        columns={heading: (to,) if isinstance(to, str) else tuple(to) for heading, to in data["columns"].items()},
        values=data.get("values", {}),
        constants=data.get("constants", {}),
        filter={heading: tuple(words) for heading, words in data.get("filter", {}).items()},
        flags=data.get("flags", {}),
        by=data.get("by", {}),
        exact=data.get("exact", False),
        alone=data.get("alone", False),
    )


def why_ignored(headings: Iterable[str]) -> str:
    """Why a table of a known system holds nothing for Tolok, "" where it may."""
    written = set(headings)
    for entry in ignored():
        if written >= set(entry.all) and not written & set(entry.none):
            return entry.why
    return ""


def match(headings: Iterable[str], file: str, sheet: str = "") -> list[SystemTable]:
    """The declared table that a table is; two where one table holds two facts told apart by a filter."""
    written = list(headings)
    scored = [(table.score(written, file, sheet), table) for table in tables()]
    # a few headings of a system among many others prove nothing: "Order ID", "State" and "Product ID" are everybody's
    enough = max(2.0, min(8.0, 0.15 * len(written)))
    fitting = [(score, table) for score, table in scored if score >= enough]
    if not fitting:
        return []
    _best, chosen = max(fitting, key=lambda item: item[0])

    def beside(table: SystemTable) -> bool:
        shared = set(table.filter) & set(chosen.filter) & set(written)
        return any(table.filter[heading] != chosen.filter[heading] for heading in shared)

    others = [t for score, t in fitting if t.system == chosen.system and t.fact != chosen.fact and beside(t)]
    return [chosen, *others[:1]]


def plainly(fact: str, system: str) -> SystemTable:
    """A table whose headings are the fact's own column names, and whose references are ids."""
    columns = FACTS[fact].columns
    headings: dict[str, tuple[str, ...]] = {"id": ("source_id",)}
    headings |= {c.name: (c.name,) for c in columns if c.name not in ("id", "source", "source_id")}
    if fact == "deal_events":  # or a row of the state then, of which what is new is a change
        headings |= {f"new:{c.name}": (f"new:{c.name}",) for c in FACTS["deals"].columns if c.tracked}
    return SystemTable(
        system=system,
        fact=fact,
        columns=headings,
        by={column.name: "id" for column in columns if column.type == "ref"},
        exact=True,
        alone=True,
    )

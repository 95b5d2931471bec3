"""The systems whose exports are known: one folder each, with declared tables and a page of their quirks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from tolok.sources.recognise.headings import normal, table_words


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
    flags: dict[str, str] = field(default_factory=dict)  # "closed" and "won": headings that say so of a stage
    by: dict[str, str] = field(default_factory=dict)  # column of the fact → "id" or "name"
    carried: bool = False
    exact: bool = False  # only with the very spelling: API names
    alone: bool = False  # headings that are not listed stay extra

    def score(self, headings: Iterable[str], file: str, sheet: str) -> float:
        """How well a table fits: the number of headings known, 0 where it is another table."""
        written = set(headings)
        form = written if self.exact else {normal(heading) for heading in written}

        def has(heading: str) -> bool:
            return (heading if self.exact else normal(heading)) in form

        if not all_true(has(h) for h in self.all) or (self.any and not any_true(has(h) for h in self.any)):
            return 0.0
        if any_true(has(h) for h in self.none):
            return 0.0
        score = float(sum(has(heading) for heading in self.columns))
        if self.names:
            words = set(table_words(file, sheet))
            score += 3.0 if words & {normal(name) for name in self.names} else 0.0
        return score


def all_true(values: Iterable[bool]) -> bool:
    return all(values)


def any_true(values: Iterable[bool]) -> bool:
    return any(values)


@cache
def tables() -> tuple[SystemTable, ...]:
    """Every declared table of every system, read once."""
    found = []
    for folder in sorted(resources.files("tolok.sources.systems").iterdir(), key=str):
        declared = folder.joinpath("system.toml")
        if not folder.is_dir() or not declared.is_file():
            continue
        data = tomllib.loads(declared.read_text(encoding="utf-8"))
        for table in data["table"]:
            found.append(
                SystemTable(
                    system=folder.name,
                    fact=table["fact"],
                    names=tuple(table.get("names", ())),
                    all=tuple(table.get("all", ())),
                    any=tuple(table.get("any", ())),
                    none=tuple(table.get("none", ())),
                    columns={
                        heading: (to,) if isinstance(to, str) else tuple(to) for heading, to in table["columns"].items()
                    },
                    values=table.get("values", {}),
                    constants=table.get("constants", {}),
                    filter={heading: tuple(words) for heading, words in table.get("filter", {}).items()},
                    flags=table.get("flags", {}),
                    by=table.get("by", {}),
                    carried=table.get("carried", False),
                    exact=table.get("exact", False),
                    alone=table.get("alone", False),
                )
            )
    return tuple(found)


def match(headings: Iterable[str], file: str, sheet: str = "") -> list[SystemTable]:
    """The declared tables that a table is: the best fitting one, with those that its rows carry beside it."""
    written = list(headings)
    scored = [(table.score(written, file, sheet), table) for table in tables()]
    main = [(score, table) for score, table in scored if score >= 3 and not table.carried]
    if not main:
        return []
    best, chosen = max(main, key=lambda item: item[0])
    same = [
        t
        for score, t in main
        if t is not chosen and t.system == chosen.system and t.filter and chosen.filter and score >= best - 3
    ]
    carried = [
        t for score, t in scored if t.carried and t.system == chosen.system and score > 0 and t.names == chosen.names
    ]
    return [chosen, *same, *carried]

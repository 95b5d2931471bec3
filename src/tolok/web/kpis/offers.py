"""What a builder may choose from: facts and their fields in sales words, values of the data, KPIs of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from tolok.kpis.conditions import column_at
from tolok.model import FACTS, Column
from tolok.model.coverage import Coverage
from tolok.query.question import Viewer
from tolok.web.kpis import words
from tolok.web.look.tags import language
from tolok.workspace import Workspace

Options = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Groups of choices: the group's name ("" for none), and its values with their words."""

NUMERIC = ("money", "number", "rate", "integer")
HIDDEN = ("id", "source", "source_id", "extra")
MOST = 12
"""Values of the data that are offered to be ticked."""


@dataclass
class Offers:
    """The choices of one page; what is looked up in the data is looked up once."""

    workspace: Workspace
    viewer: Viewer
    _values: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _extra: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def coverage(self) -> Coverage:
        snapshot = self.workspace.snapshots.current()
        return snapshot.coverage if snapshot is not None else Coverage({}, None, None)

    def facts(self, fits: Callable[[str], bool] = bool) -> Options:
        """The facts that this data has, and those that it has not."""
        named = sorted(((name, words.fact(name)) for name in FACTS if fits(name)), key=lambda one: one[1].casefold())
        coverage = self.coverage
        here = tuple(one for one in named if coverage.has(one[0]))
        rest = tuple(one for one in named if not coverage.has(one[0]))
        return (("", here), (_("No data yet"), rest)) if here and rest else (("", here or rest),)

    def columns(self, fact: str, fits: Callable[[Column], bool]) -> Options:
        """The fields of a fact that fit, filled ones first."""
        known = FACTS.get(fact)
        found = [] if known is None else [one for one in known.columns if one.name not in HIDDEN and fits(one)]
        return self._filled_first(fact, [(one.name, words.column(one.name)) for one in found])

    def dates(self, fact: str) -> Options:
        return self.columns(fact, lambda column: column.type == "date")

    def moments(self, fact: str) -> Options:
        return self.columns(fact, lambda column: column.type == "instant")

    def numbers(self, fact: str) -> Options:
        return self.columns(fact, lambda column: column.type in NUMERIC)

    def example_columns(self, fact: str, taken: Sequence[str]) -> Options:
        """What a row of an example may say besides; its id, by which rows of other facts refer to it, too."""
        found = self.columns(fact, lambda column: column.name not in taken)
        own = () if "id" in taken or FACTS[fact].column("id") is None else (("id", words.column("id")),)
        return (*found, ("", own)) if own else found

    def members(self, fact: str) -> Options:
        return self.columns(fact, lambda column: column.type in ("ref", "text"))

    def paths(self, fact: str, chosen: str) -> Options:
        """What a condition may ask of a fact: its own fields, those of what it refers to, and the source's others."""
        known = FACTS.get(fact)
        if known is None:
            return ()
        own = []
        others: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        for column in known.columns:
            if column.name in HIDDEN or column.type == "instant":
                continue
            if column.type != "ref":
                own.append((column.name, words.column(column.name)))
                continue
            target = FACTS[column.to]
            name = f"{column.name}.{target.by_name}" if target.by_name else column.name
            own.append((name, words.column(column.name)))
            if self.coverage.filled(fact, column.name):
                inner = [
                    (f"{column.name}.{one.name}", words.column(one.name))
                    for one in target.columns
                    if one.name not in HIDDEN
                    and one.type not in ("instant", "ref")
                    and one.name != target.by_name
                    and self.coverage.filled(column.to, one.name)
                ]
                if inner:
                    others.append((words.column(column.name), tuple(inner)))
        groups = [*self._filled_first(fact, own), *others]
        extra = tuple((f"extra.{name}", name) for name in self.extra_names(fact))
        if extra:
            groups.append((_("Other columns of the source"), extra))
        listed = {value for _name, options in groups for value, _word in options}
        if chosen and chosen not in listed:
            groups.append((_("As written"), ((chosen, words.path(fact, chosen)),)))
        return tuple(groups)

    def extra_names(self, fact: str) -> tuple[str, ...]:
        if fact not in self._extra:
            self._extra[fact] = self.workspace.extra_names(fact) if self.coverage.has(fact) else ()
        return self._extra[fact]

    def values(self, fact: str, path: str) -> tuple[str, ...]:
        """The most frequent values of a field in the data."""
        known = FACTS.get(fact)
        if known is None or column_at(known, path) is None or not self.coverage.has(fact):
            return ()
        key = (fact, path)
        if key not in self._values:
            self._values[key] = self.workspace.values(fact, path, self.viewer, limit=MOST)
        return self._values[key]

    def kpis(self, without: str = "", *, variants: bool = False) -> Options:
        """The KPIs of the workspace by name."""
        found = []
        for one in self.workspace.definitions.values():
            if one.id == without:
                continue
            name = one.words_in(language()).name
            found.append((one.id, name))
            if variants:
                called = one.words_in(language()).variants
                found += [(f"{one.id}.{id_}", f"{name}: {called.get(id_, id_)}") for id_ in one.variants]
        return (("", tuple(sorted(found, key=lambda one: one[1].casefold()))),)

    def series(self) -> tuple[str, ...]:
        return self.workspace.values("observations", "series", self.viewer) if self.coverage.has("observations") else ()

    def _filled_first(self, fact: str, named: Iterable[tuple[str, str]]) -> Options:
        coverage = self.coverage
        listed = list(named)
        here = tuple(one for one in listed if coverage.filled(fact, one[0].split(".")[0]))
        rest = tuple(one for one in listed if one not in here)
        if not here or not rest:
            return (("", tuple(listed)),)
        return (("", here), (_("Not filled in this data"), rest))

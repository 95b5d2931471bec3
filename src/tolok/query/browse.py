"""Records of one fact as a list to look through: readable references, conditions, order, a page at a time, by whose eyes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from sqlglot import exp

from tolok.errors import QuestionError, nearest
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.query.build import both, column, day, is_null, known, literal, named, table
from tolok.query.context import Context
from tolok.query.path import Reach, Unreachable, ends_in
from tolok.query.question import EVERYTHING, Filter, Viewer
from tolok.query.slots import Slots
from tolok.query.small_groups import CLOSED
from tolok.query.whose import records_seen

Test = Literal["is", "not", "at_least", "at_most", "before", "after", "known", "unknown", "contains"]
Cell = str | int | Decimal | date | bool | None


class Rows(Protocol):
    """An engine that opens rows."""

    @property
    def coverage(self) -> Coverage: ...

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[Any, ...]]]: ...


@dataclass(frozen=True)
class Condition:
    """One condition on a column or a path such as ``account_id.region``; ``value`` is ignored by known and unknown."""

    column: str
    test: Test
    value: Cell | tuple[str, ...] = None


@dataclass(frozen=True)
class Listing:
    """What to list. ``columns`` of () are all that hold something; references come as id and, beside it, as name.

    ``any_of`` are groups of conditions of which one must hold each. ``offset`` and ``limit`` make a page.
    """

    fact: str
    columns: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # (column, descending)
    limit: int = 50
    offset: int = 0
    viewer: Viewer = EVERYTHING


@dataclass(frozen=True)
class Record:
    """One record: cells by column, and the names of what its references point to by the same columns."""

    id: str
    cells: dict[str, Cell]
    names: dict[str, str] = field(default_factory=dict)

    def get(self, column: str) -> Cell:
        """A cell, None where it is empty or was not listed."""
        return self.cells.get(column)


@dataclass(frozen=True)
class Listed:
    """One page of a listing, and how many records there are in all."""

    fact: str
    records: tuple[Record, ...]
    total: int
    columns: tuple[str, ...]
    sums: dict[str, Decimal] = field(default_factory=dict)


def browse(engine: Rows, listing: Listing, today: date, *, sums: Sequence[str] = ()) -> Listed:
    """One page of a listing. ``sums`` are amounts added up over all pages, where they are in one currency.

    Teams and managers are those of ``today``. Conditions and order on what the fact has not are refused.
    """
    if listing.fact not in FACTS:
        raise QuestionError(f"There is no fact {listing.fact!r}.", next_step=nearest(listing.fact, FACTS))
    coverage = engine.coverage
    if listing.fact in CLOSED or not coverage.has(listing.fact):
        return Listed(listing.fact, (), 0, ())
    fact = FACTS[listing.fact]
    columns = listing.columns or tuple(
        name for name in fact.column_names if name not in ("id", "source", "extra") and coverage.filled(fact.name, name)
    )
    context = Context(Slots(), (), listing.where, listing.viewer, coverage, "")
    reach = Reach(listing.fact, day(today), "", coverage)
    where: list[exp.Expr | None] = [tested(reach, condition) for condition in listing.conditions]
    where += [exp.or_(*[tested(reach, one) for one in group]) for group in listing.any_of if group]
    try:
        where += [
            context.filter_on(item, context.path(item.column, fact.name), fact.name, reach) for item in listing.where
        ]
        where.append(records_seen(listing.viewer, fact.name, reach))
    except Unreachable:
        return Listed(listing.fact, (), 0, columns)
    condition = both(where)
    has_id = fact.column("id") is not None  # what is derived has none
    key = column("id") if has_id else exp.Literal.string("")
    chosen = [
        named(key, "id"),
        *(named(_column(reach, name), f"c{place}") for place, name in enumerate(columns)),
    ]
    references = {name: target for name in columns if (target := ends_in(name, fact.name))}
    for place, name in enumerate(columns):
        if name in references:
            written = FACTS[references[name]].by_name
            label = reach.column(f"{name}.{written}") if written else _column(reach, name)
            chosen.append(named(label, f"n{place}"))
    order = [(_ordered(reach, name, columns, references), descending) for name, descending in listing.order]
    select = exp.select(*chosen).from_(table(fact.name, "f"))
    select = reach.attach(select)
    counting = exp.select(
        named(exp.Count(this=exp.Star()), "n"),
        *(named(exp.Sum(this=_column(reach, name)), f"s{place}") for place, name in enumerate(sums)),
    ).from_(table(fact.name, "f"))
    counting = reach.attach(counting)
    if condition is not None:
        select.where(condition, copy=False)
        counting.where(condition.copy(), copy=False)
    if reach.needs_memberships:
        context.need_memberships()
    for name, cte in context.ctes.items():
        select, counting = select.with_(name, as_=cte, copy=False), counting.with_(name, as_=cte.copy(), copy=False)
    keys = [exp.Ordered(this=by, desc=descending, nulls_first=False) for by, descending in order]
    if has_id:
        keys.append(exp.Ordered(this=column("id"), nulls_first=False))
    if keys:
        select = select.order_by(*keys)
    rows = engine.rows(select.limit(max(1, listing.limit)).offset(max(0, listing.offset)))[1]
    all_here = not listing.offset and not sums and len(rows) < listing.limit  # then they count themselves
    counted: tuple[Any, ...] = (len(rows),) if all_here else engine.rows(counting)[1][0]
    places = {name: 1 + len(columns) + number for number, name in enumerate(references)}
    records = tuple(
        Record(
            str(row[0]),
            dict(zip(columns, row[1 : 1 + len(columns)], strict=True)),
            {
                name: str(row[place] if row[place] is not None else row[1 + columns.index(name)] or "")
                for name, place in places.items()
            },
        )
        for row in rows
    )
    totals = {name: Decimal(str(value or 0)) for name, value in zip(sums, counted[1:], strict=True)}
    return Listed(listing.fact, records, int(counted[0]), columns, totals)


def record(engine: Rows, fact: str, record_id: str, viewer: Viewer, today: date) -> Record | None:
    """One record by its id, with its source and extra columns.

    None where it is not there or not for these eyes, and nothing tells which.
    """
    if fact not in FACTS or FACTS[fact].column("id") is None or not engine.coverage.has(fact):
        return None
    columns = tuple(name for name in FACTS[fact].column_names if name != "id" and engine.coverage.filled(fact, name))
    listing = Listing(fact, columns, conditions=(Condition("id", "is", record_id),), limit=2, viewer=viewer)
    found = browse(engine, listing, today).records
    return found[0] if found else None


def seen(engine: Rows, fact: str, ids: Collection[str], viewer: Viewer, today: date) -> frozenset[str]:
    """Those of some ids of which there is a record for these eyes."""
    if not ids or fact in CLOSED or FACTS[fact].column("id") is None or not engine.coverage.has(fact):
        return frozenset()
    reach = Reach(fact, day(today), "", engine.coverage)
    try:
        mine = records_seen(viewer, fact, reach)
    except Unreachable:
        return frozenset()
    condition = both([column("id").isin(*[literal(one) for one in sorted(ids)]), mine])
    select = reach.attach(exp.select(column("id")).from_(table(fact, "f")))
    return frozenset(str(row[0]) for row in engine.rows(select.where(condition))[1])


def names(engine: Rows, fact: str, ids: Collection[str]) -> dict[str, str]:
    """What rows of a fact are called, by id; for references of rows that are already known to be seen."""
    written = FACTS[fact].by_name
    if not ids or not written or not engine.coverage.has(fact):
        return {}
    wanted = column("id").isin(*[literal(one) for one in sorted(ids)])
    select = exp.select(column("id"), column(written)).from_(table(fact, "f")).where(wanted)
    return {str(key): str(name) for key, name in engine.rows(select)[1] if name is not None}


def _column(reach: Reach, name: str) -> exp.Expr:
    first = name.split(".")[0].split("@")[0]
    if FACTS[reach.fact].column(first) is None:
        raise QuestionError(
            f"{reach.fact} has no column {first!r}.", next_step=nearest(first, FACTS[reach.fact].column_names)
        )
    return reach.column(name)


def _ordered(reach: Reach, name: str, columns: tuple[str, ...], references: dict[str, str]) -> exp.Expr:
    """What to sort by: a reference by its name."""
    if name in references and FACTS[references[name]].by_name:
        return reach.column(f"{name}.{FACTS[references[name]].by_name}")
    return _column(reach, name)


def tested(reach: Reach, condition: Condition) -> exp.Expr:
    """The SQL of a condition on a row."""
    value = _column(reach, condition.column)
    wanted = condition.value
    if condition.test == "known":
        return known(value)
    if condition.test == "unknown":
        return is_null(value)
    if condition.test in ("is", "not"):
        several = wanted if isinstance(wanted, tuple) else (wanted,)
        test: exp.Expr = value.isin(*[literal(one) for one in several])
        return exp.or_(exp.Not(this=exp.paren(test)), is_null(value)) if condition.test == "not" else test
    if condition.test == "contains":
        small = exp.Lower(this=value)  # a text without the words is another text where it held them
        without = exp.Replace(
            this=small.copy(), expression=literal(str(wanted or "").casefold()), replacement=literal("")
        )
        return exp.NEQ(this=small, expression=without)
    node = {"at_least": exp.GTE, "at_most": exp.LTE, "before": exp.LT, "after": exp.GT}[condition.test]
    return node(this=value, expression=literal(wanted))

"""Rows that are dated within a window of each slot: one aggregating SELECT per fact, date and window for all KPIs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from tolok.kpis.definition import Measure, Per
from tolok.model import FACTS
from tolok.query.aggregate import columns, converted, money_columns
from tolok.query.build import both, column, count_rows, day, distinct, known, literal, named, table, total
from tolok.query.context import Context, WindowShift, conditions_sql
from tolok.query.currency import is_mixed, rate_at, rate_of_slot
from tolok.query.parts import Part


@dataclass(frozen=True)
class Named:
    """A measure and the name its parts carry in the grid."""

    name: str
    measure: Measure


@dataclass(frozen=True)
class Scan:
    """One SELECT whose columns are ``k``, the dimensions ``d0`` …, and these parts.

    ``layer`` is 0 for what the question is told by; a layer above has one dimension more, whose members are asked each.
    """

    select: exp.Select
    parts: tuple[Part, ...]
    layer: int = 0


def dated_by(measure: Measure) -> str:
    """The date column of a measure: its own, else the fact's first real date."""
    return measure.dated_by or FACTS[measure.fact].real_dates[0]


@dataclass
class Frame:
    """FROM, joins, key and dates of a scan over one fact in one window."""

    context: Context
    fact: str
    date: str
    shift: WindowShift

    def __post_init__(self) -> None:
        self.reach = self.context.reach(self.fact, column(self.date), self.date)
        slots = self.context.slots
        of_period = self.shift.window == "period"
        self.days = ""
        if of_period and len(slots.listed) == 1:
            slot = slots.listed[0]
            self.key: exp.Expr = literal(slot.k)
            self.starts, self.ends = day(slot.start), day(slot.end)
        else:
            self.days = self.context.day_slots(self.fact, self.date, self.shift)
            self.key = column("k", "s")
            self.starts, self.ends = column("slot_start", "s"), column("slot_end", "s")
        self.where = known(column(self.date))
        if of_period:
            first, last = day(slots.first), day(slots.last)
            self.where = exp.and_(column(self.date) >= first, column(self.date) <= last)

    def attach(self, select: exp.Select) -> exp.Select:
        """FROM the fact, join the slots where the key needs them, and whatever paths were reached."""
        select = select.from_(table(self.fact, "f"), copy=False)
        if self.days:
            select.join(table(self.days, "s"), on=column("day", "s").eq(column(self.date)), copy=False)
        if self.reach.needs_memberships:
            self.context.need_memberships()
        return self.reach.attach(select)


def scan(context: Context, fact: str, date: str, shift: WindowShift, measures: Sequence[Named]) -> Scan:
    """All measures of one fact, date and window in one SELECT; what they have in common goes into WHERE."""
    frame = Frame(context, fact, date, shift)
    reach = frame.reach
    dimensions = context.dimensions(fact, reach)
    shared = set(measures[0].measure.where)
    for item in measures[1:]:
        shared &= set(item.measure.where)
    rate = None
    join = None
    if is_mixed(context, fact) and any(money_columns(item.measure) for item in measures):
        side = measures[0].measure.rates
        join, rate = rate_of_slot(context, fact, frame.key, side) if side else rate_at(context, fact, date)
    starts, ends = frame.starts, frame.ends
    outputs: list[tuple[Part, exp.Expr]] = []
    for item in measures:
        rest = tuple(condition for condition in item.measure.where if condition not in shared)
        condition = conditions_sql(rest, fact, reach, starts, ends)
        outputs += columns(item.measure, item.name, reach, condition, rate)
        if rate is not None and money_columns(item.measure):
            lost = exp.and_(exp.Is(this=rate.copy(), expression=exp.null()), condition) if condition else None
            outputs.append(
                (
                    Part(f"{item.name}_unconverted", "count"),
                    count_rows(lost or exp.Is(this=rate, expression=exp.null())),
                )
            )
    common = tuple(sorted(shared, key=repr))
    where = both(
        [frame.where, conditions_sql(common, fact, reach, starts, ends), context.filter_condition(fact, reach)]
    )
    select = frame.attach(exp.select(named(frame.key.copy(), "k")))
    for position, dimension in enumerate(dimensions):
        select.select(named(dimension.copy(), f"d{position}"), copy=False)
    seen: set[str] = set()
    parts = []
    for part, expression in outputs:
        if part.name not in seen:
            seen.add(part.name)
            parts.append(part)
            select.select(named(expression, part.name), copy=False)
    if join is not None:
        select.append("joins", join)
    if where is not None:
        select.where(where, copy=False)
    keys = [exp.Literal.number(str(position + 1)) for position in range(1 + len(dimensions))]
    select.group_by(*keys, copy=False)
    return Scan(select, tuple(parts))


def scan_per_member(context: Context, item: Named, shift: WindowShift) -> Scan:
    """A measure taken over members (customers, deals): each member's own figure first, then count or average those."""
    measure = item.measure
    per = measure.per
    assert per is not None
    fact, date = measure.fact, dated_by(measure)
    frame = Frame(context, fact, date, shift)
    reach = frame.reach
    dimensions = context.dimensions(fact, reach)
    starts, ends = frame.starts, frame.ends
    rate = join = None
    if is_mixed(context, fact) and money_columns(measure):
        join, rate = rate_at(context, fact, date)
    member = reach.column(per.column)
    value = reach.column(measure.column) if measure.column else literal(1)
    if rate is not None:
        value = converted(value, rate)
    having = _having(per, reach)
    where = both(
        [
            frame.where,
            conditions_sql(measure.where, fact, reach, starts, ends),
            context.filter_condition(fact, reach),
            known(member),
        ]
    )
    inner = frame.attach(exp.select(named(frame.key.copy(), "k")))
    for position, dimension in enumerate(dimensions):
        inner.select(named(dimension.copy(), f"d{position}"), copy=False)
    inner.select(named(member.copy(), "member"), named(total(value), "own"), named(count_rows(), "n"), copy=False)
    if join is not None:
        inner.append("joins", join)
    inner.where(where, copy=False)
    inner.group_by(
        *[exp.Literal.number(str(number + 1)) for number in range(2 + len(dimensions))],
        copy=False,
    )
    if having is not None:
        inner.having(having, copy=False)
    members = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("f")))
    over = Measure(
        aggregate=measure.aggregate, fact=fact, column="own" if measure.column else "", q=measure.q, name=measure.name
    )
    outer = exp.select(column("k"))
    for position in range(len(dimensions)):
        outer.select(column(f"d{position}"), copy=False)
    own = context.reach(fact, None, date)
    outputs = columns(over, item.name, own, None)
    for part, expression in outputs:
        outer.select(named(expression, part.name), copy=False)
    outer = outer.from_(members)
    outer.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + len(dimensions))], copy=False)
    return Scan(outer, tuple(part for part, _ in outputs))


def _having(per: Per, reach: object) -> exp.Expr | None:
    if not per.having_aggregate:
        return None
    if per.having_aggregate == "count":
        figure = count_rows()
    else:
        value = reach.column(per.having_column)  # type: ignore[attr-defined]
        figure = distinct(value) if per.having_aggregate == "distinct" else total(value)
    node = {"at_least": exp.GTE, "at_most": exp.LTE, "above": exp.GT, "below": exp.LT, "is": exp.EQ}[per.having_test]
    return node(this=figure, expression=literal(per.having_value))

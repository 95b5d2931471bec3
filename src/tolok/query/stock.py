"""States that last (open deals, running contracts, people employed), as they were at the bounds of each slot.

A sum or a count over many bounds is answered by daily deltas and a running sum: each state adds on its first day and
takes off on the first day no longer in it. Medians, distinct counts, dated teams and mixed currencies compare every
state with every bound instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from sqlglot import exp

from tolok.kpis.definition import Measure
from tolok.model import FACTS
from tolok.query.aggregate import columns, money_columns, operand
from tolok.query.build import (
    both,
    case,
    coalesce,
    column,
    count_rows,
    day,
    filtered,
    is_null,
    literal,
    named,
    running,
    table,
    total,
    values_table,
)
from tolok.query.context import Context, conditions_sql
from tolok.query.currency import is_mixed, nearest, own_or_rate
from tolok.query.days import laid_out
from tolok.query.flow import Named, Scan
from tolok.query.parts import SQL_TYPE, Part, PartType, is_additive
from tolok.query.slots import EVER, before


def interval(fact: str) -> tuple[str, str]:
    found = FACTS[fact].interval
    if found is None:
        raise ValueError(f"{fact} has no interval")
    return found


def bounds_needed(measure: Measure) -> tuple[bool, bool]:
    """Whether a measure needs the opening and the closing bound of each slot."""
    return measure.window in ("opening", "average"), measure.window in ("closing", "average")


def bounds_table(context: Context) -> exp.Select:
    """``b``: the days at which stocks are told."""
    return values_table([(day(bound),) for bound in context.slots.boundaries], "b", ("b",))


def bounds_by_day(context: Context) -> exp.Select:
    """``day, b``: for each day from the first bound to the last, the first bound that a change on it counts for."""
    listed = context.slots.boundaries
    steps = [(listed[0], listed[0]), *((earlier + timedelta(days=1), bound) for earlier, bound in pairwise(listed))]
    rows = [(day(first), day(bound)) for first, bound in steps]
    context.ctes["bound_steps"] = values_table(rows, "s", ("from_on", "b"))
    longest = max((bound - first).days + 1 for first, bound in steps)
    return laid_out(table("bound_steps", "s"), column("from_on", "s"), column("b", "s"), [column("b", "s")], longest)


def scan(context: Context, fact: str, measures: Sequence[Named]) -> list[Scan]:
    """Scans of all stock measures of one fact; their ``k`` is the slot."""
    simple, whole = [], []
    mixed = is_mixed(context, fact)
    asked = (*context.by, *(item.column for item in context.filters))
    dated_dimension = any("@" in context.path(name, fact) for name in asked if name not in context.extra.get(fact, {}))
    alone = len(context.slots.listed) == 1 and all(item.measure.window != "average" for item in measures)
    for item in measures:
        of_period = any(condition.test in ("within", "before") for condition in item.measure.where)
        converts = mixed and money_columns(item.measure)
        if not is_additive(item.measure) or converts or of_period or dated_dimension or alone:
            whole.append(item)
        else:
            simple.append(item)
    scans = []
    if simple:
        scans.append(by_deltas(context, fact, simple))
    for opening in (True, False):
        at_bound = [item for item in whole if bounds_needed(item.measure)[0 if opening else 1]]
        if at_bound:
            scans.append(by_bounds(context, fact, at_bound, opening=opening))
    return scans


def suffix(opening: bool) -> str:
    return "_open" if opening else "_close"


def by_bounds(context: Context, fact: str, measures: Sequence[Named], *, opening: bool) -> Scan:
    """Every state against every bound."""
    starts_on, ends_on = interval(fact)
    slots = context.slots.listed
    single = len(slots) == 1
    if single:
        bound: exp.Expr = day(before(slots[0].start) if opening else slots[0].end)
        key: exp.Expr = literal(slots[0].k)
        starts, ends = day(slots[0].start), day(slots[0].end)
    else:
        bound = column("bound", "s")
        key = column("k", "s")
        starts, ends = column("slot_start", "s"), column("slot_end", "s")
    reach = context.reach(fact, bound, starts_on)
    dimensions = context.dimensions(fact, reach)
    rate = join = None
    if is_mixed(context, fact) and any(money_columns(item.measure) for item in measures):
        name = _rates_at_bounds(context, fact, opening=opening)
        rate = own_or_rate(context)
        same_day = column("day", "x").eq(bound.copy())
        join = exp.Join(
            this=table(name, "x"), side="LEFT", on=both([column("currency", "x").eq(column("currency")), same_day])
        )
    outputs: list[tuple[Part, exp.Expr]] = []
    for item in measures:
        condition = conditions_sql(item.measure.where, fact, reach, starts, ends)
        outputs += columns(item.measure, item.name + suffix(opening), reach, condition, rate)
    where = both(
        [
            exp.or_(is_null(column(starts_on)), column(starts_on) <= bound.copy()),
            exp.or_(is_null(column(ends_on)), column(ends_on) > bound.copy()),
            context.filter_condition(fact, reach),
        ]
    )
    select = exp.select(named(key.copy(), "k"))
    for position, dimension in enumerate(dimensions):
        select.select(named(dimension.copy(), f"d{position}"), copy=False)
    for part, expression in outputs:
        select.select(named(expression, part.name), copy=False)
    select = select.from_(table(fact, "f"))
    if not single:
        chosen = column("slot_end", "t")
        if opening:
            chosen = exp.Sub(this=column("slot_start", "t"), expression=exp.Literal.number(1))  # type: ignore[assignment]
        own = [column(name, "t") for name in ("k", "slot_start", "slot_end")]
        bounds = exp.select(*own, exp.alias_(chosen, "bound")).from_(table("slots", "t"))
        alias = exp.TableAlias(this=exp.to_identifier("s"))
        select.append("joins", exp.Join(this=exp.Subquery(this=bounds, alias=alias), kind="CROSS"))
    if reach.needs_memberships:
        context.need_memberships()
    select = reach.attach(select)
    if join is not None:
        select.append("joins", join)
    assert where is not None
    select.where(where, copy=False)
    select.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + len(dimensions))], copy=False)
    return Scan(select, tuple(part for part, _ in outputs))


def _rates_at_bounds(context: Context, fact: str, *, opening: bool) -> str:
    name = f"rates_{fact}{suffix(opening)}"
    if name not in context.ctes:
        chosen: exp.Expr = column("slot_end", "t")
        if opening:
            chosen = exp.Sub(this=column("slot_start", "t"), expression=exp.Literal.number(1))
        held = exp.select(exp.alias_(column("currency"), "currency")).distinct().from_(table(fact, "f"))
        held = held.where(column("currency").neq(literal(context.currency)))
        pairs = (
            exp.select(column("currency", "c"), exp.alias_(chosen, "day"))
            .distinct()
            .from_(exp.Subquery(this=held, alias=exp.TableAlias(this=exp.to_identifier("c"))))
        )
        pairs.append("joins", exp.Join(this=table("slots", "t"), kind="CROSS"))
        context.ctes[name] = nearest(
            context, exp.Subquery(this=pairs, alias=exp.TableAlias(this=exp.to_identifier("p")))
        )
    return name


def by_deltas(context: Context, fact: str, measures: Sequence[Named]) -> Scan:
    """Additive stocks at many bounds by deltas and a running sum."""
    starts_on, ends_on = interval(fact)
    context.need("bounds", lambda: bounds_table(context))
    first_bound, last_bound = context.slots.boundaries[0], context.slots.boundaries[-1]
    shared = set.intersection(*(set(item.measure.where) for item in measures))
    names = [f"v{number}" for number in range(len(measures))]
    dimension_count = len(context.by)

    # Beside each amount and its rows, how many rows have an amount: adding up what is unknown is no answer.
    columns_of = [name + ending for name in names for ending in ("", "_n", "_k")]

    def side(date_column: str, sign: int) -> exp.Select:
        reach = context.reach(fact, column(starts_on), starts_on)
        dimensions = context.dimensions(fact, reach)
        context.need("bounds_by_day", lambda: bounds_by_day(context))
        moment: exp.Expr = column(date_column)
        if sign > 0:
            moment = exp.Greatest(this=coalesce(moment, day(EVER)), expressions=[day(first_bound)])
        select = exp.select(column("b", "b"))
        for position, dimension in enumerate(dimensions):
            select.select(named(dimension.copy(), f"d{position}"), copy=False)
        for item, name in zip(measures, names, strict=True):
            own = tuple(condition for condition in item.measure.where if condition not in shared)
            condition = conditions_sql(own, fact, reach, column(starts_on), column(starts_on))
            rows = count_rows(condition)
            if item.measure.aggregate == "count":
                value: exp.Expr = exp.cast(rows.copy(), "decimal(38,4)")
                amounts: exp.Expr = rows.copy()
            else:
                amount = operand(item.measure, reach, None)
                value = exp.Coalesce(this=total(amount, condition), expressions=[exp.Literal.number(0)])
                amounts = filtered(exp.Count(this=amount.copy()), condition)
            if sign < 0:
                value, rows, amounts = (exp.Neg(this=exp.Paren(this=each)) for each in (value, rows, amounts))
            select.select(named(exp.cast(value, "decimal(38,4)"), name), copy=False)
            select.select(named(rows, f"{name}_n"), named(amounts, f"{name}_k"), copy=False)
        select = select.from_(table(fact, "f"))
        # Of states that ended before they began, neither end may count.
        valid = exp.or_(is_null(column(ends_on)), is_null(column(starts_on)), column(ends_on) > column(starts_on))
        common = tuple(sorted(shared, key=repr))
        lasted = exp.or_(
            is_null(column(ends_on)), column(ends_on) > day(first_bound)
        )  # what ended before is in no bound
        conditions = [valid, lasted, context.filter_condition(fact, reach)]
        conditions.append(conditions_sql(common, fact, reach, column(starts_on), column(starts_on)))
        began = column(date_column) <= day(last_bound)
        conditions.append(exp.or_(is_null(column(date_column)), began) if sign > 0 else began)
        if reach.needs_memberships:
            context.need_memberships()
        select.join(table("bounds_by_day", "b"), on=column("day", "b").eq(moment), copy=False)
        select = reach.attach(select)
        where = both(conditions)
        assert where is not None
        select.where(where, copy=False)
        select.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + dimension_count)], copy=False)
        return select

    deltas = exp.union(side(starts_on, 1), side(ends_on, -1), distinct=False)
    prefix = f"stock_{fact}_{measures[0].name}"
    context.ctes[f"{prefix}_deltas"] = deltas
    keys = [column(f"d{position}", "g") for position in range(dimension_count)]
    sums = [named(total(column(name, "g")), name) for name in columns_of]
    zeros = exp.select(column("b", "b")).from_(table("bounds", "b"))
    if dimension_count:
        members = exp.select(*keys).distinct().from_(table(f"{prefix}_deltas", "g"))
        zeros.append(
            "joins",
            exp.Join(this=exp.Subquery(this=members, alias=exp.TableAlias(this=exp.to_identifier("g"))), kind="CROSS"),
        )
        zeros.select(*[key.copy() for key in keys], copy=False)
    for name in columns_of:
        zeros.select(named(exp.cast(literal(0), "decimal(38,4)" if name in names else "bigint"), name), copy=False)
    everything = exp.union(exp.select(exp.Star()).from_(table(f"{prefix}_deltas", "g")), zeros, distinct=False)
    filled = exp.select(column("b", "g"), *[key.copy() for key in keys], *[item.copy() for item in sums])
    filled = filled.from_(exp.Subquery(this=everything, alias=exp.TableAlias(this=exp.to_identifier("g"))))
    filled.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + dimension_count)], copy=False)
    levels = exp.select(column("b", "g"), *[key.copy() for key in keys])
    for name in columns_of:
        levels.select(named(running(column(name, "g"), keys, column("b", "g")), name), copy=False)
    levels = levels.from_(exp.Subquery(this=filled, alias=exp.TableAlias(this=exp.to_identifier("g"))))
    context.ctes[f"{prefix}_levels"] = levels
    return _at_slots(context, f"{prefix}_levels", measures, names, dimension_count)


def _at_slots(
    context: Context, levels: str, measures: Sequence[Named], names: Sequence[str], dimension_count: int
) -> Scan:
    """Pick each slot's opening and closing level."""
    parts: list[Part] = []
    opening_on = exp.Sub(this=column("slot_start", "s"), expression=exp.Literal.number(1))
    is_opening = column("b", "g").eq(opening_on)
    is_closing = column("b", "g").eq(column("slot_end", "s"))
    select = exp.select(column("k", "s"))
    for position in range(dimension_count):
        select.select(column(f"d{position}", "g"), copy=False)
    for item, name in zip(measures, names, strict=True):
        needs_opening, needs_closing = bounds_needed(item.measure)
        for needed, opening, test in ((needs_opening, True, is_opening), (needs_closing, False, is_closing)):
            if not needed:
                continue
            found = exp.and_(test.copy(), column(f"{name}_k", "g") > literal(0))
            picks: list[tuple[str, exp.Expr, str, PartType]] = [("_v", found, name, "decimal")]
            picks.append(("_n", test, f"{name}_n", "count"))
            if item.measure.aggregate == "mean":
                picks.append(("_k", test, f"{name}_k", "count"))
            for ending, when, source, kind in picks:
                part = Part(item.name + suffix(opening) + ending, kind)
                parts.append(part)
                value = exp.Max(this=case((when, column(source, "g"))))
                select.select(named(exp.cast(value, SQL_TYPE[kind]), part.name), copy=False)
    select = select.from_(table(levels, "g"))
    select.join(table("slots", "s"), on=exp.or_(is_opening, is_closing), copy=False)
    select.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + dimension_count)], copy=False)
    return Scan(select, tuple(parts))

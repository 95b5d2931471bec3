"""How one population changed from the opening to the closing of each slot: new, expansion, contraction, lost."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from tolok.kpis.definition import Movement
from tolok.model import FACTS
from tolok.query.aggregate import converted
from tolok.query.build import (
    both,
    case,
    coalesce,
    column,
    is_null,
    known,
    literal,
    named,
    table,
    total,
    values_table,
)
from tolok.query.context import Context, WindowShift, conditions_sql
from tolok.query.currency import is_mixed, rate_at
from tolok.query.flow import Frame, Scan
from tolok.query.parts import Part
from tolok.query.stock import interval

PARTS = ("opening", "new", "expansion", "contraction", "lost", "closing")


def scan(context: Context, name: str, movement: Movement, previous: dict[int, int]) -> Scan:
    """The six parts per slot and dimension, from each member's amount before and after.

    ``previous`` gives for each slot the slot before it (flow basis only). Members are compared within a dimension's
    value: a customer of whom one contract ended in a region and another began elsewhere is lost to the one and new to
    the other. Teams are those of the opening, or of the first day of what began later.
    """
    if movement.basis == "flow":
        pairs = _flow_pairs(context, name, movement, previous)
    else:
        pairs = _stock_pairs(context, name, movement)
    was, now = column("was", "m"), column("is", "m")
    zero = literal(0)
    held, holds = was > zero, now > zero
    tests: dict[str, Callable[[], exp.Expr]] = {
        "opening": lambda: case((held, was)),
        "new": lambda: case((exp.and_(exp.Not(this=exp.paren(held.copy())), holds.copy()), now)),
        "expansion": lambda: case((exp.and_(held.copy(), now > was.copy()), exp.Sub(this=now, expression=was))),
        "contraction": lambda: case(
            (exp.and_(held.copy(), holds.copy(), now < was.copy()), exp.Sub(this=was, expression=now))
        ),
        "lost": lambda: case((exp.and_(held.copy(), exp.Not(this=exp.paren(holds.copy()))), was)),
        "closing": lambda: case((holds, now)),
    }
    select = exp.select(column("k", "m"))
    for position in range(len(context.by)):
        select.select(column(f"d{position}", "m"), copy=False)
    parts = []
    for part_name, make in tests.items():
        part = Part(f"{name}_{part_name}", "decimal")
        parts.append(part)
        select.select(named(exp.cast(coalesce(total(make()), zero), "decimal(38,4)"), part.name), copy=False)
    counted = Part(f"{name}_n", "count")
    parts.append(counted)
    select.select(named(exp.Count(this=exp.Star()), counted.name), copy=False)
    select = select.from_(table(pairs, "m"))
    select.group_by(*_ordinals(1 + len(context.by)), copy=False)
    return Scan(select, tuple(parts))


def _ordinals(count: int) -> list[exp.Expr]:
    return [exp.Literal.number(str(number + 1)) for number in range(count)]


def _amount(movement: Movement) -> exp.Expr:
    return column(movement.amount) if movement.amount else literal(1)


def _is_money(movement: Movement) -> bool:
    found = FACTS[movement.fact].column(movement.amount) if movement.amount else None
    return found is not None and found.type == "money"


def _stock_pairs(context: Context, name: str, movement: Movement) -> str:
    """CTE of ``k, d0…, member, was, is``: each member's amount at the opening and closing bound of each slot."""
    starts_on, ends_on = interval(movement.fact)
    opening = exp.Paren(this=exp.Sub(this=column("slot_start", "s"), expression=literal(1)))
    # Who held it at the opening answers for it; what began later belongs to the team of its first day. So a rep who
    # changes team within the period neither loses customers to the one nor wins them for the other.
    moment = case((column(starts_on) > opening, column(starts_on)), otherwise=opening.copy())
    reach = context.reach(movement.fact, moment, starts_on)
    dimensions = context.dimensions(movement.fact, reach)
    closing = column("slot_end", "s")
    amount = _amount(movement)
    rate_join = None
    if _is_money(movement) and is_mixed(context, movement.fact):
        # A constant rate, that of the state's first day: exchange rates moving is neither expansion nor contraction.
        rate_join, rate = rate_at(context, movement.fact, starts_on)
        amount = converted(amount, rate)

    def held_at(bound: exp.Expr) -> exp.Expr:
        return exp.and_(
            exp.or_(is_null(column(starts_on)), column(starts_on) <= bound.copy()),
            exp.or_(is_null(column(ends_on)), column(ends_on) > bound.copy()),
        )

    def side(bound: exp.Expr) -> exp.Expr:
        held = case((held_at(bound), amount))
        return coalesce(total(held) if movement.amount else exp.Max(this=held), literal(0))

    select = exp.select(column("k", "s"))
    for position, dimension in enumerate(dimensions):
        select.select(named(dimension.copy(), f"d{position}"), copy=False)
    select.select(
        named(reach.column(movement.per), "member"),
        named(side(opening), "was"),
        named(side(closing), "is"),
        copy=False,
    )
    select = select.from_(table(movement.fact, "f"))
    select.append("joins", exp.Join(this=table("slots", "s"), kind="CROSS"))
    where = both(
        [
            conditions_sql(movement.where, movement.fact, reach, column("slot_start", "s"), closing),
            context.filter_condition(movement.fact, reach),
            known(reach.column(movement.per)),
            exp.or_(held_at(opening), held_at(closing)),
        ]
    )
    if reach.needs_memberships:
        context.need_memberships()
    select = reach.attach(select)
    if rate_join is not None:
        select.append("joins", rate_join)
    assert where is not None
    select.where(where, copy=False)
    select.group_by(*_ordinals(2 + len(dimensions)), copy=False)
    context.ctes[f"{name}_members"] = select
    return f"{name}_members"


def _flow_pairs(context: Context, name: str, movement: Movement, previous: dict[int, int]) -> str:
    """CTE of ``k, d0…, member, was, is``: what each member did in the slot before and in this slot."""
    date = movement.dated_by or FACTS[movement.fact].real_dates[0]
    frame = Frame(context, movement.fact, date, WindowShift("period"))
    reach = frame.reach
    dimensions = context.dimensions(movement.fact, reach)
    rate_join = None
    amount: exp.Expr = column(movement.amount) if movement.amount else literal(1)
    if _is_money(movement) and is_mixed(context, movement.fact):
        rate_join, rate = rate_at(context, movement.fact, date)
        amount = converted(amount, rate)
    figure = coalesce(total(amount), literal(0)) if movement.amount else literal(1)
    member = reach.column(movement.per)
    where = both(
        [
            frame.where,
            conditions_sql(movement.where, movement.fact, reach, frame.starts, frame.ends),
            context.filter_condition(movement.fact, reach),
            known(member),
        ]
    )
    assert where is not None
    select = frame.attach(exp.select(named(frame.key.copy(), "k")))
    for position, dimension in enumerate(dimensions):
        select.select(named(dimension.copy(), f"d{position}"), copy=False)
    select.select(named(member.copy(), "member"), named(figure, "own"), copy=False)
    if rate_join is not None:
        select.append("joins", rate_join)
    select.where(where, copy=False)
    select.group_by(*_ordinals(2 + len(dimensions)), copy=False)
    context.ctes[f"{name}_own"] = select
    keys = [column(f"d{position}", "o") for position in range(len(dimensions))]
    now = exp.select(
        column("k", "o"), *keys, column("member", "o"), named(literal(0), "was"), named(column("own", "o"), "is")
    ).from_(table(f"{name}_own", "o"))
    steps = values_table(
        [(literal(slot), literal(earlier)) for slot, earlier in sorted(previous.items())], "p", ("k", "earlier")
    )
    context.ctes[f"{name}_steps"] = steps
    was = exp.select(
        column("k", "p"),
        *[key.copy() for key in keys],
        column("member", "o"),
        named(column("own", "o"), "was"),
        named(literal(0), "is"),
    ).from_(table(f"{name}_own", "o"))
    was.join(table(f"{name}_steps", "p"), on=column("earlier", "p").eq(column("k", "o")), copy=False)
    both_sides = exp.union(now, was, distinct=False)
    merged = exp.select(
        column("k", "u"),
        *[column(f"d{position}", "u") for position in range(len(dimensions))],
        column("member", "u"),
        named(total(column("was", "u")), "was"),
        named(total(column("is", "u")), "is"),
    ).from_(exp.Subquery(this=both_sides, alias=exp.TableAlias(this=exp.to_identifier("u"))))
    merged.group_by(*_ordinals(2 + len(dimensions)), copy=False)
    context.ctes[f"{name}_members"] = merged
    return f"{name}_members"

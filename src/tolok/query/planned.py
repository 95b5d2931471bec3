"""Which of the targets that were planned stand, for each slot and member.

Targets stand at a scope (the company, a team, a rep × a product …) and a length of time. The narrowest set of scopes
that can tell the asked dimensions is taken, never two levels at once. Of several lengths that overlap in one scope,
the slot's own is taken first, then the longest that is shorter (months for a quarter), then the shortest that is
longer, by days. What was approved in Tolok comes before what was imported for the same scope and days. Of a team and
the teams below it, the one whose targets cover more of the slot counts, the upper one of equals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from sqlglot import exp

from tolok.model.dimensions import paths
from tolok.model.targets import TOLOK
from tolok.query.aggregate import converted
from tolok.query.build import both, case, coalesce, column, is_null, literal, named, table
from tolok.query.context import Context
from tolok.query.currency import rate_at
from tolok.query.path import Reach, Unreachable
from tolok.query.team_tree import above, has_tree

SCOPES = ("rep_id", "team_id", "account_id", "product_id", "category", "region", "channel", "segment")
PREFERRED: tuple[tuple[str, ...], ...] = (
    (),
    ("team_id",),
    ("region",),
    ("rep_id",),
    ("product_id",),
    ("category",),
    ("channel",),
    ("segment",),
    ("account_id",),
)
ROUTES: dict[str, tuple[str, ...]] = {
    "rep": ("rep_id",),
    "team": ("team_id", "rep_id@memberships.team_id", "rep_id.team_id"),
    "manager": ("rep_id@memberships.manager_id", "rep_id.manager_id", "team_id.manager_id"),
    "account": ("account_id",),
    "product": ("product_id",),
    "category": ("category", "product_id.category"),
    "region": ("region", "rep_id.region", "team_id.region", "account_id.region"),
    "channel": ("channel", "account_id.channel"),
    "segment": ("segment", "account_id.segment"),
    "industry": ("account_id.industry",),
    "country": ("account_id.country",),
}


class Columnar(Protocol):
    """An engine that answers a query by columns."""

    def run(self, query: exp.Expr) -> Mapping[str, np.ndarray]: ...


@dataclass(frozen=True)
class Level:
    """One KPI's targets at one set of scopes."""

    kpi: str
    scopes: tuple[str, ...]
    approved_here: bool = False


def levels_query(context: Context) -> exp.Select:
    """``kpi``, per scope column whether it is set, and whether any was approved in Tolok; a row per combination.

    Of the viewer's targets alone: one's own, and those of the teams that one leads.
    """
    columns: list[exp.Expr] = [column("kpi")]
    own: list[exp.Expr] = [named(exp.Max(this=case((_own("f"), literal(1)), otherwise=literal(0))), "approved_here")]
    for scope in SCOPES:
        is_set = exp.Not(this=exp.Is(this=column(scope), expression=exp.null()))
        columns.append(named(case((is_set, literal(1)), otherwise=literal(0)), scope))
    select = exp.select(*columns, *own).from_(table("targets", "f"))
    if context.viewer.reps is not None:
        mine = context.viewer_condition("targets", reach_of_targets(context))
        select.where(exp.or_(mine, exp.and_(is_null(column("rep_id")), _led(context))), copy=False)
    return select.group_by(*[exp.Literal.number(str(number + 1)) for number in range(len(columns))])


def levels(engine: Columnar, context: Context) -> list[Level]:
    """At which levels the viewer has targets."""
    rows = engine.run(levels_query(context))
    return [
        Level(str(kpi), tuple(name for name in SCOPES if rows[name][number]), bool(rows["approved_here"][number]))
        for number, kpi in enumerate(rows["kpi"])
    ]


def choose(context: Context, kpi: str, levels: list[Level]) -> tuple[Level, list[str]]:
    """The level to add up and the path of each asked dimension and filter from it."""
    of_kpi = [level for level in levels if level.kpi == kpi]
    if not of_kpi and context.viewer.reps is not None:
        raise Unreachable(f"there is no target for {kpi} that {context.viewer.name} may see")
    if not of_kpi:
        raise Unreachable(f"there is no target for {kpi}")
    wanted = [*context.by, *(item.column for item in context.filters)]
    rank = {scopes: number for number, scopes in enumerate(PREFERRED)}
    for level in sorted(of_kpi, key=lambda item: (len(item.scopes), rank.get(item.scopes, 99), item.scopes)):
        routes = [_route(context, dimension, level) for dimension in wanted]
        if all(routes):
            return level, [route for route in routes if route]
    raise Unreachable(f"no target for {kpi} is set by {', '.join(wanted)}")


def _route(context: Context, dimension: str, level: Level) -> str | None:
    for path in ROUTES.get(dimension) or paths(dimension, "targets"):
        if path.split(".")[0].split("@")[0] not in level.scopes:
            continue
        if "@" in path and not context.coverage.has("memberships"):
            continue
        return path
    return None


def standing(context: Context, name: str, level: Level, routes: list[str], *, rated: bool = False) -> exp.Select:
    """The rows that count, from ``t``: ``k``, ``d0`` …, the level's scopes, ``id``, ``value``, ``shared``, ``length``.

    ``shared`` are the days that a target and its slot have in common, ``length`` those of the target. Which of a
    scope's targets stand is settled before filters and the viewer choose among them: a breakdown and a filter agree.
    With ``rated``, values are in the workspace's currency: at the rate of the first day, NULL where there is none.
    """
    reach = reach_of_targets(context)
    dimensions = [reach.column(path) for path in routes[: len(context.by)]]
    chosen_here: list[exp.Expr | None] = []
    for item, path in zip(context.filters, routes[len(context.by) :], strict=True):
        chosen_here.append(context.filter_on(item, path, "targets", reach))
    if context.viewer.reps is not None:
        chosen_here.append(context.viewer_condition("targets", reach) if "rep_id" in level.scopes else _led(context))
    conditions: list[exp.Expr | None] = list(_of_level("f", level))
    if level.approved_here:
        conditions.append(_not_superseded(context, f"superseded_{name}", level))
    own_days = _length(column("from_on"), column("to_on"))
    own, asked = _class(own_days), _class(_length(column("slot_start", "s"), column("slot_end", "s")))
    preference = case(
        (own.eq(asked), literal(0)), (own < asked, exp.Sub(this=asked, expression=own)), otherwise=own + literal(100)
    )
    value: exp.Expr = column("value")
    join = None
    if rated:
        join, rate = rate_at(context, "targets", "from_on")
        value = converted(value, rate)
    inner = exp.select(named(column("k", "s"), "k"))
    for position, dimension in enumerate(dimensions):
        inner.select(named(dimension, f"d{position}"), copy=False)
    asked_for = both(chosen_here)
    if asked_for is not None:
        inner.select(named(case((asked_for, literal(1)), otherwise=literal(0)), "asked_for"), copy=False)
    inner.select(
        *[named(column(scope), scope) for scope in level.scopes],
        named(column("id"), "id"),
        named(column("from_on"), "from_on"),
        named(column("to_on"), "to_on"),
        named(exp.cast(value, "double"), "value"),
        named(_shared("f", "s", "slot_start", "slot_end"), "shared"),
        named(own_days.copy(), "length"),
        named(preference, "preference"),
        copy=False,
    )
    inner = inner.from_(table("targets", "f"))
    inner.join(
        table("slots", "s"),
        on=exp.and_(column("from_on") <= column("slot_end", "s"), column("to_on") >= column("slot_start", "s")),
        copy=False,
    )
    if reach.needs_memberships:
        context.need_memberships()
    inner = reach.attach(inner)
    if join is not None:
        inner.append("joins", join)
    where = both(conditions)
    assert where is not None
    inner.where(where, copy=False)
    near = f"near_{name}"
    context.need(near, lambda: inner)
    kept = f"kept_{name}"
    fit = exp.select(exp.Star()).from_(table(near, "t")).where(_undominated(near, level))
    if asked_for is not None:
        fit.where(column("asked_for", "t").eq(literal(1)), copy=False)
    context.need(kept, lambda: fit)
    chosen = exp.select().from_(table(kept, "t"))
    if "team_id" in level.scopes and has_tree(context.coverage):
        told = ["k", *[f"d{position}" for position in range(len(dimensions))], *level.scopes]
        context.need(f"yield_{name}", lambda: _yielding(kept, told))
        chosen.where(_not_yielding(f"yield_{name}", told), copy=False)
    return chosen


def _undominated(near: str, level: Level) -> exp.Expr:
    """Rows that no row of the same scope with a fitter length overlaps."""
    same: list[exp.Expr] = [column("k", "b").eq(column("k", "t"))]
    same += [column(scope, "b").eq(column(scope, "t")) for scope in level.scopes]
    same += [column("from_on", "b") <= column("to_on", "t"), column("to_on", "b") >= column("from_on", "t")]
    same.append(column("preference", "b") < column("preference", "t"))
    better = exp.select(literal(1)).from_(table(near, "b")).where(*same)
    return exp.Not(this=exp.Exists(this=better))


def _yielding(kept: str, told: list[str]) -> exp.Select:
    """Teams that yield to one above or below them in the same slot and group, which has targets for more of its days."""

    def days(alias: str) -> exp.Subquery:
        keys = [column(name, "t") for name in told]
        select = exp.select(*keys, named(exp.Sum(this=column("shared", "t")), "days")).from_(table(kept, "t"))
        return exp.Subquery(this=select.group_by(*[key.copy() for key in keys]), alias=_alias(alias))

    others = [name for name in told if name != "team_id"]
    lower, upper = column("days", "l"), column("days", "u")
    yields = case((upper >= lower, column("team_id", "l")), otherwise=column("team_id", "u"))
    select = exp.select(*[column(name, "l") for name in others], named(yields, "team_id")).from_(days("l"))
    of_branch = exp.Subquery(this=above(), alias=_alias("a"))
    select.join(of_branch, on=column("id", "a").eq(column("team_id", "l")), copy=False)
    same = [_same(name, "u", "l") for name in others]
    return select.join(days("u"), on=exp.and_(column("team_id", "u").eq(column("above_id", "a")), *same), copy=False)


def _not_yielding(name: str, told: list[str]) -> exp.Expr:
    same = [_same(one, "y", "t") for one in told]
    yielding = exp.select(literal(1)).from_(table(name, "y")).where(*same)
    return exp.Not(this=exp.Exists(this=yielding))


def _same(name: str, one: str, other: str) -> exp.Expr:
    return exp.NullSafeEQ(this=column(name, one), expression=column(name, other))


def reach_of_targets(context: Context) -> Reach:
    return Reach("targets", column("from_on"), "from_on", context.coverage)


def _led(context: Context) -> exp.Expr:
    """Targets of the teams that the viewer leads; never any where there are none."""
    return column("team_id").isin(*[literal(team) for team in sorted(context.viewer.teams)] or [literal("")])


def _not_superseded(context: Context, name: str, level: Level) -> exp.Expr:
    """Imported rows, but those for which approved ones stand: one as long or longer, or all of their days."""

    def superseded() -> exp.Select:
        length = _length(column("from_on"), column("to_on"))
        other = _class(_length(column("from_on", "o"), column("to_on", "o")))
        meet: list[exp.Expr] = [column("from_on", "o") <= column("to_on"), column("to_on", "o") >= column("from_on")]
        meet += [column(scope, "o").eq(column(scope)) for scope in level.scopes]
        select = exp.select(named(column("id"), "id")).from_(table("targets", "f"))
        select.join(table("targets", "o"), on=exp.and_(*_of_level("o", level), *meet), copy=False)
        select.where(*_of_level("f", level), exp.Not(this=_own("f")), _own("o"), copy=False)
        select.group_by(column("id"), length, other, copy=False)
        days = exp.Sum(this=_shared("f", "o", "from_on", "to_on"))
        return select.having(exp.or_(other.copy() >= _class(length), days >= length.copy()), copy=False)

    context.need(name, superseded)
    standing = exp.select(column("id", "x")).from_(table(name, "x")).where(column("id", "x").eq(column("id")))
    return exp.or_(_own("f"), exp.Not(this=exp.Exists(this=standing)))


def _of_level(alias: str, level: Level) -> list[exp.Expr]:
    """The rows of a KPI at exactly the level's scopes."""
    found: list[exp.Expr] = [column("kpi", alias).eq(literal(level.kpi))]
    for scope in SCOPES:
        is_null = exp.Is(this=column(scope, alias), expression=exp.null())
        found.append(exp.Not(this=is_null) if scope in level.scopes else is_null)
    return found


def _own(alias: str) -> exp.Expr:
    return coalesce(column("source", alias), literal("")).eq(literal(TOLOK))


def _shared(alias: str, other: str, start: str, end: str) -> exp.Expr:
    """How many days two stretches have in common."""
    first = exp.Greatest(this=column("from_on", alias), expressions=[column(start, other)])
    last = exp.Least(this=column("to_on", alias), expressions=[column(end, other)])
    return exp.Paren(this=exp.Add(this=exp.Sub(this=last, expression=first), expression=literal(1)))


def _length(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Add(this=exp.Sub(this=end.copy(), expression=start.copy()), expression=literal(1)))


def _class(days: exp.Expr) -> exp.Expr:
    """1 day, 2 week, 3 month, 4 quarter, 5 half, 6 year."""
    limits = ((1, 1), (7, 2), (35, 3), (98, 4), (190, 5))
    return case(*[(days.copy() <= literal(limit), literal(number)) for limit, number in limits], otherwise=literal(6))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name))

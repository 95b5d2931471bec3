"""The target of a KPI for each slot and member: added up from what was planned, or its share by days.

Targets stand at a scope (the company, a team, a rep × a product …) and a length of time. The narrowest set of scopes
that can tell the asked dimensions is taken, never two levels at once. Of several lengths, the slot's own is taken
first, then the longest that is shorter (months for a quarter), then the shortest that is longer, by days.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from tolok.query.build import both, case, column, literal, named, table
from tolok.query.context import Context, Unreachable
from tolok.query.flow import Scan
from tolok.query.parts import Part
from tolok.query.path import Reach

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


@dataclass(frozen=True)
class Level:
    """One KPI's targets at one set of scopes."""

    kpi: str
    scopes: tuple[str, ...]


def levels_query() -> exp.Select:
    """``kpi`` and, per scope column, whether it is set; one row per combination that occurs."""
    columns: list[exp.Expr] = [column("kpi")]
    for scope in SCOPES:
        is_set = exp.Not(this=exp.Is(this=column(scope), expression=exp.null()))
        columns.append(named(case((is_set, literal(1)), otherwise=literal(0)), scope))
    return exp.select(*columns).distinct().from_(table("targets", "f"))


def choose(context: Context, kpi: str, levels: list[Level]) -> tuple[Level, list[str]]:
    """The level to add up and the path of each asked dimension and filter from it."""
    of_kpi = [level for level in levels if level.kpi == kpi]
    if not of_kpi:
        raise Unreachable(f"there is no target for {kpi}")
    wanted = [*context.by, *(item.column for item in context.filters)]
    rank = {scopes: number for number, scopes in enumerate(PREFERRED)}
    for level in sorted(of_kpi, key=lambda item: (len(item.scopes), rank.get(item.scopes, 99), item.scopes)):
        paths = [_route(context, dimension, level) for dimension in wanted]
        if all(paths):
            return level, [path for path in paths if path]
    raise Unreachable(f"no target for {kpi} is set by {', '.join(wanted)}")


def _route(context: Context, dimension: str, level: Level) -> str | None:
    for path in ROUTES.get(dimension, ()):
        if path.split(".")[0].split("@")[0] not in level.scopes:
            continue
        if "@" in path and not context.coverage.has("memberships"):
            continue
        return path
    return None


def scan(context: Context, name: str, kpi: str, levels: list[Level], *, additive: bool) -> Scan:
    """``{name}_v``: the target per slot and dimension; ``additive`` targets add up, rates are averaged by days."""
    level, paths = choose(context, kpi, levels)
    moment = column("from_on")
    reach = Reach("targets", moment, "from_on", context.coverage)
    dimension_paths = paths[: len(context.by)]
    dimensions = [reach.column(path) for path in dimension_paths]
    conditions: list[exp.Expr | None] = [column("kpi").eq(literal(kpi))]
    for scope in SCOPES:
        is_null = exp.Is(this=column(scope), expression=exp.null())
        conditions.append(exp.Not(this=is_null) if scope in level.scopes else is_null)
    for item, path in zip(context.filters, paths[len(context.by) :], strict=True):
        conditions.append(context.filter_on(item, path, "targets", reach))
    if context.viewer.reps is not None:
        if "rep_id" not in level.scopes:
            raise Unreachable(f"the targets for {kpi} have no owner, so {context.viewer.name} cannot see them")
        conditions.append(context.viewer_condition("targets", reach))
    overlap_from = exp.Greatest(this=column("from_on"), expressions=[column("slot_start", "s")])
    overlap_to = exp.Least(this=column("to_on"), expressions=[column("slot_end", "s")])
    shared_days = exp.Paren(this=exp.Add(this=exp.Sub(this=overlap_to, expression=overlap_from), expression=literal(1)))
    own_days = _length(column("from_on"), column("to_on"))
    whole_days = _length(column("slot_start", "s"), column("slot_end", "s"))
    inner = exp.select(named(column("k", "s"), "k"))
    for position, dimension in enumerate(dimensions):
        inner.select(named(dimension, f"d{position}"), copy=False)
    inner.select(
        named(column("value"), "value"),
        named(shared_days, "shared"),
        named(own_days, "length"),
        named(_class(own_days), "class"),
        named(_class(whole_days), "asked"),
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
    where = both(conditions)
    assert where is not None
    inner.where(where, copy=False)
    asked, own = column("asked", "t"), column("class", "t")
    preference = case(
        (own.eq(asked), literal(0)), (own < asked, exp.Sub(this=asked, expression=own)), otherwise=own + literal(100)
    )
    keys = [column("k", "t"), *[column(f"d{position}", "t") for position in range(len(dimensions))]]
    best = exp.Window(this=exp.Min(this=preference.copy()), partition_by=[key.copy() for key in keys])
    ranked = exp.select(exp.Star(), named(preference, "preference"), named(best, "best"))
    ranked = ranked.from_(exp.Subquery(this=inner, alias=_alias("t")))
    value, shared, length = column("value", "t"), column("shared", "t"), column("length", "t")
    exact = exp.cast(value, "double")
    if additive:
        share = exp.Div(
            this=exp.Mul(this=exp.cast(value, "double"), expression=shared), expression=exp.cast(length, "double")
        )
        figure: exp.Expr = exp.Sum(this=case((shared.eq(length), exact), otherwise=share))
        weight: exp.Expr = literal(1)
    else:
        figure = exp.Sum(this=exp.Mul(this=exact, expression=shared))
        weight = exp.Sum(this=shared.copy())
    outer = exp.select(*[key.copy() for key in keys])
    parts = (Part(f"{name}_v", "double"), Part(f"{name}_k", "count"), Part(f"{name}_n", "count"))
    outer.select(
        named(figure, parts[0].name),
        named(exp.cast(weight, "bigint"), parts[1].name),
        named(exp.Count(this=exp.Star()), parts[2].name),
        copy=False,
    )
    outer = outer.from_(exp.Subquery(this=ranked, alias=_alias("t")))
    outer.where(column("preference", "t").eq(column("best", "t")), copy=False)
    outer.group_by(*[exp.Literal.number(str(number + 1)) for number in range(len(keys))], copy=False)
    return Scan(outer, parts)


def _length(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Add(this=exp.Sub(this=end.copy(), expression=start.copy()), expression=literal(1)))


def _class(days: exp.Expr) -> exp.Expr:
    """1 day, 2 week, 3 month, 4 quarter, 5 half, 6 year."""
    limits = ((1, 1), (7, 2), (35, 3), (98, 4), (190, 5))
    return case(*[(days.copy() <= literal(limit), literal(number)) for limit, number in limits], otherwise=literal(6))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name))

"""The target of a KPI for each slot and member: added up from what was planned, or its share by days."""

from __future__ import annotations

from sqlglot import exp

from tolok.kpis.additive import Additive
from tolok.query.build import case, column, literal, named
from tolok.query.context import Context
from tolok.query.flow import Scan
from tolok.query.parts import Part
from tolok.query.planned import Level, choose, standing


def scan(context: Context, name: str, kpi: str, levels: list[Level], additive: Additive) -> Scan:
    """``{name}_v``: the target per slot and dimension, added up as the KPI's figures do; else averaged by days."""
    level, paths = choose(context, kpi, levels)
    keys = [column("k", "t"), *[column(f"d{position}", "t") for position in range(len(context.by))]]
    parts = (Part(f"{name}_v", "double"), Part(f"{name}_k", "count"), Part(f"{name}_n", "count"))
    return Scan(_added_up(standing(context, name, level, paths), keys, level, additive, parts), parts)


def _added_up(
    chosen: exp.Select, keys: list[exp.Column], level: Level, additive: Additive, parts: tuple[Part, ...]
) -> exp.Select:
    value, shared, length = column("value", "t"), column("shared", "t"), column("length", "t")
    by_days = exp.Sum(this=exp.Mul(this=value, expression=shared))
    count: exp.Expr = exp.Count(this=exp.Star())
    weight: exp.Expr = literal(1)
    if additive.over_time:
        share = exp.Div(
            this=exp.Mul(this=value.copy(), expression=shared.copy()), expression=exp.cast(length, "double")
        )
        figure: exp.Expr = exp.Sum(this=case((shared.eq(length), value), otherwise=share))
    elif additive.over_scope:
        scopes = [column(scope, "t") for scope in level.scopes]
        each = chosen.select(*[key.copy() for key in keys])
        mean = exp.Div(this=by_days, expression=exp.cast(exp.Sum(this=shared.copy()), "double"))
        each.select(named(mean, "value"), named(count, "rows"), copy=False)
        each.group_by(*[key.copy() for key in keys], *scopes, copy=False)
        chosen = exp.select().from_(exp.Subquery(this=each, alias=exp.TableAlias(this=exp.to_identifier("t"))))
        figure, count = exp.Sum(this=value.copy()), exp.Sum(this=column("rows", "t"))
    else:
        figure, weight = by_days, exp.Sum(this=shared.copy())
    outer = chosen.select(*[key.copy() for key in keys])
    outer.select(
        named(figure, parts[0].name),
        named(exp.cast(weight, "bigint"), parts[1].name),
        named(exp.cast(count, "bigint"), parts[2].name),
        copy=False,
    )
    return outer.group_by(*[exp.Literal.number(str(number + 1)) for number in range(len(keys))], copy=False)

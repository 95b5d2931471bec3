"""The target of a KPI for each slot and member: added up from what was planned, or its share by days."""

from __future__ import annotations

from sqlglot import exp

from tolok.kpis.additive import Additive
from tolok.query.build import case, column, is_null, known, literal, named, total
from tolok.query.context import Context
from tolok.query.currency import is_mixed
from tolok.query.flow import Scan
from tolok.query.parts import Part
from tolok.query.planned import Level, choose, standing


def scan(context: Context, name: str, kpi: str, levels: list[Level], additive: Additive, money: bool) -> Scan:
    """``{name}_v``: the target per slot and dimension, added up as the KPI's figures do; else averaged by days.

    Of money in several currencies, what has no exchange rate is left out and counted.
    """
    rated = money and is_mixed(context, "targets")
    level, paths = choose(context, kpi, levels)
    keys = [column("k", "t"), *[column(f"d{position}", "t") for position in range(len(context.by))]]
    parts: tuple[Part, ...] = (Part(f"{name}_v", "double"), Part(f"{name}_k", "count"), Part(f"{name}_n", "count"))
    if rated:
        parts = (*parts, Part(f"{name}_unconverted", "count"))
    return Scan(_added_up(standing(context, name, level, paths, rated=rated), keys, level, additive, parts), parts)


def _added_up(
    chosen: exp.Select, keys: list[exp.Column], level: Level, additive: Additive, parts: tuple[Part, ...]
) -> exp.Select:
    value, shared, length = column("value", "t"), column("shared", "t"), column("length", "t")
    by_days = exp.Sum(this=exp.Mul(this=value, expression=shared))
    days = exp.Sum(this=case((known(value.copy()), shared.copy()), otherwise=literal(0)))
    count: exp.Expr = exp.Count(this=exp.Star())
    lost: exp.Expr = exp.Sum(this=case((is_null(value.copy()), literal(1)), otherwise=literal(0)))
    weight: exp.Expr = literal(1)
    if additive.over_time:
        share = exp.Div(
            this=exp.Mul(this=value.copy(), expression=shared.copy()), expression=exp.cast(length, "double")
        )
        figure: exp.Expr = exp.Sum(this=case((shared.eq(length), value), otherwise=share))
    elif additive.over_scope:
        scopes = [column(scope, "t") for scope in level.scopes]
        each = chosen.select(*[key.copy() for key in keys])
        some = exp.Nullif(this=days, expression=literal(0))
        mean = exp.Div(this=by_days, expression=exp.cast(some, "double"))
        each.select(named(mean, "value"), named(count, "rows"), named(lost, "lost"), copy=False)
        each.group_by(*[key.copy() for key in keys], *scopes, copy=False)
        chosen = exp.select().from_(exp.Subquery(this=each, alias=exp.TableAlias(this=exp.to_identifier("t"))))
        figure, count, lost = exp.Sum(this=value.copy()), exp.Sum(this=column("rows", "t")), total(column("lost", "t"))
    else:
        figure, weight = by_days, days
    outer = chosen.select(*[key.copy() for key in keys])
    outer.select(
        named(figure, parts[0].name),
        named(exp.cast(weight, "bigint"), parts[1].name),
        named(exp.cast(count, "bigint"), parts[2].name),
        *[named(exp.cast(lost, "bigint"), part.name) for part in parts[3:]],
        copy=False,
    )
    return outer.group_by(*[exp.Literal.number(str(number + 1)) for number in range(len(keys))], copy=False)

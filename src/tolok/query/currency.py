"""Amounts in another currency: converted at the nearest earlier rate within seven days, or reported apart."""

from __future__ import annotations

from sqlglot import exp

from tolok.query.build import both, case, column, day, days_later, literal, table, values_table
from tolok.query.context import Context

NEAREST_WITHIN_DAYS = 7


def is_mixed(context: Context, fact: str) -> bool:
    """Whether a fact holds amounts in a currency other than the workspace's."""
    held = context.coverage.facts.get(fact)
    return bool(held and set(held.currencies) - {context.currency, ""}) and "currency" not in context.by


def rate_at(context: Context, fact: str, date_sql: str) -> tuple[exp.Join, exp.Expr]:
    """The join that finds each row's rate at its date column, and the rate: 1 for the own currency, NULL where none.

    Looks rates up once per currency and date that occur in the fact, then joins by equality.
    """
    name = f"rates_{fact}_{date_sql}"
    if name not in context.ctes:
        pairs = (
            exp.select(exp.alias_(column("currency"), "currency"), exp.alias_(column(date_sql), "day"))
            .distinct()
            .from_(table(fact, "f"))
            .where(exp.and_(column("currency").neq(literal(context.currency)), column("currency").neq(literal(""))))
        )
        context.ctes[name] = nearest(context, exp.Subquery(this=pairs, alias=_alias("p")))
    on = both([column("currency", "x").eq(column("currency")), column("day", "x").eq(column(date_sql))])
    join = exp.Join(this=table(name, "x"), side="LEFT", on=on)
    return join, own_or_rate(context)


def rate_of_slot(context: Context, fact: str, slot: exp.Expr, side: str) -> tuple[exp.Join, exp.Expr]:
    """As :func:`rate_at`, but at one day for all rows of a slot: growth at constant rates compares two slots so."""
    name = f"rates_{fact}_{side}"
    if name not in context.ctes:
        ends = context.coverage.ends_on or context.slots.last
        told = context.rate_days[side]
        days = [(literal(one.k), day(told.get(one.k, min(one.end, ends)))) for one in context.slots.listed]
        context.ctes[f"days_{side}"] = values_table(days, "d", ("k", "day"))
        held = exp.select(exp.alias_(column("currency"), "currency")).distinct().from_(table(fact, "f"))
        held = held.where(
            exp.and_(column("currency").neq(literal(context.currency)), column("currency").neq(literal("")))
        )
        pairs = exp.select(column("currency", "c"), column("day", "d")).distinct()
        pairs = pairs.from_(exp.Subquery(this=held, alias=_alias("c")))
        pairs.append("joins", exp.Join(this=table(f"days_{side}", "d"), kind="CROSS"))
        context.ctes[f"{name}_days"] = nearest(context, exp.Subquery(this=pairs, alias=_alias("p")))
        context.ctes[name] = (
            exp.select(column("k", "d"), column("currency", "n"), column("rate", "n"))
            .from_(table(f"{name}_days", "n"))
            .join(table(f"days_{side}", "d"), on=column("day", "d").eq(column("day", "n")))
        )
    on = both([column("currency", "x").eq(column("currency")), column("k", "x").eq(slot.copy())])
    return exp.Join(this=table(name, "x"), side="LEFT", on=on), own_or_rate(context)


def own_or_rate(context: Context) -> exp.Expr:
    own = exp.or_(
        exp.Is(this=column("currency"), expression=exp.null()),
        column("currency").isin(literal(context.currency), literal("")),
    )
    one = exp.cast(exp.Literal.number("1"), "decimal(18,9)")
    return case((own, one), otherwise=column("rate", "x"))


def nearest(context: Context, pairs: exp.Expr) -> exp.Select:
    """``currency, day, rate`` for pairs of currency and day: the latest rate on or up to seven days before the day."""
    ranked = exp.Window(
        this=exp.RowNumber(),
        partition_by=[column("currency", "p"), column("day", "p")],
        order=exp.Order(
            expressions=[exp.Ordered(this=column("on", "r"), desc=True), exp.Ordered(this=column("id", "r"))]
        ),
    )
    found = (
        exp.select(column("currency", "p"), column("day", "p"), column("rate", "r"), exp.alias_(ranked, "nearness"))
        .from_(pairs)
        .join(
            table("exchange_rates", "r"),
            on=both(
                [
                    column("currency", "r").eq(column("currency", "p")),
                    column("into", "r").eq(literal(context.currency)),
                    column("on", "r") <= column("day", "p"),
                    column("on", "r") >= days_later(column("day", "p"), -NEAREST_WITHIN_DAYS),
                ]
            ),
        )
    )
    return (
        exp.select(column("currency", "n"), column("day", "n"), column("rate", "n"))
        .from_(exp.Subquery(this=found, alias=_alias("n")))
        .where(column("nearness", "n").eq(literal(1)))
    )


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=exp.to_identifier(name))

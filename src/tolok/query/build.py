"""Short names for the SQLGlot nodes that plans are built of; every value becomes a literal node, never text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from sqlglot import exp

E = exp.Expr
DATE, DOUBLE = exp.DataType.build("date"), exp.DataType.build("double")  # read once: names are slow to parse


def column(name: str, table: str = "f") -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(table))


def day(value: date) -> exp.Expr:
    return exp.Cast(this=exp.Literal.string(value.isoformat()), to=DATE.copy())


def double(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=DOUBLE.copy())


def literal(value: object) -> exp.Expr:
    if value is None:
        return exp.null()
    if isinstance(value, bool):
        return exp.true() if value else exp.false()
    if isinstance(value, int | float | Decimal):
        return exp.Literal.number(str(value))
    if isinstance(value, date):
        return day(value)
    return exp.Literal.string(str(value))


def both(conditions: Iterable[exp.Expr | None]) -> exp.Expr | None:
    """All conditions at once; None where there are none."""
    present = [condition.copy() for condition in conditions if condition is not None]
    return exp.and_(*present, copy=False) if present else None


def filtered(aggregate: exp.Expr, condition: exp.Expr | None) -> exp.Expr:
    if condition is None:
        return aggregate
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition.copy()))


def count_rows(condition: exp.Expr | None = None) -> exp.Expr:
    return filtered(exp.Count(this=exp.Star()), condition)


def total(value: exp.Expr, condition: exp.Expr | None = None) -> exp.Expr:
    return filtered(exp.Sum(this=value.copy()), condition)


def distinct(value: exp.Expr, condition: exp.Expr | None = None) -> exp.Expr:
    return filtered(exp.Count(this=exp.Distinct(expressions=[value.copy()])), condition)


def case(*pairs: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None) -> exp.Case:
    node = exp.Case(ifs=[exp.If(this=test.copy(), true=value.copy()) for test, value in pairs])
    if otherwise is not None:
        node.set("default", otherwise.copy())
    return node


def coalesce(*values: exp.Expr) -> exp.Expr:
    return exp.Coalesce(this=values[0].copy(), expressions=[value.copy() for value in values[1:]])


def is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.null())


def known(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=is_null(value))


def days_later(value: exp.Expr, days: int) -> exp.Expr:
    """A date so many days later; both DuckDB and PostgreSQL add integers to dates."""
    if days == 0:
        return value.copy()
    node = exp.Add if days > 0 else exp.Sub
    return node(this=value.copy(), expression=exp.Literal.number(abs(days)))


def values_table(rows: Sequence[Sequence[exp.Expr]], alias: str, names: Sequence[str]) -> exp.Select:
    """``SELECT * FROM (VALUES …) AS alias (names)``."""
    table = exp.Values(
        expressions=[exp.Tuple(expressions=[value.copy() for value in row]) for row in rows],
        alias=exp.TableAlias(
            this=exp.to_identifier(alias), columns=[exp.to_identifier(name, quoted=True) for name in names]
        ),
    )
    return exp.select(*(column(name, alias) for name in names)).from_(table)


def table(name: str, alias: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True), alias=exp.TableAlias(this=exp.to_identifier(alias)))


def named(value: exp.Expr, name: str) -> exp.Expr:
    own = value if value.parent is None else value.copy()
    return exp.Alias(this=own, alias=exp.to_identifier(name, quoted=True))


def running(value: exp.Expr, by: Sequence[exp.Expr], order: exp.Expr) -> exp.Window:
    """A running sum within each group, in order."""
    return exp.Window(
        this=exp.Sum(this=value.copy()),
        partition_by=[key.copy() for key in by],
        order=exp.Order(expressions=[exp.Ordered(this=order.copy(), nulls_first=False)]),
        spec=exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW", end_side=None),
    )


def plain_name(value: exp.Expr) -> exp.Expr:
    """A name in lower case without spaces and punctuation, by which look-alikes are found."""
    plain: exp.Expr = exp.Lower(this=value.copy())
    for mark in (" ", ".", ",", "-", "_", "'"):
        plain = exp.Replace(this=plain, expression=exp.Literal.string(mark), replacement=exp.Literal.string(""))
    return plain

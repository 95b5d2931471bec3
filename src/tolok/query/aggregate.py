"""A measure as aggregate columns of one SELECT over one fact."""

from __future__ import annotations

from sqlglot import exp

from tolok.kpis.definition import Measure, Span
from tolok.model import FACTS
from tolok.query.build import case, count_rows, distinct, filtered, literal, total
from tolok.query.parts import HOLLOW, SQL_TYPE, Part, PartType
from tolok.query.path import Reach


def money_columns(measure: Measure) -> bool:
    """Whether the measure takes amounts of money, which must be of one currency before they are added."""
    if not measure.column or measure.aggregate in ("distinct", "count"):
        return False
    found = FACTS[measure.fact].column(measure.column)
    return found is not None and found.type == "money" and FACTS[measure.fact].column("currency") is not None


def operand(measure: Measure, reach: Reach, rate: exp.Expr | None) -> exp.Expr:
    """The value that is aggregated: a column, in the workspace's currency, or a stretch of time."""
    if measure.span is not None:
        return span_sql(measure.span, reach)
    value = reach.column(measure.column)
    return converted(value, rate) if rate is not None and money_columns(measure) else value


def converted(value: exp.Expr, rate: exp.Expr) -> exp.Expr:
    """An amount in the workspace's currency; widened first, since two decimals of 18 digits overflow when multiplied."""
    return exp.Mul(this=exp.cast(value, "decimal(38,4)"), expression=rate.copy())


def span_sql(span: Span, reach: Reach) -> exp.Expr:
    """Whole days between two dates, or seconds between two instants."""
    start, end = reach.column(span.start), reach.column(span.end)
    if span.unit == "days":
        return exp.Paren(this=exp.Sub(this=end, expression=start))
    return exp.Extract(this=exp.var("EPOCH"), expression=exp.Paren(this=exp.Sub(this=end, expression=start)))


def columns(
    measure: Measure,
    name: str,
    reach: Reach,
    condition: exp.Expr | None,
    rate: exp.Expr | None = None,
) -> list[tuple[Part, exp.Expr]]:
    """The parts of a measure, each with the SQL that computes it; ``condition`` is the measure's own."""
    rows = (Part(f"{name}_n", "count"), count_rows(condition))
    found: list[tuple[Part, exp.Expr]] = []
    aggregate = measure.aggregate
    if aggregate == "count":
        found = [(Part(f"{name}_v", "count"), count_rows(condition)), rows]
    elif aggregate == "distinct":
        found = [(Part(f"{name}_v", "count"), distinct(reach.column(measure.column), condition)), rows]
    else:
        value = operand(measure, reach, rate)
        kind: PartType = "double" if measure.span is not None and measure.span.unit == "hours" else "decimal"
        if aggregate == "sum":
            found = [(Part(f"{name}_v", kind), _typed(total(value, condition), kind)), rows]
        elif aggregate == "mean":
            counted = filtered(exp.Count(this=value.copy()), condition)
            found = [
                (Part(f"{name}_v", kind), _typed(total(value, condition), kind)),
                (Part(f"{name}_k", "count"), counted),
                rows,
            ]
        elif aggregate in ("minimum", "maximum"):
            node = exp.Min if aggregate == "minimum" else exp.Max
            found = [(Part(f"{name}_v", kind), _typed(filtered(node(this=value), condition), kind)), rows]
        else:
            share = measure.q if aggregate == "quantile" and measure.q is not None else "0.5"
            found = [(Part(f"{name}_v", "double"), quantile(value, str(share), condition)), rows]
    for listed in each_value(measure):
        hollow = each_condition(measure, reach, listed, condition)
        summed = exp.Coalesce(this=total(operand(measure, reach, rate), hollow), expressions=[exp.Literal.number(0)])
        empty = exp.and_(
            exp.GT(this=count_rows(hollow), expression=exp.Literal.number(0)),
            exp.LTE(this=summed, expression=exp.Literal.number(0)),
        )
        one, none = exp.Literal.number(1), exp.Literal.number(0)
        found.append((Part(f"{name}{HOLLOW}{listed}", "count"), case((empty, one), otherwise=none)))
    for same in measure.same:
        value = exp.Coalesce(this=exp.cast(reach.column(same), "varchar"), expressions=[exp.Literal.string("")])
        found.append((Part(f"{name}_same_{same}", "count"), distinct(value, condition)))
    return found


def each_value(measure: Measure) -> tuple[str, ...]:
    """The values of ``each`` whose rows must add up to something."""
    listed = next((item.values for item in measure.where if measure.each and item.column == measure.each), ())
    return tuple(str(value) for value in listed)


def each_condition(measure: Measure, reach: Reach, value: str, condition: exp.Expr | None) -> exp.Expr:
    own = reach.column(measure.each).eq(literal(value))
    return own if condition is None else exp.and_(condition.copy(), own)


def quantile(value: exp.Expr, share: str, condition: exp.Expr | None) -> exp.Expr:
    """An interpolated quantile (type 7) in double precision; rows outside the condition do not take part."""
    number = exp.cast(value.copy(), "double")
    taken = number if condition is None else case((condition, number))
    return exp.WithinGroup(
        this=exp.PercentileCont(this=exp.Literal.number(share)),
        expression=exp.Order(expressions=[exp.Ordered(this=taken, nulls_first=False)]),
    )


def _typed(value: exp.Expr, kind: PartType) -> exp.Expr:
    return exp.cast(value, SQL_TYPE[kind])

"""Series of observations, combined over time as each series declares: summed, averaged, last value, or never."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from tolok.kpis.definition import Condition, Measure
from tolok.query.build import both, column, count_rows, literal, named, table, total
from tolok.query.context import Context, WindowShift, conditions_sql
from tolok.query.flow import Frame, Named, Scan
from tolok.query.parts import Part
from tolok.query.path import Unreachable

CALENDAR = ("working_days", "calendar_days")
"""Series that the organisation's own calendar tells where nobody imported them."""
GRAINS = ("day", "week", "month", "quarter", "year")
DIMENSIONS = ("rep_id", "team_id", "account_id", "product_id", "category", "region", "channel", "segment")


@dataclass(frozen=True)
class Series:
    """What the observations say about one series."""

    name: str
    roll_up: str
    grain: str
    unit: str = ""


def series_query() -> exp.Select:
    """``series, roll_up, grain, unit`` of all observations."""
    names = [column(name) for name in ("series", "roll_up", "grain", "unit")]
    return exp.select(*names).distinct().from_(table("observations", "f")).order_by(*[name.copy() for name in names])


def as_measure(measure: Measure, series: dict[str, Series], grain: str) -> Measure:
    """The measure that answers an observed series; refused when it is asked finer than it was observed."""
    found = series.get(measure.name)
    if found is None:
        raise Unreachable(f"no series {measure.name!r} among the observations")
    if grain in GRAINS and found.grain in GRAINS and GRAINS.index(grain) < GRAINS.index(found.grain):
        raise Unreachable(f"{measure.name} is observed by {found.grain}, so it has no figure by {grain}")
    where = (*measure.where, Condition("series", "is", (measure.name,)))
    plain = replace(measure, fact="observations", column="value", where=where, dated_by="on")
    if found.roll_up == "sum":
        return replace(plain, aggregate="sum")
    if found.roll_up == "never":
        return replace(plain, aggregate="sum", same=("on",))
    return replace(plain, aggregate="observed", name=found.roll_up)


def scan(context: Context, item: Named) -> Scan:
    """A series that is averaged over time, or whose last value counts; its dimensions are added up at each date."""
    measure = item.measure
    frame = Frame(
        context,
        "observations",
        "on",
        WindowShift(measure.window, measure.window_days, measure.window_months),
    )
    reach = frame.reach
    dimensions = context.dimensions("observations", reach)
    where = both(
        [
            frame.where,
            conditions_sql(measure.where, "observations", reach, frame.starts, frame.ends),
            context.filter_condition("observations", reach),
        ]
    )
    assert where is not None
    own = [column(name) for name in DIMENSIONS]
    latest = exp.Window(this=exp.Max(this=column("on")), partition_by=[frame.key.copy(), *own])
    inner = frame.attach(exp.select(named(frame.key.copy(), "k")))
    for position, dimension in enumerate(dimensions):
        inner.select(named(dimension.copy(), f"d{position}"), copy=False)
    inner.select(named(column("value"), "value"), named(column("on"), "on"), named(latest, "latest"), copy=False)
    inner.where(where, copy=False)
    outer = exp.select(column("k"), *[column(f"d{position}") for position in range(len(dimensions))])
    last = column("on").eq(column("latest")) if measure.name == "last" else None
    parts = [Part(f"{item.name}_v", "decimal"), Part(f"{item.name}_k", "count"), Part(f"{item.name}_n", "count")]
    dates = exp.Count(this=exp.Distinct(expressions=[column("on")]))
    outer.select(
        named(exp.cast(total(column("value"), last), "decimal(38,4)"), parts[0].name),
        named(dates if measure.name == "mean" else literal(1), parts[1].name),
        named(count_rows(last), parts[2].name),
        copy=False,
    )
    outer = outer.from_(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier("f"))))
    outer.group_by(*[exp.Literal.number(str(number + 1)) for number in range(1 + len(dimensions))], copy=False)
    return Scan(outer, tuple(parts))

"""Series of observations, combined over time as each series declares: summed, averaged, last value, or never."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlglot import exp

from tolok.kpis.definition import Condition, Measure
from tolok.query.build import both, column, count_rows, known, literal, named, table, total
from tolok.query.context import Context, WindowShift, conditions_sql
from tolok.query.flow import Frame, Named, Scan
from tolok.query.parts import Part
from tolok.query.path import Unreachable

CALENDAR = ("working_days", "calendar_days")
"""Series that the organisation's own calendar tells where nobody imported them."""
GRAINS = ("day", "week", "month", "quarter", "year")
DIMENSIONS = ("rep_id", "team_id", "account_id", "product_id", "category", "region", "channel", "segment")

STOCKS = ("opening", "closing", "average")
EVENTS, MEASURED = "events", "measured"
"""A series of events is 0 where none was noted; any other is unknown on a day without an observation."""
AVERAGED = ("days", "percent", "%", "ratio", "score", "rate")
"""Units that do not add up from region to region."""
OF_MEMBERS = "_of_members"


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


def as_measure(measure: Measure, series: dict[str, Series], grain: str, unit: str = "") -> Measure:
    """The measure that answers an observed series; refused when it is asked finer than it was observed.

    ``unit`` is the KPI's, for a series that declares none.
    """
    found = series.get(measure.name)
    if found is None:
        raise Unreachable(f"no series {measure.name!r} among the observations")
    if grain in GRAINS and found.grain in GRAINS and GRAINS.index(grain) < GRAINS.index(found.grain):
        raise Unreachable(f"{measure.name} is observed by {found.grain}, so it has no figure by {grain}")
    if measure.window in STOCKS and found.roll_up != "last":
        raise Unreachable(
            f"{measure.name} is no level: only a series whose last value counts has an opening and a closing"
        )
    averaged = (found.unit or unit).strip().lower() in AVERAGED
    where = (*measure.where, Condition("series", "is", (measure.name,)))
    plain = replace(measure, fact="observations", column="value", where=where, dated_by="on")
    if found.roll_up == "sum":
        return replace(plain, aggregate="sum", name=EVENTS if found.unit.strip().lower() == EVENTS else MEASURED)
    if found.roll_up == "never":
        return replace(plain, aggregate="mean" if averaged else "sum", same=("on",))
    return replace(plain, aggregate="observed", name=found.roll_up + (OF_MEMBERS if averaged else ""))


def scan(context: Context, item: Named) -> Scan:
    """A series that is averaged over time, or whose last value counts.

    Each member (region, product, rep …) has its own mean over the days on which it was observed, or its own last
    value; then members are added up or, where the unit does not add up, averaged.
    """
    measure = item.measure
    frame = Frame(context, "observations", "on", _shift(measure))
    reach = frame.reach
    dimensions = context.dimensions("observations", reach)
    where = both(
        [
            frame.where,
            known(column("value")),
            conditions_sql(measure.where, "observations", reach, frame.starts, frame.ends),
            context.filter_condition("observations", reach),
        ]
    )
    assert where is not None
    own = [column(name) for name in DIMENSIONS]
    latest = exp.Window(this=exp.Max(this=column("on")), partition_by=[frame.key.copy(), *own])
    inner = frame.attach(exp.select(named(frame.key.copy(), "k")))
    keys = [f"d{position}" for position in range(len(dimensions))]
    for name, dimension in zip(keys, dimensions, strict=True):
        inner.select(named(dimension.copy(), name), copy=False)
    for position, member in enumerate(own):
        inner.select(named(member.copy(), f"o{position}"), copy=False)
    inner.select(named(column("value"), "value"), named(column("on"), "on"), named(latest, "latest"), copy=False)
    inner.where(where, copy=False)
    members = _each_member(measure, inner, keys, [f"o{position}" for position in range(len(own))])
    parts = [Part(f"{item.name}_v", "double"), Part(f"{item.name}_k", "count"), Part(f"{item.name}_n", "count")]
    outer = exp.select(column("k"), *[column(name) for name in keys])
    outer.select(
        named(exp.cast(total(column("own")), "double"), parts[0].name),
        named(count_rows(), parts[1].name),
        named(exp.cast(total(column("n")), "bigint"), parts[2].name),
        copy=False,
    )
    outer = outer.from_(exp.Subquery(this=members, alias=exp.TableAlias(this=exp.to_identifier("f"))))
    outer.group_by(*_ordinals(1 + len(keys)), copy=False)
    return Scan(outer, tuple(parts))


def _each_member(measure: Measure, rows: exp.Select, keys: list[str], own: list[str]) -> exp.Select:
    """``k, d0…, own, n``: a line for each member with its own figure and the rows that it rests on."""
    last = column("on").eq(column("latest")) if measure.name.startswith("last") else None
    if measure.name.endswith(OF_MEMBERS):
        over: exp.Expr = count_rows(last)
    elif last is not None:
        over = literal(1)
    else:
        over = exp.Count(this=exp.Distinct(expressions=[column("on")]))
    figure = exp.Div(this=exp.cast(total(column("value"), last), "double"), expression=exp.cast(over, "double"))
    select = exp.select(column("k"), *[column(name) for name in (*keys, *own)])
    select.select(named(figure, "own"), named(count_rows(last), "n"), copy=False)
    select = select.from_(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier("f"))))
    if last is not None:
        # A member that changed team has its last value in one of them; the other has no line of it.
        select.having(count_rows(last.copy()) > literal(0), copy=False)
    return select.group_by(*_ordinals(1 + len(keys) + len(own)), copy=False)


def _shift(measure: Measure) -> WindowShift:
    """A level stands until the next observation, so its opening and closing are the last value up to then."""
    if measure.window == "closing":
        return WindowShift("to_date")
    return WindowShift(measure.window, measure.window_days, measure.window_months)


def _ordinals(count: int) -> list[exp.Expr]:
    return [exp.Literal.number(str(number + 1)) for number in range(count)]

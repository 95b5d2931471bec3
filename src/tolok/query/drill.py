"""Open a figure: the very rows that a KPI counted, by the same conditions, dates and filters as its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sqlglot import exp

from tolok.errors import QuestionError
from tolok.kpis.definition import Definition, Measure
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.periods import Period
from tolok.query import planned, stock
from tolok.query.build import both, column, day, days_later, is_null, named, table
from tolok.query.compile import STOCKS
from tolok.query.context import Context, WindowShift, conditions_sql
from tolok.query.flow import Frame, dated_by
from tolok.query.path import Unreachable
from tolok.query.question import Question
from tolok.query.run import Engine, Setting, compiled
from tolok.query.sides import chosen_body, sides
from tolok.query.slots import Slots
from tolok.query.small_groups import CLOSED


@dataclass(frozen=True)
class Records:
    """Rows of one fact behind one KPI: which side of it, how many there are, and as many as asked for."""

    kpi: str
    side: str  # "", "of", "over", "opening", "closing"
    fact: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int
    why_none: str = ""


class Rows(Engine, Protocol):
    """An engine that also opens rows."""

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[object, ...]]]: ...


def records(
    engine: Rows, catalogue: dict[str, Definition], question: Question, setting: Setting, *, limit: int = 1000
) -> list[Records]:
    """The rows behind each KPI of a question, over its whole period."""
    plan = compiled(engine, catalogue, question, setting)  # refuses what could not be asked
    found = []
    for asked, _ in plan.nodes:
        body, dated = chosen_body(asked.definition, asked.variant)
        for side, measure in sides(body, dated, catalogue):
            found.append(_open(engine, asked.id, side, measure, question, setting, plan.periods, limit))
    if not found:
        raise QuestionError("There are no rows to open.", next_step="Ask a KPI that counts or adds rows.")
    return found


def _open(
    engine: Rows,
    kpi: str,
    side: str,
    measure: Measure,
    question: Question,
    setting: Setting,
    periods: list[Period],
    limit: int,
) -> Records:
    fact = "targets" if measure.aggregate == "target" else "observations" if measure.aggregate == "observed" else ""
    fact = fact or measure.fact
    if fact in CLOSED:
        return Records(kpi, side, fact, (), (), 0, CLOSED[fact])
    coverage: Coverage = engine.coverage
    if not coverage.has(fact):
        return Records(kpi, side, fact, (), (), 0, f"there are no {fact.replace('_', ' ')}")
    slots = Slots()
    by: tuple[str, ...] = ()
    if fact == "targets":  # which of them stand depends on what they are told by, and for how long a time
        by = question.by
        for each in periods:
            slots.add(each)
    else:
        slots.add(Period(periods[0].start, periods[-1].end, ""))
    context = Context(slots, by, question.where, question.viewer, coverage, setting.currency, extra=setting.extra)
    context.base_ctes()
    try:
        select = _planned(engine, context, measure) if fact == "targets" else _select(context, fact, measure)
    except Unreachable as refusal:
        return Records(kpi, side, fact, (), (), 0, str(refusal))
    for name, cte in context.ctes.items():
        select = select.with_(name, as_=cte, copy=False)
    counting = select.copy()
    counting.set("expressions", [named(exp.Count(this=exp.Star()), "n")])
    counting.set("order", None)
    total = int(str(engine.rows(counting)[1][0][0]))
    names, rows = engine.rows(select.limit(limit))
    return Records(kpi, side, fact, tuple(names), tuple(rows), total)


def _planned(engine: Rows, context: Context, measure: Measure) -> exp.Select:
    """The targets that stand for the period: those that the figure is made of, and no others."""
    level, paths = planned.choose(context, measure.name, planned.levels(engine, context))
    standing = planned.standing(context, "t0", level, paths).select(column("id", "t"))
    select = exp.select(*_shown(context, "targets")).from_(table("targets", "f"))
    select.where(exp.In(this=column("id"), query=exp.Subquery(this=standing)), copy=False)
    return select.order_by(*[exp.Ordered(this=column(name), nulls_first=False) for name in ("from_on", "id")])


def _shown(context: Context, fact: str) -> list[exp.Expr]:
    names = FACTS[fact].column_names
    return [named(column(name), name) for name in names if context.coverage.filled(fact, name) and name != "extra"]


def _select(context: Context, fact: str, measure: Measure) -> exp.Select:
    columns = _shown(context, fact)
    where: list[exp.Expr | None] = []
    if measure.aggregate == "observed":
        reach = context.reach(fact, column("on"), "on")
        slot = context.slots.listed[0]
        level = measure.window in STOCKS  # a level stands until the next one, so earlier ones count too
        bound = days_later(day(slot.start), -1) if measure.window == "opening" else day(slot.end)
        where += [column("series").eq(exp.Literal.string(measure.name)), column("on") <= bound]
        where += [None if level else column("on") >= day(slot.start), context.filter_condition(fact, reach)]
        where.append(conditions_sql(measure.where, fact, reach, day(slot.start), day(slot.end)))
        select = exp.select(*columns).from_(table(fact, "f"))
        if reach.needs_memberships:
            context.need_memberships()
        select = reach.attach(select)
        order = column("on")
    elif measure.window in STOCKS:
        starts_on, ends_on = stock.interval(fact)
        slot = context.slots.listed[0]
        bound = day(slot.end)
        if measure.window == "opening":
            bound = exp.Sub(this=day(slot.start), expression=exp.Literal.number(1))
        reach = context.reach(fact, bound, starts_on)
        where += [
            exp.or_(is_null(column(starts_on)), column(starts_on) <= bound.copy()),
            exp.or_(is_null(column(ends_on)), column(ends_on) > bound.copy()),
            conditions_sql(measure.where, fact, reach, day(slot.start), day(slot.end)),
            context.filter_condition(fact, reach),
        ]
        select = exp.select(*columns).from_(table(fact, "f"))
        if reach.needs_memberships:
            context.need_memberships()
        select = reach.attach(select)
        order = column(starts_on)
    else:
        shift = WindowShift(measure.window, measure.window_days, measure.window_months)
        frame = Frame(context, fact, dated_by(measure), shift)
        where += [
            frame.where,
            conditions_sql(measure.where, fact, frame.reach, frame.starts, frame.ends),
            context.filter_condition(fact, frame.reach),
        ]
        select = frame.attach(exp.select(*columns))
        order = column(frame.date)
    condition = both(where)
    if condition is not None:
        select.where(condition, copy=False)
    keys = [order, *([column("id")] if "id" in FACTS[fact].column_names else [])]
    return select.order_by(*[exp.Ordered(this=key, nulls_first=False) for key in keys])

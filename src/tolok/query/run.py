"""Ask: from a question to its answer, with one statement sent to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from sqlglot import exp

from tolok.errors import QuestionError, nearest
from tolok.kpis.additive import additive
from tolok.kpis.definition import Definition, Measure
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.model.dimensions import DIMENSIONS, paths
from tolok.periods import Calendar, Period, WorkingHours
from tolok.query import flow, movement, observed, planned, stock, target
from tolok.query.answer import Answer, Asked
from tolok.query.build import column, count_rows, named, table
from tolok.query.compile import STOCKS, Compiler, Grid, Node, Result, unasked
from tolok.query.context import PERIOD_TESTS, Context, WindowShift, conditions_sql
from tolok.query.flow import Named, Scan
from tolok.query.grid import Layout, assemble, shaped
from tolok.query.observed import Series
from tolok.query.parts import HOLLOW
from tolok.query.path import Unreachable, ends_in
from tolok.query.question import COMPARISONS, EVERYTHING, GRAINS, Question
from tolok.query.slots import Slots
from tolok.query.small_groups import asks_people, without_small_groups

NO_ROW = "no row meets all conditions"


class Engine(Protocol):
    """What questions need of a store."""

    dialect: str

    @property
    def coverage(self) -> Coverage: ...

    def run(self, query: exp.Expr) -> Mapping[str, np.ndarray]: ...

    def sql(self, query: exp.Expr) -> str: ...


@dataclass(frozen=True)
class Setting:
    """What a workspace adds to a question: currency, calendar, extra columns named as dimensions, the snapshot."""

    currency: str = "USD"
    calendar: Calendar = field(default_factory=Calendar)
    extra: dict[str, dict[str, str]] = field(default_factory=dict)
    snapshot: str = ""
    least_answers: int = 0  # figures that rest on fewer answers of a survey are not told
    hours: WorkingHours = field(default_factory=WorkingHours)  # which days are worked on


@dataclass
class Plan:
    """A compiled question: the statement, and how its grid becomes figures."""

    query: exp.Expr
    layout: Layout
    nodes: list[tuple[Asked, Node]]
    targets: list[Node]
    slots: list[int]
    compared: list[int]
    periods: list[Period]
    compared_periods: list[Period]
    context: Context
    notes: list[str]
    slot_count: int


def ask(engine: Engine, catalogue: dict[str, Definition], question: Question, setting: Setting) -> Answer:
    """Answer a question. Raises QuestionError where it cannot be asked; what has no answer is None and noted."""
    plan = compiled(engine, catalogue, question, setting)
    columns = engine.run(plan.query)
    grid, members, ids = shaped(columns, plan.layout, len(question.by), plan.slot_count)
    plan.notes += _empty_filters(engine, question, grid, plan)
    asked_people = [asks_people(asked.definition, asked.variant, catalogue) for asked, _ in plan.nodes]

    def told(slots: list[int]) -> list[Result]:
        found = [node(grid, slots) for _, node in plan.nodes]
        for place in np.flatnonzero(asked_people):
            found[place], left_out = without_small_groups(found[place], setting.least_answers)
            if left_out:
                plan.notes.append(f"figures that rest on fewer than {setting.least_answers} answers are not shown")
        return found

    results = told(plan.slots)
    compared = told(plan.compared) if plan.compared else []
    targets = [node(grid, plan.slots) for node in plan.targets]
    return Answer(
        asked=tuple(asked for asked, _ in plan.nodes),
        grain=question.grain,
        periods=tuple(plan.periods),
        by=question.by,
        members=members,
        ids=ids,
        results=tuple(results),
        partial=tuple(_partial(period, engine.coverage, setting.calendar) for period in plan.periods),
        notes=tuple(
            dict.fromkeys(
                [*plan.notes, *_unconverted(grid, plan), *_hollow(grid, plan), *_doubtful(engine.coverage, question)]
            )
        ),
        statement=lambda: engine.sql(plan.query),
        compared=tuple(compared),
        compared_periods=tuple(plan.compared_periods),
        targets=tuple(targets),
        snapshot=setting.snapshot,
        currency=setting.currency,
    )


def compiled(engine: Engine, catalogue: dict[str, Definition], question: Question, setting: Setting) -> Plan:
    """The statement of a question and what is needed to read its result."""
    coverage = engine.coverage
    _check(question, coverage, setting)
    calendar = setting.calendar
    periods = _periods(question, coverage, calendar)
    slots = Slots()
    known: dict[int, Period] = {}
    asked_slots = []
    for period in periods:
        number = slots.add(period)
        known[number] = period
        asked_slots.append(number)

    def read_series() -> dict[str, Series]:
        found = engine.run(observed.series_query())
        rows = zip(found["series"], found["roll_up"], found["grain"], found["unit"], strict=True)
        return {name: Series(name, roll_up or "sum", grain or "day", unit or "") for name, roll_up, grain, unit in rows}

    def meets(measure: Measure) -> bool:
        return _meets(engine, measure, coverage)

    compiler = Compiler(
        catalogue,
        question.variants,
        question.variant,
        slots,
        known,
        calendar,
        coverage,
        question.grain,
        read_series,
        meets,
        setting.hours,
    )
    compared: list[int] = []
    if question.compare in ("previous", "last-year"):
        compared = compiler.shifted(asked_slots, question.compare)
    nodes = []
    for name in question.kpis:
        definition, variant = compiler.chosen_variant(name)
        node = unasked if question.only_targets else compiler.kpi(name, [*asked_slots, *compared])[2]
        nodes.append((Asked(definition, variant, compiler.unit_of(definition, variant)), node))
    target_nodes: list[Node] = []
    if question.compare == "target":
        for asked, _ in nodes:
            figure = compiler.measure(Measure("target", name=asked.id), "")
            target_nodes.append(compiler._value(figure))
    context = Context(
        slots,
        question.by,
        question.where,
        question.viewer,
        coverage,
        setting.currency,
        extra=setting.extra,
        rate_days=compiler.rate_days,
    )
    context.base_ctes()
    scans = _scans(engine, context, compiler)
    for per, each in compiler.layers.items():
        of_each = _scans(engine, replace(context, by=(*context.by, per)), each)
        scans += [replace(scan, layer=each.layer) for scan in of_each]
    query, layout = assemble(context, scans, [label_fact(name, setting.extra) for name in question.by])
    notes = list(compiler.missing.values())
    return Plan(
        query,
        layout,
        nodes,
        target_nodes,
        asked_slots,
        compared,
        periods,
        [known[number] for number in compared],
        context,
        notes,
        len(slots.listed),
    )


def _meets(engine: Engine, measure: Measure, coverage: Coverage) -> bool:
    """Whether any row meets a measure's conditions; those on the period are left out."""
    context = Context(Slots(), (), (), EVERYTHING, coverage, "")
    reach = context.reach(measure.fact, None, "")
    kept = tuple(item for item in measure.where if item.test not in PERIOD_TESTS)
    condition = conditions_sql(kept, measure.fact, reach, exp.null(), exp.null())
    select = reach.attach(exp.select(named(count_rows(), "n")).from_(table(measure.fact, "f")))
    if condition is not None:
        select.where(condition, copy=False)
    if reach.needs_memberships:
        context.need_memberships()
        for name, cte in context.ctes.items():
            select = select.with_(name, as_=cte)
    return bool(engine.run(select)["n"][0])


def _check(question: Question, coverage: Coverage, setting: Setting) -> None:
    if not question.kpis:
        raise QuestionError("No KPI was asked for.", next_step="tolok kpis lists them.")
    if question.grain not in GRAINS:
        raise QuestionError(f"There is no grain {question.grain!r}.", next_step=nearest(question.grain, GRAINS))
    if question.compare and question.compare not in COMPARISONS:
        raise QuestionError(
            f"Nothing can be compared with {question.compare!r}.", next_step=nearest(question.compare, COMPARISONS)
        )
    extras = {name for names in setting.extra.values() for name in names}
    own = {name for fact in FACTS.values() for name in fact.column_names}
    for name in (*question.by, *(item.column for item in question.where)):
        if name in DIMENSIONS or name in extras or name in own or any(paths(name, fact) for fact in FACTS):
            continue
        raise QuestionError(f"There is no dimension {name!r}.", next_step=nearest(name, [*DIMENSIONS, *extras]))
    if len(set(question.by)) != len(question.by):
        raise QuestionError("A dimension was named twice.", next_step="Name each once in --by.")
    if coverage.ends_on is None:
        raise QuestionError("The workspace holds no data yet.", next_step="Import some: tolok import FILE -w DIR.")


def _periods(question: Question, coverage: Coverage, calendar: Calendar) -> list[Period]:
    assert coverage.ends_on is not None
    start = question.start or coverage.starts_on or coverage.ends_on
    end = question.end or max(coverage.ends_on, start)
    if question.start is None and start > end:
        start = end
    if question.rolling_days or question.rolling_months:
        return calendar.rolling_periods(
            start,
            end,
            question.grain,
            days=question.rolling_days,
            months=question.rolling_months,
            first=coverage.starts_on,
        )
    return calendar.periods(start, end, question.grain)


def _partial(period: Period, coverage: Coverage, calendar: Calendar) -> bool:
    """A period that is cut, or that goes on after the data ended."""
    if period.grain != "total" and coverage.ends_on and calendar.whole(period).end > coverage.ends_on:
        return True
    return period.partial or bool(coverage.ends_on and period.end > coverage.ends_on)


def _scans(engine: Engine, context: Context, compiler: Compiler) -> list[Scan]:
    """All scans that the registered measures need; a scan that cannot reach a dimension is noted and left out."""
    stocks: dict[str, list[Named]] = {}
    flows: dict[tuple[str, str, WindowShift, str], list[Named]] = {}
    scans: list[Scan] = []

    def attempt(names: Sequence[str], make: object) -> None:
        try:
            found = make()  # type: ignore[operator]
        except Unreachable as refusal:
            for name in names:
                compiler.missing[name] = str(refusal)
            return
        scans.extend(found if isinstance(found, list) else [found])

    for measure, name in compiler.measures.items():
        item = Named(name, measure)
        if measure.window in STOCKS and measure.aggregate != "observed":
            stocks.setdefault(measure.fact, []).append(item)
            continue
        shift = WindowShift(measure.window, measure.window_days, measure.window_months)
        if measure.aggregate == "observed":
            attempt([name], lambda item=item: observed.scan(context, item))
        elif measure.per is not None:
            attempt([name], lambda item=item, shift=shift: flow.scan_per_member(context, item, shift))
        else:
            flows.setdefault((measure.fact, flow.dated_by(measure), shift, measure.rates), []).append(item)
    for (fact, dated, shift, _), items in flows.items():
        attempt([item.name for item in items], lambda a=(context, fact, dated, shift, items): flow.scan(*a))
    for fact, items in stocks.items():
        attempt([item.name for item in items], lambda fact=fact, items=items: stock.scan(context, fact, items))
    for body, name in compiler.movements.items():
        attempt([name], lambda name=name, body=body: movement.scan(context, name, body, compiler.previous))
    if compiler.targets:
        levels = planned.levels(engine, context)
        for kpi, name in compiler.targets.items():
            sums = additive(kpi, compiler.catalogue)
            money = kpi not in compiler.catalogue or compiler.catalogue[kpi].unit == "money"
            attempt([name], lambda args=(name, kpi, levels, sums, money): target.scan(context, *args))
    return scans


def label_fact(name: str, extra: dict[str, dict[str, str]]) -> str:
    """The fact whose rows a dimension's values are ids of ("" for plain values); the same for all that reach it."""
    if any(name in names for names in extra.values()):
        return ""
    if name in DIMENSIONS or "." in name:
        for fact in FACTS:
            for path in paths(name, fact):
                return ends_in(path, fact)
    for other in FACTS.values():
        found = other.column(name)
        if found is not None:
            return found.to if found.type == "ref" else ""
    return ""


def _unconverted(grid: Grid, plan: Plan) -> list[str]:
    notes = []
    for name, values in grid.items():
        if name.endswith("_unconverted") and (lost := int(np.nansum(values[:, plan.slots]) or np.nansum(values))):
            notes.append(
                f"{lost} rows in another currency have no exchange rate within seven days and are not in the total;"
                " see them with --by currency"
            )
    return notes


def _hollow(grid: Grid, plan: Plan) -> list[str]:
    """Where a sum was not told since the rows of one kind carry nothing to add."""
    return [
        f"{name.partition(HOLLOW)[2]} rows carry no amount, so nothing can be told by value"
        for name, values in grid.items()
        if HOLLOW in name and np.nansum(values[:, plan.slots])
    ]


def _empty_filters(engine: Engine, question: Question, grid: Grid, plan: Plan) -> list[str]:
    """Where filters leave no row at all: the names that come near those asked for.

    Who does not see everything is not told which names there are, nor whether this is one.
    """
    counts = [values for name, values in grid.items() if name.endswith("_n")]
    if not question.where or not counts or any(np.nansum(values) for values in counts):
        return []
    if question.viewer.reps is not None:
        return [NO_ROW]
    notes = []
    for item in question.where:
        fact = label_fact(item.column, plan.context.extra)
        if not fact or not FACTS[fact].by_name:
            continue
        query = exp.select(column(FACTS[fact].by_name), column("id")).distinct().from_(table(fact, "f"))
        named, ids = list(engine.run(query).values())[:2]
        names = list(dict.fromkeys(str(name) for name in named if name is not None))
        known = {*names, *(str(id_) for id_ in ids)}
        for value in item.values:
            if value not in known:
                notes.append(f"there is no {item.column} {value!r}. {nearest(value, names)}".strip())
    return notes or [NO_ROW]


def _doubtful(coverage: Coverage, question: Question) -> list[str]:
    """What to know about the time asked for."""
    notes = []
    ends = coverage.ends_on
    if ends and question.end and question.end > ends:
        notes.append(f"the data ends on {ends}, before the end of the period")
    if ends and question.start and question.start > ends:
        notes.append(f"the data ended on {ends}, before the period began")
    return notes

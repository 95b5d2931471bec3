"""Measures as a KPI file writes them: one aggregate over one fact, with its conditions, date and window."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

from tolok.errors import nearest
from tolok.kpis.conditions import column_named, conditions, date_column, fact_and_column, fact_named
from tolok.kpis.definition import Aggregate, Condition, Measure, Per, Span, Window
from tolok.kpis.form import Form
from tolok.model import FACTS, Fact

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
WINDOWS: tuple[Window, ...] = get_args(Window)
MEASURE_KEYS = (*AGGREGATES, "where", "dated_by", "window", "per", "having", "same", "each", "q")
_STATES = ("opening", "closing", "average")
_HAVING = ("count", "sum", "distinct")
_SUMMABLE = ("money", "number", "rate", "integer")


def measure(form: Form) -> Measure:
    """Read one measure."""
    form.only(MEASURE_KEYS)
    named = [key for key in AGGREGATES if form.has(key)]
    if not named:
        form.refuse(f"{form.where} has no aggregate.", next_step=f"Use one of {', '.join(AGGREGATES)}.")
    if len(named) > 1:
        form.refuse(f"{form.where} has two aggregates, {named[0]!r} and {named[1]!r}.", named[1])
    aggregate = named[0]
    parts: dict[str, Any] = {}
    if aggregate in ("observed", "target"):
        fact = FACTS["observations" if aggregate == "observed" else "targets"]
        parts["name"] = form.string(aggregate)
    elif aggregate == "count":
        fact = fact_named(form, aggregate, form.string(aggregate))
    else:
        fact, column, span = _operand(form, aggregate)
        parts["column"], parts["span"] = column, span
    if form.has("where"):
        parts["where"] = conditions(form.child("where"), fact)
    if form.has("dated_by"):
        parts["dated_by"] = date_column(form, "dated_by", fact, form.string("dated_by"))
    if form.has("window"):
        parts["window"], parts["window_days"], parts["window_months"] = _window(form, aggregate, fact)
    if form.has("having") and not form.has("per"):
        form.refuse("'having' needs 'per'.", "having", next_step='Write per = "account_id" beside it.')
    if form.has("per"):
        parts["per"] = _per(form, fact)
    for name in form.strings("same"):
        parts["same"] = (*parts.get("same", ()), column_named(form, "same", fact, name).name)
    if form.has("each"):
        parts["each"] = _each(form, aggregate, parts.get("where", ()))
    parts["q"] = _share(form, aggregate)
    # `observed` and `target` name their fact by what they are; only conditions and dimensions look at it.
    return Measure(aggregate, "" if aggregate in ("observed", "target") else fact.name, **parts)


def _operand(form: Form, aggregate: str) -> tuple[Fact, str, Span | None]:
    """What is aggregated: a column, or the time between two."""
    if isinstance(form.table[aggregate], dict):
        if aggregate == "distinct":
            form.refuse("'distinct' needs a column, not a duration.", aggregate)
        between = form.child(aggregate)
        between.only(("days", "hours"))
        if len(between.table) != 1:
            between.refuse("A duration is in days or in hours.", next_step='Write { days = ["…", "…"] }.')
        unit = next(iter(between.table))
        written = between.strings(unit)
        if len(written) != 2:
            between.refuse(f"{unit!r} needs two columns, from and to.", unit)
        fact, start = fact_and_column(between, unit, written[0])
        until = written[1] if "." in written[1] else f"{fact.name}.{written[1]}"
        other, end = fact_and_column(between, unit, until)
        wanted = "date" if unit == "days" else "instant"
        for column in (start, end):
            if other is not fact or column.type != wanted:
                dates = [known.name for known in fact.columns if known.type == wanted]
                between.refuse(
                    f"{unit!r} needs two columns of {fact.name} of type {wanted}.",
                    unit,
                    next_step=nearest(column.name, dates),
                )
        return fact, "", Span(start.name, end.name, "days" if unit == "days" else "hours")
    fact, column = fact_and_column(form, aggregate, form.table[aggregate])
    if aggregate != "distinct" and column.type not in _SUMMABLE:
        summable = [known.name for known in fact.columns if known.type in _SUMMABLE]
        form.refuse(f"{fact.name}.{column.name} is no number.", aggregate, next_step=nearest(column.name, summable))
    return fact, column.name, None


def _window(form: Form, aggregate: str, fact: Fact) -> tuple[Window, int, int]:
    if isinstance(form.table["window"], dict):
        window = form.child("window")
        window.only(("trailing_days", "trailing_months"))
        days, months = window.whole("trailing_days"), window.whole("trailing_months")
        if bool(days) == bool(months):
            window.refuse("A trailing window is so many days or so many months.", next_step="Say one of the two.")
        return "trailing", days, months
    name: Window = form.one_of("window", WINDOWS)
    if name == "trailing":
        form.refuse("How long is 'trailing'?", "window", next_step="Write window = { trailing_days = 90 }.")
    if name in _STATES and aggregate != "observed" and fact.interval is None:
        lasting = ", ".join(sorted(known.name for known in FACTS.values() if known.interval))
        form.refuse(
            f"{fact.name} has no states that last, so there is nothing {name!r} of it.",
            "window",
            next_step=f"Facts that do: {lasting}.",
        )
    return name, 0, 0


def _per(form: Form, fact: Fact) -> Per:
    column = column_named(form, "per", fact, form.string("per")).name
    if not form.has("having"):
        return Per(column)
    having = form.child("having")
    tests = ("at_least", "at_most", "above", "below", "is")
    having.only((*_HAVING, *tests))
    aggregates = [key for key in _HAVING if having.has(key)]
    limits = [key for key in tests if having.has(key)]
    if len(aggregates) != 1 or len(limits) != 1:
        having.refuse(
            "'having' needs one aggregate and one limit.", next_step='Write { distinct = "document", at_least = 2 }.'
        )
    inner = ""
    if aggregates[0] == "count":
        if having.string("count") != fact.name:
            having.refuse(f"'having' counts rows of {fact.name}.", "count", next_step=f'Write count = "{fact.name}".')
    else:
        inner = column_named(having, aggregates[0], fact, having.string(aggregates[0])).name
    return Per(column, aggregates[0], inner, limits[0], having.number(limits[0]))  # type: ignore[arg-type]


def _each(form: Form, aggregate: str, where: tuple[Condition, ...]) -> str:
    name = form.string("each")
    listed = [condition.column for condition in where if condition.test == "is" and len(condition.values) > 1]
    if aggregate != "sum" or form.has("per"):
        form.refuse("'each' belongs to a plain 'sum'.", "each")
    if name not in listed:
        form.refuse(
            f"'each' needs a column of 'where' with several values, which {name!r} is not.",
            "each",
            next_step=nearest(name, listed),
        )
    return name


def _share(form: Form, aggregate: str) -> Decimal | None:
    if aggregate != "quantile":
        if form.has("q"):
            form.refuse("'q' belongs to 'quantile' alone.", "q")
        return None
    if not form.has("q"):
        form.refuse("'quantile' needs 'q'.", "quantile", next_step="Write q = 0.9.")
    q = form.number("q")
    if not 0 < q < 1:
        form.refuse("'q' lies between 0 and 1.", "q")
    return q

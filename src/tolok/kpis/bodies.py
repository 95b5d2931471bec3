"""The bodies of a KPI as its file writes them: value, ratio, cohort, movement, change, members, arithmetic, score."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from tolok.errors import DefinitionError, nearest
from tolok.kpis.conditions import column_named, conditions, date_column, fact_named
from tolok.kpis.definition import (
    Body,
    Change,
    Cohort,
    Formula,
    Measure,
    Members,
    Movement,
    Ratio,
    Score,
    Unit,
    Value,
)
from tolok.kpis.expression import names, parse
from tolok.kpis.form import Form
from tolok.kpis.measures import measure
from tolok.model.dimensions import DIMENSIONS

UNITS: tuple[Unit, ...] = get_args(Unit)
BODIES = ("value", "ratio", "cohort", "movement", "change", "members", "arithmetic", "score")
SHARE_TESTS = ("at_least", "at_most", "above", "below")
MOVEMENT_PARTS = ("opening", "new", "expansion", "contraction", "lost", "closing", "average")


def body(form: Form, unit: str) -> Body:
    """The one body of a KPI or variant, in its unit."""
    named = [key for key in BODIES if form.has(key)]
    if not named:
        form.refuse(
            f"{form.where} does not say how it is computed.", next_step=f"Add one of the tables {', '.join(BODIES)}."
        )
    if len(named) > 1:
        form.refuse(f"{form.where} is computed in two ways, {named[0]!r} and {named[1]!r}.", named[1])
    inner = form.child(named[0])
    result = _READERS[named[0]](inner)
    _unit_fits(form, result, unit)
    return result


def measures_of(body_: Body) -> tuple[Measure, ...]:
    """The measures of a body: one, two or none."""
    if isinstance(body_, Value | Score):
        return (body_.of,)
    return (body_.of, body_.over) if isinstance(body_, Ratio) else ()


def _value(form: Form) -> Value:
    if form.has("of"):
        form.only(("of",))
        return Value(measure(form.child("of")))
    return Value(measure(form))


def _ratio(form: Form) -> Ratio:
    form.only(("of", "over"))
    return Ratio(measure(form.child("of")), measure(form.child("over")))


def _cohort(form: Form) -> Cohort:
    form.only(("fact", "entered", "reached", "within_days", "where", "reached_where"))
    fact = fact_named(form, "fact", form.string("fact"))
    return Cohort(
        fact=fact.name,
        entered=date_column(form, "entered", fact, form.string("entered")),
        reached=date_column(form, "reached", fact, form.string("reached")),
        within_days=form.whole("within_days"),
        where=conditions(form.maybe("where"), fact),
        reached_where=conditions(form.maybe("reached_where"), fact),
    )


def _movement(form: Form) -> Movement:
    form.only(("fact", "per", "answer", "basis", "amount", "where", "dated_by"))
    fact = fact_named(form, "fact", form.string("fact"))
    basis = form.one_of("basis", ("stock", "flow"), "stock")
    if basis == "stock" and fact.interval is None:
        form.refuse(f"{fact.name} has no states that last.", "fact", next_step='Write basis = "flow".')
    if basis == "stock" and form.has("dated_by"):
        form.refuse("'dated_by' belongs to basis 'flow' alone.", "dated_by")
    answer = form.string("answer")
    for name in _names(form, "answer", answer):
        if name not in MOVEMENT_PARTS:
            form.refuse(f"A movement has no part {name!r}.", "answer", next_step=nearest(name, MOVEMENT_PARTS))
    amount = form.string("amount", "") if form.has("amount") else ""
    if amount and column_named(form, "amount", fact, amount).type not in ("money", "number", "integer"):
        form.refuse(f"{fact.name}.{amount} is no number.", "amount")
    return Movement(
        fact=fact.name,
        per=column_named(form, "per", fact, form.string("per")).name,
        answer=answer,
        basis=basis,
        amount=amount,
        where=conditions(form.maybe("where"), fact),
        dated_by=date_column(form, "dated_by", fact, form.string("dated_by")) if form.has("dated_by") else "",
    )


def _change(form: Form) -> Change:
    form.only(("of", "against", "shown_as", "rates"))
    return Change(
        of=form.string("of"),
        against=form.one_of("against", ("previous", "last_year"), "previous"),
        shown_as=form.one_of("shown_as", ("percent", "amount"), "percent"),
        rates=form.one_of("rates", ("own", "constant"), "own"),
    )


def _members(form: Form) -> Members:
    form.only(("of", "per", "share"))
    of, per = form.string("of"), form.string("per")
    if per not in DIMENSIONS:
        form.refuse(f"There is no dimension {per!r}.", "per", next_step=nearest(per, DIMENSIONS))
    if not form.has("share"):
        return Members(of, per)
    share = form.child("share")
    share.only(SHARE_TESTS)
    limits = [test for test in SHARE_TESTS if share.has(test)]
    if len(limits) != 1:
        share.refuse("'share' needs one limit.", next_step="Write share = { at_least = 100 }.")
    return Members(of, per, limits[0], share.number(limits[0]))  # type: ignore[arg-type]


def _arithmetic(form: Form) -> Formula:
    form.only(("expression",))
    written = form.string("expression")
    if not _names(form, "expression", written):
        form.refuse("The expression names no KPI.", "expression")
    return Formula(written)


def _score(form: Form) -> Score:
    form.only(("of", "plus", "minus"))
    of = measure(form.child("of"))
    if of.aggregate != "count" or of.per is not None:
        form.refuse("A score counts rows.", "of", next_step='Write of = { count = "answers" }.')
    fact = fact_named(form, "of", of.fact)
    return Score(of, conditions(form.child("plus"), fact), conditions(form.child("minus"), fact))


def _names(form: Form, key: str, written: str) -> tuple[str, ...]:
    try:
        return names(parse(written))
    except DefinitionError as problem:
        form.refuse(problem.message, key, next_step=problem.next_step)


def _unit_fits(form: Form, result: Body, unit: str) -> None:
    """Refuse a unit that the body cannot have: a count in percent, days in hours."""
    if isinstance(result, Value):
        problem = _value_misfit(result.of, unit)
    elif isinstance(result, Cohort) and unit not in ("percent", "ratio"):
        problem = "but a cohort gives a percent"
    elif isinstance(result, Score) and unit != "score":
        problem = "but a score gives a score"
    elif isinstance(result, Change) and (unit == "percent") != (result.shown_as == "percent"):
        problem = f"but the change is shown as {result.shown_as}"
    elif isinstance(result, Members) and result.share_test and unit not in ("percent", "ratio"):
        problem = "but a share gives a percent"
    else:
        problem = ""
    if problem:
        form.refuse(f"The unit is {unit!r}, {problem}.", "unit", next_step="Change the unit, or how it is computed.")


def _value_misfit(of: Measure, unit: str) -> str:
    if of.span is not None and unit != of.span.unit:
        return f"but it is computed in {of.span.unit}"
    if of.aggregate in ("count", "distinct") and unit != "count":
        return "but it counts; a percent or ratio has two sides, written as [ratio]"
    if unit == "percent" and of.aggregate == "sum":
        return "but a sum is no percent; write it as [ratio]"
    return ""


_READERS: dict[str, Callable[[Form], Body]] = {
    "value": _value,
    "ratio": _ratio,
    "cohort": _cohort,
    "movement": _movement,
    "change": _change,
    "members": _members,
    "arithmetic": _arithmetic,
    "score": _score,
}


def kpis_named_in(result: Body) -> tuple[tuple[str, str], ...]:
    """The KPIs that a body refers to, each with the key that names it: ``win_rate`` or ``win_rate.by_value``."""
    if isinstance(result, Formula):
        return tuple((name, "expression") for name in names(parse(result.expression)))
    if isinstance(result, Change | Members):
        return ((result.of, "of"),)
    return tuple((of.name, "target") for of in measures_of(result) if of.aggregate == "target")


def needs_kpis(result: Body) -> tuple[str, ...]:
    """The KPIs that must be answered before this body can be; a target is none of them."""
    return tuple(dict.fromkeys(name for name, key in kpis_named_in(result) if key != "target"))


__all__ = ["BODIES", "MOVEMENT_PARTS", "UNITS", "body", "kpis_named_in", "measures_of", "needs_kpis"]

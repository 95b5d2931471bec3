"""What facts, columns, values and ways of computing are called, in the words of the person who builds a KPI."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.kpis.conditions import column_at
from tolok.model import FACTS
from tolok.web.look.tags import language

KINDS = {
    "value": gettext_lazy("One figure: a number, a sum, an average"),
    "ratio": gettext_lazy("A share: one figure over another"),
    "cohort": gettext_lazy("Of those who began, how many reached a step"),
    "movement": gettext_lazy("Coming and going: retention, churn, growth"),
    "change": gettext_lazy("Growth of another KPI"),
    "members": gettext_lazy("Another KPI of each rep, team or customer: the mean, or how many reach a line"),
    "arithmetic": gettext_lazy("Arithmetic with other KPIs"),
    "score": gettext_lazy("A score: good answers less bad ones"),
}
SHARES = {
    "": gettext_lazy("their mean"),
    "at_least": gettext_lazy("share of those at or above a line"),
    "above": gettext_lazy("share of those above a line"),
    "at_most": gettext_lazy("share of those at or below a line"),
    "below": gettext_lazy("share of those below a line"),
}
AGGREGATES = {
    "count": gettext_lazy("Number of"),
    "sum": gettext_lazy("Sum"),
    "mean": gettext_lazy("Average"),
    "median": gettext_lazy("Median"),
    "quantile": gettext_lazy("Quantile"),
    "minimum": gettext_lazy("Smallest"),
    "maximum": gettext_lazy("Largest"),
    "distinct": gettext_lazy("Number of different"),
    "observed": gettext_lazy("A series of figures"),
    "target": gettext_lazy("Target of a KPI"),
}
TESTS = {
    "is": gettext_lazy("is"),
    "not": gettext_lazy("is not"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "above": gettext_lazy("is more than"),
    "below": gettext_lazy("is less than"),
    "known": gettext_lazy("is filled"),
    "unknown": gettext_lazy("is empty"),
    "within": gettext_lazy("lies in the same period"),
    "before": gettext_lazy("lies before the period"),
    "top": gettext_lazy("is among the best answers"),
}
WINDOWS = {
    "period": gettext_lazy("in the period"),
    "trailing_days": gettext_lazy("in the days that end with the period"),
    "trailing_months": gettext_lazy("in the months that end with the period"),
    "to_date": gettext_lazy("ever until the end of the period"),
    "opening": gettext_lazy("as it was before the period began"),
    "closing": gettext_lazy("as it was at the end of the period"),
    "average": gettext_lazy("the mean of beginning and end"),
}
UNITS = {
    "money": gettext_lazy("Money"),
    "count": gettext_lazy("A number of things"),
    "percent": gettext_lazy("Percent"),
    "days": gettext_lazy("Days"),
    "hours": gettext_lazy("Hours"),
    "ratio": gettext_lazy("A ratio, such as 3.2"),
    "score": gettext_lazy("A score"),
}
BETTER = {"higher": gettext_lazy("Higher is better"), "lower": gettext_lazy("Lower is better")}
LEVELS = {"good": gettext_lazy("Good"), "watch": gettext_lazy("Watch it"), "bad": gettext_lazy("Bad")}
RULE_TESTS = {
    "below": gettext_lazy("is less than"),
    "above": gettext_lazy("is more than"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "falls": gettext_lazy("falls"),
    "rises": gettext_lazy("rises"),
    "grows": gettext_lazy("grows together with"),
}
AGAINST = {"previous": gettext_lazy("the period before"), "last_year": gettext_lazy("the same period last year")}
SHOWN_AS = {"percent": gettext_lazy("in percent"), "amount": gettext_lazy("as an amount")}
RATES = {"own": gettext_lazy("of each day"), "constant": gettext_lazy("the same for both periods")}
BASES = {
    "stock": gettext_lazy("What lasts: at the beginning against the end"),
    "flow": gettext_lazy("What was done: this period against the one before"),
}


def fact(name: str) -> str:
    """What a fact is called: Deals, in Indonesian Peluang."""
    return _said("facts", name)


def column(name: str) -> str:
    return _said("columns", name)


def value(name: str) -> str:
    """What a value of a closed list is called; others as they are."""
    return _said("values", name) if name in _words()["values"] else name


def path(of_fact: str, written: str) -> str:
    """What a column or a path to one is called: Customer: Industry; a reference by name is called by what it refers to."""
    steps = written.split(".")
    if len(steps) == 2 and steps[0].endswith("_id") and steps[1] == "name":
        return column(steps[0])
    return ": ".join(column(step) for step in steps)


def unwritten(of_fact: str, written: str) -> bool:
    """Whether a path leads nowhere."""
    return of_fact not in FACTS or column_at(FACTS[of_fact], written) is None


def days_between() -> str:
    return _("Days between two dates")


def hours_between() -> str:
    return _("Hours between two moments")


def _said(section: str, name: str) -> str:
    known = _words()[section].get(name)
    return name.replace("_", " ") if known is None else known[1 if language() == "id" else 0]


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))

"""The parts of the form that say how a KPI is computed: its kind, its measures and their conditions."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tolok.kpis.bodies import BODIES, MOVEMENT_PARTS
from tolok.kpis.conditions import column_at
from tolok.model import FACTS, Column
from tolok.web.kpi.breakdown import NAMES
from tolok.web.kpis import words
from tolok.web.kpis.inputs import Asking, Input, as_options, plain_options
from tolok.web.kpis.offers import NUMERIC, Options

ORDERED = ("is", "not", "at_least", "at_most", "above", "below", "known", "unknown")
BY_TYPE = {"boolean": ("is", "known", "unknown"), "date": (*ORDERED, "within", "before")}
SILENT = ("known", "unknown", "within", "before")
HAVING_TESTS = ("at_least", "at_most", "above", "below", "is")


@dataclass(frozen=True)
class Condition:
    """One condition: its field, its test, its values."""

    prefix: str
    inputs: tuple[Input, ...]


@dataclass(frozen=True)
class Conditions:
    """The conditions of one side; ``more`` is the name under which one more is added."""

    prefix: str
    title: str
    listed: tuple[Condition, ...]


@dataclass(frozen=True)
class Measure:
    """One side of a KPI: what is done with which rows, the conditions on them, and what is seldom asked."""

    prefix: str
    title: str
    inputs: tuple[Input, ...]
    conditions: Conditions | None
    seldom: tuple[Input, ...] = ()
    kept: tuple[tuple[str, str, str], ...] = ()  # field, what it is called, what it says

    @property
    def opened(self) -> bool:
        """Whether what is seldom asked says something here."""
        usual = ("", "period", "at_least")
        return any(one.problems or one.value not in usual for one in self.seldom)


@dataclass(frozen=True)
class Body:
    """How a KPI or a variant is computed."""

    prefix: str
    kind: Input
    inputs: tuple[Input, ...]
    measures: tuple[Measure, ...] = ()
    conditions: tuple[Conditions, ...] = ()
    names: tuple[tuple[str, str], ...] = ()  # KPIs that an expression may name


def body(asking: Asking, prefix: str, own: str = "") -> Body:
    """The fields of one way of computing. ``own`` is the KPI itself, which cannot be computed from itself."""
    fields, offers = asking.fields, asking.offers
    named = {kind: words.KINDS[kind] for kind in BODIES}
    kind = asking.select(f"{prefix}.kind", _("Kind"), named, shows=True, wide=True)
    fact = fields.get(f"{prefix}.fact")
    if kind.value == "value":
        return Body(prefix, kind, (), (measure(asking, f"{prefix}.of", ""),))
    if kind.value == "ratio":
        sides = (("of", _("What is counted")), ("over", _("Out of which")))
        return Body(prefix, kind, (), tuple(measure(asking, f"{prefix}.{side}", title) for side, title in sides))
    if kind.value == "score":
        counted = measure(asking, f"{prefix}.of", _("Which answers"), only=("count",))
        of = fields.get(f"{prefix}.of.fact")
        sides = (("plus", _("Good are those of which")), ("minus", _("Bad are those of which")))
        return Body(
            prefix,
            kind,
            (),
            (counted,),
            tuple(conditions(asking, f"{prefix}.{side}", of, title) for side, title in sides),
        )
    if kind.value == "change":
        inputs = (
            asking.select(f"{prefix}.kpi", _("KPI"), offers.kpis(own), empty=_("Choose …")),
            asking.select(f"{prefix}.against", _("Against"), words.AGAINST),
            asking.select(f"{prefix}.shown_as", _("Shown"), words.SHOWN_AS),
            asking.select(f"{prefix}.rates", _("Exchange rates"), words.RATES),
        )
        return Body(prefix, kind, inputs)
    if kind.value == "members":
        inputs = (
            asking.select(f"{prefix}.kpi", _("KPI"), offers.kpis(own), empty=_("Choose …")),
            asking.select(f"{prefix}.member", _("Of each"), NAMES, empty=_("Choose …")),
            asking.select(f"{prefix}.share_test", _("Told as"), words.SHARES, shows=True),
            *_limit(asking, prefix),
        )
        return Body(prefix, kind, inputs)
    if kind.value == "arithmetic":
        says = _("KPIs by the names below, numbers, + − * / and brackets, such as revenue / deals_won.")
        written = asking.text(f"{prefix}.expression", _("Calculation"), help=says, wide=True)
        return Body(prefix, kind, (written,), names=offers.kpis(own, variants=True)[0][1])
    if kind.value == "cohort":
        entered, reached = _("They begin on"), _("They reach the step on")
        inputs = (
            _fact(asking, f"{prefix}.fact"),
            asking.select(f"{prefix}.entered", entered, offers.dates(fact), empty=_("Choose …")),
            asking.select(f"{prefix}.reached", reached, offers.dates(fact), empty=_("Choose …")),
            asking.text(
                f"{prefix}.within_days", _("Within so many days"), kind="whole", help=_("Empty: however late.")
            ),
        )
        sides = (("where", _("Of those who begin, only")), ("reached_where", _("Of those who reach it, only")))
        return Body(
            prefix, kind, inputs, (), tuple(conditions(asking, f"{prefix}.{s}", fact, title) for s, title in sides)
        )
    if kind.value == "movement":
        parts = ", ".join(MOVEMENT_PARTS)
        inputs = (
            asking.select(f"{prefix}.basis", _("What is compared"), words.BASES, shows=True, wide=True),
            _fact(asking, f"{prefix}.fact"),
            asking.select(f"{prefix}.per", _("Who comes and goes"), offers.members(fact), empty=_("Choose …")),
            asking.select(f"{prefix}.amount", _("Weighed by"), offers.numbers(fact), empty=_("each counts as one")),
            *_flow_date(asking, prefix, fact),
            asking.text(
                f"{prefix}.answer",
                _("Calculation"),
                help=_("With these parts: %(parts)s. Such as 100 * lost / opening.") % {"parts": parts},
                wide=True,
            ),
        )
        return Body(prefix, kind, inputs, (), (conditions(asking, f"{prefix}.where", fact, _("Only those of which")),))
    return Body(prefix, kind, ())


def _limit(asking: Asking, prefix: str) -> tuple[Input, ...]:
    if not asking.fields.get(f"{prefix}.share_test"):
        return ()
    return (asking.text(f"{prefix}.share_value", _("The line"), kind="number"),)


def _flow_date(asking: Asking, prefix: str, fact: str) -> tuple[Input, ...]:
    if asking.fields.get(f"{prefix}.basis") != "flow":
        return ()
    return (_dated(asking, f"{prefix}.dated_by", fact),)


def measure(asking: Asking, prefix: str, title: str, only: tuple[str, ...] = tuple(words.AGGREGATES)) -> Measure:
    """The fields of one side."""
    fields, offers = asking.fields, asking.offers
    named = {name: words.AGGREGATES[name] for name in only}
    aggregate = asking.select(f"{prefix}.aggregate", _("Take the"), named, shows=True)
    if aggregate.value in ("observed", "target"):
        fact = "observations" if aggregate.value == "observed" else "targets"
        if aggregate.value == "observed":
            what = asking.text(f"{prefix}.name", _("Series"), listed=offers.series())
        else:
            what = asking.select(f"{prefix}.name", _("KPI"), offers.kpis(), empty=_("Choose …"))
        where = conditions(asking, f"{prefix}.where", fact, _("Only rows of which"))
        return Measure(prefix, title, (aggregate, what), where, _seldom(asking, prefix, fact, aggregate.value))
    fact = fields.get(f"{prefix}.fact")
    inputs = [aggregate, _fact(asking, f"{prefix}.fact")]
    if aggregate.value != "count":
        inputs += _operand(asking, prefix, fact, aggregate.value)
    where = conditions(asking, f"{prefix}.where", fact, _("Only rows of which"))
    kept = tuple(
        (f"{prefix}.{name}", label, fields.get(f"{prefix}.{name}"))
        for name, label in (
            ("same", _("Only where all rows have the same")),
            ("each", _("Only where there is something of each")),
        )
        if fields.get(f"{prefix}.{name}")
    )
    return Measure(prefix, title, tuple(inputs), where, _seldom(asking, prefix, fact, aggregate.value), kept)


def _operand(asking: Asking, prefix: str, fact: str, aggregate: str) -> list[Input]:
    """The column that is added up or looked at, or the two dates between which time passes."""
    offers = asking.offers
    if aggregate == "distinct":
        fitting = offers.columns(fact, lambda column: column.type not in ("instant",))
        return [asking.select(f"{prefix}.column", _("Field"), fitting, empty=_("Choose …"))]
    options: Options = offers.numbers(fact)
    spans = []
    if sum(len(group) for _name, group in offers.dates(fact)) > 1:
        spans.append(("@days", words.days_between()))
    if sum(len(group) for _name, group in offers.moments(fact)) > 1:
        spans.append(("@hours", words.hours_between()))
    if spans:
        options = (*options, (_("Time"), tuple(spans)))
    column = asking.select(f"{prefix}.column", _("Field"), options, empty=_("Choose …"), shows=True)
    found = [column]
    if column.value in ("@days", "@hours"):
        dates = offers.dates(fact) if column.value == "@days" else offers.moments(fact)
        found.append(asking.select(f"{prefix}.start", _("From (date)"), dates, empty=_("Choose …")))
        found.append(asking.select(f"{prefix}.end", _("To (date)"), dates, empty=_("Choose …")))
    if aggregate == "quantile":
        found.append(asking.text(f"{prefix}.q", _("Share below it"), kind="number", help=_("0.9 for nine of ten.")))
    return found


def _seldom(asking: Asking, prefix: str, fact: str, aggregate: str) -> tuple[Input, ...]:
    """What is asked of few measures."""
    offers = asking.offers
    known = FACTS.get(fact)
    lasts = (known is not None and known.interval is not None) or aggregate == "observed"
    windows = {
        name: word for name, word in words.WINDOWS.items() if lasts or name not in ("opening", "closing", "average")
    }
    window = asking.select(f"{prefix}.window", _("Rows"), windows, shows=True)
    found = [window]
    if window.value in ("trailing_days", "trailing_months"):
        found.append(asking.text(f"{prefix}.window_length", _("How many"), kind="whole"))
    if aggregate not in ("observed", "target"):
        found.append(_dated(asking, f"{prefix}.dated_by", fact))
        per = asking.select(f"{prefix}.per", _("First for each"), offers.members(fact), empty=_("no"), shows=True)
        found.append(per)
        if per.value:
            havings = {name: words.AGGREGATES[name] for name in ("count", "distinct", "sum")}
            having = asking.select(
                f"{prefix}.having", _("Only those whose"), havings, empty=_("all of them"), shows=True
            )
            found.append(having)
            if having.value:
                if having.value != "count":
                    fitting = offers.numbers(fact) if having.value == "sum" else offers.columns(fact, lambda one: True)
                    found.append(asking.select(f"{prefix}.having_column", _("Field"), fitting, empty=_("Choose …")))
                tests = {name: words.TESTS[name] for name in HAVING_TESTS}
                found.append(asking.select(f"{prefix}.having_test", _("Test"), tests))
                found.append(asking.text(f"{prefix}.having_value", _("Value"), kind="number"))
    return tuple(found)


def _fact(asking: Asking, name: str) -> Input:
    return asking.select(name, _("Of"), asking.offers.facts(), empty=_("Choose …"), shows=True)


def _dated(asking: Asking, name: str, fact: str) -> Input:
    return asking.select(name, _("It counts at"), asking.offers.dates(fact), empty=_("as the whole KPI"))


def conditions(asking: Asking, prefix: str, fact: str, title: str) -> Conditions:
    """The conditions of one side, with their values offered from the data."""
    return Conditions(prefix, title, tuple(_condition(asking, row, fact) for row in asking.fields.rows(prefix)))


def _condition(asking: Asking, row: str, fact: str) -> Condition:
    fields = asking.fields
    path = fields.get(f"{row}.column")
    options = asking.offers.paths(fact, path)
    chosen = asking.select(f"{row}.column", _("Field"), options, empty=_("Choose …"), shows=True, bare=True)
    column = column_at(FACTS[fact], path) if fact in FACTS and path else None
    if column is None:
        return Condition(row, (chosen,))
    tests = BY_TYPE.get(column.type) or (ORDERED if column.type in NUMERIC else ("is", "not", "known", "unknown"))
    if fact == "answers" and column.name == "value":
        tests = (*tests, "top")
    test = asking.select(f"{row}.test", _("Test"), {name: words.TESTS[name] for name in tests}, shows=True, bare=True)
    if test.value in SILENT:
        return Condition(row, (chosen, test))
    return Condition(row, (chosen, test, _value(asking, row, fact, path, column, test.value)))


def _value(asking: Asking, row: str, fact: str, path: str, column: Column, test: str) -> Input:
    """The value of a condition: ticked, picked or typed, as its field has it."""
    name, label = f"{row}.value", _("Value")
    if column.type == "boolean":
        return asking.select(name, label, {"yes": _("yes"), "no": _("no")}, bare=True)
    if column.type == "date":
        return asking.text(name, label, kind="date", bare=True)
    if column.type in NUMERIC:
        several = test in ("is", "not")
        value = "\n".join(asking.fields.all(name))
        return asking.text(name, label, kind="lines" if several else "number", value=value, bare=True)
    chosen = tuple(part for one in asking.fields.all(name) for part in one.split("\n") if part.strip())
    if column.type == "choice":
        known = dict.fromkeys((*column.values, *chosen))
        options = as_options({value: words.value(value) for value in known})
        return asking.text(name, label, kind="ticks", options=options, chosen=chosen, bare=True)
    options = plain_options(asking.offers.values(fact, path))
    listed = {value for _name, group in options for value, _word in group}
    rest = "\n".join(one for one in chosen if one not in listed)
    return asking.text(name, label, kind="checks", options=options, chosen=chosen, rest=rest, bare=True)

"""The whole form: what the KPI says, how it is computed and read, its rules, variants and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from tolok.kpis.samples import NO_ANSWER
from tolok.model import FACTS
from tolok.web.kpis import words
from tolok.web.kpis.fields import Fields
from tolok.web.kpis.inputs import Asking, Input
from tolok.web.kpis.measuring import Body, body
from tolok.web.kpis.offers import Offers, Options
from tolok.web.kpis.trial import Shown
from tolok.web.kpis.view import FAMILIES, FUNCTIONS, TIMINGS

ASKED = ("column", "start", "end", "dated_by", "per", "entered", "reached", "amount")
EMPTY_ROWS = 3
"""Rows of a new example that are ready to be filled."""


@dataclass(frozen=True)
class Part:
    """A part that there may be several of: a variant, a rule."""

    prefix: str
    title: str
    inputs: tuple[Input, ...]
    body: Body | None = None

    @property
    def wrong(self) -> bool:
        return any(one.problems for one in self.inputs)


@dataclass(frozen=True)
class Table:
    """The rows of one fact in an example: a cell for each column, and how often a row stands there."""

    prefix: str
    fact: Input
    heads: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Input, ...], ...] = ()
    more: Input | None = None


@dataclass(frozen=True)
class Example:
    """An example as small rows, and what became of it when it ran; one that no grid can hold says so."""

    prefix: str
    says: str
    inputs: tuple[Input, ...] = ()
    tables: tuple[Table, ...] = ()
    another: Input | None = None
    kept: bool = False
    origin: str = ""
    within: str = ""
    result: Shown | None = None

    @property
    def wrong(self) -> bool:
        cells = (cell for table in self.tables for row in table.rows for cell in row)
        return any(one.problems for one in (*self.inputs, *cells))


@dataclass(frozen=True)
class Layout:
    """All parts of the form, and what is wrong with none of its fields."""

    said: tuple[Input, ...]
    body: Body
    read: tuple[Input, ...]
    more: tuple[Input, ...]
    rules: tuple[Part, ...]
    variants: tuple[Part, ...]
    default: Input | None
    examples: tuple[Example, ...]
    problems: tuple[str, ...]
    wrong: int
    better: str = "higher"


def laid_out(
    fields: Fields,
    offers: Offers,
    problems: Mapping[str, Sequence[str]],
    shown: Sequence[Shown],
    *,
    own_id: str,
    new: bool,
) -> Layout:
    """The form as it stands."""
    asking = Asking(fields, offers, problems)
    said = (
        asking.text("name", _("Name in English")),
        asking.text("id_name", _("Name in Indonesian")),
        asking.text("question", _("The question it answers, in English"), kind="area"),
        asking.text("id_question", _("The question, in Indonesian"), kind="area"),
        asking.text("formula", _("Formula in words, in English")),
        asking.text("id_formula", _("Formula in words, in Indonesian")),
    )
    if new:
        says = _("Small letters, digits and underscores. Links, targets and files use it; it stays.")
        said = (*said, asking.text("id", _("Short name"), help=says))
    how = body(asking, "body", own_id)
    read = (
        asking.select("unit", _("Unit"), words.UNITS),
        asking.select("dated_by", _("It counts at"), _dates(asking), empty=_("the usual date")),
        asking.select("better", _("Direction"), words.BETTER),
        asking.select("timing", _("Leading or lagging"), TIMINGS),
        asking.select("family", _("Family"), FAMILIES),
        asking.select("function", _("Function"), FUNCTIONS),
    )
    more = (
        asking.text("aliases", _("Also called, in English"), help=_("Separated by commas; search finds them.")),
        asking.text("id_aliases", _("Also called, in Indonesian")),
        asking.text("note", _("What to know about it"), kind="area"),
        asking.text("source", _("Who defines it so"), kind="area"),
        asking.text("industry", _("Industry"), help=_("Empty where it is for all.")),
    )
    rules = tuple(_rule(asking, row) for row in fields.rows("rules"))
    variants = tuple(_variant(asking, row, own_id) for row in fields.rows("variants"))
    named = {
        id_: fields.get(f"{row}.name") or id_ for row in fields.rows("variants") if (id_ := fields.get(f"{row}.id"))
    }
    default = None
    if named:
        default = asking.select("default_variant", _("Which way counts here"), named, empty=_("Standard"))
    listed = tuple(_example(asking, row, named) for row in fields.rows("examples"))
    results = {one.place: one for one in shown}
    listed = tuple(replace(one, result=results.get(place)) for place, one in enumerate(listed))
    wrong = sum(map(len, problems.values()))
    better = fields.get("better", "higher")
    left = asking.left_over()
    return Layout(said, how, read, more, rules, variants, default, listed, left, wrong, better)


def _dates(asking: Asking, body_prefix: str = "body") -> Options:
    """The dates of the rows that a KPI counts: deals.closed_on."""
    fields = asking.fields
    facts = [fields.get(f"{body_prefix}.{name}") for name in ("of.fact", "over.fact", "fact")]
    found = []
    for fact in dict.fromkeys(one for one in facts if one in FACTS):
        options = [(f"{fact}.{value}", word) for _group, group in asking.offers.dates(fact) for value, word in group]
        found.append((words.fact(fact), tuple(options)))
    return tuple(found)


def _rule(asking: Asking, row: str) -> Part:
    test = asking.select(f"{row}.test", _("If it"), words.RULE_TESTS, shows=True)
    inputs = [test]
    if test.value in ("below", "above", "at_least", "at_most"):
        inputs.append(asking.text(f"{row}.value", _("Value"), kind="number"))
    if test.value == "grows":
        inputs.append(asking.text(f"{row}.grows", _("With these KPIs"), help=_("Short names, separated by commas.")))
    inputs += [
        asking.select(f"{row}.level", _("It is"), words.LEVELS),
        asking.text(f"{row}.look_at", _("Then look at"), help=_("Short names, separated by commas.")),
        asking.text(f"{row}.says", _("What it means, in English"), wide=True),
        asking.text(f"{row}.id_says", _("What it means, in Indonesian"), wide=True),
    ]
    return Part(row, asking.fields.get(f"{row}.says") or _("New rule"), tuple(inputs))


def _variant(asking: Asking, row: str, own_id: str) -> Part:
    inputs = (
        asking.text(f"{row}.name", _("Name in English")),
        asking.text(f"{row}.id_name", _("Name in Indonesian")),
        asking.text(f"{row}.id", _("Short name")),
        asking.select(f"{row}.unit", _("Unit"), words.UNITS, empty=_("as the whole KPI")),
        asking.select(f"{row}.dated_by", _("It counts at"), _dates(asking, f"{row}.body"), empty=_("as the whole KPI")),
        asking.text(f"{row}.formula", _("Formula in words, in English"), wide=True),
        asking.text(f"{row}.id_formula", _("Formula in words, in Indonesian"), wide=True),
        asking.text(f"{row}.note", _("What to know about it"), wide=True),
    )
    title = asking.fields.get(f"{row}.name") or _("New variant")
    return Part(row, title, inputs, body(asking, f"{row}.body", own_id))


def _example(asking: Asking, row: str, variants: Mapping[str, str]) -> Example:
    fields = asking.fields
    says = fields.get(f"{row}.says")
    if fields.get(f"{row}.kept"):
        return Example(row, says, kept=True, origin=fields.get(f"{row}.origin"))
    inputs = [asking.text(f"{row}.says", _("What it shows"), wide=True)]
    if variants:
        inputs.append(asking.select(f"{row}.variant", _("Variant"), variants, empty=_("Standard")))
    nothing = _("Empty or “%(no)s”: there is none.") % {"no": NO_ANSWER}
    inputs += [
        asking.text(f"{row}.answer", _("Expected figure"), help=nothing),
        asking.text(f"{row}.from", _("From (date)"), kind="date"),
        asking.text(f"{row}.to", _("To (date)"), kind="date"),
    ]
    tables = tuple(_table(asking, one) for one in fields.rows(f"{row}.tables") if fields.get(f"{one}.fact"))
    free = f"{fields.next_of(f'{row}.tables')}.fact"
    taken = {table.fact.value for table in tables}
    others = asking.offers.facts(lambda name: name not in taken)
    another = Input(
        free,
        str(_("And rows of") if tables else _("Rows of")),
        kind="select",
        options=others,
        empty=_("Choose …"),
        shows=True,
    )
    return Example(
        row, says, tuple(inputs), tables, another, False, fields.get(f"{row}.origin"), fields.get(f"{row}.within")
    )


def _table(asking: Asking, prefix: str) -> Table:
    """The rows of one fact: those that are filled, and room for more."""
    fields = asking.fields
    chosen = asking.select(f"{prefix}.fact", _("Rows of"), asking.offers.facts(), empty=_("no rows at all"), shows=True)
    fact = FACTS.get(chosen.value)
    if fact is None:
        return Table(prefix, chosen)
    columns = [name for name in fields.all(f"{prefix}.columns") if fact.column(name)] or _usual_columns(
        fields, fact.name
    )
    numbered = fields.rows(f"{prefix}.rows")
    rows = [_cells(asking, row, fact.name, columns) for row in numbered]
    filled = [row for row in rows if any(cell.value for cell in row)]
    free = int(numbered[-1].rsplit(".", 1)[1]) + 1 if numbered else 0
    spare = [f"{prefix}.rows.{free + place}" for place in range(1 if filled else EMPTY_ROWS)]
    filled += [_cells(asking, row, fact.name, columns) for row in spare]
    others = asking.offers.example_columns(fact.name, columns)
    more = Input(
        f"{prefix}.columns", str(_("One more column")), kind="select", options=others, empty=_("none"), shows=True
    )
    heads = (*(words.column(name) for name in columns), str(_("Times")))
    return Table(prefix, chosen, heads, tuple(columns), tuple(filled), more)


def first_table(fields: Fields) -> str:
    """The fact whose rows a new example begins with."""
    chosen = (fields.get(name) for name in ("body.of.fact", "body.fact"))
    return next((fact for fact in chosen if fact in FACTS), "deals")


def _cells(asking: Asking, row: str, fact: str, columns: Sequence[str]) -> tuple[Input, ...]:
    """One row of an example: a cell for each column, and how often it stands there."""
    found = []
    for name in columns:
        column = FACTS[fact].column(name)
        label = words.column(name)
        if column is not None and column.values:
            options = {value: words.value(value) for value in column.values}
            found.append(asking.select(f"{row}.{name}", label, options, empty="", bare=True))
        elif column is not None and column.type == "boolean":
            found.append(asking.select(f"{row}.{name}", label, {"yes": _("yes"), "no": _("no")}, empty="", bare=True))
        else:
            kind = "date" if column is not None and column.type == "date" else "text"
            found.append(asking.text(f"{row}.{name}", label, kind=kind, bare=True))
    found.append(asking.text(f"{row}.repeat", _("Times"), kind="whole", bare=True))
    return tuple(found)


def _usual_columns(fields: Fields, fact: str) -> list[str]:
    """The columns of a fact that the KPI rests on: its date, what it adds up, what it asks of it or through a reference."""
    found: dict[str, None] = {}
    referred = False
    for side in ("body.of", "body.over", "body"):
        own = FACTS.get(fields.get(f"{side}.fact"))
        rows = [row for part in ("where", "reached_where") for row in fields.rows(f"{side}.{part}")]
        asked = [fields.get(f"{row}.column").split(".") for row in rows]
        if own is not None and own.name == fact:
            names = [*(fields.get(f"{side}.{name}") for name in ASKED), *(steps[0] for steps in asked)]
            found.update(dict.fromkeys(name for name in names if name and not name.startswith("@")))
        elif own is not None:
            for first, *rest in asked:
                reference = own.column(first)
                if reference is not None and reference.to == fact and rest:
                    referred = True
                    found[rest[0]] = None
    dated = fields.get("dated_by").partition(".")
    usual = next(iter(FACTS[fact].real_dates), "")
    first = "id" if referred else dated[2] if dated[0] == fact else usual
    return [name for name in dict.fromkeys((first, *found)) if name and FACTS[fact].column(name)]

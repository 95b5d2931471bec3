"""KPI files become definitions: the packaged catalogue, an organisation's own folder, and both together.

The file's name is the KPI's id. An organisation's file with the id of a catalogue KPI replaces it wholly, or says only
``variant = "by_value"`` and so chooses which variant counts here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

from tolok.errors import DefinitionError, nearest
from tolok.kpis.bodies import BODIES, UNITS, body
from tolok.kpis.conditions import date_column, fact_named
from tolok.kpis.definition import Definition, Rule, Variant, Words
from tolok.kpis.form import Form
from tolok.kpis.references import check
from tolok.kpis.samples import example

FAMILIES = ("financial", "operational", "customer")
FUNCTIONS = ("management", "marketing", "sales", "support", "service", "finance", "people")
RULE_TESTS = ("below", "above", "at_least", "at_most", "falls", "rises", "grows")
KEYS = (
    "name",
    "question",
    "formula",
    "unit",
    "better",
    "timing",
    "family",
    "function",
    "dated_by",
    "aliases",
    "industry",
    "note",
    "source",
    "default_variant",
    *BODIES,
    "variants",
    "rule",
    "example",
    "in",
)
STANDARD = "standard"  # the name of a KPI's own body, so that an organisation can choose it back
_CATALOGUE = Path(__file__).parent / "catalogue"
KPI_ID = re.compile(r"[a-z][a-z0-9_]{0,79}")


@dataclass(frozen=True)
class Choice:
    """An organisation's choice among the variants of a catalogue KPI."""

    id: str
    variant: str
    file: str


def catalogue() -> dict[str, Definition]:
    """The packaged KPIs by id."""
    return dict(_catalogue())


@cache
def _catalogue() -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for path in sorted(_CATALOGUE.glob("*/*.toml")):
        definition = load_file(path)
        if isinstance(definition, Choice) or definition.id in found:
            raise DefinitionError(f"{path.stem!r} is in the catalogue twice, or defines nothing.", file=str(path))
        found[definition.id] = definition
    check(found)
    return found


def load_folder(path: Path | str) -> dict[str, Definition | Choice]:
    """An organisation's own KPI files, in any folders below ``path``; nothing where the folder does not exist."""
    found: dict[str, Definition | Choice] = {}
    for file in sorted(Path(path).rglob("*.toml")):
        read = load_file(file)
        if read.id in found:
            raise DefinitionError(
                f"{read.id!r} is already defined by {found[read.id].file}.",
                file=str(file),
                line=1,
                next_step="Keep one of the two files.",
            )
        found[read.id] = read
    return found


def merged(known: Mapping[str, Definition], own: Mapping[str, Definition | Choice]) -> dict[str, Definition]:
    """The catalogue with an organisation's own KPIs and choices, checked as a whole."""
    result = dict(known)
    for id_, read in own.items():
        if isinstance(read, Definition):
            result[id_] = read
            continue
        if id_ not in known:
            raise DefinitionError(
                f"There is no KPI {id_!r} of which a variant could be chosen.",
                file=read.file,
                line=1,
                next_step=nearest(id_, known),
            )
        variants = known[id_].variants
        if read.variant != STANDARD and read.variant not in variants:
            raise DefinitionError(
                f"{id_} has no variant {read.variant!r}.",
                file=read.file,
                line=1,
                next_step=nearest(read.variant, (STANDARD, *variants)),
            )
        chosen = "" if read.variant == STANDARD else read.variant
        result[id_] = replace(known[id_], default_variant=chosen, file=read.file)
    check(result)
    return result


def load_file(path: Path | str) -> Definition | Choice:
    """Read one KPI file; DefinitionError names file and line."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise DefinitionError(f"The file cannot be read: {problem.strerror}.", file=str(path)) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DefinitionError(
            "The file is not UTF-8.",
            file=str(path),
            line=raw.count(b"\n", 0, problem.start) + 1,
            next_step="Save it again as UTF-8.",
        ) from None
    return parse(text, path.stem, file=str(path))


def parse(text: str, id_: str, *, file: str = "") -> Definition | Choice:
    """Read the text of a KPI file."""
    file = file or f"{id_}.toml"
    if not KPI_ID.fullmatch(id_):
        raise DefinitionError(
            f"{id_!r} cannot be the id of a KPI.",
            file=file,
            line=1,
            next_step="Name the file in small letters, digits and underscores, like win_rate.toml.",
        )
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as problem:
        said = re.search(r"line (\d+)", str(problem))
        line = int(said[1]) if said else text.count("\n") + 1
        reason = re.sub(r"\s*\(at .*\)$", "", str(problem))
        raise DefinitionError(f"The file is not TOML: {reason}.", file=file, line=line) from None
    except (ValueError, RecursionError, ArithmeticError):
        raise DefinitionError("The file is not TOML.", file=file, line=1) from None
    form = Form(table, file, text)
    if set(table) == {"variant"}:
        return Choice(id_, form.string("variant"), file)
    return _definition(form, id_)


def _definition(form: Form, id_: str) -> Definition:
    form.only(KEYS)
    unit = form.one_of("unit", UNITS)
    variants = {name: _variant(form.child("variants").child(name), name, unit) for name in form.maybe("variants").table}
    default = form.string("default_variant", "") if form.has("default_variant") else ""
    if default and default not in variants:
        form.refuse(f"There is no variant {default!r}.", "default_variant", next_step=nearest(default, variants))
    rules = tuple(_rule(rule) for rule in form.children("rule"))
    return Definition(
        id=id_,
        name=form.string("name"),
        question=form.string("question"),
        formula=form.string("formula"),
        unit=unit,
        better=form.one_of("better", ("higher", "lower")),
        timing=form.one_of("timing", ("leading", "lagging")),
        family=form.one_of("family", FAMILIES),
        function=form.one_of("function", FUNCTIONS),
        body=body(form, unit),
        dated_by=_dated_by(form),
        variants=variants,
        default_variant=default,
        rules=rules,
        examples=tuple(example(one, variants) for one in form.children("example")),
        words={
            language: _words(form.child("in").child(language), len(rules), variants)
            for language in form.maybe("in").table
        },
        aliases=form.strings("aliases"),
        industry=_optional(form, "industry"),
        note=_optional(form, "note"),
        source=_optional(form, "source"),
        file=form.file,
    )


def _optional(form: Form, key: str) -> str:
    return form.string(key) if form.has(key) else ""


def _dated_by(form: Form) -> str:
    """The KPI's date, written with its fact: ``deals.closed_on``."""
    written = _optional(form, "dated_by")
    if not written:
        return ""
    name, dot, column = written.partition(".")
    if not dot:
        form.refuse(
            f"{written!r} does not say of which fact.", "dated_by", next_step='Write dated_by = "deals.closed_on".'
        )
    fact = fact_named(form, "dated_by", name)
    return f"{fact.name}.{date_column(form, 'dated_by', fact, column)}"


def _variant(form: Form, id_: str, unit: str) -> Variant:
    form.only(("name", "formula", "note", "unit", "dated_by", *BODIES))
    if not KPI_ID.fullmatch(id_) or id_ == STANDARD:
        form.refuse(f"{id_!r} cannot be the id of a variant.", next_step="Use small letters, digits and underscores.")
    own = form.one_of("unit", UNITS) if form.has("unit") else None
    return Variant(
        id=id_,
        name=form.string("name"),
        formula=form.string("formula"),
        body=body(form, own or unit),
        note=_optional(form, "note"),
        unit=own,
        dated_by=_dated_by(form),
    )


def _rule(form: Form) -> Rule:
    form.only(("says", "level", "test", "value", "grows", "look_at"))
    test = form.one_of("test", RULE_TESTS, "grows" if form.has("grows") else "below")
    needs_value = test in ("below", "above", "at_least", "at_most")
    if needs_value != form.has("value"):
        form.refuse(f"A rule with test {test!r} {'needs a value' if needs_value else 'has no value'}.")
    if (test == "grows") != form.has("grows"):
        form.refuse("'grows' lists the KPIs that must all grow.", next_step='Write grows = ["cltv", "revenue"].')
    return Rule(
        says=form.string("says"),
        level=form.one_of("level", ("good", "watch", "bad"), "watch"),
        test=test,
        value=form.number("value") if needs_value else None,
        grows=form.strings("grows"),
        look_at=form.strings("look_at"),
    )


def _words(form: Form, rules: int, variants: Iterable[str]) -> Words:
    form.only(("name", "question", "formula", "rules", "variants", "formulas", "aliases"))
    said = form.strings("rules")
    if len(said) not in (0, rules):
        form.refuse(f"There are {rules} rules, and {len(said)} of them in words here.", "rules")
    named = form.maybe("variants")
    named.only(variants)
    computed = form.maybe("formulas")
    computed.only(variants)
    return Words(
        name=form.string("name"),
        question=form.string("question"),
        formula=form.string("formula"),
        rules=said,
        variants={id_: named.string(id_) for id_ in named.table},
        formulas={id_: computed.string(id_) for id_ in computed.table},
        aliases=form.strings("aliases"),
    )

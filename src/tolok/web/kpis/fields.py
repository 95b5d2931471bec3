"""A KPI as the flat fields of a form, and what its fields were where it was read from a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict

from tolok.kpis.definition import (
    Body,
    Change,
    Cohort,
    Condition,
    Definition,
    Example,
    Formula,
    Measure,
    Members,
    Movement,
    Ratio,
    Rule,
    Value,
    Variant,
    Words,
)
from tolok.kpis.samples import NO_ANSWER

TOP = (
    "name",
    "question",
    "formula",
    "unit",
    "better",
    "timing",
    "family",
    "function",
    "dated_by",
    "note",
    "source",
    "industry",
    "default_variant",
)


@dataclass(frozen=True)
class Fields:
    """What stands in the fields of a form, by name: ``body.of.where.0.column``."""

    values: Mapping[str, list[str]] = field(default_factory=dict)

    @staticmethod
    def sent(query: QueryDict) -> Fields:
        """The fields of a form as they were sent."""
        return Fields({name: [_plain(one) for one in values] for name, values in query.lists()})

    def get(self, name: str, default: str = "") -> str:
        found = self.values.get(name)
        return found[-1].strip() if found else default

    def all(self, name: str) -> list[str]:
        """Every value of a field, none twice, none empty."""
        return list(dict.fromkeys(one.strip() for one in self.values.get(name, ()) if one.strip()))

    def rows(self, prefix: str) -> list[str]:
        """The numbered parts below a name: ``variants`` has ``variants.0`` and ``variants.1``."""
        pattern = re.compile(rf"{re.escape(prefix)}\.(\d{{1,4}})\.")
        found = {int(match[1]) for name in self.values if (match := pattern.match(name))}
        return [f"{prefix}.{number}" for number in sorted(found)]

    def without(self, prefix: str) -> Fields:
        return Fields({name: value for name, value in self.values.items() if not name.startswith(f"{prefix}.")})

    def having(self, **more: str) -> Fields:
        return self.plus({name: [value] for name, value in more.items()})

    def plus(self, more: Mapping[str, list[str]]) -> Fields:
        return Fields({**self.values, **more})

    def next_of(self, prefix: str) -> str:
        """The name of one more numbered part."""
        rows = self.rows(prefix)
        return f"{prefix}.{int(rows[-1].rsplit('.', 1)[1]) + 1 if rows else 0}"


def fields_of(definition: Definition) -> Fields:
    """The fields of a KPI that was read."""
    found: dict[str, list[str]] = {name: [str(getattr(definition, name))] for name in TOP}
    found |= {"aliases": [", ".join(definition.aliases)], "id": [definition.id]}
    words = definition.words.get("id")
    if words is not None:
        found |= {"id_name": [words.name], "id_question": [words.question], "id_formula": [words.formula]}
        found["id_aliases"] = [", ".join(words.aliases)]
    found |= _body(definition.body, "body")
    for number, variant in enumerate(definition.variants.values()):
        found |= _variant(variant, f"variants.{number}", words)
    for number, rule in enumerate(definition.rules):
        said = words.rules[number] if words is not None and number < len(words.rules) else ""
        found |= _rule(rule, f"rules.{number}", said)
    for number, example in enumerate(definition.examples):
        found |= example_fields(example, f"examples.{number}", number)
    return Fields(found)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _variant(variant: Variant, prefix: str, words: Words | None) -> dict[str, list[str]]:
    found = {
        "id": variant.id,
        "name": variant.name,
        "id_name": words.variants.get(variant.id, "") if words is not None else "",
        "formula": variant.formula,
        "id_formula": words.formulas.get(variant.id, "") if words is not None else "",
        "note": variant.note,
        "unit": variant.unit or "",
        "dated_by": variant.dated_by,
    }
    return {**_under(prefix, found), **_body(variant.body, f"{prefix}.body")}


def _rule(rule: Rule, prefix: str, said: str) -> dict[str, list[str]]:
    return _under(
        prefix,
        {
            "says": rule.says,
            "id_says": said,
            "level": rule.level,
            "test": rule.test,
            "value": "" if rule.value is None else number(rule.value),
            "grows": ", ".join(rule.grows),
            "look_at": ", ".join(rule.look_at),
        },
    )


def example_fields(example: Example, prefix: str, origin: int) -> dict[str, list[str]]:
    """An example's fields. One that the grid of the page cannot hold is kept as it is written."""
    found = {"origin": str(origin), "says": example.says, "variant": example.variant}
    found["from"], found["to"] = (day.isoformat() if day else "" for day in (example.start, example.end))
    if example.by or any(len(rows) > MOST_ROWS for rows in example.rows.values()):
        return {**_under(prefix, found), f"{prefix}.kept": ["yes"]}
    found["within"] = "" if example.within == USUAL else number(example.within)
    answer = example.answer
    found["answer"] = NO_ANSWER if answer is None else number(answer) if isinstance(answer, Decimal) else ""
    tables: dict[str, list[str]] = {}
    for place, (fact, rows) in enumerate(example.rows.items()):
        tables |= _table(f"{prefix}.tables.{place}", fact, rows)
    return {**_under(prefix, found), **tables}


def _table(prefix: str, fact: str, rows: Sequence[Mapping[str, object]]) -> dict[str, list[str]]:
    """The rows of one fact in an example."""
    columns = list(dict.fromkeys(name for row in rows for name in row if name != "repeat"))
    found = {f"{prefix}.fact": [fact], f"{prefix}.columns": columns}
    for place, row in enumerate(rows):
        for name in (*columns, "repeat"):
            found[f"{prefix}.rows.{place}.{name}"] = [cell(row[name]) if name in row else ""]
    return found


USUAL = Example(says="", rows={}, answer=None).within
"""How far from its answer an example may be."""

MOST_ROWS = 12
"""Rows of an example that the page lays out as a grid."""


def cell(value: object) -> str:
    """A value of an example's row as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, Decimal) else str(value)


def number(value: Decimal) -> str:
    """A number as it is typed, without the zeros of its column."""
    return str(int(value)) if value == value.to_integral_value() else format(value.normalize(), "f")


def _body(body: Body, prefix: str) -> dict[str, list[str]]:
    if isinstance(body, Value):
        return {**_under(prefix, {"kind": "value"}), **_measure(body.of, f"{prefix}.of")}
    if isinstance(body, Ratio):
        of, over = _measure(body.of, f"{prefix}.of"), _measure(body.over, f"{prefix}.over")
        return {**_under(prefix, {"kind": "ratio"}), **of, **over}
    if isinstance(body, Cohort):
        found = {"kind": "cohort", "fact": body.fact, "entered": body.entered, "reached": body.reached}
        found["within_days"] = str(body.within_days or "")
        where = {**_where(body.where, f"{prefix}.where"), **_where(body.reached_where, f"{prefix}.reached_where")}
        return {**_under(prefix, found), **where}
    if isinstance(body, Movement):
        found = {"kind": "movement", "fact": body.fact, "per": body.per, "basis": body.basis, "amount": body.amount}
        found |= {"dated_by": body.dated_by, "answer": body.answer}
        return {**_under(prefix, found), **_where(body.where, f"{prefix}.where")}
    if isinstance(body, Change):
        found = {
            "kind": "change",
            "kpi": body.of,
            "against": body.against,
            "shown_as": body.shown_as,
            "rates": body.rates,
        }
        return _under(prefix, found)
    if isinstance(body, Members):
        found = {"kind": "members", "kpi": body.of, "member": body.per, "share_test": body.share_test}
        found["share_value"] = number(body.share_value) if body.share_test else ""
        return _under(prefix, found)
    if isinstance(body, Formula):
        return _under(prefix, {"kind": "arithmetic", "expression": body.expression})
    plus, minus = _where(body.plus, f"{prefix}.plus"), _where(body.minus, f"{prefix}.minus")
    return {**_under(prefix, {"kind": "score"}), **_measure(body.of, f"{prefix}.of"), **plus, **minus}


def _measure(measure: Measure, prefix: str) -> dict[str, list[str]]:
    window, length = measure.window if measure.window != "trailing" else "trailing_days", measure.window_days
    if measure.window_months:
        window, length = "trailing_months", measure.window_months  # type: ignore[assignment]
    found = {
        "aggregate": measure.aggregate,
        "fact": measure.fact or {"observed": "observations", "target": "targets"}.get(measure.aggregate, ""),
        "column": f"@{measure.span.unit}" if measure.span else measure.column,
        "start": measure.span.start if measure.span else "",
        "end": measure.span.end if measure.span else "",
        "q": "" if measure.q is None else number(measure.q),
        "name": measure.name,
        "dated_by": measure.dated_by,
        "window": window,
        "window_length": str(length or ""),
        "same": ", ".join(measure.same),
        "each": measure.each,
    }
    if measure.per is not None:
        found["per"] = measure.per.column
        if measure.per.having_aggregate:
            found |= {"having": measure.per.having_aggregate, "having_column": measure.per.having_column}
            found |= {"having_test": measure.per.having_test, "having_value": number(measure.per.having_value)}
    return {**_under(prefix, found), **_where(measure.where, f"{prefix}.where")}


def _where(conditions: Iterable[Condition], prefix: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, item in enumerate(conditions):
        test = "unknown" if item.test == "known" and not item.values[0] else item.test
        values = [] if test in ("known", "unknown", "within", "before") else [cell(one) for one in item.values]
        found |= {f"{prefix}.{place}.column": [item.column], f"{prefix}.{place}.test": [test]}
        found[f"{prefix}.{place}.value"] = values
    return found


def _under(prefix: str, found: Mapping[str, str]) -> dict[str, list[str]]:
    return {f"{prefix}.{name}": [value] for name, value in found.items()}

"""What the fields of the form say, as the keys of a KPI file. What cannot be read is told beside its field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tolok.kpis.conditions import column_at
from tolok.kpis.load import KPI_ID
from tolok.kpis.samples import NO_ANSWER
from tolok.model import FACTS, Column, Fact
from tolok.web.kpis.fields import TOP, Fields

NUMERIC = ("money", "number", "rate", "integer")
LISTS = re.compile(r"[,;\n]")
MOST = 200
"""Values of one condition, names of one list."""


@dataclass
class Written:
    """The keys of a file as far as the fields tell them, and what is wrong, by field."""

    content: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, says: str) -> None:
        told = self.problems.setdefault(name, [])
        if says not in told:
            told.append(says)


def content_of(fields: Fields) -> Written:
    """The whole content of a KPI's file."""
    out = Written()
    for name in TOP:
        if fields.get(name):
            out.content[name] = fields.get(name)
    for name in ("name", "question", "formula"):
        if not fields.get(name):
            out.refuse(name, _("Write this in English, please: it is what the file says first."))
    if not KPI_ID.fullmatch(fields.get("id")):
        out.refuse("id", _("Use small letters, digits and underscores, like win_rate."))
    _put(out.content, "aliases", _listed(out, fields, "aliases"))
    kind, body = _body(out, fields, "body")
    if kind:
        out.content[kind] = body
    variants = {}
    for prefix in fields.rows("variants"):
        id_ = fields.get(f"{prefix}.id")
        if not KPI_ID.fullmatch(id_) or id_ == "standard":
            out.refuse(f"{prefix}.id", _("Use small letters, digits and underscores, like by_value."))
        elif id_ in variants:
            out.refuse(f"{prefix}.id", _("Another variant has this name."))
        else:
            variants[id_] = _variant(out, fields, prefix)
    _put(out.content, "variants", variants)
    _put(out.content, "rule", [_rule(out, fields, prefix) for prefix in fields.rows("rules")])
    out.content["example"] = [_example(out, fields, prefix) for prefix in fields.rows("examples")]
    _put(out.content, "id_words", _indonesian(out, fields))
    return out


def _indonesian(out: Written, fields: Fields) -> dict[str, Any]:
    """The Indonesian texts: all three of them, or none."""
    said = {name: fields.get(f"id_{name}") for name in ("name", "question", "formula")}
    rules = [fields.get(f"{prefix}.id_says") for prefix in fields.rows("rules")]
    variants, formulas = (
        {
            fields.get(f"{prefix}.id"): fields.get(f"{prefix}.{name}")
            for prefix in fields.rows("variants")
            if fields.get(f"{prefix}.{name}")
        }
        for name in ("id_name", "id_formula")
    )
    aliases = _listed(out, fields, "id_aliases")
    if not any((*said.values(), *rules, *variants.values(), *formulas.values(), *aliases)):
        return {}
    for name, text in said.items():
        if not text:
            out.refuse(f"id_{name}", _("Name, question and formula belong together: fill in all three, or none."))
    found: dict[str, Any] = dict(said)
    if any(rules):
        for prefix, text in zip(fields.rows("rules"), rules, strict=True):
            if not text:
                out.refuse(f"{prefix}.id_says", _("Another rule has Indonesian words: write them here too."))
        found["rules"] = rules
    _put(found, "variants", variants)
    _put(found, "formulas", formulas)
    _put(found, "aliases", aliases)
    return found


def _variant(out: Written, fields: Fields, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("name", "formula", "note", "unit", "dated_by"):
        _put(found, name, fields.get(f"{prefix}.{name}"))
    for name in ("name", "formula"):
        if not fields.get(f"{prefix}.{name}"):
            out.refuse(f"{prefix}.{name}", _("This is needed."))
    kind, body = _body(out, fields, f"{prefix}.body")
    if kind:
        found[kind] = body
    return found


def _rule(out: Written, fields: Fields, prefix: str) -> dict[str, Any]:
    test = fields.get(f"{prefix}.test", "below")
    found: dict[str, Any] = {"says": fields.get(f"{prefix}.says"), "level": fields.get(f"{prefix}.level", "watch")}
    found["test"] = test
    if not found["says"]:
        out.refuse(f"{prefix}.says", _("Say what people should think of it, and do."))
    if test in ("below", "above", "at_least", "at_most"):
        found["value"] = _number(out, fields, f"{prefix}.value")
    if test == "grows":
        found["grows"] = _listed(out, fields, f"{prefix}.grows")
        if not found["grows"]:
            out.refuse(f"{prefix}.grows", _("Name the KPIs that must grow together."))
    _put(found, "look_at", _listed(out, fields, f"{prefix}.look_at"))
    return found


def _example(out: Written, fields: Fields, prefix: str) -> dict[str, Any] | int:
    """One example, or the place of one in the file that is kept as it is."""
    if fields.get(f"{prefix}.kept"):
        return int(fields.get(f"{prefix}.origin")) if _is_whole(fields.get(f"{prefix}.origin")) else -1
    found: dict[str, Any] = {"says": fields.get(f"{prefix}.says")}
    if not found["says"]:
        out.refuse(f"{prefix}.says", _("Say what this example shows."))
    _put(found, "variant", fields.get(f"{prefix}.variant"))
    for name in ("from", "to"):
        if fields.get(f"{prefix}.{name}"):
            found[name] = _day(out, f"{prefix}.{name}", fields.get(f"{prefix}.{name}"))
    if fields.get(f"{prefix}.within"):
        found["within"] = _number(out, fields, f"{prefix}.within")
    tables: dict[str, list[dict[str, Any]]] = {}
    for table in fields.rows(f"{prefix}.tables"):
        fact = FACTS.get(fields.get(f"{table}.fact"))
        rows = _rows(out, fields, table, fact) if fact is not None else []
        if fact is not None and rows:
            tables.setdefault(fact.name, []).extend(rows)
    found["rows"] = tables
    answer = fields.get(f"{prefix}.answer")
    if answer.casefold() in ("", NO_ANSWER, "-", "–"):
        found["answer"] = NO_ANSWER
    else:
        found["answer"] = _number(out, fields, f"{prefix}.answer")
    return found


def _rows(out: Written, fields: Fields, table: str, fact: Fact) -> list[dict[str, Any]]:
    """The rows of one fact in an example; those in which nothing stands are none."""
    found = []
    for row in fields.rows(f"{table}.rows"):
        cells: dict[str, Any] = {}
        for name in fields.all(f"{table}.columns"):
            column, written = fact.column(name), fields.get(f"{row}.{name}")
            if column is not None and written:
                cells[name] = _typed(out, f"{row}.{name}", column, written)
        times = fields.get(f"{row}.repeat")
        if times and cells:
            cells["repeat"] = int(times) if _is_whole(times) else times
            if not _is_whole(times):
                out.refuse(f"{row}.repeat", _("How many times? Write a whole number."))
        if cells:
            found.append(cells)
    return found


def _body(out: Written, fields: Fields, prefix: str) -> tuple[str, dict[str, Any]]:
    kind = fields.get(f"{prefix}.kind")
    if kind == "value":
        return kind, _measure(out, fields, f"{prefix}.of")
    if kind == "ratio":
        return kind, {side: _measure(out, fields, f"{prefix}.{side}") for side in ("of", "over")}
    if kind == "score":
        found = {"of": {**_measure(out, fields, f"{prefix}.of")}}
        fact = fields.get(f"{prefix}.of.fact")
        return kind, {**found, **{side: _where(out, fields, f"{prefix}.{side}", fact) for side in ("plus", "minus")}}
    if kind == "change":
        return kind, _chosen(fields, prefix, "kpi", "against", "shown_as", "rates", called={"kpi": "of"})
    if kind == "members":
        found = _chosen(fields, prefix, "kpi", "member", called={"kpi": "of", "member": "per"})
        test = fields.get(f"{prefix}.share_test")
        if test:
            found["share"] = {test: _number(out, fields, f"{prefix}.share_value")}
        return kind, found
    if kind == "arithmetic":
        return kind, {"expression": fields.get(f"{prefix}.expression")}
    fact = fields.get(f"{prefix}.fact")
    if kind == "cohort":
        found = _chosen(fields, prefix, "fact", "entered", "reached")
        _put(found, "within_days", _whole(out, fields, f"{prefix}.within_days"))
        for name in ("where", "reached_where"):
            _put(found, name, _where(out, fields, f"{prefix}.{name}", fact))
        return kind, found
    if kind == "movement":
        found = _chosen(fields, prefix, "fact", "per", "basis", "amount", "answer")
        if found.get("basis") == "flow":
            _put(found, "dated_by", fields.get(f"{prefix}.dated_by"))
        _put(found, "where", _where(out, fields, f"{prefix}.where", fact))
        return kind, found
    out.refuse(f"{prefix}.kind", _("Choose how it is computed."))
    return "", {}


def _measure(out: Written, fields: Fields, prefix: str) -> dict[str, Any]:
    """One measure as the keys of its table."""
    aggregate, fact, column = (fields.get(f"{prefix}.{name}") for name in ("aggregate", "fact", "column"))
    if not aggregate:
        out.refuse(f"{prefix}.aggregate", _("Choose what is done with the rows."))
        return {}
    if aggregate in ("observed", "target"):
        operand: Any = fields.get(f"{prefix}.name")
        if not operand:
            out.refuse(f"{prefix}.name", _("Choose one."))
    elif not fact:
        out.refuse(f"{prefix}.fact", _("Choose what is counted."))
        return {}
    elif aggregate == "count":
        operand = fact
    elif column in ("@days", "@hours"):
        ends = [fields.get(f"{prefix}.{name}") for name in ("start", "end")]
        for name, end in zip(("start", "end"), ends, strict=True):
            if not end:
                out.refuse(f"{prefix}.{name}", _("Choose a date."))
        operand = {column[1:]: [f"{fact}.{end}" for end in ends]}
    else:
        if not column:
            out.refuse(f"{prefix}.column", _("Choose the field."))
        operand = f"{fact}.{column}"
    found: dict[str, Any] = {aggregate: operand}
    if aggregate == "quantile":
        found["q"] = _number(out, fields, f"{prefix}.q")
    real = {"observed": "observations", "target": "targets"}.get(aggregate, fact)
    _put(found, "where", _where(out, fields, f"{prefix}.where", real))
    _put(found, "dated_by", fields.get(f"{prefix}.dated_by"))
    window = fields.get(f"{prefix}.window", "period")
    if window in ("trailing_days", "trailing_months"):
        found["window"] = {window: _whole(out, fields, f"{prefix}.window_length", needed=True)}
    elif window != "period":
        found["window"] = window
    _put(found, "per", fields.get(f"{prefix}.per"))
    having = fields.get(f"{prefix}.having")
    if having and found.get("per"):
        inner = fact if having == "count" else fields.get(f"{prefix}.having_column")
        test = fields.get(f"{prefix}.having_test", "at_least")
        found["having"] = {having: inner, test: _number(out, fields, f"{prefix}.having_value")}
    _put(found, "same", _listed(out, fields, f"{prefix}.same"))
    _put(found, "each", fields.get(f"{prefix}.each"))
    return found


def _where(out: Written, fields: Fields, prefix: str, fact_name: str) -> dict[str, Any]:
    """Conditions by column; ``is`` alone is written as the value itself."""
    fact = FACTS.get(fact_name)
    found: dict[str, dict[str, Any]] = {}
    for row in fields.rows(prefix):
        name, test = fields.get(f"{row}.column"), fields.get(f"{row}.test", "is")
        column = column_at(fact, name) if fact is not None and name else None
        if not name or fact is None:  # what the fact is, the loader says
            continue
        if column is None:
            out.refuse(f"{row}.column", _("There is no such field here."))
            continue
        content = _condition(out, fields, row, column, test)
        written = "known" if test == "unknown" else test
        if written in found.setdefault(name, {}):
            out.refuse(f"{row}.test", _("This field has such a condition already."))
        found[name][written] = content
    return {name: tests["is"] if set(tests) == {"is"} else tests for name, tests in found.items()}


def _condition(out: Written, fields: Fields, row: str, column: Column, test: str) -> Any:
    if test in ("known", "unknown"):
        return test == "known"
    if test in ("within", "before"):
        return "period"
    values = list(_values(fields, row))
    if not values:
        out.refuse(f"{row}.value", _("Choose or write at least one value."))
        return ""
    if len(values) > MOST:
        out.refuse(f"{row}.value", _("These are too many values; at most %(most)s.") % {"most": MOST})
        values = values[:MOST]
    if test not in ("is", "not"):
        values = values[:1]
    typed = [_typed(out, f"{row}.value", column, one) for one in values]
    return typed[0] if len(typed) == 1 else typed


def _values(fields: Fields, row: str) -> Iterator[str]:
    """The values ticked, and those written one a line."""
    for one in fields.all(f"{row}.value"):
        yield from dict.fromkeys(part.strip() for part in one.split("\n") if part.strip())


def _typed(out: Written, name: str, column: Column, written: str) -> Any:
    """A value as its column has it."""
    if column.type == "boolean":
        if written.casefold() in ("yes", "no", "true", "false"):
            return written.casefold() in ("yes", "true")
        out.refuse(name, _("Choose yes or no."))
        return written
    if column.type in NUMERIC:
        return _as_number(out, name, written)
    if column.type == "date":
        return _day(out, name, written)
    if column.type == "instant":
        try:
            return datetime.fromisoformat(written)
        except ValueError:
            out.refuse(name, _("Write it as year-month-day and time: 2026-03-31 14:30."))
    if column.type == "choice" and column.values and written not in column.values:
        out.refuse(name, _("“%(text)s” never stands here.") % {"text": written[:60]})
    return written


def _number(out: Written, fields: Fields, name: str) -> Any:
    written = fields.get(name)
    if not written:
        out.refuse(name, _("Write a number."))
        return ""
    return _as_number(out, name, written)


def _as_number(out: Written, name: str, written: str) -> Any:
    try:
        found = Decimal(written.replace("\u2212", "-"))
        if found.is_finite() and abs(found) < Decimal("1e18") and len(written) <= 40:
            return found
    except InvalidOperation:
        pass
    out.refuse(name, _("“%(text)s” is not a number. Write 1250000 or 12.5, without spaces.") % {"text": written[:40]})
    return written


def _whole(out: Written, fields: Fields, name: str, *, needed: bool = False) -> Any:
    written = fields.get(name)
    if not written and not needed:
        return 0
    if not _is_whole(written):
        out.refuse(name, _("Write a whole number."))
        return 0
    return int(written)


def _is_whole(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) <= 5


def _day(out: Written, name: str, written: str) -> Any:
    try:
        return date.fromisoformat(written)
    except ValueError:
        out.refuse(name, _("“%(text)s” is not a date.") % {"text": written[:40]})
        return written


def _listed(out: Written, fields: Fields, name: str) -> list[str]:
    found = list(dict.fromkeys(part.strip() for part in LISTS.split(fields.get(name)) if part.strip()))
    if len(found) > MOST:
        out.refuse(name, _("These are too many values; at most %(most)s.") % {"most": MOST})
    return found[:MOST]


def _chosen(fields: Fields, prefix: str, *names: str, called: Mapping[str, str] | None = None) -> dict[str, Any]:
    found = {(called or {}).get(name, name): fields.get(f"{prefix}.{name}") for name in names}
    return {name: value for name, value in found.items() if value}


def _put(content: dict[str, Any], name: str, value: Any) -> None:
    """Keep what says something."""
    if value not in ("", None, [], {}, 0):
        content[name] = value

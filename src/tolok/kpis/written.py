"""A definition written back as its file: what reads it gives the same definition again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from tolok.kpis.conditions import column_at
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
    Score,
    Value,
    Variant,
    Words,
)
from tolok.kpis.samples import NO_ANSWER
from tolok.model import FACTS

Content = Mapping[str, object]
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WITHIN = Example(says="", rows={}, answer=None).within


def dump(definition: Definition) -> str:
    """The text of a KPI's file."""
    head = _present(
        name=definition.name,
        question=definition.question,
        formula=definition.formula,
        unit=definition.unit,
        better=definition.better,
        timing=definition.timing,
        family=definition.family,
        function=definition.function,
        dated_by=definition.dated_by,
        aliases=definition.aliases,
        industry=definition.industry,
        note=definition.note,
        source=definition.source,
        default_variant=definition.default_variant,
    )
    kind, content = body_content(definition.body)
    blocks = [lines_text(head), f"[{kind}]\n{lines_text(content)}"]
    blocks += [f"[variants.{variant.id}]\n{lines_text(_variant(variant))}" for variant in definition.variants.values()]
    blocks += [f"[[rule]]\n{lines_text(_rule(rule))}" for rule in definition.rules]
    blocks += [f"[[example]]\n{_example(example)}" for example in definition.examples]
    blocks += [f"[in.{_key(language)}]\n{lines_text(_words(words))}" for language, words in definition.words.items()]
    return "\n\n".join(blocks) + "\n"


def body_content(body: Body) -> tuple[str, Content]:
    """A body as the name of its table and what stands in it."""
    if isinstance(body, Value):
        return "value", measure_content(body.of)
    if isinstance(body, Ratio):
        return "ratio", {"of": measure_content(body.of), "over": measure_content(body.over)}
    if isinstance(body, Cohort):
        return "cohort", _present(
            fact=body.fact,
            entered=body.entered,
            reached=body.reached,
            within_days=body.within_days,
            where=_conditions(body.where, body.fact),
            reached_where=_conditions(body.reached_where, body.fact),
        )
    if isinstance(body, Movement):
        return "movement", _present(
            fact=body.fact,
            per=body.per,
            basis=body.basis,
            amount=body.amount,
            dated_by=body.dated_by,
            where=_conditions(body.where, body.fact),
            answer=body.answer,
        )
    if isinstance(body, Change):
        rates = {"rates": body.rates} if body.rates != "own" else {}
        return "change", {"of": body.of, "against": body.against, "shown_as": body.shown_as, **rates}
    if isinstance(body, Members):
        share = {"share": {body.share_test: body.share_value}} if body.share_test else {}
        return "members", {"of": body.of, "per": body.per, **share}
    if isinstance(body, Formula):
        return "arithmetic", {"expression": body.expression}
    if isinstance(body, Score):
        return "score", {
            "of": measure_content(body.of),
            "plus": _conditions(body.plus, body.of.fact),
            "minus": _conditions(body.minus, body.of.fact),
        }
    raise TypeError(f"{body!r} is no body of a KPI")


def measure_content(measure: Measure) -> Content:
    """A measure as the keys of its table."""
    fact = measure.fact or {"observed": "observations", "target": "targets"}.get(measure.aggregate, "")
    if measure.name:
        operand: object = measure.name
    elif measure.span is not None:
        operand = {measure.span.unit: [f"{fact}.{measure.span.start}", f"{fact}.{measure.span.end}"]}
    else:
        operand = f"{fact}.{measure.column}" if measure.column else fact
    window: object = "" if measure.window == "period" else measure.window
    if measure.window == "trailing":
        window = _present(trailing_days=measure.window_days, trailing_months=measure.window_months)
    per, having = "", {}
    if measure.per is not None:
        per = measure.per.column
        if measure.per.having_aggregate:
            inner = f"{measure.per.having_column}" or fact
            having = {measure.per.having_aggregate: inner, measure.per.having_test: measure.per.having_value}
    rest = _present(
        q=measure.q,
        where=_conditions(measure.where, fact),
        dated_by=measure.dated_by,
        window=window,
        per=per,
        having=having,
        same=measure.same,
        each=measure.each,
    )
    return {measure.aggregate: operand, **rest}


def _conditions(conditions: Iterable[Condition], fact: str) -> Content:
    found: dict[str, dict[str, object]] = {}
    for condition in conditions:
        column = column_at(FACTS[fact], condition.column)
        dated = column is not None and column.type == "date" and condition.test not in ("within", "before", "known")
        values = [date.fromisoformat(str(value)) if dated else value for value in condition.values]
        found.setdefault(condition.column, {})[condition.test] = values[0] if len(values) == 1 else values
    return {column: tests["is"] if set(tests) == {"is"} else tests for column, tests in found.items()}


def _variant(variant: Variant) -> Content:
    kind, content = body_content(variant.body)
    head = _present(
        name=variant.name, formula=variant.formula, note=variant.note, unit=variant.unit, dated_by=variant.dated_by
    )
    return {**head, kind: content}


def _rule(rule: Rule) -> Content:
    return {
        "says": rule.says,
        "level": rule.level,
        "test": rule.test,
        **({} if rule.value is None else {"value": rule.value}),
        **_present(grows=rule.grows, look_at=rule.look_at),
    }


def _example(example: Example) -> str:
    head = {"says": example.says, **_present(variant=example.variant, by=example.by)}
    head |= _present(**{"from": example.start, "to": example.end})
    if example.within != _WITHIN:
        head["within"] = example.within
    lines = [lines_text(head)]
    if not example.rows:
        lines.append("rows = {}")
    for fact, rows in example.rows.items():
        written = ",\n  ".join(value_text(row) for row in rows)
        lines.append(f"rows.{fact} = [\n  {written},\n]" if rows else f"rows.{fact} = []")
    lines.append(f"answer = {value_text(_answer(example.answer))}")
    return "\n".join(lines)


def _answer(answer: Decimal | dict[str, Decimal | None] | None) -> object:
    if isinstance(answer, dict):
        return {member: NO_ANSWER if value is None else value for member, value in answer.items()}
    return NO_ANSWER if answer is None else answer


def _words(words: Words) -> Content:
    return {
        "name": words.name,
        "question": words.question,
        "formula": words.formula,
        **_present(rules=words.rules, variants=words.variants, formulas=words.formulas, aliases=words.aliases),
    }


def _present(**content: object) -> dict[str, object]:
    """Only what says something: no empty text, list or table, no zero."""
    return {key: value for key, value in content.items() if value not in (None, "", (), [], {}, 0)}


def lines_text(content: Content) -> str:
    return "\n".join(f"{_key(key)} = {value_text(value)}" for key, value in content.items())


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_text(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return str(int(value)) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(key))} = {value_text(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(value_text(item) for item in value)}]"
    return str(value)

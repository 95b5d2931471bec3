"""A definition in words: for the command line, the documentation, tooltips, and as JSON for other tools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tolok.kpis.bodies import measures_of, needs_kpis
from tolok.kpis.definition import Body, Cohort, Definition, Example, Movement, Words
from tolok.kpis.written import body_content, dump

LANGUAGES = ("en", "id")

_SAID: dict[str, dict[str, str]] = {
    "en": {
        "money": "money",
        "count": "number",
        "percent": "percent",
        "days": "days",
        "hours": "hours",
        "ratio": "ratio",
        "score": "score",
        "higher": "higher is better",
        "lower": "lower is better",
        "leading": "leading: moves before sales do",
        "lagging": "lagging: shows what has happened",
        "financial": "financial",
        "operational": "operational",
        "customer": "customer",
        "no answer": "no answer",
    },
    "id": {
        "money": "uang",
        "count": "jumlah",
        "percent": "persen",
        "days": "hari",
        "hours": "jam",
        "ratio": "rasio",
        "score": "skor",
        "higher": "makin tinggi makin baik",
        "lower": "makin rendah makin baik",
        "leading": "indikator awal: bergerak sebelum penjualan",
        "lagging": "indikator hasil: menunjukkan yang sudah terjadi",
        "financial": "keuangan",
        "operational": "operasional",
        "customer": "pelanggan",
        "no answer": "tidak ada jawaban",
    },
}


@dataclass(frozen=True)
class VariantText:
    """One variant in words; its note is in English alone."""

    id: str
    name: str
    formula: str
    note: str


@dataclass(frozen=True)
class RuleText:
    """One rule in words, with its line where it has one, and the KPIs to look at."""

    says: str
    level: str
    test: str
    value: Decimal | None
    look_at: tuple[str, ...]


@dataclass(frozen=True)
class ExampleText:
    """One example in words: what is given, and what must come out."""

    says: str
    variant: str
    answer: str


@dataclass(frozen=True)
class Description:
    """Everything a person should read about a KPI, in one language."""

    id: str
    name: str
    question: str
    formula: str
    unit: str
    better: str
    timing: str
    family: str
    kind: str
    needs: tuple[str, ...]  # facts, and KPIs as "kpi:win_rate"
    variants: tuple[VariantText, ...]
    default_variant: str
    rules: tuple[RuleText, ...]
    examples: tuple[ExampleText, ...]
    aliases: tuple[str, ...]
    note: str
    source: str
    industry: str


def describe(definition: Definition, language: str = "en") -> Description:
    """A KPI in words; English where a text has no translation."""
    words = definition.words_in(language)
    said = _SAID.get(language, _SAID["en"])
    return Description(
        id=definition.id,
        name=words.name,
        question=words.question,
        formula=words.formula,
        unit=said[definition.unit],
        better=said[definition.better],
        timing=said[definition.timing],
        family=said[definition.family],
        kind=body_content(definition.body)[0],
        needs=needs_of(definition.body),
        variants=tuple(
            VariantText(one.id, words.variants.get(one.id, one.name), words.formulas.get(one.id, one.formula), one.note)
            for one in definition.variants.values()
        ),
        default_variant=definition.default_variant,
        rules=tuple(
            RuleText(
                words.rules[position] if position < len(words.rules) else rule.says,
                rule.level,
                rule.test,
                rule.value,
                (*rule.grows, *rule.look_at),
            )
            for position, rule in enumerate(definition.rules)
        ),
        examples=tuple(
            ExampleText(one.says, one.variant, _answer_said(one, said["no answer"])) for one in definition.examples
        ),
        aliases=tuple(dict.fromkeys((*words.aliases, *definition.aliases))),
        note=definition.note,
        source=definition.source,
        industry=definition.industry,
    )


def as_json(definition: Definition) -> dict[str, object]:
    """A KPI as ``tolok kpis --json`` prints it; every value can be written as JSON."""
    translated = {language: definition.words_in(language) for language in LANGUAGES if _has(definition, language)}

    def in_all(read: str) -> dict[str, object]:
        return {language: getattr(words, read) for language, words in translated.items()}

    kind, content = body_content(definition.body)
    return {
        "id": definition.id,
        "name": in_all("name"),
        "question": definition.question,
        "formula": definition.formula,
        "unit": definition.unit,
        "better": definition.better,
        "timing": definition.timing,
        "family": definition.family,
        "function": definition.function,
        "dated_by": definition.dated_by,
        "industry": definition.industry,
        "kind": kind,
        "computed": plain({kind: content}),
        "needs": list(needs_of(definition.body)),
        "default_variant": definition.default_variant,
        "variants": [
            {
                "id": one.id,
                "name": {language: words.variants.get(one.id, one.name) for language, words in translated.items()},
                "formula": one.formula,
                "note": one.note,
                "unit": one.unit or definition.unit,
                "computed": plain(dict([body_content(one.body)])),
            }
            for one in definition.variants.values()
        ],
        "rules": [
            {
                "says": {language: _rule_said(words, position, rule.says) for language, words in translated.items()},
                "level": rule.level,
                "test": rule.test,
                "value": plain(rule.value),
                "grows": list(rule.grows),
                "look_at": list(rule.look_at),
            }
            for position, rule in enumerate(definition.rules)
        ],
        "examples": [
            {
                "says": one.says,
                "variant": one.variant,
                "from": plain(one.start),
                "to": plain(one.end),
                "by": one.by,
                "rows": plain(one.rows),
                "answer": plain(one.answer),
            }
            for one in definition.examples
        ],
        "texts": {
            language: {"question": words.question, "formula": words.formula, "aliases": list(words.aliases)}
            for language, words in translated.items()
        },
        "aliases": list(definition.aliases),
        "note": definition.note,
        "source": definition.source,
    }


def needs_of(body: Body) -> tuple[str, ...]:
    """What must be known for an answer: facts, observed series, targets, and other KPIs.

    >>> from tolok.kpis.definition import Formula
    >>> needs_of(Formula("cltv / cac.marketing_only"))
    ('kpi:cltv', 'kpi:cac')
    """
    if isinstance(body, Cohort | Movement):
        return (body.fact,)
    found = [f"kpi:{name.split('.')[0]}" for name in needs_kpis(body)]
    for measure in measures_of(body):
        if measure.aggregate == "observed":
            found.append(f"series:{measure.name}")
        elif measure.aggregate == "target":
            found.append(f"target:{measure.name}")
        else:
            found.append(measure.fact)
    return tuple(dict.fromkeys(found))


def plain(value: object) -> object:
    """A value as JSON can hold it: exact numbers become whole numbers or floats, dates become text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _has(definition: Definition, language: str) -> bool:
    return language == "en" or language in definition.words


def _rule_said(words: Words, position: int, english: str) -> str:
    return words.rules[position] if position < len(words.rules) else english


def _answer_said(example: Example, nothing: str) -> str:
    if isinstance(example.answer, dict):
        return ", ".join(f"{member} {nothing if one is None else one}" for member, one in example.answer.items())
    return nothing if example.answer is None else str(example.answer)


__all__ = ["LANGUAGES", "Description", "as_json", "describe", "dump", "needs_of", "plain"]

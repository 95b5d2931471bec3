"""Definitions in words and as JSON, and written back as files that read the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.kpis.bodies import UNITS
from tolok.kpis.definition import (
    Body,
    Cohort,
    Condition,
    Definition,
    Example,
    Formula,
    Measure,
    Movement,
    Per,
    Ratio,
    Rule,
    Score,
    Span,
    Value,
    Variant,
    Words,
)
from tolok.kpis.load import catalogue, parse
from tolok.kpis.text import as_json, describe, dump
from tolok.model import FACTS, Column

CATALOGUE = catalogue()


def again(definition: Definition) -> Definition:
    found = parse(dump(definition), definition.id, file=definition.file)
    assert isinstance(found, Definition)
    return found


@pytest.mark.parametrize("id_", sorted(CATALOGUE))
def test_a_kpi_of_the_catalogue_written_and_read_is_the_same(id_: str) -> None:
    assert again(CATALOGUE[id_]) == CATALOGUE[id_]


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(lambda text: text.strip())
numbers = st.decimals(-(10**9), 10**9, places=4, allow_nan=False).map(lambda value: value + 0)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def _values(column: Column) -> st.SearchStrategy[str | Decimal | bool]:
    if column.type == "boolean":
        return st.booleans()
    if column.type in ("money", "number", "rate", "integer"):
        return numbers
    if column.type == "date":
        return days.map(date.isoformat)
    if column.type == "choice":
        return st.sampled_from(column.values)
    return texts


@st.composite
def conditions(draw: st.DrawFn, fact: str) -> tuple[Condition, ...]:
    columns = [column for column in FACTS[fact].columns if column.type not in ("extra", "instant")]
    found = []
    for column in draw(st.lists(st.sampled_from(columns), max_size=3, unique_by=lambda column: column.name)):
        allowed = ["is", "not", "known"]
        if column.type in ("money", "number", "rate", "integer", "date"):
            allowed += ["at_least", "at_most", "above", "below"]
        if column.type == "date":
            allowed += ["within", "before"]
        test = draw(st.sampled_from(allowed))
        values: tuple[str | Decimal | bool, ...]
        if test == "known":
            values = (draw(st.booleans()),)
        elif test in ("within", "before"):
            values = ("period",)
        elif test in ("is", "not"):
            values = tuple(draw(st.lists(_values(column), min_size=1, max_size=3)))
        else:
            values = (draw(_values(column)),)
        found.append(Condition(column.name, test, values))  # type: ignore[arg-type]
    return tuple(found)


@st.composite
def measures(draw: st.DrawFn, aggregates: tuple[str, ...] = ("sum", "mean", "median", "quantile")) -> Measure:
    fact = FACTS[draw(st.sampled_from([name for name, fact in FACTS.items() if fact.columns]))]
    summable = [column.name for column in fact.columns if column.type in ("money", "number", "integer")]
    dates = [column.name for column in fact.columns if column.type == "date"]
    aggregate = draw(st.sampled_from(aggregates if summable else ("count",)))
    window, window_days, window_months = draw(
        st.sampled_from([("period", 0, 0), ("to_date", 0, 0), ("trailing", 90, 0), ("trailing", 0, 12)])
    )
    per = draw(st.sampled_from([None, Per("account_id"), Per("account_id", "count", "", "at_least", Decimal(2))]))
    return Measure(
        aggregate=aggregate,  # type: ignore[arg-type]
        fact=fact.name,
        column="" if aggregate == "count" else draw(st.sampled_from(summable)),
        q=Decimal("0.9") if aggregate == "quantile" else None,
        where=draw(conditions(fact.name)),
        dated_by=draw(st.sampled_from(["", *dates])),
        window=window,  # type: ignore[arg-type]
        window_days=window_days,
        window_months=window_months,
        per=per if fact.column("account_id") else None,
        same=tuple(draw(st.lists(st.sampled_from(fact.column_names), max_size=2, unique=True))),
    )


bodies: st.SearchStrategy[Body] = st.one_of(
    measures(("sum",)).filter(lambda measure: measure.aggregate == "sum").map(Value),
    st.builds(Ratio, measures(), measures()),
    st.builds(
        Cohort,
        st.just("leads"),
        st.just("created_on"),
        st.just("won_on"),
        st.integers(0, 900),
        conditions("leads"),
        conditions("leads"),
    ),
    st.builds(
        Movement,
        st.just("subscriptions"),
        st.just("account_id"),
        st.just("100 * lost / opening"),
        amount=st.sampled_from(["", "amount"]),
        where=conditions("subscriptions"),
    ),
    st.builds(Formula, st.sampled_from(["revenue / cac", "max(revenue, 0) - win_rate.by_value"])),
    st.builds(Score, st.just(Measure("count", "answers")), conditions("answers"), conditions("answers")),
    st.just(Value(Measure("mean", "deals", span=Span("created_on", "closed_on", "days")))),
    st.just(Value(Measure("observed", name="web_visits"))),
)


def _unit_of(body: Body) -> str:
    if isinstance(body, Score):
        return "score"
    if isinstance(body, Value) and body.of.span:
        return "days"
    return "money" if isinstance(body, Value) else "percent"


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    body, other = draw(bodies), draw(bodies)
    variant = Variant("other", draw(texts), draw(texts), other, unit=_unit_of(other))  # type: ignore[arg-type]
    rules = draw(st.lists(st.builds(Rule, texts, value=numbers, look_at=st.just(("cac",))), max_size=2))
    row = st.fixed_dictionaries(
        {"status": st.sampled_from(["won", "lost"])},
        optional={
            "name": texts,
            "amount": numbers,
            "closed_on": days,
            "created_at": st.datetimes(),
        },
    )
    rows = st.dictionaries(st.just("deals"), st.lists(row, max_size=2).map(tuple), max_size=1)
    plain = st.builds(Example, texts, rows, st.none() | numbers, variant=st.sampled_from(["", "other"]))
    split = st.builds(Example, texts, rows, st.dictionaries(texts, st.none() | numbers), by=st.just("rep"))
    return Definition(
        id="made_up",
        name=draw(texts),
        question=draw(texts),
        formula=draw(texts),
        unit=_unit_of(body),  # type: ignore[arg-type]
        better=draw(st.sampled_from(["higher", "lower"])),
        timing=draw(st.sampled_from(["leading", "lagging"])),
        family="customer",
        function="people",
        body=body,
        dated_by=draw(st.sampled_from(["", "deals.closed_on"])),
        variants={"other": variant} if draw(st.booleans()) else {},
        rules=tuple(rules),
        examples=tuple(draw(st.lists(plain.filter(lambda one: not one.variant) | split, max_size=2))),
        words={"id": Words(draw(texts), draw(texts), draw(texts), tuple(draw(texts) for _ in rules))},
        aliases=tuple(draw(st.lists(texts, max_size=2))),
        note=draw(st.just("") | texts),
        file="made_up.toml",
    )


@settings(max_examples=150, deadline=None)
@given(definitions())
def test_any_definition_written_and_read_is_the_same(definition: Definition) -> None:
    assert again(definition) == definition


@pytest.mark.parametrize("id_", sorted(CATALOGUE))
def test_every_kpi_can_be_written_as_json(id_: str) -> None:
    said = json.loads(json.dumps(as_json(CATALOGUE[id_]), allow_nan=False))
    assert said["id"] == id_
    assert set(said["name"]) == {"en", "id"}
    assert len(said["examples"]) == len(CATALOGUE[id_].examples)
    assert said["needs"]


def test_the_json_of_a_kpi_has_the_promised_keys() -> None:
    said = as_json(CATALOGUE["win_rate"])
    assert {
        "id", "name", "question", "formula", "unit", "better", "timing", "family", "variants", "examples"
    } <= set(said)  # fmt: skip
    assert said["name"] == {"en": "Win rate", "id": "Tingkat kemenangan"}
    assert said["computed"] == {
        "ratio": {
            "of": {"count": "deals", "where": {"status": "won"}},
            "over": {"count": "deals", "where": {"status": ["won", "lost"]}},
        }
    }


def test_a_kpi_is_described_in_both_languages() -> None:
    english, indonesian = describe(CATALOGUE["opportunity_to_win"]), describe(CATALOGUE["opportunity_to_win"], "id")
    assert english.rules[0].value == indonesian.rules[0].value == 15
    assert english.better == "higher is better"
    assert indonesian.better == "makin tinggi makin baik"
    assert indonesian.rules[0].says.startswith("Di bawah 15 %")
    assert {one.id for one in indonesian.variants} == set(CATALOGUE["opportunity_to_win"].variants)
    assert indonesian.examples[-1].answer == "tidak ada jawaban"


def test_an_untranslated_kpi_is_described_in_english() -> None:
    plain = replace(CATALOGUE["revenue"], words={})
    assert describe(plain, "id").name == "Revenue"
    assert as_json(plain)["name"] == {"en": "Revenue"}


def test_every_unit_has_its_word_in_both_languages() -> None:
    for unit in UNITS:
        for language in ("en", "id"):
            assert describe(replace(CATALOGUE["revenue"], unit=unit), language).unit

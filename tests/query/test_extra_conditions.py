"""A KPI may ask for columns of the source that map to nothing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from tolok.kpis.load import parse
from tolok.kpis.written import dump
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

HEAD = """name = "Red deals"
question = "How many red deals?"
formula = "deals in red"
unit = "count"
better = "higher"
timing = "lagging"
family = "operational"
function = "sales"
[value]
count = "deals"
"""


def deals(*extras: dict[str, str]) -> DuckDBEngine:
    rows = tuple({"created_on": date(2026, 1, 5), "extra": json.dumps(extra)} for extra in extras)
    return DuckDBEngine.from_rows({"deals": rows})


@pytest.mark.parametrize(
    "name", ["Colour", "Tanggal Input", "a.b", 'quo"te', "it's", "'; drop table deals; --", "$[*]", "warna é"]
)
def test_rows_are_counted_by_an_extra_column_of_any_name(name):
    written = f'where = {{ {json.dumps(f"extra.{name}", ensure_ascii=False)} = ["red", "rood"] }}\n'
    kpi = parse(HEAD + written, "red_deals")
    engine = deals({name: "red"}, {name: "rood"}, {name: "blue"}, {"other": "red"})
    answer = ask(engine, {"red_deals": kpi}, Question(("red_deals",)), Setting("IDR"))
    assert Decimal(str(answer.value())) == 2
    assert parse(dump(kpi), "red_deals").body == kpi.body


def test_the_dotted_form_reads_as_well():
    kpi = parse(HEAD + 'where = { extra.Colour = { not = "red" } }\n', "red_deals")
    engine = deals({"Colour": "red"}, {"Colour": "blue"}, {})
    assert ask(engine, {"red_deals": kpi}, Question(("red_deals",)), Setting("IDR")).value() == 2

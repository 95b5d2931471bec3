"""Observed series against figures worked by hand: levels, what was not observed, and what does not add up."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.query.own_kpis import own_kpis

from tolok.kpis.load import catalogue
from tolok.query.answer import Answer
from tolok.query.drill import records as opened
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = {**catalogue(), **own_kpis()}
SETTING = Setting(currency="USD")
UNTIL = {"sales": [{"sold_on": "2025-06-30", "amount": 1, "kind": "sale"}]}


def seen(series: str, roll_up: str, *rows: tuple[str, float | None, str | None], unit: str | None = None) -> list[Any]:
    return [
        {"series": series, "roll_up": roll_up, "grain": "day", "unit": unit, "on": on, "value": value, "region": region}
        for on, value, region in rows
    ]


def asked(rows: list[Any], kpi: str, start: date, end: date, grain: Any = "month", by: tuple[str, ...] = ()) -> Answer:
    engine = DuckDBEngine.from_rows({"observations": rows, **UNTIL})
    return ask(engine, KPIS, Question((kpi,), grain, start, end, by), SETTING)


def test_a_level_stands_until_it_is_counted_again() -> None:
    rows = seen("stock", "last", ("2025-01-31", 100, None), ("2025-03-15", 60, None))
    year = (date(2025, 1, 1), date(2025, 4, 30))
    expected = {
        "stock_opening": [None, 100, 100, 60],
        "stock_closing": [100, 100, 60, 60],
        "stock_between": [None, 100, 80, 60],
        "stock_seen": [100, None, 60, None],
    }
    for kpi, values in expected.items():
        assert [row.value for row in asked(rows, kpi, *year).rows()] == values, kpi


def test_each_product_or_region_stands_at_its_own_last_count() -> None:
    rows = seen("stock", "last", ("2025-01-10", 5, "Jawa"), ("2025-01-31", 7, "Bali"), ("2025-02-20", 2, "Bali"))
    (total,) = asked(rows, "stock_closing", date(2025, 2, 1), date(2025, 2, 28)).rows()
    assert total.value == 7
    parts = asked(rows, "stock_closing", date(2025, 2, 1), date(2025, 2, 28), by=("region",))
    assert {row.ids["region"]: row.value for row in parts.rows()} == {"Jawa": 5, "Bali": 2}


def test_what_is_added_up_has_no_level_and_says_so() -> None:
    answer = asked(seen("web_visits", "sum", ("2025-01-10", 5, None)), "visits_closing", *(date(2025, 1, 1),) * 2)
    assert answer.value() is None
    assert any("web_visits is no level" in note for note in answer.notes)


@pytest.mark.parametrize(("unit", "empty"), [(None, None), ("visits", None), ("events", 0), ("Events ", 0)])
def test_a_day_without_an_observation_is_zero_for_events_alone(unit: str | None, empty: float | None) -> None:
    rows = seen("web_visits", "sum", ("2025-01-10", 5, None), ("2025-01-11", 0, None), unit=unit)
    answer = asked(rows, "visits_seen", date(2025, 1, 10), date(2025, 1, 12), "day")
    assert [row.value for row in answer.rows()] == [5, 0, empty]


def test_a_mean_by_region_adds_up_to_the_total_though_one_was_observed_less_often() -> None:
    rows = seen(
        "weekly_teams", "mean", ("2025-01-06", 100, "Jawa"), ("2025-01-13", 110, "Jawa"), ("2025-01-06", 50, "Bali")
    )
    january = (date(2025, 1, 1), date(2025, 1, 31))
    by = {row.ids["region"]: row.value for row in asked(rows, "teams_seen", *january, by=("region",)).rows()}
    assert by == {"Jawa": 105, "Bali": 50}
    assert asked(rows, "teams_seen", *january).value() == 155


def test_days_and_ratios_of_members_are_averaged_and_not_added_up() -> None:
    january = (date(2025, 1, 1), date(2025, 1, 31))
    lead = seen("lead_days", "mean", ("2025-01-06", 4, "Jawa"), ("2025-01-07", 6, "Jawa"), ("2025-01-06", 9, "Bali"))
    assert asked(lead, "lead_days", *january).value() == 7
    price = seen("price", "last", ("2025-01-06", 3, "Jawa"), ("2025-01-07", 4, "Bali"), unit="ratio")
    assert asked(price, "price_closing", *january).value() == 3.5


def test_an_unknown_value_does_not_take_the_place_of_a_known_one() -> None:
    rows = seen("stock", "last", ("2025-01-10", 5, None), ("2025-01-20", None, None))
    assert asked(rows, "stock_closing", date(2025, 1, 1), date(2025, 1, 31)).value() == 5


def test_the_rows_behind_a_level_reach_back_to_the_last_count() -> None:
    rows = seen("stock", "last", ("2025-01-10", 5, None), ("2025-03-20", 8, None))
    engine = DuckDBEngine.from_rows({"observations": rows, **UNTIL})
    question = Question(("stock_closing",), start=date(2025, 2, 1), end=date(2025, 2, 28))
    (records,) = opened(engine, KPIS, question, SETTING)
    assert [row[records.columns.index("on")] for row in records.rows] == [date(2025, 1, 10)]

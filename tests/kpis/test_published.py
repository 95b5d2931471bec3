"""Published worked examples come out as published, or as recomputed where the page is wrong."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tolok.kpis.definition import Example
from tolok.kpis.load import catalogue
from tolok.query.examples import run

CATALOGUE = catalogue()

# The KPI, and variant, one of whose examples gives the published figure.
IN_EXAMPLES = {
    "kpi001": "win_rate",
    "kpi003": "win_rate.of_created",
    "kpi005": "opportunity_to_win",
    "kpi006": "stage_conversion",
    "kpi007": "lead_to_opportunity",
    "kpi009": "lead_conversion",
    "kpi010": "leads_per_customer",
    "kpi012": "lead_conversion",
    "kpi014": "average_deal_size",
    "kpi016": "average_deal_size",
    "kpi018": "sales_cycle_length.decided",
    "kpi020": "sales_cycle_length",
    "kpi021": "time_in_stage",
    "kpi022": "pipeline_velocity",
    "kpi024": "pipeline_velocity",
    "kpi026": "cac.marketing_only",
    "kpi027": "cltv.margin",
    "kpi028": "ltv_to_cac.margin",
    "kpi032": "cltv.discounted",
    "kpi038": "nrr",
    "kpi040": "grr",
    "kpi041": "nrr",
    "kpi043": "quota_attainment",
    "kpi045": "quota_attainment",
    "kpi047": "quota_attainment.bookings",
    "kpi050": "quota_attainment",
    "kpi052": "pipeline_coverage",
    "kpi053": "required_win_rate",
    "kpi055": "forecast_coverage",
    "kpi056": "forecast_accuracy",
    "kpi059": "revenue_growth",
    "kpi062": "upsell_rate.of_offers",
    "kpi063": "cross_sell_rate.of_offers",
    "kpi064": "nps",
    "kpi066": "nps",
    "kpi067": "nps",
    "kpi069": "enps",
    "kpi071": "enps",
    "kpi072": "csat",
    "kpi074": "csat",
    "kpi076": "market_share",
    "kpi078": "market_share",
    "kpi079": "market_share.units",
    "kpi080": "inventory_turnover",
    "kpi081": "days_of_inventory",
}
NOT_ANSWERED = {
    "kpi025": "what a change of one lever does is a question about a formula, not a KPI",
    "kpi049": "the sales needed for an attainment are the target's inverse",
    "kpi058": "the mean of percentage errors over several periods belongs to the forecast's accuracy report",
}
COMPUTED_BELOW = {"kpi033", "kpi035", "kpi036", "kpi060", "kpi075", "kpi083", "kpi085"}


@pytest.mark.data
def test_every_published_example_is_answered_or_said_not_to_be(data: Path) -> None:
    with (data / "worked" / "kpi_examples.csv").open(encoding="utf-8") as file:
        published = {row["id"]: float(row["recomputed"] or "nan") for row in csv.DictReader(file)}
    assert set(published) == {*IN_EXAMPLES, *NOT_ANSWERED, *COMPUTED_BELOW}
    for id_, name in IN_EXAMPLES.items():
        kpi, _, variant = name.partition(".")
        answers = [
            float(example.answer)
            for example in CATALOGUE[kpi].examples
            if example.variant == variant and isinstance(example.answer, Decimal)
        ]
        assert any(answer == pytest.approx(published[id_], abs=1e-4) for answer in answers), (id_, answers)


def _answer(name: str, fact: str, rows: list[dict[str, object]], start: date, end: date) -> float:
    kpi, _, variant = name.partition(".")
    example = Example("published", {fact: tuple(rows)}, None, variant=variant, start=start, end=end)
    value = run(CATALOGUE[kpi], example, CATALOGUE)
    assert isinstance(value, float | int)
    return float(value)


FEBRUARY = date(2026, 2, 1), date(2026, 2, 28)


def _bought(customers: range, day: date) -> list[dict[str, object]]:
    return [{"account_id": f"c{number}", "sold_on": day, "kind": "sale", "amount": 1} for number in customers]


def test_900_of_1000_customers_are_kept() -> None:
    rows = _bought(range(1000), date(2026, 1, 10)) + _bought(range(900), date(2026, 2, 10))
    assert _answer("retention_rate", "sales", rows, *FEBRUARY) == pytest.approx(90)


def test_45_of_98_customers_are_lost_though_new_ones_came() -> None:
    rows = _bought(range(98), date(2026, 1, 10)) + _bought(range(45, 198), date(2026, 2, 10))
    assert _answer("churn_rate", "sales", rows, *FEBRUARY) == pytest.approx(45.91836734693878)


def test_100_customers_become_95_net_of_new_ones() -> None:
    rows = _bought(range(100), date(2026, 1, 10)) + _bought(range(50, 145), date(2026, 2, 10))
    assert _answer("churn_rate.net", "sales", rows, *FEBRUARY) == pytest.approx(5)


@pytest.mark.parametrize(("customers", "repeating", "published"), [(1200, 300, 25), (26, 8, 30.76923076923077)])
def test_customers_with_a_second_purchase(customers: int, repeating: int, published: float) -> None:
    rows = [
        {"account_id": f"c{number}", "document": f"{number}-{purchase}", "sold_on": date(2026, 2, 3), "kind": "sale"}
        for number in range(customers)
        for purchase in range(2 if number < repeating else 1)
    ]
    assert _answer("repeat_purchase_rate", "sales", rows, *FEBRUARY) == pytest.approx(published)


def test_two_million_sold_by_ten_reps() -> None:
    rows: list[dict[str, object]] = [
        {"owner_id": f"r{number}", "sold_on": date(2026, 2, 3), "kind": "sale", "amount": 200000}
        for number in range(10)
    ]
    assert _answer("revenue_per_rep", "sales", rows, *FEBRUARY) == pytest.approx(200000)


def test_half_an_hour_from_arrival_to_reply() -> None:
    rows: list[dict[str, object]] = [
        {"lead_id": "l1", "created_on": date(2026, 2, 3), "calendar_hours": Decimal("0.5")}
    ]
    assert _answer("lead_response_time.calendar", "lead_responses", rows, *FEBRUARY) * 60 == pytest.approx(30)

"""The catalogue holds what was asked for, and every file says everything about itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tolok.kpis.definition import Definition
from tolok.kpis.load import catalogue

CATALOGUE = catalogue()

CENTRAL = [
    "revenue",
    "deals_won",
    "deals_lost",
    "deals_created",
    "win_rate",
    "average_deal_size",
    "sales_cycle_length",
    "open_pipeline",
    "lead_to_opportunity",
    "opportunity_to_win",
    "lead_conversion",
    "new_leads",
    "cac",
    "cltv",
    "csat",
    "nps",
    "enps",
]

# What the product was asked for, line by line, and the KPIs that answer it.
ASKED_FOR: dict[int, str] = {
    1: "revenue",
    2: "deals_won",
    3: "average_deal_size",
    4: "average_purchase_value",
    5: "lead_conversion",
    6: "lead_conversion leads_needed leads_per_customer deals_needed",
    7: "visitor_conversion lead_conversion",
    8: "lead_to_opportunity",
    9: "opportunity_to_win",
    10: "win_rate",
    11: "cac",
    12: "cltv",
    13: "ltv_to_cac cltv revenue_per_customer",
    14: "revenue_per_customer",
    15: "revenue_growth",
    16: "quota_attainment",
    17: "sales_cycle_length time_in_stage",
    18: "pipeline_velocity",
    19: "revenue_per_rep",
    20: "upsell_rate cross_sell_rate",
    21: "deals_open deals_created open_pipeline weighted_pipeline",
    22: "revenue_from_new_customers revenue_from_existing_customers new_to_existing_gap",
    23: "csat",
    24: "loyalty",
    25: "retention_rate",
    26: "churn_rate",
    27: "repeat_purchase_rate",
    28: "referrals",
    29: "market_share market_penetration",
    30: "gross_margin gross_profit",
    31: "earnings_ratio",
    32: "employee_turnover",
    33: "forecast_accuracy revenue_forecast",
    34: "sales_cost_ratio marketing_roi upsell_roi",
    35: "service_interactions follow_ups",
    36: "support_efficiency first_response_time resolution_time tickets_opened tickets_solved",
    37: "cash_collected receivables days_sales_outstanding payment_delay gross_margin operating_costs",
    38: "good_leads bad_leads",
    39: "call_answer_rate average_call_duration calls",
    40: "calls meetings interactions activities_per_rep",
    41: "calls",
    42: "activities_per_rep calls meetings proposals activities_per_rep_day",
    43: "lead_response_time",
    44: "stage_conversion",
    45: "new_leads",
    46: "training_hours",
    47: "website_traffic product_page_traffic",
    48: "enquiries",
    49: "meeting_bookings",
    50: "pipeline_growth",
    51: "qualified_leads lead_to_opportunity",
    52: "new_leads good_leads interactions",
    53: "interactions deals_open stage_conversion",
    54: "inventory_turnover",
    55: "property_viewings",
    56: "trial_sign_ups trial_to_paid",
    57: "production_lead_time",
    58: "advance_bookings occupancy",
    59: "weekly_active_teams active_merchants weekly_active_customers records_per_account",
    171: "win_rate new_customers revenue_growth",
    172: "average_purchase_value revenue_forecast",
    173: "cltv",
    174: "interaction_quality call_to_meeting",
    175: "quota_attainment",
    176: "revenue_growth",
    177: "upsell_roi upsell_rate",
}

# Where authorities disagree, each way of computing is the KPI's own, a variant, or named in its note.
DISAGREEMENTS: dict[str, tuple[str, ...]] = {
    "win_rate": ("win_rate", "win_rate.of_created", "win_rate.by_value_90_days"),
    "sales_cycle_length": (
        "sales_cycle_length",
        "sales_cycle_length.decided",
        "sales_cycle_length.from_first_contact",
    ),
    "sales_velocity": ("pipeline_velocity", "pipeline_velocity.decided", "pipeline_velocity.contract_value"),
    "average_deal_size": ("average_deal_size", "average_deal_size.decided"),
    "nrr": ("nrr", "nrr.without_contraction"),
    "churn_rate": ("churn_rate", "churn_rate.net", "churn_rate: last month's total"),
    "cltv": ("cltv.margin", "cltv.lifespan", "cltv.discounted"),
    "cac": ("cac.marketing_only", "cac"),
    "forecast_accuracy": (
        "forecast_accuracy",
        "forecast_accuracy.actual_over_forecast",
        "forecast_accuracy.signed",
    ),
    "pipeline_coverage": ("pipeline_coverage", "pipeline_coverage.still_to_close", "pipeline_coverage.qualified"),
    "quota_attainment_multi": ("quota_attainment", "quota_attainment: mean of"),
    "nps": ("nps", "nps: below 6"),
    "enps": ("enps", "enps.one_to_ten"),
    "csat": ("csat", "csat.of_ten", "csat.mean"),
    "upsell/cross-sell": ("upsell_rate.of_offers", "upsell_rate"),
    "repeat_purchase_rate": (
        "repeat_purchase_rate",
        "repeat_purchase_rate.orders",
        "repeat_purchase_rate.within_a_year",
    ),
    "inventory_turnover": ("inventory_turnover", "inventory_turnover.closing_stock", "inventory_turnover.sales"),
    "lead_response_time": ("lead_response_time.calendar", "lead_response_time", "lead_response_time.median"),
}

every_kpi = pytest.mark.parametrize("kpi", CATALOGUE.values(), ids=CATALOGUE.keys())


def test_every_line_that_was_asked_for_has_its_kpis() -> None:
    assert sorted(ASKED_FOR) == [*range(1, 60), *range(171, 178)]
    missing = {line: id_ for line, ids in ASKED_FOR.items() for id_ in ids.split() if id_ not in CATALOGUE}
    assert not missing


def test_the_central_ids_are_there() -> None:
    assert [id_ for id_ in CENTRAL if id_ not in CATALOGUE] == []


@pytest.mark.parametrize(("asked", "ways"), DISAGREEMENTS.items(), ids=DISAGREEMENTS.keys())
def test_each_way_of_computing_on_which_authorities_disagree_is_represented(asked: str, ways: tuple[str, ...]) -> None:
    for way in ways:
        name, colon, words = way.partition(": ")
        id_, _, variant = name.partition(".")
        if colon:
            assert words in CATALOGUE[id_].note
        assert not variant or variant in CATALOGUE[id_].variants, way


@pytest.mark.data
def test_no_published_disagreement_is_forgotten(data: Path) -> None:
    lines = (data / "worked" / "formula_disagreements.csv").read_text("utf-8").splitlines()[1:]
    rows = {line.split(",")[0] for line in lines}
    assert rows - {"tiers"} == set(DISAGREEMENTS)  # tiers are a matter of commission plans


@every_kpi
def test_a_file_stands_in_the_folder_of_its_family(kpi: Definition) -> None:
    assert Path(kpi.file).parent.name == kpi.family


@every_kpi
def test_a_kpi_asks_a_question_and_says_its_formula_in_words(kpi: Definition) -> None:
    assert kpi.question.endswith("?")
    assert kpi.words["id"].question.endswith("?")
    assert kpi.name[0].isupper()
    assert kpi.words["id"].name[0].isupper()


@every_kpi
def test_everything_is_said_in_indonesian_too(kpi: Definition) -> None:
    words = kpi.words["id"]
    assert words.question != kpi.question
    assert words.formula != kpi.formula
    assert len(words.rules) == len(kpi.rules)
    assert set(words.variants) == set(kpi.variants)


@every_kpi
def test_a_kpi_has_three_examples_one_of_them_empty_and_one_for_each_variant(kpi: Definition) -> None:
    assert len(kpi.examples) >= 3
    assert any(not example.rows and example.answer is None for example in kpi.examples)
    assert set(kpi.variants) <= {example.variant for example in kpi.examples}
    assert any(example.answer is not None and not example.variant for example in kpi.examples)


@every_kpi
def test_rules_look_at_other_kpis(kpi: Definition) -> None:
    for rule in kpi.rules:
        assert kpi.id not in rule.look_at
        assert rule.look_at or rule.level == "good"


def test_names_and_aliases_are_distinct_where_a_person_must_choose() -> None:
    for language in ("en", "id"):
        names = [kpi.words_in(language).name for kpi in CATALOGUE.values()]
        assert len(set(names)) == len(names)


def test_the_thresholds_that_were_asked_for_are_rules() -> None:
    below_15 = [rule for rule in CATALOGUE["opportunity_to_win"].rules if rule.test == "below"]
    assert below_15[0].value == 15
    assert "qualification" in below_15[0].says
    green = [rule for rule in CATALOGUE["cltv"].rules if rule.test == "grows"]
    assert green[0].grows == ("cltv", "revenue_per_customer")
    assert green[0].level == "good"
    assert {rule.test for rule in CATALOGUE["enquiries"].rules} == {"rises", "falls"}
    assert CATALOGUE["website_traffic"].rules[0].test == "rises"
    assert CATALOGUE["average_deal_size"].rules[0].test == "falls"


def test_leading_and_lagging_and_every_function_occur() -> None:
    assert {kpi.timing for kpi in CATALOGUE.values()} == {"leading", "lagging"}
    functions = {kpi.function for kpi in CATALOGUE.values()}
    assert functions == {"management", "marketing", "sales", "support", "service", "finance", "people"}
    industries = {kpi.industry for kpi in CATALOGUE.values()}
    assert industries == {"", "retail", "property", "software", "manufacturing", "hospitality"}


def test_answers_on_two_scales_are_never_mixed() -> None:
    for id_ in ("nps", "enps", "csat", "loyalty", "interaction_quality"):
        kpi = CATALOGUE[id_]
        for body in (kpi.body, *(variant.body for variant in kpi.variants.values())):
            measure = body.over if hasattr(body, "over") else body.of  # type: ignore[union-attr]
            fixed = {condition.column for condition in measure.where}
            assert measure.same or {"scale_min", "scale_max"} <= fixed


@pytest.mark.parametrize("id_", sorted(catalogue()))
def test_every_variant_says_in_indonesian_how_it_is_computed(id_: str) -> None:
    definition = catalogue()[id_]
    words = definition.words["id"]
    assert set(words.formulas) == set(definition.variants)
    assert all(words.formulas[one.id] != one.formula for one in definition.variants.values())

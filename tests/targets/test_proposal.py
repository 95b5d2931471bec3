"""Targets from forms and files: each field that is wrong is said, and nothing else is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tolok.errors import QuestionError
from tolok.kpis.load import catalogue
from tolok.targets.file_rows import from_rows
from tolok.targets.proposal import Known, Member, Written, proposed

KNOWN = Known(
    catalogue(),
    date(2026, 11, 23),
    {
        "rep": {"crm:r1": Member("Ayu"), "crm:r2": Member("Budi", date(2026, 10, 1)), "crm:r3": Member("Ayu Putri")},
        "team": {"crm:t1": Member("Jawa"), "crm:t2": Member("Bali"), "hr:t1": Member("Jawa")},
    },
    currency="IDR",
)
GOOD = {"kpi": "revenue", "value": "1,000,000", "period": "2027-01"}


def written(**more: object) -> Written:
    return Written(**{**GOOD, **more})  # type: ignore[arg-type]


def test_a_good_one_is_a_target() -> None:
    found = proposed(written(scope={"rep": "ayu"}, why=" plan "), KNOWN, author="dina").target
    assert found is not None
    assert (found.kpi, found.value, found.currency, str(found.scope)) == ("revenue", 1_000_000, "IDR", "rep=crm:r1")
    assert (str(found.start), str(found.end), found.state, found.why) == (
        "2027-01-01",
        "2027-01-31",
        "proposed",
        "plan",
    )


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"value": "-10"}, "value", "cannot be negative"),
        ({"value": "ten"}, "value", "“ten” is not a number: write 10."),
        ({"value": ""}, "value", "no value"),
        ({"value": "1e400"}, "value", "not a number"),
        ({"value": "=1+1"}, "value", "not a number"),
        ({"value": "999999999999999999"}, "value", "too large"),
        ({"value": "0.001"}, "value", "more decimals"),
        ({"value": "50 %"}, "value", "not in the unit"),
        ({"kpi": "win_rate", "value": "120"}, "value", "more than 100 %"),
        ({"kpi": "deals_won", "value": "1.5"}, "value", "whole number"),
        ({"kpi": "deals_won", "value": "Rp 5"}, "value", "not money"),
        ({"kpi": "win rte"}, "kpi", "Did you mean win rate?"),
        ({"kpi": ""}, "kpi", "names no KPI"),
        ({"period": "2026-10"}, "period", "has passed: it ended on 31 Oct 2026"),
        ({"period": "soon"}, "period", "is no period"),
        ({"period": "", "start": "2027-02-30", "end": "2027-03-01"}, "start", "is no date"),
        ({"period": "", "start": "2027-03-01", "end": "2027-02-01"}, "end", "ends before it begins"),
        ({"period": "", "start": "2027-01-01", "end": "2099-01-01"}, "period", "three years"),
        ({"scope": {"rep": "Budi"}}, "rep", "Budi left on 1 Oct 2026"),
        ({"scope": {"rep": "Ayo"}}, "rep", "Did you mean Ayu"),
        ({"scope": {"team": "Jawa"}}, "team", "There are 2 of the name Jawa"),
        ({"scope": {"planet": "Mars"}}, "planet", "cannot be set by planet"),
        ({"currency": "rupiah"}, "currency", "no currency"),
    ],
)
def test_what_is_wrong_is_said_by_field(fields: dict[str, object], field: str, says: str) -> None:
    found = proposed(written(**fields), KNOWN)
    assert found.target is None
    assert [problem.field for problem in found.problems] == [field]
    assert says in found.problems[0].says.en
    assert found.problems[0].says.id != found.problems[0].says.en


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = proposed(Written("revnue", "ten", period="2020", scope={"rep": "Budi"}), KNOWN)
    assert {problem.field for problem in found.problems} == {"kpi", "period", "rep"}


def test_attainment_and_growth_may_exceed_a_hundred_percent() -> None:
    for kpi in ("quota_attainment", "revenue_growth", "nrr", "marketing_roi"):
        assert proposed(written(kpi=kpi, value="120 %"), KNOWN).target is not None


def test_figures_are_read_as_the_language_writes_them() -> None:
    for language, value in (("en", Decimal("1.5")), ("id", Decimal(1_500_000_000))):
        known = Known(KNOWN.definitions, KNOWN.today, KNOWN.members, currency="USD", language=language)
        text = "1.500" if language == "en" else "1,5 M"
        found = proposed(written(value=text), known).target
        assert found is not None
        assert found.value == value


def test_a_long_table_gives_one_target_per_row_and_keeps_the_good_ones() -> None:
    headings = ["KPI", "Sales rep", "Month", "Target", "Note"]
    rows = [
        ["Revenue", "Ayu", "2027-01", "1,000,000", "plan"],
        ["win rate", "", "Q1 2027", "30%", ""],
        ["revenue", "Budi", "2027-01", "5", ""],
        ["", "", "", "", ""],
        ["revenue", "Ayu", "2027-01-01", "2", ""],
    ]
    found = from_rows(headings, rows, KNOWN)
    assert [(one.kpi, str(one.scope), one.value) for one in found.targets] == [
        ("revenue", "rep=crm:r1", 1_000_000),
        ("win_rate", "company", 30),
    ]
    assert [(one.line, one.problem.field) for one in found.rejected] == [(4, "rep"), (6, "value")]


def test_a_plan_with_months_as_headings_is_read_as_it_is_written() -> None:
    headings = ["Tenaga penjual", "Jan 2027", "2027-02", "2027-03-01 00:00:00", "Total"]
    found = from_rows(headings, [["Ayu", "10", "20", "30", "60"], ["Ayu Putri", "1", "", "3", "4"]], KNOWN)
    assert [(str(one.scope), str(one.start), str(one.end), one.value) for one in found.targets] == [
        ("rep=crm:r1", "2027-01-01", "2027-01-31", 10),
        ("rep=crm:r1", "2027-02-01", "2027-02-28", 20),
        ("rep=crm:r1", "2027-03-01", "2027-03-31", 30),
        ("rep=crm:r3", "2027-01-01", "2027-01-31", 1),
        ("rep=crm:r3", "2027-03-01", "2027-03-31", 3),
    ]


def test_a_table_without_values_is_refused() -> None:
    with pytest.raises(QuestionError, match="no column of target values"):
        from_rows(["Name", "Phone"], [["Ayu", "08"]], KNOWN)

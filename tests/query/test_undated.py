"""Rows that lack the date a KPI needs are a gap; rows of which nothing happened yet are none."""

from __future__ import annotations

from tolok.kpis.load import catalogue
from tolok.query.check import undated
from tolok.store.duckdb import DuckDBEngine


def test_a_lead_that_was_not_qualified_lacks_nothing() -> None:
    leads = [
        {"created_on": "2026-01-01", "status": "open"},
        {"created_on": "2026-01-02", "status": "qualified", "qualified_on": "2026-01-05"},
    ]
    found = list(undated(DuckDBEngine.from_rows({"leads": leads}), catalogue()))
    assert not any("qualified_leads" in gap.kpis for gap in found)


def test_a_won_deal_without_its_day_of_closing_is_a_gap() -> None:
    deals = [
        {"created_on": "2026-01-01", "status": "won", "closed_on": "2026-01-05"},
        {"created_on": "2026-01-02", "status": "won"},
    ]
    found = list(undated(DuckDBEngine.from_rows({"deals": deals}), catalogue()))
    assert any("deals_won" in gap.kpis and gap.rows == 1 for gap in found)

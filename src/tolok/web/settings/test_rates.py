"""A rate that is entered counts, is kept like imported data, and a second one of a day replaces it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tolok.app.models import AuditEntry
from tolok.web.settings.rates import rates

GOOD = {"currency": "usd", "rate": "16250.5", "into": "IDR", "on": "2026-05-01"}


def test_a_rate_is_entered_corrected_and_logged(signed_in, restored_facts):
    browser = signed_in("administrator")
    assert browser.post("/settings/money/", GOOD).status_code == 302
    assert browser.post("/settings/money/", {**GOOD, "rate": "16300"}).status_code == 302
    own = [rate for rate in rates() if rate.source == "rates"]
    assert [(rate.currency, rate.into, rate.rate) for rate in own] == [("USD", "IDR", Decimal(16300))]
    assert "16,300" in browser.get("/settings/money/").content.decode()
    assert AuditEntry.objects.filter(action="rates changed").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("currency", "dollar"), ("currency", "IDR"), ("rate", "-1"), ("rate", "much"), ("on", "2199-01-01"), ("into", "")],
)
def test_a_rate_that_cannot_be_is_refused_and_what_was_typed_stays(signed_in, company, field, value):
    before = len(rates())
    answer = signed_in("administrator").post("/settings/money/", {**GOOD, field: value})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert len(rates()) == before


def test_the_gap_between_orders_and_deals_is_shown(signed_in):
    page = signed_in("administrator").get("/settings/money/").content.decode()
    assert "Orders beside won deals" in page
    assert "Difference" in page

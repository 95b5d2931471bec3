"""The catalogue is found by words of either language."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("q=win+rate", "Win rate"),
        ("q=tingkat+kemenangan", "Win rate"),
        ("q=cac", "Customer acquisition cost"),
        ("family=customer&q=nps", "Net Promoter Score"),
        ("timing=leading&q=meetings", "Sales meetings"),
    ],
)
def test_a_kpi_is_found(signed_in, query, name):
    assert name.casefold() in signed_in("rep").get(f"/kpis/?{query}").content.decode().casefold()


def test_what_is_not_there_is_said(signed_in):
    page = signed_in("rep").get("/kpis/?q=unicorns").content.decode()
    assert "No KPI has these words." in page


def test_only_what_the_data_tells_is_a_link(signed_in):
    page = signed_in("director").get("/kpis/").content.decode()
    assert '<a href="/kpi/revenue/">' in page
    assert '<a href="/kpi/occupancy/">' not in page

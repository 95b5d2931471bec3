"""The north star stands on top with its pace, for everybody who may see the organisation's totals."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tolok.app import place


def star(client, query: str = "") -> str:
    page = unescape(client.get(f"/scorecard/{query}").content.decode())
    found = re.search(r'<section class="panel star".*?</section>', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("who", ["director", "manager", "rep"])
def test_all_see_the_organisations_year_and_its_pace(who, signed_in):
    workspace = place.workspace()
    ends_on = workspace.snapshot().ends_on
    year = workspace.calendar.period_of(ends_on, "year")
    sold = workspace.ask("revenue", start=year.start, end=ends_on).value()
    planned = next(workspace.ask("revenue", start=year.start, end=year.end, compare="target").rows()).target
    shown = star(signed_in(who))
    assert f'<data value="{sold}"' in shown
    assert f'<data value="{planned}"' in shown
    for words in ("Should be", "Needed per working day", "Lands at"):
        assert words in shown


def test_it_is_not_shown_beside_one_teams_figures(signed_in, led_team):
    assert star(signed_in("director"), f"?team={led_team.id}") == ""


def test_half_a_quarter_is_not_behind_for_being_half(signed_in):
    """October is all that the data knows of the last quarter: a third of the target, judged by pace."""
    page = unescape(signed_in("director").get("/scorecard/?period=quarter").content.decode())
    card = next(part for part in page.split('<article class="kpi"')[1:] if ">Revenue<" in part)
    assert "of pace" in card
    share = int(re.search(r'<strong class="(\w+)">(\d+)%', card).group(2))
    tone = re.search(r'<strong class="(\w+)">', card).group(1)
    assert share < 60
    pace = float(re.search(r'· <data value="([\d.]+)"', card).group(1))
    assert tone == ("bad" if pace < 90 else "warn" if pace < 95 else "good")

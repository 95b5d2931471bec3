"""Today tells each what is theirs to do, with the reason, the most at stake first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from tolok.app import place
from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import Viewer
from tolok.web.today.care import _care, deals_that_need_care

DAY = date(2026, 6, 30)


def deal(**cells: object) -> Record:
    return Record("d", {"name": "D", "amount": Decimal(1000), "probability": Decimal(40), **cells})  # type: ignore[dict-item]


def test_reasons_and_stakes_worked_by_hand():
    fresh = {"last_activity_on": DAY - timedelta(days=2), "expected_close_on": DAY + timedelta(days=30)}
    assert _care(deal(**fresh), DAY) is None
    late = _care(deal(**{**fresh, "expected_close_on": DAY - timedelta(days=3)}), DAY)
    assert late is not None
    assert (late.reasons, late.stake) == (("close date passed 3 days ago",), Decimal(400))
    both = _care(deal(last_activity_on=DAY - timedelta(days=20), expected_close_on=DAY - timedelta(days=1)), DAY)
    assert both is not None
    assert (both.reasons, both.stake) == (("close date passed 1 day ago", "no contact for 20 days"), Decimal(800))
    undated = _care(deal(**{**fresh, "expected_close_on": None, "probability": None}), DAY)
    assert undated is not None
    assert (undated.reasons, undated.stake) == (("no close date",), Decimal(500))
    soon = _care(deal(last_activity_on=DAY - timedelta(days=9), expected_close_on=DAY + timedelta(days=5)), DAY)
    assert soon is not None
    assert soon.reasons == ("due in 5 days",)


def test_the_list_is_every_open_deal_in_need_and_no_other(people):
    workspace = place.workspace()
    found = {item.deal.id for item in deals_that_need_care(workspace, Viewer())}
    every = workspace.browse(Listing("deals", (), (), (Condition("status", "is", "open"),), limit=5000)).records
    assert found == {item.id for item in every if _care(item, workspace.today) is not None}
    assert found
    stakes = [item.stake for item in deals_that_need_care(workspace, Viewer())]
    assert stakes == sorted(stakes, reverse=True)


def test_a_rep_is_told_of_their_own_deals(signed_in, people):
    workspace = place.workspace()
    mine = {
        item.id
        for item in workspace.browse(
            Listing("deals", (), (), (Condition("owner_id", "is", people["rep"].rep_id),), limit=5000)
        ).records
    }
    page = signed_in("rep").get("/today/").content.decode()
    shown = set(re.findall(r"/pipeline/deals/([^/]+)/", page))
    assert shown <= mine
    assert "By rep" not in page
    assert "By rep" in signed_in("manager").get("/today/").content.decode()


def test_a_rep_begins_with_today(signed_in):
    assert signed_in("rep").get("/").headers["location"] == "/today/"
    assert signed_in("director").get("/").headers["location"] == "/scorecard/"

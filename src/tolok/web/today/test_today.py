"""Today tells each what is theirs to do, with the reason, the most at stake first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from tolok.app import place
from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import Viewer
from tolok.web.pipeline.attention import Signs, signs
from tolok.web.today.care import _care, deals_that_need_care

DAY = date(2026, 6, 30)
KNOWN = Signs(DAY, dated=True, touched=True)


def deal(**cells: object) -> Record:
    return Record("d", {"name": "D", "amount": Decimal(1000), "probability": Decimal(40), **cells})  # type: ignore[dict-item]


def test_reasons_and_stakes_worked_by_hand():
    fresh = {"last_activity_on": DAY - timedelta(days=2), "expected_close_on": DAY + timedelta(days=30)}
    assert _care(deal(**fresh), KNOWN) is None
    late = _care(deal(**{**fresh, "expected_close_on": DAY - timedelta(days=3)}), KNOWN)
    assert late is not None
    assert (late.reasons, late.stake) == (("close date passed 3 days ago",), Decimal(400))
    both = _care(deal(last_activity_on=DAY - timedelta(days=20), expected_close_on=DAY - timedelta(days=1)), KNOWN)
    assert both is not None
    assert (both.reasons, both.stake) == (("close date passed 1 day ago", "no contact for 20 days"), Decimal(800))
    undated = _care(deal(**{**fresh, "expected_close_on": None, "probability": None}), KNOWN)
    assert undated is not None
    assert (undated.reasons, undated.stake) == (("no close date",), Decimal(500))
    soon = _care(deal(last_activity_on=DAY - timedelta(days=9), expected_close_on=DAY + timedelta(days=5)), KNOWN)
    assert soon is not None
    assert soon.reasons == ("due in 5 days",)


def test_a_long_stay_and_a_missing_step_are_reasons_where_the_source_keeps_them():
    fresh = deal(last_activity_on=DAY - timedelta(days=2), expected_close_on=None)
    since = {"d": ("s", DAY - timedelta(days=30))}
    none = Signs(DAY, dated=False, touched=True)
    assert _care(fresh, none) is None
    assert _care(fresh, Signs(DAY, dated=False, touched=True, usual={"s": 30}, since=since)) is None
    long = _care(fresh, Signs(DAY, dated=False, touched=True, usual={"s": 29}, since=since))
    assert long is not None
    assert long.reasons == ("30 days in this stage, usually at most 29",)
    assert _care(fresh, Signs(DAY, dated=False, touched=True, planned=frozenset({"d"}))) is None
    bare = _care(fresh, Signs(DAY, dated=False, touched=True, planned=frozenset({"other"})))
    assert bare is not None
    assert (bare.reasons, bare.act) == (("no next step",), "Plan the next step.")
    far = deal(last_activity_on=DAY - timedelta(days=2), expected_close_on=DAY + timedelta(days=31))
    assert _care(far, Signs(DAY, dated=True, touched=True, planned=frozenset())) is None
    near = deal(last_activity_on=DAY - timedelta(days=2), expected_close_on=DAY + timedelta(days=30))
    assert _care(near, Signs(DAY, dated=True, touched=True, planned=frozenset())) is not None


def test_the_manager_sees_first_who_is_behind(signed_in, people, organisation):
    page = signed_in("manager").get("/today/").content.decode().split('aria-label="By rep"')[1].split("</section>")[0]
    team = organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id, ""}
    assert set(re.findall(r'href="/people/([^"/]+)/"', page)) <= team
    marks = ["tag bad" in row for row in page.split("<tr>")[2:]]
    assert marks == sorted(marks, reverse=True)


def test_the_list_is_every_open_deal_in_need_and_no_other(people):
    workspace = place.workspace()
    found = {item.deal.id for item in deals_that_need_care(workspace, Viewer())}
    every = workspace.browse(Listing("deals", (), (), (Condition("status", "is", "open"),), limit=5000)).records
    assert found == {item.id for item in every if _care(item, signs(workspace)) is not None}
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

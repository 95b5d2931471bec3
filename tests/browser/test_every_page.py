"""Every page, in both languages and themes, on a laptop and a phone: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

pytestmark = pytest.mark.browser

PAGES = {
    "director": (
        "/today/",
        "/scorecard/",
        "/kpi/revenue/?by=rep",
        "/kpi/win_rate/rows/",
        "/kpi/revenue/rows/",
        "/records/accounts/demo:A-00001/?past=imports",
        "/records/activities/demo:V-0000001/",
        "/records/tickets/demo:TK-00001/",
        "/pipeline/",
        "/pipeline/board/",
        "/pipeline/changes/?period=quarter",
        "/people/",
        "/targets/",
        "/targets/new/",
        "/targets/share/",
        "/targets/file/",
        "/targets/last-year/?uplift=10",
        "/targets/sentence/?text=increase+revenue+by+10+%25+next+quarter",
        "/targets/1/",
        "/targets/2/",
        "/dashboards/",
        "/dashboards/new/",
        "/data/",
        "/data/quality/",
        "/tokens/",
        "/more/",
    ),
    "rep": ("/today/", "/scorecard/", "/people/", "/pipeline/"),
    "administrator": (
        "/data/",
        "/data/sources/new/",
        "/data/compare/",
        "/data/mapping/demo/",
        "/data/mapping/demo/table/?name=opportunities&fact=deals",
        "/kpis/",
        "/kpis/new/",
        "/kpis/win_rate/edit/",
        "/kpis/win_rate/file/",
        "/kpis/win_rate/history/",
        "/settings/",
        "/settings/people/",
        "/settings/people/1/",
        "/settings/teams/",
        "/settings/organisation/",
        "/settings/sight/",
        "/settings/calendar/",
        "/settings/money/",
        "/settings/keeping/",
        "/settings/audit/",
        "/account/",
        "/account/password/",
        "/account/second/",
        "/account/second/begin/",
    ),
}
STICKS_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTSIDE = ("/account/login/", "/account/forgotten/", "/account/locked/", "/welcome/no-such-link/")
"""Pages of who has not signed in."""
LOOKS = [
    {"language": "en", "dark": False, "phone": False},
    {"language": "id", "dark": True, "phone": True},
]


@pytest.mark.parametrize("look", LOOKS, ids=["English, light, laptop", "Indonesian, dark, phone"])
@pytest.mark.parametrize("role", PAGES)
def test_nothing_is_found_on_any_page(enter, role, look):
    found = looked_at(enter(role, **look), PAGES[role], look["language"])
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("look", LOOKS, ids=["English, light, laptop", "Indonesian, dark, phone"])
def test_nothing_is_found_on_the_pages_of_signing_in(enter, look):
    page = enter("rep", **look)
    page.context.clear_cookies(name="tolok_session")
    found = looked_at(page, OUTSIDE, look["language"])
    assert not found, "\n".join(map(str, found))


def looked_at(page, addresses, language):
    """What axe finds on pages, and what sticks out of them."""
    axe = Axe()
    found = []
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == (404 if "no-such" in address else 200), address
        assert page.locator("html").get_attribute("lang") == language
        for violation in axe.run(page).response["violations"]:
            found.append((address, violation["id"], [node["html"][:160] for node in violation["nodes"][:2]]))
        own = page.viewport_size
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            # Charts are drawn anew at another width a moment after the window has it.
            try:
                page.wait_for_function(f"!({STICKS_OUT} > 0)", timeout=3_000)
            except TimeoutError:
                wide = page.evaluate(STICKS_OUT)
                found.append((address, f"sticks out sideways at {width} px", [f"{wide} px"]))
        page.set_viewport_size(own)
    return found

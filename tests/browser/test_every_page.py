"""Every page, in both languages and themes, on a laptop and a phone: nothing for axe to find, nothing sticks out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    "director": (
        "/today/",
        "/scorecard/",
        "/kpi/revenue/?by=rep",
        "/kpi/win_rate/rows/",
        "/pipeline/",
        "/pipeline/board/",
        "/pipeline/changes/?period=quarter",
        "/people/",
        "/targets/",
        "/data/",
        "/data/quality/",
        "/tokens/",
        "/more/",
    ),
    "rep": ("/today/", "/scorecard/", "/people/", "/pipeline/"),
    "administrator": ("/data/", "/settings/"),
}
LOOKS = [
    {"language": "en", "dark": False, "phone": False},
    {"language": "id", "dark": True, "phone": True},
]


@pytest.mark.parametrize("look", LOOKS, ids=["English, light, laptop", "Indonesian, dark, phone"])
@pytest.mark.parametrize("role", PAGES)
def test_nothing_is_found_on_any_page(enter, role, look):
    page = enter(role, **look)
    axe = Axe()
    found = []
    for address in PAGES[role]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.locator("html").get_attribute("lang") == look["language"]
        for violation in axe.run(page).response["violations"]:
            found.append((address, violation["id"], [node["html"][:160] for node in violation["nodes"][:2]]))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            found.append((address, "sticks out sideways", [f"{wide} px"]))
    assert not found, "\n".join(map(str, found))

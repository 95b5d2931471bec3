"""A dashboard in a browser: arranged by drag and by keyboard, put on the wall, and nothing for axe to find."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def names(page) -> list[str]:
    return [tile.get_attribute("data-name") for tile in page.locator("[data-card]").all()]


def sound(page) -> list[tuple[str, list[str]]]:
    """What axe finds, and whether the page sticks out."""
    found = [
        (violation["id"], [node["html"][:160] for node in violation["nodes"][:2]])
        for violation in Axe().run(page).response["violations"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, ("sticks out", [str(wide)])] if wide > 0 else found


def made(page, name: str, begins: str = "director", seen_by: str = "me") -> str:
    """A new dashboard; its address."""
    page.goto("/dashboards/new/")
    page.get_by_label("Name").fill(name)
    page.check(f"[value={begins}]")
    page.get_by_label("Who may open it").select_option(seen_by)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return page.url


def test_cards_are_arranged_by_keyboard_drag_and_buttons(enter):
    page = enter("director")
    address = made(page, "Rapat Senin")
    page.get_by_role("link", name="Edit").click()
    first = names(page)
    page.locator(".handle").first.focus()
    with page.expect_response(re.compile("/arrange/")) as sent:
        page.keyboard.press("ArrowRight")
    assert sent.value.status == 200
    second = [first[1], first[0], *first[2:]]
    assert names(page) == second
    expect(page.locator("#arranged")).to_contain_text(f"{first[0]}: place 2 of {len(first)}")
    assert page.evaluate("document.activeElement.closest('[data-card]').dataset.name") == first[0]
    handle, target = page.locator(".handle").nth(0).bounding_box(), page.locator("[data-card]").nth(3).bounding_box()
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 40, steps=6)
    with page.expect_response(re.compile("/arrange/")) as sent:
        page.mouse.move(target["x"] + 0.8 * target["width"], target["y"] + 40, steps=6)
        page.mouse.up()
    assert sent.value.status == 200
    third = [*second[1:4], second[0], *second[4:]]
    assert names(page) == third
    page.reload()
    assert names(page) == third
    wide = page.locator("[data-card]").first
    wide.get_by_role("button", name="Wider").click()
    expect(page.locator("[data-card]").first).to_have_class(re.compile(r"\bw2\b"))
    expect(page.locator("[data-card]").first.get_by_role("button", name="Wider")).to_be_focused()
    assert sound(page) == []
    page.get_by_role("link", name="Add a card").click()
    page.get_by_role("link", name="Bars").click()
    page.get_by_label("KPI").select_option("deals_won")
    page.get_by_label("Break down by").select_option("team")
    assert sound(page) == []
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Done").click()
    expect(page.locator("article.tile")).to_have_count(len(first) + 1)
    expect(page.locator(".chart.drawn svg").first).to_be_visible()
    assert page.url.split("?")[0] == address
    page.get_by_role("link", name="Win rate").click()
    expect(page).to_have_url(re.compile("/kpi/win_rate/.*period=month"))


def test_two_browsers_arrange_the_same_dashboard_and_the_second_is_told(enter):
    page = enter("director")
    address = made(page, "Berdua")
    page.goto(f"{address}edit/")
    other = page.context.new_page()
    other.goto(f"{address}edit/")
    before = names(page)
    other.locator(".handle").first.focus()
    with other.expect_response(re.compile("/arrange/")):
        other.keyboard.press("End")
    page.locator(".handle").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("alert").filter(has_text="changed elsewhere")).to_be_visible()
    page.reload()
    assert names(page) == [*before[1:], before[0]]


def test_a_card_moves_and_goes_without_script(enter):
    page = enter("director", script=False)
    address = made(page, "Tanpa skrip")
    page.goto(f"{address}edit/")
    before = names(page)
    page.locator("[data-card]").first.get_by_role("button", name="Move down").click()
    assert names(page) == [before[1], before[0], *before[2:]]
    page.locator("[data-card]").first.get_by_role("button", name="Remove").click()
    assert names(page) == [before[0], *before[2:]]


def test_a_screen_on_the_wall_turns_and_outlives_a_server_that_is_away(enter):
    page = enter("director")
    made(page, "Dinding satu", begins="rep")
    made(page, "Dinding dua", begins="team")
    page.goto("/dashboards/")
    for name in ("Dinding satu", "Dinding dua"):
        page.get_by_role("checkbox", name=name).check()
    for box in page.locator(".tv-choice [type=checkbox]").all():
        if box.locator("xpath=..").inner_text().strip() not in ("Dinding satu", "Dinding dua"):
            box.uncheck()
    page.get_by_role("button", name="Start TV mode").click()
    expect(page.locator("main#screen")).to_be_visible()
    assert page.locator("nav").count() == 0
    assert sound(page) == []
    page.goto(page.url.replace("every=30", "every=5"))
    first = page.locator(".tv-foot").inner_text()
    page.route("**/dashboards/tv/**", lambda route: route.abort())
    expect(page.locator(".tv-away")).to_contain_text("cannot be reached", timeout=8000)
    assert page.locator(".tv-foot").inner_text() == first
    page.unroute("**/dashboards/tv/**")
    expect(page.locator(".tv-foot")).to_contain_text("2 of", timeout=8000)
    expect(page.locator(".tv-away")).to_have_text("")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.value data')).fontSize)") >= 40
    page.get_by_role("button", name="Hold this screen").click()
    held = page.locator(".tv-foot").inner_text()
    page.wait_for_timeout(6000)
    assert page.locator(".tv-foot").inner_text() == held


@pytest.mark.parametrize("begins", ["director", "team"])
def test_a_shared_dashboard_is_sound_in_the_other_look(enter, begins):
    director = enter("director")
    address = made(director, f"Bersama {begins}", begins=begins, seen_by="everybody")
    page = enter("rep", dark=True, language="id", phone=True)
    for place in ("/dashboards/", address, f"/dashboards/tv/?show={address.rstrip('/').rpartition('/')[2]}"):
        answer = page.goto(place)
        assert answer is not None
        assert answer.status == 200
        assert sound(page) == [], place
    answer = page.goto(f"{address}edit/")
    assert answer is not None
    assert answer.status == 404

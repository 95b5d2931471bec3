"""What people do in a browser, as director, manager and rep."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_director_reads_the_scorecard_and_opens_a_number(enter):
    page = enter("director")
    expect(page).to_have_url(re.compile("/scorecard/"))
    page.get_by_role("link", name="Quarter").click()
    expect(page).to_have_url(re.compile("period=quarter"))
    page.locator("article.kpi").get_by_role("link", name="Win rate").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Win rate")
    expect(page.locator(".chart.drawn svg")).to_be_visible()
    page.get_by_text("Show as table").click()
    expect(page.locator("details table tbody tr").first).to_be_visible()
    page.get_by_label("Break down by").select_option("team")
    expect(page).to_have_url(re.compile("by=team"))
    page.get_by_role("link", name="Open the rows").click()
    expect(page.locator("table tbody tr").first).to_be_visible()


def test_a_rep_begins_with_today_and_never_sees_the_deal_of_another(enter):
    director = enter("director")
    director.goto("/pipeline/?order=name")
    foreign = [link.get_attribute("href") for link in director.locator("table.deals a").all()]
    page = enter("rep")
    expect(page).to_have_url(re.compile("/today/"))
    page.goto("/pipeline/?order=name")
    own = {link.get_attribute("href") for link in page.locator("table.deals a").all()}
    other = next(address for address in foreign if address not in own)
    answer = page.goto(other)
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    for address in ("/people/demo:R-001/", "/data/", "/settings/", "/api/v1/kpis"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status in (401, 403, 404), address


def test_a_manager_walks_the_pipeline(enter):
    page = enter("manager")
    page.get_by_role("link", name="Pipeline").first.click()
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.locator(".lane").first).to_be_visible()
    page.get_by_role("link", name="What changed").click()
    expect(page.get_by_role("rowheader", name="Closing")).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    page.locator("table.deals a").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.get_by_role("link", name="People").first.click()
    expect(page.locator("table.people tbody tr").first).to_be_visible()


def test_a_file_is_brought_in_by_the_administrator(enter, tmp_path):
    (tmp_path / "reps.csv").write_text(
        "Rep ID,Rep name,Email\n901,Wati Baru,wati@contoh.test\n902,Joko Baru,joko@contoh.test\n"
    )
    page = enter("administrator")
    page.goto("/data/")
    page.set_input_files("#files", str(tmp_path / "reps.csv"))
    page.fill("#source", "hr")
    page.get_by_role("button", name="Look at them").click()
    expect(page.get_by_role("heading", name="What this is")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Import it").click()
    expect(page.get_by_text("2 rows imported")).to_be_visible(timeout=60_000)


def test_everything_reads_without_script(enter):
    page = enter("director", script=False)
    for address in ("/scorecard/", "/kpi/revenue/", "/pipeline/", "/people/", "/today/"):
        page.goto(address)
        expect(page.locator("main data").first).to_be_visible()
    page.goto("/people/")
    page.get_by_label("Team", exact=True).select_option(index=1)
    page.locator("form[data-asks]").first.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("team="))


def test_the_keyboard_reaches_the_content_first(enter):
    page = enter("director")
    expect(page).to_have_url(re.compile("/scorecard/"))
    page.goto("/scorecard/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

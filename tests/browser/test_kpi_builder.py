"""An administrator builds a KPI, sees it on the data, mends an example, keeps it, and deletes it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_a_kpi_is_built_tried_kept_and_deleted(enter, phone):
    page = enter("administrator", language="en", dark=False, phone=phone)
    page.goto("/kpis/")
    page.click("text=New KPI")
    page.select_option("#f-body-of-aggregate", "mean")
    page.select_option("#f-body-of-column", "amount")
    page.wait_for_selector("#f-unit option[value=money][selected]", state="attached")
    page.click("text=Add a condition")
    page.select_option("#f-body-of-where-0-column", "status")
    page.check("input[value=won]")
    page.select_option("#f-dated_by", "deals.closed_on")
    page.click("text=Add an example")
    page.fill("#f-examples-0-says", "One won, one lost")
    for row, (status, amount) in enumerate((("won", "100"), ("lost", "300"))):
        cell = f"#f-examples-0-tables-0-rows-{row}"
        page.fill(f"{cell}-closed_on", "2026-01-05")
        page.select_option(f"{cell}-status", status)
        page.fill(f"{cell}-amount", amount)
    page.fill("#f-examples-0-answer", "200")
    page.fill("#f-name", "Deal size we won")
    page.fill("#f-question", "How big are the deals that we win?")
    page.fill("#f-formula", "mean amount of won deals")
    page.fill("#f-id", f"won_size_{'phone' if phone else 'laptop'}")
    page.click(".actions button[value=save]")
    page.wait_for_selector("text=expected 200, got 100")
    assert page.is_visible(".trial .figure data")
    assert not Axe().run(page).response["violations"]
    page.fill("#f-examples-0-answer", "100")
    page.click(".actions button[value=save]")
    page.wait_for_selector("text=Saved.")
    page.click(".controls >> text=Open")
    page.wait_for_url("**/kpi/won_size_*/")
    assert page.is_visible("h1:has-text('Deal size we won')")
    page.go_back()
    page.click(".controls >> text=Delete")
    page.click("button.danger")
    page.wait_for_selector("text=Its texts stay in the history.")


def test_what_is_typed_while_the_server_answers_is_not_lost(enter):
    page = enter("administrator", language="en", dark=False, phone=False)
    page.goto("/kpis/new/")

    def slowly(route):
        page.wait_for_timeout(700)
        route.continue_()

    page.route("**/kpis/new/", slowly)
    page.select_option("#f-body-of-aggregate", "sum", no_wait_after=True)
    page.evaluate("document.getElementById('f-name').value = 'typed meanwhile'")
    page.wait_for_selector("#f-body-of-column")
    assert page.input_value("#f-name") == "typed meanwhile"

"""Settings are written where people can read them, refused in words, and never half of them."""

from __future__ import annotations

import re

import pytest

from tolok.app import place
from tolok.app.models import AuditEntry
from tolok.settings import load


@pytest.fixture
def restored(company):
    file = company / "tolok.toml"
    text = file.read_text()
    yield file
    file.write_text(text)


def opened(browser, page):
    """The form as a browser would send it back unchanged."""
    content = browser.get(page).content.decode()
    form = content.split('<form method="post" class="form panel-body">')[1].split("</form>")[0]
    found = dict(re.findall(r'<input type="(?:hidden|text|number)" name="(\w+)"(?: value="([^"]*)")?', form))
    for name, inside in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found[name] = chosen.group(1) if chosen else ""
    for name, value in re.findall(r'<input type="checkbox" name="(\w+)"(?: value="(\w+)")?[^>]* checked', form):
        found.setdefault(name, []).append(value) if value else found.update({name: "on"})
    for name, inside in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S):
        found[name] = inside.strip()
    return found


PAGES = ["organisation", "sight", "calendar", "money", "keeping"]


@pytest.mark.parametrize("page", PAGES)
def test_sent_back_unchanged_nothing_changes(signed_in, restored, page):
    before = restored.read_text()
    browser = signed_in("administrator")
    answer = browser.post(f"/settings/{page}/", opened(browser, f"/settings/{page}/"), follow=True)
    assert b"Nothing was changed" in answer.content
    assert restored.read_text() == before


def test_a_change_keeps_comments_counts_at_once_and_is_logged(signed_in, restored):
    restored.write_text("# our own note\n" + restored.read_text())
    browser = signed_in("administrator")
    data = {**opened(browser, "/settings/calendar/"), "fiscal_year_start": "4", "closed_on": "2026-12-26\n2026-12-27"}
    assert browser.post("/settings/calendar/", data).status_code == 302
    assert restored.read_text().startswith("# our own note")
    assert load(restored).closed_on == ("2026-12-26", "2026-12-27")
    assert place.workspace().calendar.fiscal_start == 4
    entry = AuditEntry.objects.get(action="settings changed")
    assert entry.details["before"]["fiscal_year_start"] == 1
    assert entry.details["after"]["fiscal_year_start"] == 4


@pytest.mark.parametrize(
    ("page", "field", "value"),
    [
        ("calendar", "working_hours", "all day"),
        ("calendar", "holidays_country", "Indonesia"),
        ("calendar", "closed_on", "christmas"),
        ("calendar", "fiscal_year_start", "13"),
        ("money", "currency", "rupiah"),
        ("money", "revenue_from", "hope"),
        ("sight", "peers", "everything"),
        ("keeping", "snapshots_kept", "0"),
        ("organisation", "languages", []),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(signed_in, restored, page, field, value):
    before = restored.read_text()
    browser = signed_in("administrator")
    answer = browser.post(f"/settings/{page}/", {**opened(browser, f"/settings/{page}/"), field: value})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert restored.read_text() == before


def test_of_two_who_change_the_same_the_second_is_told(signed_in, restored):
    browser = signed_in("administrator")
    first = opened(browser, "/settings/money/")
    assert browser.post("/settings/money/", {**first, "currency": "USD"}).status_code == 302
    answer = browser.post("/settings/money/", {**first, "currency": "EUR"}, follow=True)
    assert b"Somebody else changed this" in answer.content
    assert load(restored).currency == "USD"

"""A card says until when its data reaches and whether anything is known to be wrong with it; no page waits for that."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from tolok.app import place
from tolok.query.check import Finding
from tolok.web import warming
from tolok.web.data.finding import told
from tolok.workspace import Workspace


def marks(client, language: str = "en") -> dict[str, tuple[str, str]]:
    """By KPI: the words of its mark, and what hovering over it tells."""
    client.cookies["tolok_language"] = language
    page = client.get("/scorecard/").content.decode()
    found = re.findall(
        r'<p class="card-mark"><a href="/kpi/(\w+)/[^"]*#trust" title="([^"]*)".*?</span>(.*?)</a>', page, re.DOTALL
    )
    return {kpi: (unescape(text).strip(), unescape(tells)) for kpi, tells, text in found}


@pytest.fixture(autouse=True)
def _looked_anew(company):
    """What a test found in the data is not what the next one finds."""
    yield
    place.use(place.folder())


@pytest.fixture
def looked(company, monkeypatch):
    """The data has been looked at, and these are all its gaps."""

    def look(*found: Finding) -> None:
        monkeypatch.setattr(Workspace, "check", lambda self: list(found))
        place.use(place.folder())
        place.workspace().quality()

    return look


UNDATED = Finding(
    "watch", "deals", 14, 100, "14 of 100 deals have no amount; these KPIs cannot count them", ("revenue",)
)


def test_a_page_does_not_wait_until_the_data_was_looked_at(signed_in, monkeypatch):
    def slow(self):
        raise AssertionError("a page looked at all the data")

    place.use(place.folder())
    monkeypatch.setattr(Workspace, "check", slow)
    found = marks(signed_in("director"))
    assert len(found) == 12
    for kpi, (text, tells) in found.items():
        reaches = place.workspace().freshness(kpi)[kpi].reaches
        assert text == f"to {reaches.day} {reaches:%b}", kpi
        assert f"Data to {reaches.day} {reaches:%b %Y}, imported " in tells
        assert "wrong" not in tells, "nobody has looked"


def test_gaps_are_told_to_who_sees_all_and_counted_for_the_others(signed_in, looked):
    looked(UNDATED)
    text, tells = marks(signed_in("director"))["revenue"]
    assert text.startswith("1 gap · to ")
    assert told(UNDATED) in tells
    for who in ("manager", "rep"):
        text, tells = marks(signed_in(who))["revenue"]
        assert text.startswith("1 gap · to ")
        assert "1 gap in the data of the whole company." in tells
        assert "14" not in tells.partition("imported")[2].partition("1 gap")[2]
    text, tells = marks(signed_in("director"))["win_rate"]
    assert text.startswith("to ")
    assert tells.endswith("Nothing is known to be wrong with its data.")


def test_it_is_said_in_indonesian(signed_in, looked):
    looked(UNDATED)
    text, tells = marks(signed_in("director"), "id")["revenue"]
    assert text.startswith("1 celah data · s.d. ")
    assert tells.startswith("Data sampai ")
    assert "deals have no" not in tells


def test_notes_are_no_gaps(signed_in, looked):
    looked(replace(UNDATED, level="note"))
    assert marks(signed_in("director"))["revenue"][0].startswith("to ")


def test_the_background_looks_once_per_snapshot(signed_in, monkeypatch):
    looks = []
    monkeypatch.setattr(Workspace, "check", lambda self: looks.append(self.folder) or [])
    place.use(place.folder())
    signed_in("director").get("/scorecard/")
    assert place.workspace().known_quality() is None
    for _ in range(2):
        warming.look()
    assert place.workspace().known_quality() == {}
    assert len(looks) == 1


def test_a_kpi_that_ends_long_before_the_others_is_late(signed_in, monkeypatch):
    plainly = Workspace.freshness

    def older(self, *kpis, variant=""):
        found = plainly(self, *kpis, variant=variant)
        return {kpi: replace(one, reaches=one.reaches.replace(month=8, day=3)) for kpi, one in found.items()}

    monkeypatch.setattr(Workspace, "freshness", older)
    text, tells = marks(signed_in("director"))["revenue"]
    assert text == "to 3 Aug"
    assert "The other data reaches " in tells


def test_in_a_period_of_another_year_the_day_has_its_year(signed_in):
    year = place.workspace().today.year
    page = signed_in("director").get(f"/scorecard/?at={year - 1}-06-01").content.decode()
    told = re.findall(r'<p class="card-mark">.*?</span>(.*?)</a>', page, re.DOTALL)
    assert len(told) == 12
    assert all(re.fullmatch(rf"to \d+ \w+ {year}", text.strip()) for text in told)


def test_before_the_data_begins_there_is_a_sentence_and_no_way_further_back(signed_in):
    begins = place.workspace().snapshot().coverage.starts_on
    for page in ("/scorecard/", "/kpi/revenue/"):
        early = signed_in("director").get(f"{page}?at=1990-01-01&period=month").content.decode()
        assert "Nothing is known of January 1990: the data begins on " in early
        assert 'aria-label="Period before"' not in early
        first = signed_in("director").get(f"{page}?at={begins}").content.decode()
        assert "Nothing is known of" not in first
        assert 'aria-label="Period before"' not in first
        assert 'aria-label="Period before"' in signed_in("director").get(page).content.decode()

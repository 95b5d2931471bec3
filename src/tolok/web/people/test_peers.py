"""What colleagues see of each other is the organisation's choice: figures with names, without, or nothing; never rows."""

from __future__ import annotations

import re

import pytest

from tolok.app import place
from tolok.settings import save


@pytest.fixture
def choose(company):
    file = company / "tolok.toml"
    before = file.read_text()

    def chosen(word: str) -> None:
        save(file, {"peers": word})

    yield chosen
    file.write_text(before)


def figures(page: str) -> list[str]:
    return sorted(re.findall(r'<td class="number"><data value="([^"]+)"', page))


def team_of(organisation, rep_id: str):
    team = organisation.reps[rep_id].team_id
    return [rep for rep in organisation.reps.values() if rep.team_id == team and rep.id != rep_id and rep.active]


@pytest.mark.parametrize("word", ["named", "anonymous", "off"])
def test_the_choice_counts_on_the_page_and_in_its_files(signed_in, people, organisation, choose, word):
    choose(word)
    browser, mine = signed_in("rep"), people["rep"].rep_id
    mates = team_of(organisation, mine)
    for form in ("", "&as=csv"):
        page = browser.get(f"/people/?period=year{form}").content.decode()
        assert any(rep.name in page for rep in mates) == (word == "named")
        assert ("A colleague" in page) == (word == "anonymous")
        others = {rep.name for rep in organisation.reps.values()} - {rep.name for rep in mates}
        assert not [name for name in others - {organisation.reps[mine].name} if name in page]
    if word != "off":
        manager = signed_in("manager").get("/people/?period=year").content.decode()
        assert set(figures(browser.get("/people/?period=year").content.decode())) <= set(figures(manager))


@pytest.mark.parametrize("word", ["named", "anonymous"])
def test_shared_figures_open_to_no_rows_and_tell_no_ids(signed_in, people, organisation, choose, word):
    choose(word)
    browser = signed_in("rep")
    for rep in team_of(organisation, people["rep"].rep_id):
        assert browser.get(f"/people/{rep.id}/").status_code == 404
        assert rep.id not in browser.get("/kpi/deals_won/rows/?period=year&by=rep&as=csv").content.decode()
        assert rep.id not in browser.get("/people/?period=year").content.decode()
        assert browser.get(f"/scorecard/?rep={rep.id}").status_code == 400
    assert place.workspace().settings.peers == word

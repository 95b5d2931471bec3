"""The scorecard shows each person what is theirs."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tolok.app import place
from tolok.query.question import Question, Viewer


def shown(page: str, name: str) -> str:
    """The exact figure of a card, from what hovering over it shows."""
    card = next(part for part in re.split(r'<article class="kpi"', page)[1:] if re.search(rf">{name}<", part))
    return unescape(re.search(r'<data value="([^"]*)"', card).group(1))  # type: ignore[union-attr]


def test_a_stranger_is_sent_to_sign_in(client, people):
    assert client.get("/scorecard/").headers["location"] == "/account/login/?next=/scorecard/"


def test_the_first_visit_makes_the_first_administrator(client, company, db):
    assert client.get("/scorecard/").headers["location"] == "/setup/"
    made = client.post("/setup/", {"name": "Sri", "email": "sri@contoh.test", "password": "sangat-rahasia-91"})
    assert made.status_code == 302
    assert client.get("/setup/").status_code == 404
    assert client.get("/scorecard/").status_code == 200


@pytest.mark.parametrize("who", ["director", "manager", "rep"])
def test_revenue_is_that_of_the_rows_a_person_may_see(who, signed_in, people, organisation):
    workspace = place.workspace()
    ends_on = workspace.snapshot().ends_on
    month = workspace.calendar.period_of(ends_on, "month")
    reps = {
        "director": None,
        "manager": organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id},
        "rep": frozenset({people["rep"].rep_id}),
    }[who]
    expected = workspace.answer(
        Question(("revenue",), start=month.start, end=ends_on, viewer=Viewer(who, reps) if reps else Viewer())
    ).value()
    page = signed_in(who).get("/scorecard/").content.decode()
    assert shown(page, "Revenue") == str(expected)


def test_a_team_that_is_not_yours_does_not_exist(signed_in, organisation, led_team):
    other = next(team.id for team in organisation.teams.values() if team.id != led_team.id and team.parent_id)
    assert signed_in("manager").get(f"/scorecard/?team={led_team.id}").status_code == 200
    for team in (other, "nobody:T-99", "' OR 1=1 --"):
        answer = signed_in("manager").get("/scorecard/", {"team": team})
        assert answer.status_code == 400
        assert "There is no such team." in answer.content.decode()


def test_words_that_are_not_known_are_refused_in_a_sentence(signed_in):
    for query, says in (
        ("period=decade", "There is no period"),
        ("compare=luck", "There is no comparison"),
        ("at=yesterday", "is not a date"),
    ):
        answer = signed_in("director").get(f"/scorecard/?{query}")
        assert answer.status_code == 400
        assert says in answer.content.decode()


def test_each_is_measured_by_their_own_target_and_told_whose_figures_they_are(signed_in, people, led_team):
    workspace = place.workspace()
    month = workspace.calendar.period_of(workspace.snapshot().ends_on, "month")

    def planned(by, id_):
        asked = Question(("revenue",), start=month.start, end=month.end, by=by, compare="target", only_targets=True)
        rows = workspace.answer(asked).rows()
        return next(row.target for row in rows if not by or row.ids[by[0]] == id_)

    expected = {
        "director": (planned((), ""), ()),
        "manager": (planned(("team",), led_team.id), ("you and your team", "the whole company")),
        "rep": (planned(("rep",), people["rep"].rep_id), ("your own", "the whole company")),
    }
    for who, (target, words) in expected.items():
        page = signed_in(who).get("/scorecard/").content.decode()
        card = next(
            part for part in page.split('<article class="kpi"')[1:] if ">Revenue<" in part and "of target" in part
        )
        assert f'<data value="{target}"' in card, who
        assert [word for word in ("you and your team", "your own", "the whole company") if word in page] == list(words)

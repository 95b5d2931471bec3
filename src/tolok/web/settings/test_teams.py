"""The team tree is edited by dated moves; what a manager sees follows at once."""

from __future__ import annotations

import pytest

from tolok.app.models import AuditEntry
from tolok.workspace import open_workspace


def test_a_rep_who_changes_teams_is_seen_by_the_right_manager_from_that_moment(
    signed_in, people, organisation, restored_facts
):
    stranger = organisation.reps[people["stranger"].rep_id]
    manager = signed_in("manager")
    assert manager.get(f"/people/{stranger.id}/").status_code == 404
    team = organisation.reps[people["rep"].rep_id].team_id
    data = {"rep": stranger.id, "team": team, "from_on": "2025-01-01", "manager": people["manager"].rep_id}
    administrator = signed_in("administrator")
    assert administrator.post("/settings/teams/", data).status_code == 302
    assert manager.get(f"/people/{stranger.id}/").status_code == 200
    assert AuditEntry.objects.get(action="rep moved").subject == stranger.name
    assert stranger.name in administrator.get("/settings/teams/").content.decode()
    administrator.post("/settings/teams/take-back/", {"rep": stranger.id, "from_on": "2025-01-01"})
    assert manager.get(f"/people/{stranger.id}/").status_code == 404
    before = {rep.id: rep.team_id for rep in organisation.reps.values()}
    after = open_workspace(restored_facts).organisation(organisation.day)
    assert {rep.id: rep.team_id for rep in after.reps.values()} == before


@pytest.mark.parametrize(
    ("field", "value"), [("rep", "Nobody"), ("team", "none"), ("from_on", "soon"), ("manager", "Nobody")]
)
def test_a_move_that_cannot_be_is_refused(signed_in, people, organisation, field, value):
    data = {"rep": people["rep"].rep_id, "team": next(iter(organisation.teams)), "from_on": "2026-01-01", "manager": ""}
    answer = signed_in("administrator").post("/settings/teams/", {**data, field: value})
    assert answer.status_code == 200
    assert b"errorlist" in answer.content


def test_a_director_reads_the_tree_and_changes_nothing(signed_in, people, organisation):
    browser = signed_in("director")
    assert browser.get("/settings/teams/").status_code == 200
    data = {"rep": people["rep"].rep_id, "team": next(iter(organisation.teams)), "from_on": "2026-01-01"}
    assert browser.post("/settings/teams/", data).status_code == 404
    assert browser.post("/settings/teams/take-back/", data).status_code == 404
    assert signed_in("manager").get("/settings/teams/").status_code == 404


def test_a_manager_who_changes_sees_the_right_thing_from_that_day(
    signed_in, people, organisation, led_team, make_user, restored_facts
):
    """The stranger takes over the manager's team: the team is theirs to see, and no longer the manager's."""
    from datetime import timedelta

    from tolok.app.access import access_of
    from tolok.app.models import User

    member = people["rep"].rep_id
    User.objects.filter(pk=people["stranger"].pk).update(role="manager")
    new = User.objects.get(pk=people["stranger"].pk)
    day = open_workspace(restored_facts).today - timedelta(days=60)
    data = {"leader-team": led_team.id, "leader-rep": new.rep_id, "leader-from_on": day.isoformat()}
    assert not access_of(new).sees_rep(member)
    administrator = signed_in("administrator")
    assert administrator.post("/settings/teams/", data).status_code == 302
    access, former = access_of(new), access_of(people["manager"])
    assert access.sees_rep(member)
    assert access.sees_team(led_team.id)
    assert not former.sees_rep(member)
    kept = [led for led in former.viewer.led if led.rep == member]
    assert [led.until_on for led in kept] == [day]
    early = access_of(new, today=day - timedelta(days=1))
    assert not early.sees_rep(member)
    assert access_of(people["manager"], today=day - timedelta(days=1)).sees_rep(member)
    assert AuditEntry.objects.get(action="team leader changed").subject == led_team.name
    assert signed_in("stranger").get(f"/people/{member}/").status_code == 200
    assert signed_in("manager").get(f"/people/{member}/").status_code == 404
    assert "Leaders entered here" in administrator.get("/settings/teams/").content.decode()
    back = {"team": led_team.id, "from_on": day.isoformat()}
    assert administrator.post("/settings/teams/leader/take-back/", back).status_code == 302
    assert access_of(people["manager"]).sees_rep(member)
    assert not access_of(new).sees_rep(member)


def test_only_the_administrator_says_who_leads(signed_in, people, led_team):
    data = {"leader-team": led_team.id, "leader-rep": people["rep"].rep_id, "leader-from_on": "2026-01-01"}
    back = {"team": led_team.id, "from_on": "2026-01-01"}
    for who in ("director", "manager", "rep", "analyst"):
        assert signed_in(who).post("/settings/teams/", data).status_code == 404
        assert signed_in(who).post("/settings/teams/leader/take-back/", back).status_code == 404
    wrong = signed_in("administrator").post("/settings/teams/", {**data, "leader-rep": "Nobody"})
    assert b"errorlist" in wrong.content


def test_of_two_administrators_at_once_the_second_is_told_and_nothing_is_lost(
    signed_in, people, organisation, restored_facts
):
    """Both opened the page; the first moved somebody. The second sees that, and what was typed, and sends it again."""
    first, second = people["rep"].rep_id, people["stranger"].rep_id
    teams = sorted(organisation.teams)
    browser = signed_in("administrator")
    opened = browser.get("/settings/teams/").context["edition"]
    data = {"team": teams[0], "from_on": "2025-01-01", "manager": "", "edition": opened}
    assert browser.post("/settings/teams/", {**data, "rep": first}).status_code == 302
    refused = browser.post("/settings/teams/", {**data, "rep": second})
    assert refused.status_code == 200
    assert "Somebody else changed the teams while this page was open." in refused.content.decode()
    assert [move.rep for move, *_rest in refused.context["moves"]] == [first]
    assert refused.context["form"]["rep"].value() == second
    again = {**data, "rep": second, "edition": refused.context["edition"]}
    assert browser.post("/settings/teams/", again).status_code == 302
    entered = browser.get("/settings/teams/").context["moves"]
    assert {move.rep for move, *_rest in entered} == {first, second}
    for rep in (first, second):
        browser.post("/settings/teams/take-back/", {"rep": rep, "from_on": "2025-01-01"})
    assert not browser.get("/settings/teams/").context["moves"]

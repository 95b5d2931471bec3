"""People are compared fairly, and each sees only whom they may."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from tolok.query.reporting import Rep, Team
from tolok.web.people.standing import tenure


def names(page: str) -> list[str]:
    return re.findall(r'class="face" aria-hidden="true">[^<]*</span>([^<]+)</a>', page)


def test_a_manager_sees_the_team_and_a_rep_only_themselves(signed_in, people, organisation):
    own = organisation.reps[people["rep"].rep_id].name
    assert set(names(signed_in("rep").get("/people/?period=year").content.decode())) <= {own}
    inside = organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id}
    shown = set(names(signed_in("manager").get("/people/?period=year").content.decode()))
    assert own in shown
    assert shown <= {organisation.reps[rep].name for rep in inside}
    everybody = set(names(signed_in("director").get("/people/?period=year").content.decode()))
    assert len(everybody) > len(shown)


def test_a_rep_of_another_team_has_no_page(signed_in, people):
    for who, address, status in (
        ("rep", people["rep"].rep_id, 200),
        ("rep", people["stranger"].rep_id, 404),
        ("manager", people["rep"].rep_id, 200),
        ("manager", people["stranger"].rep_id, 404),
        ("director", people["stranger"].rep_id, 200),
        ("director", "nobody:1", 404),
    ):
        assert signed_in(who).get(f"/people/{address}/").status_code == status, (who, address)


@pytest.mark.parametrize("sort", ["revenue", "win_rate", "sales_cycle_length", "name"])
def test_ranks_follow_the_chosen_figure(signed_in, sort):
    page = signed_in("director").get("/people/", {"period": "year", "sort": sort}).content.decode()
    places = [int(found) for found in re.findall(r'<td class="number muted">(\d+)</td>', page)]
    assert names(page)
    assert places == sorted(places)
    assert (not places) == (sort == "name")


def test_a_figure_that_does_not_exist_is_refused(signed_in):
    assert signed_in("director").get("/people/?sort=beauty").status_code == 400


def test_reporting_lines_follow_teams_and_managers_downwards_and_end_in_a_circle():
    from datetime import date

    from tolok.query.reporting import Organisation

    def rep(key: str, team: str = "", manager: str = "") -> Rep:
        return Rep(key, key, team, manager, "", True)

    tree = Organisation(
        date(2026, 11, 1),
        {r.id: r for r in (rep("top"), rep("lead", "", "top"), rep("ann", "west"), rep("bob", "far"), rep("other"))},
        {t.id: t for t in (Team("west", "West", "", "lead"), Team("far", "Far", "west", ""))},
    )
    assert tree.reports("top") == {"lead", "ann", "bob"}
    assert tree.reports("lead") == {"ann", "bob"}
    assert tree.reports("ann") == frozenset()
    assert tree.teams_of(tree.reports("lead"), led_by="lead") == {"west", "far"}
    circle = Organisation(date(2026, 11, 1), {r.id: r for r in (rep("a", "", "b"), rep("b", "", "a"))})
    assert circle.reports("a") == {"b"}


@pytest.mark.parametrize(
    ("months", "english", "indonesian"),
    [
        (None, "", ""),
        (0, "0 months", "0 bulan"),
        (1, "1 month", "1 bulan"),
        (23, "23 months", "23 bulan"),
        (24, "2 years", "2 tahun"),
        (114, "9.5 years", "9,5 tahun"),
    ],
)
def test_tenure_is_told_as_people_say_it(months, english, indonesian):
    with override("en"):
        assert tenure(months) == english
    with override("id"):
        assert tenure(months) == indonesian

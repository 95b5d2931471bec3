"""Dashboards: whose they are, what each viewer sees in them, and changing them without writing over another."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tolok.app import place
from tolok.app.models import Dashboard
from tolok.query.question import Filter, Question, Viewer
from tolok.web.dashboards.card import Card, read
from tolok.web.dashboards.starts import CARDS, start


@pytest.fixture
def dashboard(people):
    """Makes a dashboard of somebody: ``dashboard("director", Card(…), seen_by="everybody")``."""

    def make(who: str, *cards: Card, seen_by: str = "me", name: str = "Pagi") -> Dashboard:
        return Dashboard.objects.create(
            owner=people[who], name=name, seen_by=seen_by, cards=[card.written() for card in cards]
        )

    return make


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[-2000:]
    return unescape(answer.content.decode())


def figures(text: str) -> list[str]:
    """The exact figures of the cards' large values."""
    return re.findall(r'<p class="value"><data value="([^"]*)"', text)


def month():
    workspace = place.workspace()
    ends_on = workspace.snapshot().ends_on
    return workspace, workspace.calendar.period_of(ends_on, "month").start, ends_on


@pytest.mark.parametrize("begins", CARDS)
@pytest.mark.parametrize("who", ["director", "manager", "rep"])
def test_each_beginning_makes_a_dashboard_that_opens(signed_in, who, begins):
    client = signed_in(who)
    assert "Make the first dashboard" in page(client, "/dashboards/")
    made = client.post("/dashboards/new/", {"name": "Rapat Senin", "begins": begins, "seen_by": "me"})
    assert made.status_code == 302
    text = page(client, made.headers["location"])
    assert text.count('<article class="panel tile') == len(CARDS[begins])
    assert "no longer defined" not in text
    assert "Rapat Senin" in page(client, "/dashboards/")


def test_a_figure_equals_the_engines_answer(signed_in, dashboard):
    workspace, first, last = month()
    one = dashboard("director", Card("a", "figure", "revenue"), Card("b", "figure", "win_rate", variant="by_value"))
    expected = [
        str(workspace.ask("revenue", start=first, end=last).value()),
        str(workspace.ask("win_rate", start=first, end=last, variant="by_value").value()),
    ]
    assert figures(page(signed_in("director"), f"/dashboards/{one.pk}/")) == expected


def test_a_card_may_keep_its_own_period_and_the_link_reproduces_the_view(signed_in, dashboard):
    workspace, _first, last = month()
    year = workspace.calendar.period_of(last, "year").start
    one = dashboard("director", Card("a", "figure", "revenue", period="year"), Card("b", "figure", "revenue"))
    text = page(signed_in("director"), f"/dashboards/{one.pk}/?period=week")
    week = workspace.calendar.period_of(last, "week").start
    assert figures(text) == [
        str(workspace.ask("revenue", start=year, end=last).value()),
        str(workspace.ask("revenue", start=week, end=last).value()),
    ]
    opened = re.search(r'href="(/kpi/revenue/\?[^"]*period=year[^"]*)"', text).group(1)
    assert str(workspace.ask("revenue", start=year, end=last).value()) in page(signed_in("director"), opened)


def test_a_condition_goes_with_the_card_to_its_kpi_page(signed_in, dashboard):
    workspace, first, last = month()
    by_region = workspace.ask("revenue", start=first, end=last, by=("region",))
    region = next(row.members["region"] for row in by_region.rows() if row.value)
    value = next(row.value for row in by_region.rows() if row.members["region"] == region)
    one = dashboard("director", Card("a", "figure", "revenue", where=(("region", region),)))
    text = page(signed_in("director"), f"/dashboards/{one.pk}/")
    assert figures(text) == [str(value)]
    opened = page(signed_in("director"), re.search(r'href="(/kpi/revenue/[^"]*)"', text).group(1))
    assert f'<data value="{value}"' in opened
    assert f"Not only {region}" in opened


def test_several_conditions_must_all_hold_and_values_of_one_are_any_of_them(signed_in, dashboard):
    workspace, first, last = month()
    cells = workspace.ask("revenue", start=first, end=last, by=("region", "segment")).rows()
    found = {(row.members["region"], row.members["segment"]): row.value for row in cells if row.value}
    (region, segment), value = next((key, value) for key, value in found.items() if all(key))
    other = next(key[0] for key in found if key[0] not in (None, region))
    both = Card("a", "figure", "revenue", where=(("region", region), ("segment", segment)))
    either = Card("b", "figure", "revenue", where=(("region", region), ("region", other)))
    one = dashboard("director", both, either)
    text = page(signed_in("director"), f"/dashboards/{one.pk}/")
    shown = [float(each) for each in figures(text)]
    of_regions = sum(value for key, value in found.items() if key[0] in (region, other))
    assert shown == pytest.approx([value, of_regions])
    for address, expected in zip(re.findall(r'href="(/kpi/revenue/[^"]*)"', text), figures(text), strict=True):
        assert f'<data value="{expected}"' in page(signed_in("director"), address)


def test_a_card_that_an_older_version_stored_keeps_its_condition():
    stored = {"id": "a", "form": "figure", "kpi": "revenue", "column": "region", "value": "Java"}
    (card,) = read([stored])
    assert card.where == (("region", "Java"),)
    assert read([card.written()]) == (card,)
    for wrong in ({"where": "region"}, {"where": [["region"]]}, {"where": [["region", 7]]}, {"column": 7}):
        assert read([{"id": "a", "form": "figure", "kpi": "revenue", **wrong}])[0].form == "note"


def test_what_is_shared_is_seen_by_whom_it_is_shared_with(signed_in, dashboard):
    mine, all_, reps = (
        dashboard("director", name=name, seen_by=seen_by)
        for name, seen_by in (("A", "me"), ("B", "everybody"), ("C", "rep"))
    )
    allowed = {
        "director": {mine, all_, reps},
        "manager": {all_},
        "rep": {all_, reps},
        "administrator": {all_},
    }
    for who, seen in allowed.items():
        client = signed_in(who)
        for one in (mine, all_, reps):
            status = 200 if one in seen else 404
            assert client.get(f"/dashboards/{one.pk}/").status_code == status, (who, one)
            assert client.get(f"/dashboards/tv/?show={one.pk}").status_code == status
            assert client.get(f"/dashboards/{one.pk}/?as=csv").status_code == status
            if one not in seen:
                assert client.post(f"/dashboards/{one.pk}/copy/").status_code == 404


def test_a_forged_number_is_not_there(signed_in, dashboard, people):
    client = signed_in("rep")
    one = dashboard("director", Card("a", "figure", "revenue"), seen_by="everybody")
    for address in ("edit/", "cards/", "cards/a/", "delete/"):
        assert client.get(f"/dashboards/{one.pk}/{address}").status_code == 404
    assert client.post(f"/dashboards/{one.pk}/arrange/", {"do": "remove", "card": "a", "stamp": 0}).status_code == 404
    assert client.post(f"/dashboards/{one.pk}/delete/").status_code == 404
    for number in ("999999", "99999999999999999999999999"):
        assert client.get(f"/dashboards/{number}/").status_code == 404
        assert client.get(f"/dashboards/tv/?show={number}").status_code == 404
    own = dashboard("rep", Card("a", "figure", "revenue"))
    assert client.get(f"/dashboards/{own.pk}/cards/zzz/").status_code == 404
    for said in ({"do": "remove", "card": "zzz"}, {"do": "explode", "card": "a"}, {"do": "order", "order": "a,a"}):
        assert client.post(f"/dashboards/{own.pk}/arrange/", {**said, "stamp": 0}).status_code == 404


def test_a_shared_dashboard_never_widens_what_a_rep_sees(signed_in, dashboard, people):
    workspace, first, last = month()
    one = dashboard(
        "director",
        Card("a", "figure", "revenue"),
        Card("b", "trend", "revenue"),
        Card("c", "breakdown", "revenue", by="rep"),
        Card("d", "table", "revenue", by="account"),
        Card("e", "funnel"),
        Card("f", "target", "revenue"),
        seen_by="everybody",
    )
    viewer = Viewer("rep", frozenset({people["rep"].rep_id}))
    own = workspace.answer(Question(("revenue",), start=first, end=last, viewer=viewer)).value()
    all_ = workspace.ask("revenue", start=first, end=last).value()
    assert own != all_
    for address in (f"/dashboards/{one.pk}/", f"/dashboards/tv/?show={one.pk}"):
        text = page(signed_in("rep"), address)
        assert figures(text)[0] == str(own)
        assert str(all_) not in text
    reps = workspace.organisation(last).reps
    others = {rep.name for rep in reps.values() if rep.id != people["rep"].rep_id}
    assert any(f"<td>{name}</td>" in page(signed_in("director"), f"/dashboards/{one.pk}/") for name in others)
    assert not any(f"<td>{name}</td>" in page(signed_in("rep"), f"/dashboards/{one.pk}/") for name in others)
    file = signed_in("rep").get(f"/dashboards/{one.pk}/?as=csv").content.decode()
    assert str(own).split(".")[0] in file
    assert str(all_).split(".")[0] not in file


def test_a_card_of_another_team_answers_only_what_the_viewer_may_see(
    signed_in, dashboard, people, organisation, led_team
):
    workspace, first, last = month()
    other = next(
        team
        for team in organisation.teams.values()
        if team.parent_id
        and team.id != led_team.id
        and workspace.ask("revenue", start=first, end=last, where={"team": team.id}).value()
    )
    customer = next(
        row.members["account"]
        for row in workspace.ask("revenue", start=first, end=last, by=("account",), where={"team": other.id}).rows()
        if row.value
    )
    one = dashboard(
        "director",
        Card("a", "figure", "revenue", team=other.id),
        Card("b", "breakdown", "revenue", by="rep", team=other.id),
        Card("c", "figure", "revenue", where=(("account", customer),)),
        seen_by="everybody",
    )
    viewer = Viewer("rep", frozenset({people["rep"].rep_id}))
    where = (Filter("team", (other.id,)),)
    expected = workspace.answer(Question(("revenue",), start=first, end=last, where=where, viewer=viewer)).value()
    theirs = workspace.ask("revenue", start=first, end=last, where={"team": other.id}).value()
    text = page(signed_in("rep"), f"/dashboards/{one.pk}/")
    assert "of a part that is not yours to see" in text
    assert str(theirs) not in text
    for secret in (other.name, other.id, customer):
        assert secret not in text
    if expected is not None:
        assert figures(text)[0] == str(expected)
    made = signed_in("rep").post(f"/dashboards/{one.pk}/copy/", follow=True).content.decode()
    assert other.id not in made
    assert customer not in unescape(made)
    assert Dashboard.objects.get(owner=people["rep"]).cards == []
    assert other.name in page(signed_in("director"), f"/dashboards/{one.pk}/")


def test_a_kpi_that_is_gone_is_said_on_its_card_and_the_rest_is_shown(signed_in, dashboard):
    one = dashboard(
        "director",
        Card("a", "figure", "vanished"),
        Card("b", "figure", "revenue", variant="vanished"),
        Card("c", "breakdown", "revenue", by="loss_reason"),
        Card("d", "figure", "revenue", where=(("' OR 1=1 --", "<b>"),)),
        Card("e", "figure", "revenue"),
    )
    Dashboard.objects.filter(pk=one.pk).update(cards=[*one.cards, 7, {"form": "pie"}, {"form": "note", "text": ["x"]}])
    for address in (f"/dashboards/{one.pk}/", f"/dashboards/{one.pk}/edit/", f"/dashboards/tv/?show={one.pk}&turn=1"):
        text = page(signed_in("director"), address)
        assert len(figures(text)) == 1
    text = page(signed_in("director"), f"/dashboards/{one.pk}/")
    assert "This KPI is no longer defined" in text
    assert "This variant is no longer defined" in text
    assert text.count("This card cannot be read") == 3
    Dashboard.objects.filter(pk=one.pk).update(cards={"not": "a list"})
    assert "has no cards yet" in page(signed_in("director"), f"/dashboards/{one.pk}/")


def test_many_cards_are_asked_in_one_question(signed_in, dashboard, monkeypatch):
    asked = []
    workspace = place.workspace()
    answer = type(workspace).answer
    monkeypatch.setattr(
        type(workspace),
        "answer",
        lambda self, question, **more: asked.append(question) or answer(self, question, **more),
    )
    kpis = ("revenue", "win_rate", "deals_won", "open_pipeline", "meetings")
    one = dashboard("director", *(Card(kpi, "figure", kpi) for kpi in kpis), Card("t", "trend", "revenue"))
    page(signed_in("director"), f"/dashboards/{one.pk}/")
    assert len(asked) == 2  # the figures, and their targets
    assert set(asked[0].kpis) == set(kpis)


def test_every_beginning_names_kpis_that_exist(company):
    known = place.workspace().definitions
    for name, cards in CARDS.items():
        assert len(start(name, known)) == len(cards)
    assert [card.form for card in read([{"form": "figure", "width": 99}])] == ["figure"]

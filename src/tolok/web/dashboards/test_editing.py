"""Changing a dashboard by plain forms; of two who change it at once the second is told."""

from __future__ import annotations

import json
from html import unescape

import pytest

from tolok.app import place
from tolok.app.models import AuditEntry, Dashboard
from tolok.query.browse import Condition, Listing

CARDS = [
    {"id": "a", "form": "figure", "kpi": "revenue", "width": 1},
    {"id": "b", "form": "trend", "kpi": "win_rate", "width": 2},
    {"id": "c", "form": "note", "text": "Rapat pukul 9", "width": 1},
]


@pytest.fixture
def board(people) -> Dashboard:
    return Dashboard.objects.create(owner=people["director"], name="Pagi", seen_by="everybody", cards=CARDS)


def ids(board: Dashboard) -> str:
    board.refresh_from_db()
    return "".join(card["id"] for card in board.cards)


def regions() -> list[str]:
    answer = place.workspace().ask("revenue", by=("region",))
    return [name for (name,) in answer.members if name]


def test_a_value_that_the_data_does_not_have_is_refused_with_those_it_has(signed_in, board):
    region = regions()[0]
    said = {"width": 1, "column": "region", "value": region[:-1] + "x", "stamp": 0}
    address = f"/dashboards/{board.pk}/cards/?form=figure&kpi=revenue"
    page = unescape(signed_in("director").post(address, said).content.decode())
    assert f"The data has no “{said['value']}” here. It has, for example:" in page
    assert region in page
    board.refresh_from_db()
    assert board.stamp == 0


def arrange(client, board: Dashboard, **said):
    board.refresh_from_db()
    return client.post(f"/dashboards/{board.pk}/arrange/", {"stamp": board.stamp, **said})


def test_cards_move_widen_and_go_by_buttons(signed_in, board):
    client = signed_in("director")
    for said, card, expected in (
        ("later", "a", "bac"),
        ("earlier", "c", "bca"),
        ("later", "a", "bca"),
        ("earlier", "b", "bca"),
    ):
        answer = arrange(client, board, do=said, card=card)
        assert answer.headers["location"].endswith(f"/edit/#card-{card}")
        assert ids(board) == expected
    arrange(client, board, do="wider", card="b")
    arrange(client, board, do="narrower", card="c")
    board.refresh_from_db()
    assert [card["width"] for card in board.cards] == [3, 1, 1]
    arrange(client, board, do="remove", card="c")
    assert ids(board) == "ba"


def test_a_whole_order_is_sent_by_script(signed_in, board):
    client = signed_in("director")
    headers = {"X-Requested-With": "fetch"}
    answer = client.post(
        f"/dashboards/{board.pk}/arrange/", {"stamp": 0, "do": "order", "order": "c,a,b"}, headers=headers
    )
    assert json.loads(answer.content) == {"stamp": 1}
    assert ids(board) == "cab"
    late = client.post(
        f"/dashboards/{board.pk}/arrange/", {"stamp": 0, "do": "order", "order": "a,b,c"}, headers=headers
    )
    assert late.status_code == 409
    assert "changed elsewhere" in json.loads(late.content)["says"]
    assert ids(board) == "cab"


def test_the_second_of_two_browsers_is_told_and_nothing_is_written_over(signed_in, board):
    first, second = signed_in("director"), signed_in("director")
    first.post(f"/dashboards/{board.pk}/arrange/", {"do": "remove", "card": "b", "stamp": 0})
    told = second.post(f"/dashboards/{board.pk}/arrange/", {"do": "later", "card": "a", "stamp": 0}, follow=True)
    assert "changed elsewhere" in told.content.decode()
    gone = second.post(f"/dashboards/{board.pk}/arrange/", {"do": "wider", "card": "b", "stamp": 0}, follow=True)
    assert "no longer there" in gone.content.decode()
    told = second.post(f"/dashboards/{board.pk}/edit/", {"name": "Sore", "seen_by": "me", "stamp": 0}, follow=True)
    assert "changed elsewhere" in told.content.decode()
    typed = {"text": "Rapat pukul 10", "width": 2, "stamp": 0}
    told = second.post(f"/dashboards/{board.pk}/cards/c/", typed)
    assert "changed elsewhere" in told.content.decode()
    assert "Rapat pukul 10" in told.content.decode()
    board.refresh_from_db()
    assert (board.name, board.seen_by, board.stamp, ids(board)) == ("Pagi", "everybody", 1, "ac")
    assert board.cards[1]["text"] == "Rapat pukul 9"
    second.post(f"/dashboards/{board.pk}/cards/c/", {**typed, "stamp": 1})
    board.refresh_from_db()
    assert board.cards[1]["text"] == "Rapat pukul 10"


@pytest.mark.parametrize(
    ("form", "kpi", "said"),
    [
        ("figure", "win_rate", {"variant": "by_value", "period": "quarter", "compare": "last-year"}),
        ("trend", "revenue", {"title": "Penjualan"}),
        ("breakdown", "revenue", {"by": "team"}),
        ("table", "revenue", {"by": "rep", "column": "region", "value": "Java"}),
        ("target", "revenue", {"period": "year"}),
        ("funnel", "", {}),
        ("note", "", {"text": "<script>alert(1)</script>"}),
    ],
)
def test_a_card_of_each_form_is_added_by_a_plain_form(signed_in, board, form, kpi, said):
    client = signed_in("director")
    said = {**said, **({"value": regions()[0]} if "value" in said else {})}
    address = f"/dashboards/{board.pk}/cards/?form={form}&kpi={kpi}"
    assert client.get(address).status_code == 200
    answer = client.post(address, {**said, "width": 3, "stamp": 0}, follow=True)
    board.refresh_from_db()
    assert len(board.cards) == 4, unescape(answer.content.decode())[-3000:]
    card = board.cards[-1]
    where = said.pop("column", ""), said.pop("value", "")
    assert card.get("where", []) == ([list(where)] if where[0] else [])
    assert {key: card[key] for key in said} == said
    assert (card["form"], card.get("kpi", ""), card["width"]) == (form, kpi, 3)
    for part in ("", "edit/"):
        page = client.get(f"/dashboards/{board.pk}/{part}").content.decode()
        assert f'w3 is-{form}"' in page
        assert "<script>alert" not in page


def test_several_conditions_are_said_in_the_form_and_changed_there(signed_in, board):
    client, (one, other) = signed_in("director"), regions()[:2]
    answer = place.workspace().ask("revenue", by=("segment",))
    segment = next(name for (name,) in answer.members if name)
    address = f"/dashboards/{board.pk}/cards/?form=figure&kpi=revenue"
    pairs = {"column": "region", "value": one, "column_2": "region", "value_2": other}
    client.post(address, {**pairs, "width": 1, "stamp": 0})
    board.refresh_from_db()
    card = board.cards[-1]
    assert card["where"] == [["region", one], ["region", other]]
    change = f"/dashboards/{board.pk}/cards/{card['id']}/"
    page = unescape(client.get(change).content.decode())
    assert f'value="{one}"' in page
    assert f'value="{other}"' in page
    assert 'name="column_3"' in page
    client.post(change, {**pairs, "column_3": "segment", "value_3": segment, "width": 1, "stamp": board.stamp})
    board.refresh_from_db()
    assert board.cards[-1]["where"] == [["region", one], ["region", other], ["segment", segment]]
    wrong = client.post(change, {**pairs, "column_2": "", "width": 1, "stamp": board.stamp})
    assert f"Choose what “{other}” is." in unescape(wrong.content.decode())


def test_a_funnel_shows_the_pipeline_that_was_chosen(signed_in, board):
    client = signed_in("director")
    held = place.workspace().browse(Listing("pipelines", ("name",))).records
    assert len(held) > 1
    for each in held:
        client.post(
            f"/dashboards/{board.pk}/cards/?form=funnel", {"pipeline": each.id, "width": 2, "stamp": board.stamp}
        )
        board.refresh_from_db()
        assert board.cards[-1]["pipeline"] == each.id
    page = unescape(client.get(f"/dashboards/{board.pk}/").content.decode())
    tiles = [tile for tile in page.split("<article")[1:] if "is-funnel" in tile]
    stages = place.workspace().browse(
        Listing("stages", ("name", "pipeline_id"), (), (Condition("outcome", "not", ("won", "lost")),), limit=50)
    )
    for each, tile in zip(held, tiles[-len(held) :], strict=True):
        assert str(each.get("name")) in tile
        for stage in stages.records:
            if stage.get("name") and sum(one.get("name") == stage.get("name") for one in stages.records) == 1:
                assert (f">{stage.get('name')}<" in tile) == (stage.get("pipeline_id") == each.id), stage
    board.cards[-1]["pipeline"] = "gone"
    board.save()
    assert "This pipeline is no longer in the data." in client.get(f"/dashboards/{board.pk}/").content.decode()


def test_bad_input_is_answered_in_a_sentence_and_changes_nothing(signed_in, board):
    client = signed_in("director")
    for query, said, words in (
        ("form=breakdown&kpi=revenue", {"by": "moon", "width": 1}, "Select a valid choice"),
        ("form=figure&kpi=revenue", {"width": 9}, "Select a valid choice"),
        ("form=figure&kpi=revenue", {"width": 1, "column": "region"}, "Say which one."),
        ("form=figure&kpi=revenue", {"width": 1, "value": "Java"}, "Choose what"),
        ("form=figure&kpi=revenue", {"width": 1, "team": "nobody"}, "Select a valid choice"),
        ("form=note", {"width": 1, "text": ""}, "required"),
        ("form=note", {"width": 1, "text": "x" * 1001}, "at most 1000"),
    ):
        answer = client.post(f"/dashboards/{board.pk}/cards/?{query}", {**said, "stamp": 0})
        assert words in unescape(answer.content.decode()), (query, said)
    assert client.get(f"/dashboards/{board.pk}/cards/?form=pie").status_code == 404
    assert client.get(f"/dashboards/{board.pk}/cards/?form=figure&kpi=vanished").status_code == 200
    assert client.post(f"/dashboards/{board.pk}/cards/?form=figure&kpi=vanished", {"width": 1}).status_code == 200
    empty = client.post("/dashboards/new/", {"name": " ", "begins": "moon", "seen_by": "x"})
    assert empty.status_code == 200
    board.refresh_from_db()
    assert board.stamp == 0


def test_a_manager_cannot_choose_a_team_that_is_not_theirs(signed_in, people, organisation, led_team):
    board = Dashboard.objects.create(owner=people["manager"], name="Tim", cards=[])
    other = next(team.id for team in organisation.teams.values() if team.id != led_team.id and team.parent_id)
    address = f"/dashboards/{board.pk}/cards/?form=figure&kpi=revenue"
    client = signed_in("manager")
    assert f'value="{other}"' not in client.get(address).content.decode()
    client.post(address, {"width": 1, "team": other, "stamp": 0})
    board.refresh_from_db()
    assert board.cards == []


def test_name_and_audience_are_changed_copied_deleted_and_logged(signed_in, board, people):
    client = signed_in("director")
    client.post(f"/dashboards/{board.pk}/edit/", {"name": "Sore", "seen_by": "manager", "stamp": 0})
    board.refresh_from_db()
    assert (board.name, board.seen_by) == ("Sore", "manager")
    assert signed_in("rep").get(f"/dashboards/{board.pk}/").status_code == 404
    copy = signed_in("manager").post(f"/dashboards/{board.pk}/copy/")
    mine = Dashboard.objects.get(owner=people["manager"])
    assert copy.headers["location"] == f"/dashboards/{mine.pk}/edit/"
    assert (mine.name, mine.seen_by, len(mine.cards)) == ("Sore (copy)", "me", 3)
    asked = client.get(f"/dashboards/{board.pk}/delete/").content.decode()
    assert "Those it is shared with lose it too." in asked
    assert Dashboard.objects.filter(pk=board.pk).exists()
    client.post(f"/dashboards/{board.pk}/delete/")
    assert not Dashboard.objects.filter(pk=board.pk).exists()
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor_name")) == [
        ("dashboard changed", str(people["director"])),
        ("dashboard made", str(people["manager"])),
        ("dashboard deleted", str(people["director"])),
    ]
    assert AuditEntry.objects.order_by("pk")[0].details["before"] == {"name": "Pagi", "seen_by": "everybody"}


def test_files_of_a_dashboard_hold_what_it_shows(signed_in, board):
    client = signed_in("director")
    file = client.get(f"/dashboards/{board.pk}/?as=csv")
    assert file.headers["content-type"].startswith("text/csv")
    text = file.content.decode()
    assert "Revenue" in text
    assert "Win rate" in text
    assert client.get(f"/dashboards/{board.pk}/?as=xlsx").content[:2] == b"PK"
    for form in ("pdf", "png"):
        assert client.get(f"/dashboards/{board.pk}/?as={form}").status_code == 302
    assert client.get(f"/dashboards/{board.pk}/?as=exe").status_code == 404


def test_tv_mode_turns_through_what_may_be_opened(signed_in, board, people):
    hidden = Dashboard.objects.create(owner=people["director"], name="Rahasia", cards=CARDS)
    other = Dashboard.objects.create(owner=people["rep"], name="Punya saya", cards=CARDS[:1])
    client = signed_in("rep")
    address = f"/dashboards/tv/?show={board.pk}&show={hidden.pk}&show={other.pk}&every=15"
    first = unescape(client.get(address).content.decode())
    assert "<h1>Pagi</h1>" in first
    assert "1 of 2" in first
    assert 'hx-trigger="every 15s"' in first
    assert 'data-theme="dark"' in first
    assert "<nav" not in first
    script = {"HX-Request": "true"}
    second = unescape(client.get(f"{address}&turn=1", headers=script).content.decode())
    assert second.lstrip().startswith('<main id="screen"')
    assert "<h1>Punya saya</h1>" in second
    assert "<h1>Pagi</h1>" in client.get(f"{address}&turn=2", headers=script).content.decode()
    assert 'data-theme="light"' in client.get(f"{address}&look=light").content.decode()
    board.delete()
    other.delete()
    gone = client.get(f"{address}&turn=1", headers=script)
    assert gone.headers["HX-Refresh"] == "true"
    for every in ("0", "two", "99999", "-1"):
        assert client.get(f"/dashboards/tv/?show={hidden.pk}&every={every}").status_code == 400


def test_pages_are_in_indonesian(signed_in, board):
    client = signed_in("director")
    client.cookies["tolok_language"] = "id"
    for address, words in (
        ("/dashboards/", "Dasbor saya"),
        (f"/dashboards/{board.pk}/", "Mode TV"),
        (f"/dashboards/{board.pk}/edit/", "Seret kartu"),
        (f"/dashboards/{board.pk}/cards/?form=figure&kpi=revenue", "Ikut halaman"),
        (f"/dashboards/tv/?show={board.pk}", "Tahan layar ini"),
    ):
        assert words in client.get(address).content.decode()

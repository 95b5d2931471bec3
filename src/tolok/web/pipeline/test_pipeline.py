"""The pipeline shows the deals that a person may see; another's deal has no page."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tolok.app import place
from tolok.app.models import SavedView
from tolok.query.browse import Condition, Listing
from tolok.query.question import Question, Viewer
from tolok.web.pipeline.attention import signs


def deals(viewer: Viewer | None = None, **conditions: object) -> list:
    wanted = tuple(Condition(name, "is", value) for name, value in conditions.items())  # type: ignore[arg-type]
    return list(
        place.workspace().browse(Listing("deals", (), (), wanted, limit=5000, viewer=viewer or Viewer())).records
    )


def shown(page: str) -> set[str]:
    return set(re.findall(r'href="/pipeline/deals/([^"/]+)/"', page))


def test_each_sees_the_open_deals_that_are_theirs(signed_in, people, organisation):
    every = {deal.id for deal in deals(status="open")}
    for who, reps in (
        ("director", None),
        ("manager", organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id}),
        ("rep", frozenset({people["rep"].rep_id})),
    ):
        expected = {deal.id for deal in deals(Viewer(who, reps), status="open")} if reps else every
        found: set[str] = set()
        for number in range(1, 40):
            page = signed_in(who).get(f"/pipeline/?order=name&page={number}").content.decode()
            if not shown(page):
                break
            found |= shown(page)
        assert found == expected, who
    assert every


def test_the_funnel_is_that_of_the_engine(signed_in):
    workspace = place.workspace()
    month = workspace.calendar.period_of(workspace.today, "month")
    answer = workspace.answer(Question(("open_pipeline",), start=month.start, end=workspace.today, by=("stage",)))
    expected = {row.members["stage"]: row.value for row in answer.rows() if row.value}
    table = (
        signed_in("director").get("/pipeline/").content.decode().split('class="table funnel"')[1].split("</table>")[0]
    )
    rows = re.findall(r"#deals\">([^<]+)</a>.*?<data[^>]*>[^<]*</data>.*?<data value=\"([^\"]+)\"", table, re.S)
    assert {name: float(value) for name, value in rows if float(value)} == expected


def test_a_deal_of_others_has_no_page(signed_in, people):
    own = deals(Viewer("rep", frozenset({people["rep"].rep_id})))
    mine = {deal.id for deal in own}
    foreign = next(deal for deal in deals() if deal.id not in mine)
    assert signed_in("rep").get(f"/pipeline/deals/{own[0].id}/").status_code == 200
    for wrong in (foreign.id, "demo:D-9999999", "x'; DROP TABLE deals; --", "..%2f..%2fetc"):
        answer = signed_in("rep").get(f"/pipeline/deals/{wrong}/")
        assert answer.status_code == 404
        assert str(foreign.get("name")) not in answer.content.decode()
    assert signed_in("director").get(f"/pipeline/deals/{foreign.id}/").status_code == 200


def test_a_deal_shows_its_history_and_stages_by_name(signed_in):
    deal = next(deal for deal in deals(status="won"))
    page = signed_in("director").get(f"/pipeline/deals/{deal.id}/").content.decode()
    events = place.workspace().browse(Listing("deal_events", (), (), (Condition("deal_id", "is", deal.id),), limit=500))
    assert page.count('class="when"') >= len({(e.get("field"), e.get("on")) for e in events.records})
    assert not re.search(r"→ </span>demo:S-", page)


def test_the_bridge_adds_up_on_the_page(signed_in):
    page = signed_in("director").get("/pipeline/changes/?period=quarter").content.decode()
    cells = re.findall(r'<td class="number">([+−]?)<data value="([^"]+)" title="[^"]*Rp', page)
    amounts = [Decimal(value) * (-1 if sign == "−" else 1) for sign, value in cells]
    assert len(amounts) > 3
    assert sum(amounts[:-1]) == amounts[-1]


@pytest.mark.parametrize("step", ["won", "new", "slipped"])
def test_a_step_opens_to_its_deals(signed_in, people, step):
    own = {deal.id for deal in deals(Viewer("rep", frozenset({people["rep"].rep_id})))}
    page = signed_in("rep").get(f"/pipeline/changes/?period=quarter&step={step}").content.decode()
    assert shown(page) <= own


def test_the_board_holds_every_stage(signed_in):
    page = signed_in("manager").get("/pipeline/board/").content.decode()
    stages = place.workspace().browse(Listing("stages", ("name", "outcome"), limit=100)).records
    lanes = set(re.findall(r'class="lane" aria-label="([^"]+)"', page))
    assert lanes
    assert lanes <= {stage.get("name") for stage in stages if stage.get("outcome") not in ("won", "lost")}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("care=overdue", 200),
        ("care=idle", 200),
        ("care=undated", 200),
        ("status=won&order=created", 200),
        ("q=' OR 1=1", 200),
        ("stage=none", 200),
        ("page=0", 200),
        ("page=-7", 200),
        ("page=99999999999999", 200),
        ("least=1,000&most=2000000", 200),
        ("closes_from=2026-01-01&closes_to=2026-12-31", 200),
        ("least=ten", 400),
        ("least=-10", 400),
        ("closes_from=31/12/2026", 400),
        ("rep=nobody", 400),
        ("care=love", 400),
        ("order=luck", 400),
        ("status=gone", 400),
    ],
)
def test_any_address_is_answered(signed_in, query, status):
    assert signed_in("director").get(f"/pipeline/?{query}").status_code == status


def test_a_view_is_saved_found_again_shared_and_deleted_by_its_owner_alone(signed_in):
    rep, stranger = signed_in("rep"), signed_in("stranger")
    given = {"name": "Care", "query": "care=no_step&page=3&next=evil&order=close"}
    answer = rep.post("/pipeline/views/", given)
    assert answer.headers["location"] == "/pipeline/?care=no_step&order=close#deals"
    assert 'href="/pipeline/?care=no_step&amp;order=close#deals"' in rep.get("/pipeline/").content.decode()
    assert ">Care</a>" not in stranger.get("/pipeline/").content.decode()
    rep.post("/pipeline/views/", {**given, "shared": "on"})
    assert SavedView.objects.count() == 1
    assert ">Care</a>" in stranger.get("/pipeline/").content.decode()
    view = SavedView.objects.get()
    assert stranger.post(f"/pipeline/views/{view.pk}/delete/").status_code == 404
    assert rep.get(f"/pipeline/views/{view.pk}/delete/").status_code == 405
    rep.post(f"/pipeline/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()
    rep.post("/pipeline/views/", {"name": " ", "query": ""})
    assert not SavedView.objects.exists()


def test_the_list_keeps_what_the_amounts_and_signs_say(signed_in):
    known = signs(place.workspace())
    every = deals(status="open")
    middle = sorted(deal.get("amount") or 0 for deal in every)[len(every) // 2]
    for query, expected in (
        (f"least={middle}", {deal.id for deal in every if (deal.get("amount") or 0) >= middle}),
        ("care=stuck", {deal.id for deal in every if known.stuck(deal.id)}),
        ("care=no_step", {d.id for d in every if not d.get("next_step") and d.id not in (known.planned or ())}),
    ):
        found: set[str] = set()
        for number in range(1, 40):
            page = signed_in("director").get(f"/pipeline/?{query}&page={number}").content.decode()
            if not shown(page):
                break
            found |= shown(page)
        assert found == expected, query


def test_the_funnel_tells_how_long_open_deals_wait_in_their_stage_now(signed_in, people):
    """The median and the longest of each stage, against the stays counted one by one, for all and for one rep."""
    from statistics import median

    workspace = place.workspace()
    still = (Condition("left_on", "unknown"), Condition("deal_id.status", "is", "open"))
    columns = ("stage_id", "entered_on", "deal_id.owner_id")
    stays = workspace.browse(Listing("stage_stays", columns, (), still, limit=5000)).records
    for who, mine in (("director", None), ("rep", people["rep"].rep_id)):
        expected: dict[str, list[int]] = {}
        for stay in stays:
            if mine is None or stay.get("deal_id.owner_id") == mine:
                days = (workspace.today - stay.get("entered_on")).days
                expected.setdefault(str(stay.get("stage_id")), []).append(days)
        answer = signed_in(who).get("/pipeline/")
        found = {line.id: (line.age.median, line.age.oldest) for line in answer.context["stages"] if line.age}
        assert found == {stage: (median(days), max(days)) for stage, days in expected.items()}, who
        assert found
        assert "Longest now" in answer.content.decode()

"""Targets in the browser: set, shared out, negotiated, approved and published; each person as far as they may."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tolok.app import place
from tolok.app.models import AuditEntry, TargetVersion
from tolok.targets.members import people as people_of
from tolok.web.targets import planning

NEXT = "2027-01"


@pytest.fixture(autouse=True)
def _own_company(company, tmp_path):
    """A copy of the company, since approving publishes into it."""
    before = place.folder()
    shutil.copytree(company, tmp_path / "w", ignore=shutil.ignore_patterns("app.sqlite3*"))
    place.use(tmp_path / "w")
    yield
    place.use(before)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(planning, "today", lambda: date(2026, 11, 23))


def said(response) -> str:
    return unescape(response.content.decode())


def new(client, **fields):
    sent = {"kpi": "revenue", "period": NEXT, "value": "1,000,000", **fields}
    return client.post("/targets/new/", sent, follow=True)


def newest() -> TargetVersion:
    return TargetVersion.objects.latest("pk")


def decide(client, row: TargetVersion, action: str, reason: str = "", stamp: int | None = None):
    sent = {"action": action, "row": row.pk, "stamp": row.stamp if stamp is None else stamp, "reason": reason}
    return client.post(f"/targets/{row.pk}/", sent, follow=True)


def test_every_page_opens_without_script_or_inline_style(signed_in):
    for page in (
        "",
        "new/",
        "share/",
        "file/",
        "last-year/?uplift=10",
        "sentence/?text=increase+sales",
        "?period=year",
    ):
        answer = signed_in("director").get(f"/targets/{page}")
        assert answer.status_code == 200, page
        assert "style=" not in answer.content.decode()
        assert "<script>" not in answer.content.decode()


def test_a_director_proposes_the_manager_accepts_and_approval_publishes_it(signed_in, led_team):
    director, manager = signed_in("director"), signed_in("manager")
    assert "The target was proposed." in said(new(director, team=led_team.id, why="a new market"))
    row = newest()
    assert (row.state, row.version, row.scope) == ("proposed", 1, {"team": led_team.id})
    assert "Waits for you" in said(manager.get(f"/targets/?at={NEXT}-01"))
    assert "The target was accepted." in said(decide(manager, row, "accepted"))
    row.refresh_from_db()
    snapshots = place.workspace().snapshots
    before = snapshots.current().id
    assert "The target was approved." in said(decide(director, row, "approved"))
    assert snapshots.current().id > before
    asked = place.workspace().ask(
        "revenue", start="2027-01-01", end="2027-01-31", by="team", compare="target", where={"team": led_team.id}
    )
    assert [found.target for found in asked.rows()] == [1_000_000]
    assert [entry.action for entry in AuditEntry.objects.order_by("id")][-3:] == [
        "target proposed",
        "target accepted",
        "target approved",
    ]


def test_a_target_is_contested_with_a_reason_and_answered_with_a_new_version(signed_in, people):
    director, rep = signed_in("director"), signed_in("rep")
    new(director, rep=people["rep"].rep_id)
    row = newest()
    assert "contested with a reason" in said(decide(rep, row, "contested"))
    decide(rep, row, "contested", "two of my customers are leaving")
    assert "two of my customers are leaving" in said(director.get(f"/targets/{row.pk}/"))
    director.post(f"/targets/{row.pk}/", {"action": "revise", "version": 1, "value": "900,000", "why": "agreed"})
    assert (newest().version, newest().value, newest().state) == (2, 900_000, "proposed")


def test_an_approved_version_stays_and_is_changed_only_with_a_reason(signed_in, led_team):
    director = signed_in("director")
    new(director, team=led_team.id)
    row = newest()
    decide(director, row, "approved")
    answer = director.post(f"/targets/{row.pk}/", {"action": "revise", "version": 1, "value": "2,000,000"}, follow=True)
    assert "changed with a reason" in said(answer)
    director.post(f"/targets/{row.pk}/", {"action": "revise", "version": 1, "value": "2,000,000", "why": "grew"})
    first, second = TargetVersion.objects.order_by("version")
    assert (first.state, first.value, second.state, second.value) == ("approved", 1_000_000, "proposed", 2_000_000)
    with pytest.raises(TypeError):
        first.save()
    asked = place.workspace().ask("revenue", start="2027-01-01", end="2027-01-31", by="team", compare="target")
    assert {found.target for found in asked.rows() if found.ids["team"] == led_team.id} == {1_000_000}


def test_of_two_who_change_the_same_target_the_second_is_told(signed_in, led_team):
    director = signed_in("director")
    new(director, team=led_team.id, seen="0")
    row = newest()
    assert "Somebody else changed this target" in said(new(director, team=led_team.id, value="5", seen="0"))
    decide(director, row, "approved")
    assert "Somebody else changed this target" in said(decide(director, row, "approved", stamp=0))
    revise = {"action": "revise", "version": 1, "value": "7", "why": "one"}
    director.post(f"/targets/{row.pk}/", revise)
    answer = director.post(f"/targets/{row.pk}/", {**revise, "value": "8"}, follow=True)
    assert "Somebody else changed this target" in said(answer)
    assert [version.value for version in TargetVersion.objects.order_by("version")] == [1_000_000, 7]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"value": "-10"}, "cannot be negative"),
        ({"value": "ten"}, "“ten” is not a number"),
        ({"period": "2020-01"}, "The period has passed"),
        ({"period": "soon"}, "is no period"),
        ({"kpi": "win_rate", "value": "130"}, "more than 100"),
        ({"rep": "nobody:R-99"}, "There is no rep"),
        ({"product": "perpetual motion"}, "There is no product"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(signed_in, fields, says):
    answer = new(signed_in("director"), why="my <reason>", **fields)
    assert answer.status_code == 400
    assert says in said(answer)
    assert "my &lt;reason&gt;" in answer.content.decode()
    assert not TargetVersion.objects.exists()


def test_a_rep_who_left_gets_no_target(signed_in, organisation):
    gone = next(id_ for id_, one in people_of(place.workspace().engine())["rep"].items() if one.left_on)
    answer = new(signed_in("director"), rep=gone)
    assert answer.status_code == 400
    assert "left on" in said(answer)


def test_a_rep_sees_their_own_the_teams_and_the_companys_target_and_nobody_elses(signed_in, people, led_team):
    director = signed_in("director")
    rows = {}
    for name, scope in (
        ("own", {"rep": people["rep"].rep_id}),
        ("team", {"team": led_team.id}),
        ("company", {}),
        ("stranger", {"rep": people["stranger"].rep_id}),
    ):
        new(director, **scope)
        rows[name] = newest()
    rep = signed_in("rep")
    for name in ("own", "team", "company"):
        assert rep.get(f"/targets/{rows[name].pk}/").status_code == 200
    assert rep.get(f"/targets/{rows['stranger'].pk}/").status_code == 404
    assert rep.get("/targets/999999/").status_code == 404
    shown = said(rep.get(f"/targets/?at={NEXT}-01"))
    other = place.workspace().organisation(date(2026, 11, 23)).reps[people["stranger"].rep_id].name
    assert other not in shown
    assert f"/targets/{rows['stranger'].pk}/" not in shown


def test_a_workspace_may_keep_totals_from_reps(signed_in, people, led_team, monkeypatch):
    director = signed_in("director")
    new(director, team=led_team.id)
    team = newest()
    new(director)
    company = newest()
    for shared, sees in (("company", (200, 200)), ("team", (200, 404)), ("own", (404, 404))):
        path = place.folder() / "tolok.toml"
        text = re.sub(r"shared_totals = .*\n", "", path.read_text("utf-8"))
        path.write_text(f'shared_totals = "{shared}"\n{text}', "utf-8")
        place.use(place.folder())
        rep = signed_in("rep")
        assert tuple(rep.get(f"/targets/{row.pk}/").status_code for row in (team, company)) == sees


def test_nobody_does_what_is_not_theirs_by_forging_an_address_or_a_form(signed_in, people, led_team):
    director = signed_in("director")
    new(director, rep=people["rep"].rep_id)
    own = newest()
    new(director, rep=people["stranger"].rep_id)
    other = newest()
    rep, manager, analyst = signed_in("rep"), signed_in("manager"), signed_in("analyst")
    assert rep.get("/targets/new/").status_code == 403
    for path in ("new", "share", "file", "last-year", "sentence"):
        assert rep.post(f"/targets/{path}/", {"value": "1"}).status_code == 403
        assert analyst.post(f"/targets/{path}/", {"value": "1"}).status_code == 403
    assert decide(rep, other, "accepted").status_code == 404
    assert decide(rep, own, "approved").status_code == 403
    # one's own page does not carry a decision about another's target
    answer = rep.post(f"/targets/{own.pk}/", {"action": "accepted", "row": other.pk, "stamp": 0})
    assert answer.status_code == 403
    assert rep.post(f"/targets/{own.pk}/", {"action": "revise", "version": 1, "value": "1"}).status_code == 403
    assert manager.post("/targets/approve/", {"target": f"{own.pk}.0"}).status_code == 403
    assert decide(manager, own, "accepted").status_code == 403  # the rep answers for themselves
    assert new(manager).status_code in (400, 403)  # the company is not a manager's
    assert new(manager, rep=people["stranger"].rep_id).status_code == 400
    assert new(manager, rep=people["manager"].rep_id).status_code == 400
    assert analyst.post(f"/targets/{own.pk}/", {"action": "accepted", "row": own.pk, "stamp": 0}).status_code == 403
    assert rep.post(f"/targets/{own.pk}/", {"action": "deleted"}).status_code == 404
    assert {row.state for row in TargetVersion.objects.all()} == {"proposed"}
    assert TargetVersion.objects.count() == 2


def test_a_manager_sets_targets_of_their_people(signed_in, people):
    answer = new(signed_in("manager"), rep=people["rep"].rep_id)
    assert "The target was proposed." in said(answer)


def test_several_are_approved_at_once_and_changed_ones_are_told(signed_in, people, led_team):
    director, rep = signed_in("director"), signed_in("rep")
    new(director, team=led_team.id)
    team = newest()
    new(director, rep=people["rep"].rep_id)
    own = newest()
    decide(rep, own, "contested", "too much")  # after the director opened the page
    sent = {"target": [f"{team.pk}.0", f"{own.pk}.0", "1'OR'1=1", "99999.0"]}
    answer = said(director.post("/targets/approve/", sent, follow=True))
    assert "1 target was approved." in answer
    assert "2 targets were changed by somebody else" in answer
    team.refresh_from_db()
    own.refresh_from_db()
    assert (team.state, own.state) == ("approved", "contested")


CASCADE = {
    "kpi": "revenue",
    "total": "12,000,000,000",
    "for": "2027",
    "basis": "equal",
    "season": "yes",
    "carried": "yes",
    "level": ["company", "team", "rep"],
}


def teams_of(organisation) -> list[str]:
    leaders = {team.manager_id for team in organisation.teams.values()}
    return sorted({rep.team_id for rep in organisation.reps.values() if rep.active and rep.id not in leaders})


def test_a_year_is_shared_out_and_every_level_adds_up(signed_in, organisation):
    director = signed_in("director")
    sent = {**CASCADE, "team": teams_of(organisation)}
    preview = director.post("/targets/share/", sent)
    assert preview.status_code == 200
    assert "Adds up exactly" in said(preview)
    assert not TargetVersion.objects.exists()
    seen = re.search(r'name="seen" value="(\w{16})"', preview.content.decode()).group(1)
    done = director.post("/targets/share/", {**sent, "seen": seen}, follow=True)
    assert "targets were proposed." in said(done)
    rows = [row.target for row in TargetVersion.objects.all()]
    for level in ("", "team", "rep"):
        values = [row.value for row in rows if row.scope.dimensions == ((level,) if level else ())]
        assert sum(values) == 12_000_000_000, level
    assert AuditEntry.objects.filter(action="targets proposed").count() == 1


def test_what_was_not_seen_is_not_proposed(signed_in, organisation):
    sent = {**CASCADE, "team": teams_of(organisation), "seen": "0123456789abcdef"}
    answer = signed_in("director").post("/targets/share/", sent)
    assert answer.status_code == 400
    assert "changed since the preview" in said(answer)
    assert not TargetVersion.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"total": "-10"}, "cannot be negative"),
        ({"total": "ten"}, "is not a number"),
        ({"total": "0"}, "cannot be shared out"),
        ({"for": "2020"}, "has passed"),
        ({"for": "whenever"}, "is no period"),
        ({"team": []}, "No team takes part"),
        ({"team": ["nobody:T-1"]}, "No team takes part"),
        ({"ramp": "fast"}, "ramp"),
        ({"basis": "by-hand"}, "add up to 0 %, not to 100 %"),
        ({"absences": "Nobody, 2027-01"}, "cannot be read"),
    ],
)
def test_a_cascade_that_cannot_be_is_refused_in_a_sentence(signed_in, organisation, fields, says):
    answer = signed_in("director").post("/targets/share/", {**CASCADE, "team": teams_of(organisation), **fields})
    assert answer.status_code == 400
    assert says in said(answer)


def test_shares_by_hand_go_to_the_teams_as_given(signed_in, organisation):
    teams = teams_of(organisation)
    shares = {f"share_{team}": "0" for team in teams} | {f"share_{teams[0]}": "70", f"share_{teams[1]}": "30"}
    sent = {**CASCADE, **shares, "basis": "by-hand", "team": teams, "level": ["team"], "season": ""}
    preview = signed_in("director").post("/targets/share/", sent)
    seen = re.search(r'name="seen" value="(\w{16})"', preview.content.decode()).group(1)
    signed_in("director").post("/targets/share/", {**sent, "seen": seen})
    sums: dict[str, Decimal] = {}
    for row in TargetVersion.objects.all():
        sums[row.scope["team"]] = sums.get(row.scope["team"], Decimal(0)) + row.value
    assert abs(sums[teams[0]] - 8_400_000_000) <= 12
    assert abs(sums[teams[1]] - 3_600_000_000) <= 12


def test_a_manager_shares_out_within_the_team_alone(signed_in, organisation, led_team):
    manager = signed_in("manager")
    other = next(team for team in teams_of(organisation) if team != led_team.id)
    assert other not in manager.get("/targets/share/").content.decode()
    sent = {**CASCADE, "team": [led_team.id, other], "level": ["company", "team", "rep"]}
    preview = manager.post("/targets/share/", sent)
    seen = re.search(r'name="seen" value="(\w{16})"', preview.content.decode()).group(1)
    manager.post("/targets/share/", {**sent, "seen": seen})
    scopes = {tuple(row.scope) for row in TargetVersion.objects.all()}
    assert scopes == {("team",), ("rep",)}
    assert {row.scope["team"] for row in TargetVersion.objects.all() if "team" in row.scope} == {led_team.id}


def test_a_sentence_is_judged_and_proposed(signed_in):
    director = signed_in("director")
    text = "increase monthly sales revenue by 10 % within the next quarter"
    shown = said(director.get("/targets/sentence/", {"text": text}))
    for word in ("Specific", "Measurable", "Achievable", "Relevant", "Time-bound", "It is the north star itself."):
        assert word in shown
    director.post("/targets/sentence/", {"text": text})
    rows = TargetVersion.objects.order_by("start")
    assert [str(row.start) for row in rows] == ["2027-01-01", "2027-02-01", "2027-03-01"]
    assert {row.why for row in rows} == {text}


def test_a_vague_sentence_is_refused_in_the_readers_language(signed_in, people):
    people["director"].language = "id"
    people["director"].save()
    director = signed_in("director")
    shown = said(director.post("/targets/sentence/", {"text": "naikkan penjualan"}))
    assert "belum menjadi target: tidak menyebut berapa dan sampai kapan" in shown
    assert not TargetVersion.objects.exists()


def test_a_file_is_proposed_and_what_is_wrong_in_it_is_listed(signed_in, people, organisation):
    name = organisation.reps[people["rep"].rep_id].name
    text = f"Sales rep,Month,Target\n{name},2027-01,5000000\n{name},2020-01,5000000\nNobody,2027-01,1\n"
    sent = {"file": SimpleUploadedFile("plan.csv", text.encode()), "kpi": "revenue"}
    answer = said(signed_in("director").post("/targets/file/", sent))
    assert "1 target was proposed." in answer
    assert "The period has passed" in answer
    assert "There is no rep “Nobody”" in answer
    assert [row.value for row in TargetVersion.objects.all()] == [5_000_000]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (None, "No file was chosen"),
        (("plan.exe", b"MZ"), "no kind of file"),
        (("plan.csv", b""), "."),
        (("plan.csv", b"Name,Phone\nAyu,08\n"), "no column of target values"),
        (("plan.xlsx", b"PK\x03\x04not really a workbook"), "."),
        (("plan.csv", b"x" * (5 * 1024 * 1024 + 1)), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(signed_in, file, says):
    sent = {"kpi": "revenue", **({"file": SimpleUploadedFile(*file)} if file else {})}
    answer = signed_in("director").post("/targets/file/", sent)
    assert answer.status_code == 400
    assert says in said(answer)
    assert not TargetVersion.objects.exists()


def test_a_manager_cannot_set_the_companys_target_by_a_file(signed_in):
    sent = {"file": SimpleUploadedFile("plan.csv", b"Month,Target\n2027-01,5000000\n"), "kpi": "revenue"}
    answer = signed_in("manager").post("/targets/file/", sent)
    assert answer.status_code == 400
    assert "not yours to set" in said(answer)
    assert not TargetVersion.objects.exists()


def test_last_years_targets_are_carried_over_with_an_uplift(signed_in, monkeypatch):
    monkeypatch.setattr(planning, "today", lambda: date(2024, 11, 23))
    director = signed_in("director")
    shown = said(director.get("/targets/last-year/", {"year": "2025", "uplift": "10"}))
    assert "targets would be proposed." in shown
    director.post("/targets/last-year/", {"year": "2025", "uplift": "10"})
    before = place.workspace().ask("revenue", start="2024-06-01", end="2024-06-30", compare="target")
    planned = next(before.rows()).target
    row = TargetVersion.objects.get(scope_key="company", start="2025-06-01")
    assert abs(float(row.value) - planned * 1.1) <= 1
    assert "is no percentage" in said(director.post("/targets/last-year/", {"year": "2025", "uplift": "ten"}))


def test_parts_that_do_not_make_the_whole_are_shown(signed_in, led_team, people):
    director = signed_in("director")
    new(director, team=led_team.id, value="100")
    decide(director, newest(), "approved")
    new(director, rep=people["rep"].rep_id, value="60")
    decide(director, newest(), "approved")
    page = said(director.get(f"/targets/?at={NEXT}-01"))
    assert "does not add up" in page
    assert "Rp 40" in page


def test_an_import_that_is_running_keeps_nothing_from_being_approved(signed_in, led_team):
    director = signed_in("director")
    new(director, team=led_team.id)
    row = newest()
    with place.workspace().snapshots.write():
        assert "The target was approved." in said(decide(director, row, "approved"))
        assert "as soon as the import" in said(director.get("/targets/"))
    director.get("/targets/")
    asked = place.workspace().ask("revenue", start="2027-01-01", end="2027-01-31", by="team", compare="target")
    assert 1_000_000 in {found.target for found in asked.rows()}


def test_words_that_are_not_known_are_refused_in_a_sentence(signed_in):
    for query, says in (
        ("kpi=revnue", "There is no KPI"),
        ("period=week", "There is no period"),
        ("at=x", "not a date"),
    ):
        answer = signed_in("director").get(f"/targets/?{query}")
        assert answer.status_code == 400
        assert says in said(answer)


def test_a_proposal_is_withdrawn_by_who_may_set_it_and_can_be_proposed_again(signed_in, people):
    director, rep = signed_in("director"), signed_in("rep")
    new(director, rep=people["rep"].rep_id)
    row = newest()
    assert decide(rep, row, "withdrawn").status_code == 403
    assert "The proposal was withdrawn." in said(decide(director, row, "withdrawn"))
    assert "Not approved yet" not in said(director.get(f"/targets/?at={NEXT}-01"))
    row.refresh_from_db()
    assert "cannot become approved" in said(decide(director, row, "approved"))
    new(director, rep=people["rep"].rep_id)
    assert (newest().version, newest().state) == (2, "proposed")


def test_refusals_are_said_in_indonesian_too(signed_in, people, organisation):
    people["director"].language = "id"
    people["director"].save()
    sent = {**CASCADE, "total": "12.000.000.000", "team": teams_of(organisation), "ramp": "cepat"}
    assert 'Tulis persen per bulan, misalnya "25, 50, 75".' in said(signed_in("director").post("/targets/share/", sent))


def test_all_that_nobody_contests_is_approved_at_once(signed_in, people, led_team):
    director, rep = signed_in("director"), signed_in("rep")
    new(director, team=led_team.id)
    new(director)
    new(director, rep=people["rep"].rep_id)
    decide(rep, newest(), "contested", "too much")
    page = director.get(f"/targets/?at={NEXT}-01").content.decode()
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    director.post(f"/targets/approve/?at={NEXT}-01", {"all": "1", "shown": shown})
    assert sorted(row.state for row in TargetVersion.objects.all()) == ["approved", "approved", "contested"]


def test_a_rep_accepts_all_their_months_at_once_and_nobody_elses(signed_in, people):
    director, rep = signed_in("director"), signed_in("rep")
    for month in ("2027-01", "2027-02"):
        new(director, rep=people["rep"].rep_id, period=month)
    new(director, rep=people["stranger"].rep_id)
    other = newest()
    page = rep.get("/targets/?period=year&at=2027-01-01").content.decode()
    mine = re.search(r'name="mine" value="([^"]+)"', page).group(1)
    assert len(mine.split()) == 2
    assert rep.post("/targets/accept/", {"mine": f"{mine} {other.pk}.0"}).status_code == 403
    assert "2 targets were accepted." in said(rep.post("/targets/accept/", {"mine": mine}, follow=True))
    states = {row.scope["rep"]: row.state for row in TargetVersion.objects.all()}
    assert states == {people["rep"].rep_id: "accepted", people["stranger"].rep_id: "proposed"}


def test_today_says_what_waits_for_whom(signed_in, people):
    director, rep, stranger = signed_in("director"), signed_in("rep"), signed_in("stranger")
    new(director, rep=people["rep"].rep_id)
    assert "1 target of Revenue waits for your answer" in said(rep.get("/today/"))
    assert "1 target of Revenue waits to be approved" in said(director.get("/today/"))
    assert "waits for your answer" not in said(stranger.get("/today/"))
    decide(rep, newest(), "accepted")
    assert "waits for your answer" not in said(rep.get("/today/"))


def test_a_form_that_was_turned_to_another_target_is_about_that_one(signed_in, led_team):
    director = signed_in("director")
    new(director, team=led_team.id, period="2027-02")
    page = director.get(f"/targets/new/?kpi=revenue&period=month&at={NEXT}-01&team={led_team.id}&seen=0")
    about = unescape(re.search(r'name="seen_of" value="([^"]*)"', page.content.decode()).group(1))
    answer = new(director, team=led_team.id, period="2027-02", value="7", seen="0", seen_of=about)
    assert "The target was proposed." in said(answer)


def ended(client, row: TargetVersion, day: str, why: str = "the product is gone", stamp: int | None = None):
    stamp = row.stamp if stamp is None else stamp
    sent = {"action": "ended", "row": row.pk, "stamp": stamp, "from_on": day, "why": why}
    return client.post(f"/targets/{row.pk}/", sent, follow=True)


def compared(team: str, start: str, end: str) -> list[float | None]:
    asked = place.workspace().ask("revenue", start=start, end=end, by="team", compare="target", where={"team": team})
    return [row.target for row in asked.rows()]


def approved_target(director, **fields) -> TargetVersion:
    new(director, **fields)
    row = newest()
    decide(director, row, "approved")
    row.refresh_from_db()
    return row


def test_an_approved_target_is_ended_from_a_day_on_and_kpis_stop_comparing(signed_in, led_team):
    director = signed_in("director")
    row = approved_target(director, team=led_team.id, value="310,000")
    assert "End the target" in said(director.get(f"/targets/{row.pk}/"))
    assert "was ended" in said(ended(director, row, "2027-01-11"))
    last = newest()
    assert (last.state, last.version, last.value, last.until) == ("ended", 2, 100_000, date(2027, 1, 10))
    row.refresh_from_db()
    assert (row.state, row.value) == ("approved", 310_000)
    assert compared(led_team.id, "2027-01-01", "2027-01-10") == [100_000]
    assert compared(led_team.id, "2027-01-11", "2027-01-31") in ([], [None])
    page = said(director.get(f"/targets/{last.pk}/"))
    assert "the product is gone" in page
    assert "310,000" in page
    assert AuditEntry.objects.get(action="target ended").details["from_on"] == "2027-01-11"


def test_a_target_that_never_counted_is_gone_and_may_come_again(signed_in, led_team):
    director = signed_in("director")
    row = approved_target(director, team=led_team.id, value="310,000")
    ended(director, row, "2027-01-01")
    assert compared(led_team.id, "2027-01-01", "2027-01-31") in ([], [None])
    again = {"action": "revise", "version": 2, "value": "310,000", "why": "it is back"}
    director.post(f"/targets/{row.pk}/", again)
    assert (newest().version, newest().state, newest().until) == (3, "proposed", None)
    decide(director, newest(), "approved")
    assert compared(led_team.id, "2027-01-01", "2027-01-31") == [310_000]


@pytest.mark.parametrize(
    ("day", "why", "says"),
    [
        ("soon", "x", "Give the first day"),
        ("", "x", "Give the first day"),
        ("2027-01-15", " ", "ended with a reason"),
        ("2027-02-01", "x", "over before that day"),
    ],
)
def test_an_end_that_cannot_be_is_refused_in_a_sentence(signed_in, led_team, day, why, says):
    director = signed_in("director")
    row = approved_target(director, team=led_team.id)
    assert says in said(ended(director, row, day, why))
    assert newest().pk == row.pk


def test_of_two_who_end_it_the_second_is_told_and_others_may_not(signed_in, led_team):
    director = signed_in("director")
    row = approved_target(director, team=led_team.id)
    for who in ("manager", "rep", "stranger", "analyst", "administrator"):
        assert "End the target" not in said(signed_in(who).get(f"/targets/{row.pk}/"))
        assert ended(signed_in(who), row, "2027-01-15").status_code in (403, 404)
    assert newest().pk == row.pk
    ended(director, row, "2027-01-15")
    assert "Somebody else changed this target" in said(ended(director, row, "2027-01-20"))
    assert newest().version == 2


def test_it_opens_where_the_data_ends_and_new_targets_lie_ahead(signed_in, people):
    director = signed_in("director")
    ends_on = place.workspace().snapshot().ends_on
    assert ends_on < date(2026, 11, 1)
    page = said(director.get("/targets/"))
    assert f"Revenue · {ends_on:%B %Y}" in page
    assert "Of where it should be" in page
    assert "/targets/new/?kpi=revenue&amp;period=month&amp;at=2026-11-01" in director.get("/targets/").content.decode()
    ahead = said(director.get(f"/targets/?at={NEXT}-01"))
    assert "Of where it should be" not in ahead
    year = place.workspace().calendar.period_of(ends_on, "year")
    assert f"Revenue · {year.label}" in said(director.get("/targets/?period=year"))


def test_it_opens_on_today_where_something_waits_or_nothing_was_planned_before(signed_in, people):
    director = signed_in("director")
    assert "Net Promoter Score · November 2026" in said(director.get("/targets/?kpi=nps"))
    new(director, period="2026-11", kpi="revenue")
    assert "Revenue · November 2026" in said(director.get("/targets/"))


def test_who_is_nearly_there_is_not_as_far_behind_as_who_is_not(signed_in, people):
    page = signed_in("director").get("/targets/").content.decode()
    told = re.findall(r'<span class="(good|warn|bad)"><data value="([\d.]+)"', page)
    assert {tone for tone, _share in told} == {"good", "warn", "bad"}
    for tone, share in told:
        assert tone == ("bad" if float(share) < 90 else "warn" if float(share) < 100 else "good"), share

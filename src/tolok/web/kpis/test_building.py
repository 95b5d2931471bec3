"""An analyst builds a KPI in the browser; the file, the page and the command line say the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tolok import imports
from tolok.app import place
from tolok.app.models import AuditEntry
from tolok.kpis.load import catalogue
from tolok.settings import create

HIT_RATE = {
    "id": "hit_rate",
    "name": "Hit rate",
    "question": "How many deals did we win?",
    "formula": "won deals",
    "unit": "count",
    "better": "higher",
    "timing": "lagging",
    "family": "operational",
    "function": "sales",
    "dated_by": "deals.closed_on",
    "body.kind": "value",
    "body.of.aggregate": "count",
    "body.of.fact": "deals",
    "body.of.window": "period",
    "body.of.where.0.column": "status",
    "body.of.where.0.test": "is",
    "body.of.where.0.value": ["won"],
}
EXAMPLE = {
    "examples.0.says": "Two won, one lost",
    "examples.0.tables.0.fact": "deals",
    "examples.0.tables.0.columns": ["closed_on", "status"],
    "examples.0.tables.0.rows.0.closed_on": "2026-01-05",
    "examples.0.tables.0.rows.0.status": "won",
    "examples.0.tables.0.rows.0.repeat": "2",
    "examples.0.tables.0.rows.1.closed_on": "2026-01-05",
    "examples.0.tables.0.rows.1.status": "lost",
    "examples.0.answer": "2",
}


@pytest.fixture
def folder(company):
    """The workspace's own KPIs, none before and none after."""
    own = company / "kpis"
    yield own
    for path in own.rglob("*"):
        if path.is_file():
            path.unlink()
    place.use(company)


@pytest.fixture
def analyst(signed_in, folder):
    return signed_in("analyst")


def fields_in(page: str) -> dict[str, list[str]]:
    """What a browser would send of the builder's form."""
    form = page[page.index('id="builder"') :]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found.setdefault(plain(name[1]), []).append(plain(value[1]) if value else "")
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
        found.setdefault(plain(name), []).append(plain(text.removeprefix("\n")))
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        found.setdefault(plain(name), []).append(plain(chosen[1]) if chosen else "")
    return found


def plain(text: str) -> str:
    import html

    return html.unescape(text)


def opened(client, address: str) -> dict[str, list[str]]:
    return fields_in(client.get(address).content.decode())


def build(client, do: str = "save", address: str = "/kpis/new/", **more):
    sent = {**opened(client, address), **HIT_RATE, **EXAMPLE, **more, "do": do}
    return client.post(address, {name: value for name, value in sent.items() if value is not None})


def cli(company, *args: str) -> dict:
    command = [sys.executable, "-m", "tolok", *args, "-w", str(company), "--format", "json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def in_catalogue(id_: str) -> str:
    return Path(catalogue()[id_].file).read_text("utf-8")


def test_a_kpi_is_built_kept_and_answered_everywhere_at_once(analyst, company, folder):
    answer = build(analyst)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == "/kpis/hit_rate/edit/"
    written = tomllib.loads((folder / "hit_rate.toml").read_text("utf-8"))
    assert written["value"] == {"count": "deals", "where": {"status": "won"}}
    page = analyst.get("/kpi/hit_rate/")
    assert page.status_code == 200
    rows = cli(company, "kpi", "hit_rate", "deals_won")["rows"]
    assert rows[0]["value"] == rows[1]["value"] > 0
    told = [row.value for row in place.workspace().ask("hit_rate").rows()]
    assert told == [rows[0]["value"]]


def test_a_trial_shows_figure_months_members_rows_and_sql_and_keeps_nothing(analyst, folder):
    page = build(analyst, "try").content.decode()
    answer = place.workspace().ask("deals_won", grain="month")
    last = list(answer.rows())[-1]
    assert f'<data value="{last.value}"' in page
    assert "1 of 1 examples pass" in page
    assert "SELECT" in page
    assert "All rows of the saved KPI" not in page
    assert not list(folder.glob("*.toml"))


def test_an_example_that_fails_is_shown_with_expected_and_got_and_stops_the_saving(analyst, folder):
    page = build(analyst, **{"examples.0.answer": "3"}).content.decode()
    assert "expected <strong>3</strong>, got <strong>2</strong>" in page
    assert "nothing was saved" in page
    assert not (folder / "hit_rate.toml").exists()
    assert build(analyst, "save-anyway", **{"examples.0.answer": "3"}).status_code == 302
    assert (folder / "hit_rate.toml").exists()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", "../../etc/passwd", "small letters"),
        ("id", "Hit Rate", "small letters"),
        ("id", "win_rate", "There is a KPI of this name already"),
        ("id", "x" * 200, "small letters"),
        ("name", "", "in English"),
        ("unit", "percent", "it counts"),
        ("body.of.where.0.value", [], "at least one value"),
        ("body.of.where.0.value", ["stolen"], "never stands here"),
        ("body.of.where.0.column", "amuont", "no such field"),
        ("body.of.fact", "deal", "There is no fact"),
        ("examples.0.tables.0.rows.0.closed_on", "yesterday", "is not a date"),
        ("examples.0.answer", "two", "is not a number"),
        ("body.kind", "magic", "Choose how it is computed"),
        ("dated_by", "deals.name", "is no date"),
        ("better", "sideways", "not a value of"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(analyst, folder, field, value, says):
    page = build(analyst, **{field: value}).content.decode()
    sent = fields_in(page)
    assert says in plain(page)
    if value not in ("", []):
        assert value in sent[field] or [value] == sent[field] or sent[field] == value
    assert sent["question"] == [HIT_RATE["question"]]
    assert not list(folder.glob("*.toml"))
    error = re.search(r'<p class="error" id="([^"]*)-error">', page)
    assert error
    assert error[1] == "f-" + field.replace(".", "-")


def test_arithmetic_with_an_unknown_kpi_says_which_was_meant(analyst, folder):
    page = build(analyst, **{"body.kind": "arithmetic", "body.expression": "revenu / deals_won", "unit": "money"})
    assert "Did you mean revenue" in page.content.decode()
    page = build(analyst, **{"body.kind": "arithmetic", "body.expression": "hit_rate / deals_won", "unit": "ratio"})
    assert "computed from itself" in page.content.decode()


def test_of_two_who_change_one_kpi_the_second_is_told_and_keeps_what_was_typed(analyst, folder):
    build(analyst)
    mine = opened(analyst, "/kpis/hit_rate/edit/")
    theirs = {**mine, "name": "Theirs", "do": "save"}
    assert analyst.post("/kpis/hit_rate/edit/", theirs).status_code == 302
    page = analyst.post("/kpis/hit_rate/edit/", {**mine, "name": "Mine", "do": "save"}).content.decode()
    assert "Somebody else changed this KPI" in page
    assert fields_in(page)["name"] == ["Mine"]
    assert 'name = "Theirs"' in (folder / "hit_rate.toml").read_text("utf-8")


def test_a_catalogue_kpi_is_changed_here_and_comes_back_when_the_own_one_is_deleted(analyst, folder):
    sent = {**opened(analyst, "/kpis/win_rate/edit/"), "name": "Hit rate", "do": "save"}
    assert analyst.post("/kpis/win_rate/edit/", sent).status_code == 302
    assert place.workspace().definitions["win_rate"].name == "Hit rate"
    assert place.workspace().definitions["win_rate"].variants == catalogue()["win_rate"].variants
    asked = analyst.get("/kpis/win_rate/delete/").content.decode()
    assert "Your definition goes" in asked
    assert (folder / "win_rate.toml").exists()
    analyst.post("/kpis/win_rate/delete/", {"seen": fields_of_delete(asked)})
    assert place.workspace().definitions["win_rate"].name == "Win rate"


def fields_of_delete(page: str) -> str:
    return re.search(r'name="seen" value="([^"]*)"', page)[1]


def test_a_kpi_that_another_is_computed_from_is_not_deleted(analyst, folder):
    build(analyst)
    more = {"id": "twice", "body.kind": "arithmetic", "body.expression": "hit_rate * 2", "unit": "count"}
    assert build(analyst, **more, **dict.fromkeys(EXAMPLE)).status_code == 302
    asked = analyst.get("/kpis/hit_rate/delete/").content.decode()
    assert "KPIs that name it" in asked
    assert "/kpi/twice/" in asked
    answer = analyst.post("/kpis/hit_rate/delete/", {"seen": fields_of_delete(asked)}, follow=True)
    assert "It cannot be deleted" in answer.content.decode()
    assert (folder / "hit_rate.toml").exists()


def test_every_change_is_in_the_audit_log_and_an_earlier_text_can_be_restored(analyst, folder):
    build(analyst)
    first = (folder / "hit_rate.toml").read_text("utf-8")
    analyst.post("/kpis/hit_rate/edit/", {**opened(analyst, "/kpis/hit_rate/edit/"), "name": "Other", "do": "save"})
    entries = list(AuditEntry.objects.filter(subject="hit_rate"))
    assert [one.action for one in entries] == ["KPI changed", "KPI created"]
    assert entries[0].details["before"] == {"name": '"Hit rate"'}
    assert entries[0].details["after"] == {"name": '"Other"'}
    page = analyst.get(f"/kpis/hit_rate/history/?entry={entries[1].pk}").content.decode()
    assert "Go back to this" in page
    seen = fields_of_delete(page)
    analyst.post("/kpis/hit_rate/restore/", {"seen": seen, "entry": entries[1].pk})
    assert (folder / "hit_rate.toml").read_text("utf-8") == first
    assert AuditEntry.objects.filter(subject="hit_rate").first().action == "KPI restored"


def test_a_variant_can_be_chosen_without_a_definition_of_ones_own(analyst, folder):
    page = analyst.get("/kpis/win_rate/edit/").content.decode()
    seen = fields_of_delete(page)
    assert analyst.post("/kpis/win_rate/choose/", {"seen": seen, "variant": "by_value"}).status_code == 302
    assert (folder / "win_rate.toml").read_text("utf-8") == 'variant = "by_value"\n'
    assert place.workspace().definitions["win_rate"].default_variant == "by_value"
    assert analyst.post("/kpis/win_rate/choose/", {"seen": seen, "variant": "../x"}).status_code == 404


PAGES = (
    "/kpis/new/",
    "/kpis/new/file/",
    "/kpis/new/?from=win_rate",
    "/kpis/win_rate/edit/",
    "/kpis/win_rate/file/",
    "/kpis/win_rate/history/",
)


@pytest.mark.parametrize("who", ["rep", "manager", "director"])
def test_for_others_there_is_no_builder(signed_in, folder, who):
    client = signed_in(who)
    for address in (*PAGES, "/kpis/win_rate/delete/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {**HIT_RATE, "do": "save"}).status_code == 404
    assert client.post("/kpis/win_rate/choose/", {"variant": "by_value"}).status_code == 404
    assert client.post("/kpis/win_rate/restore/", {"entry": "1"}).status_code == 404
    assert "/kpis/new/" not in client.get("/kpis/").content.decode()
    assert not list(folder.glob("*"))


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_open_in_both_languages(signed_in, folder, address):
    client = signed_in("administrator")
    for language in ("en", "id"):
        client.cookies["tolok_language"] = language
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("id_", ["nothing_here", "..", "%2e%2e%2fx", "WIN_RATE", "win-rate"])
def test_forged_ids_lead_nowhere(analyst, folder, id_):
    for page in ("edit", "file", "history", "delete"):
        assert analyst.get(f"/kpis/{id_}/{page}/").status_code == 404
    assert analyst.get(f"/kpis/new/?from={id_}").status_code == 404


def test_the_text_of_the_file_is_the_experts_twin_with_the_loaders_own_errors(analyst, folder):
    page = analyst.get("/kpis/win_rate/file/").content.decode()
    sent = fields_in(page)
    text = sent["text"][0]
    assert text == in_catalogue("win_rate")
    wrong = text.replace('status = "won"', 'statsu = "won"', 1)
    answer = analyst.post("/kpis/win_rate/file/", {**sent, "text": wrong, "do": "save"}).content.decode()
    assert "Line 14" in answer
    assert "Did you mean status" in plain(answer)
    assert fields_in(answer)["text"] == [wrong]
    right = f"# ours\n{text}"
    assert analyst.post("/kpis/win_rate/file/", {**sent, "text": right, "do": "save"}).status_code == 302
    assert (folder / "win_rate.toml").read_text("utf-8") == right


def test_a_broken_file_can_be_mended_in_the_browser(analyst, folder):
    folder.mkdir(exist_ok=True)
    (folder / "broken.toml").write_text("name = \n", "utf-8")
    assert analyst.get("/kpis/broken/edit/").url == "/kpis/broken/file/"
    sent = fields_in(analyst.get("/kpis/broken/file/").content.decode())
    text = in_catalogue("deals_won")
    assert analyst.post("/kpis/broken/file/", {**sent, "text": text, "do": "save"}).status_code == 302
    assert place.workspace().definitions["broken"].name


def test_a_file_that_somebody_broke_stops_no_page_and_its_kpi_has_no_answer(analyst, folder):
    folder.mkdir(exist_ok=True)
    (folder / "revenue.toml").write_text('name = "Revenue"\nformula = \n', "utf-8")
    (folder / "twice.toml").write_text(
        in_catalogue("deals_won").replace("[value]", '[arithmetic]\nexpression = "gone"\n[value]')
    )
    for page in ("/", "/today/", "/pipeline/", "/people/", "/targets/", "/dashboards/", "/data/", "/kpi/win_rate/"):
        assert analyst.get(page, follow=True).status_code == 200, page
    said = plain(analyst.get("/kpis/").content.decode())
    assert "A file cannot be read" in said
    assert "(Line 2)" in said
    assert ">twice<" in said
    assert "Win rate" in said
    shown = place.workspace().ask("revenue", "win_rate", "revenue_growth")
    values = {row.kpi: row.value for row in shown.rows()}
    assert values["win_rate"] is not None
    assert values["revenue"] is None
    assert values["revenue_growth"] is None
    assert "kpis/revenue.toml" in " ".join(shown.notes)


def test_comments_and_what_the_form_cannot_say_stay_in_the_file(analyst, folder):
    folder.mkdir(exist_ok=True)
    text = in_catalogue("win_rate")
    text = "# by the board, 2026\n" + text + '\n[in.nl]\nname = "Slaagkans"\nquestion = "Hoeveel?"\nformula = "x"\n'
    (folder / "win_rate.toml").write_text(text, "utf-8")
    sent = {**opened(analyst, "/kpis/win_rate/edit/"), "timing": "leading", "do": "save"}
    assert analyst.post("/kpis/win_rate/edit/", sent).status_code == 302
    assert (folder / "win_rate.toml").read_text("utf-8") == text.replace('timing = "lagging"', 'timing = "leading"')


def test_more_parts_are_asked_for_without_script(analyst, folder):
    page = build(analyst, "add:body.of.where").content.decode()
    assert "body.of.where.1.column" in fields_in(page)
    page = build(analyst, "drop:examples.0").content.decode()
    assert "examples.0.says" not in fields_in(page)
    page = build(analyst, "show", **{"body.of.fact": "activities"}).content.decode()
    assert fields_in(page)["dated_by"] == [""]


def test_huge_lists_are_refused_in_words(analyst, folder):
    many = "\n".join(f"R{number}" for number in range(5000))
    more = {"body.of.where.0.column": "region", "body.of.where.0.value": many}
    assert "too many values" in build(analyst, **more).content.decode()
    answer = build(analyst, base="x" * 300_000)
    assert answer.status_code == 400


def test_a_definition_can_be_tried_before_it_has_a_name(analyst, folder):
    page = build(analyst, "try", name="", question="", formula="", id="", id_name="Setengah").content.decode()
    assert "1 of 1 examples pass" in page
    assert fields_in(page)["name"] == [""]
    assert fields_in(page)["id_name"] == ["Setengah"]


def test_an_example_may_have_rows_of_two_facts(analyst, folder):
    two = {
        "body.of.where.1.column": "account_id.industry",
        "body.of.where.1.test": "is",
        "body.of.where.1.value": ["Hotel"],
        "examples.0.tables.0.columns": ["closed_on", "status", "account_id"],
        "examples.0.tables.0.rows.0.account_id": "a",
        "examples.0.tables.0.rows.1.account_id": "b",
        "examples.0.tables.1.fact": "accounts",
        "examples.0.tables.1.columns": ["id", "industry"],
        "examples.0.tables.1.rows.0.id": "a",
        "examples.0.tables.1.rows.0.industry": "Hotel",
    }
    assert build(analyst, **two).status_code == 302
    written = tomllib.loads((folder / "hit_rate.toml").read_text("utf-8"))
    assert set(written["example"][0]["rows"]) == {"deals", "accounts"}


@pytest.mark.parametrize("kind", ["value", "ratio", "cohort", "movement", "change", "members", "arithmetic", "score"])
def test_every_kind_has_its_fields_and_its_refusal_in_words(analyst, folder, kind):
    shown = build(analyst, "show", **{"body.kind": kind})
    assert shown.status_code == 200
    again = {**fields_in(shown.content.decode()), "do": "save"}
    assert analyst.post("/kpis/new/", again).status_code in (200, 302)


MANY = ("cac", "mean_attainment", "reps_at_quota", "messages", "win_rate", "nps", "nrr", "stage_conversion")
MANY += ("lead_conversion", "revenue_growth", "csat")


@pytest.mark.parametrize("id_", sorted({*MANY, *sorted(catalogue())[::9]}))
def test_a_kpi_of_the_catalogue_survives_its_own_form(analyst, folder, id_):
    """What the browser sends of an untouched form is the file to the letter."""
    from tolok.kpis.load import parse
    from tolok.web.kpis.content import content_of
    from tolok.web.kpis.fields import Fields
    from tolok.web.kpis.file_text import file_text

    fields = Fields(opened(analyst, f"/kpis/{id_}/edit/"))
    definition = parse(in_catalogue(id_), id_)
    written = content_of(fields.having(id=id_))
    assert written.problems == {}
    assert file_text(written.content, in_catalogue(id_), definition) == in_catalogue(id_)


def test_who_deletes_a_kpi_is_told_which_targets_and_dashboards_have_it(analyst, people, folder):
    from datetime import UTC, date, datetime

    from tolok.app.models import Dashboard, TargetVersion

    build(analyst)
    Dashboard.objects.create(owner=people["rep"], name="Mine alone", cards=[{"id": "a", "kpi": "hit_rate"}, 7])
    TargetVersion.objects.create(
        kpi="hit_rate",
        start=date(2026, 1, 1),
        end=date(2026, 1, 31),
        value=5,
        state="approved",
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    page = analyst.get("/kpis/hit_rate/delete/").content.decode()
    assert "1 target is set for it." in page
    assert "1 dashboard shows it." in page
    assert "Mine alone" not in page


@pytest.mark.parametrize("written", ["²", "٣", "1e400", "NaN", "-0", "9" * 60, "1,5"])
def test_strange_numbers_are_refused_or_read_and_never_a_fault(analyst, folder, written):
    strange = {
        "body.of.window": "trailing_days",
        "body.of.window_length": written,
        "examples.0.answer": written,
        "examples.0.tables.0.rows.0.repeat": written,
        "rules.0.says": "x",
        "rules.0.test": "below",
        "rules.0.value": written,
        "rules.²": "x",
        "rules.٣.says": "x",
        "examples.1.kept": "yes",
        "examples.1.origin": written,
    }
    assert build(analyst, **strange).status_code == 200


def test_a_deleted_kpi_can_be_restored_from_its_history(analyst, folder):
    build(analyst)
    text = (folder / "hit_rate.toml").read_text("utf-8")
    asked = analyst.get("/kpis/hit_rate/delete/").content.decode()
    page = analyst.post("/kpis/hit_rate/delete/", {"seen": fields_of_delete(asked)}, follow=True).content.decode()
    assert "Its texts stay in the history" in page
    created = AuditEntry.objects.get(action="KPI created")
    page = analyst.get(f"/kpis/hit_rate/history/?entry={created.pk}").content.decode()
    analyst.post("/kpis/hit_rate/restore/", {"seen": fields_of_delete(page), "entry": created.pk})
    assert (folder / "hit_rate.toml").read_text("utf-8") == text
    other = AuditEntry.objects.create(actor_name="x", action="KPI changed", subject="win_rate", details={"text": text})
    forged = {"seen": fields_of_delete(page), "entry": other.pk}
    assert analyst.post("/kpis/hit_rate/restore/", forged).status_code == 404


def test_an_extra_column_of_the_source_is_offered_with_its_values(analyst, folder, tmp_path):
    shop, given = tmp_path / "shop", tmp_path / "deals.csv"
    create(shop, currency="USD", timezone="UTC")
    rows = [f"D{n},Ana,Won,{n}.00,2026-01-05,2026-02-0{n},{colour}" for n, colour in ((1, "red"), (2, "green & blue"))]
    given.write_text("\n".join(["Deal ID,Owner,Stage,Amount,Created Date,Close Date,Shirt Colour", *rows]))
    imports.run(shop, [given])
    place.use(shop)
    assert place.workspace().extra_names("deals") == ("Shirt Colour",)
    more = {"body.of.fact": "deals", "dated_by": "", "body.of.where.0.column": "extra.Shirt Colour"}
    page = build(analyst, "show", **more).content.decode()
    assert 'value="red"' in page
    assert 'value="green &amp; blue"' in page


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7*7 }}", '" onfocus="x', "</textarea><b>"])
def test_names_are_text_on_every_page(analyst, folder, name):
    assert build(analyst, name=name, question=name, formula=name).status_code == 302
    for address in (
        "/kpis/",
        "/kpi/hit_rate/",
        "/kpis/hit_rate/edit/",
        "/kpis/hit_rate/file/",
        "/kpis/hit_rate/history/",
    ):
        page = analyst.get(address).content.decode()
        assert "<script>alert" not in page
        assert 'onfocus="x' not in page
        assert "</textarea><b>" not in page

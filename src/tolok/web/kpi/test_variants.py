"""Where authorities disagree, each way of computing stands beside the others, in the rows that a person may see."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tolok.app import place
from tolok.query.question import Question, Viewer


def ways(client, query: str = "", kpi: str = "win_rate") -> list[tuple[str, str, str]]:
    """Per way: its name, all that is said of it, and its exact figure."""
    page = client.get(f"/kpi/{kpi}/{query}").content.decode()
    part = re.search(r'<section class="panel" id="variants".*?</section>', page, re.DOTALL)
    found = []
    for item in re.findall(r"<li.*?</li>", part.group() if part else "", re.DOTALL):
        name = re.search(r"<p>(?:<strong>|<a [^>]*>)(.*?)<", item).group(1)  # type: ignore[union-attr]
        figure = re.search(r'<data value="([^"]*)"', item)
        told = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", item)))
        found.append((unescape(name), told, figure.group(1) if figure else ""))
    return found


@pytest.mark.parametrize("who", ["director", "manager", "rep"])
def test_each_way_says_what_a_question_for_it_alone_says(who, signed_in, people, organisation):
    workspace = place.workspace()
    ends_on = workspace.snapshot().ends_on
    month = workspace.calendar.period_of(ends_on, "month")
    reps = {
        "director": None,
        "manager": organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id},
        "rep": frozenset({people["rep"].rep_id}),
    }[who]
    viewer = Viewer(who, reps) if reps else Viewer()
    shown = ways(signed_in(who))
    definition = workspace.definitions["win_rate"]
    assert [name for name, _told, _figure in shown] == ["Standard", *(one.name for one in definition.variants.values())]
    for (_name, told, figure), variant in zip(shown, ["standard", *definition.variants], strict=True):
        asked = Question(("win_rate",), "month", month.start, ends_on, variant=variant, viewer=viewer)
        value = workspace.answer(asked).value()
        assert figure == ("" if value is None else str(value)), variant
        formula = definition.formula if variant == "standard" else definition.variants[variant].formula
        assert formula in told
    assert "counts here" in shown[0][1]


def test_it_follows_team_and_period(signed_in, led_team):
    workspace = place.workspace()
    day = workspace.calendar.step(workspace.calendar.period_of(workspace.today, "quarter"), -1)
    expected = workspace.ask(
        "win_rate.by_value", grain="quarter", start=day.start, end=day.end, where={"team": led_team.id}
    ).value()
    query = f"?period=quarter&at={day.start}&team={led_team.id}"
    assert ways(signed_in("director"), query)[1][2] == str(expected)


def test_one_question_is_asked_for_all(signed_in, monkeypatch):
    from tolok.query import run

    asked = []
    plainly = run.ask

    def counting(engine, catalogue, question, setting):
        asked.append(question.kpis)
        return plainly(engine, catalogue, question, setting)

    monkeypatch.setattr("tolok.workspace.ask", counting)
    place.use(place.folder())
    signed_in("director").get("/kpi/win_rate/")
    several = [kpis for kpis in asked if len(kpis) > 1]
    assert several == [("win_rate.standard", "win_rate.by_value", "win_rate.by_value_90_days", "win_rate.of_created")]


def test_a_way_that_the_data_cannot_tell_says_what_is_missing(signed_in):
    workspace = place.workspace()
    lacking = [
        (kpi, number)
        for kpi, one in workspace.definitions.items()
        if one.variants
        for number, variant in enumerate(["standard", *one.variants])
        if workspace.ask(f"{kpi}.{variant}").notes and workspace.ask(f"{kpi}.{variant}").value() is None
    ][:3]
    assert lacking
    for kpi, number in lacking:
        name, told, figure = ways(signed_in("director"), kpi=kpi)[number]
        assert figure == ""
        says = workspace.ask(f"{kpi}.{['standard', *workspace.definitions[kpi].variants][number]}").notes[0]
        assert "This data cannot tell: " in told or says[1:] in told, (kpi, name, told)


def test_the_way_that_the_organisation_chose_comes_first(signed_in):
    folder = place.folder() / "kpis"
    folder.mkdir(exist_ok=True)
    own = folder / "win_rate.toml"
    own.write_text('variant = "by_value"\n', encoding="utf-8")
    try:
        shown = ways(signed_in("director"))
        assert [name for name, *_ in shown][:2] == ["By value", "Standard"]
        assert "counts here" in shown[0][1]
        assert ways(signed_in("director"), "?variant=standard")[1][2] == shown[1][2]
    finally:
        own.unlink()


def test_a_kpi_with_one_way_shows_no_list_and_unknown_ways_are_not_there(signed_in):
    assert ways(signed_in("director"), kpi="new_leads") == []
    assert signed_in("director").get("/kpi/win_rate/?variant=luck").status_code == 404
    assert signed_in("director").get("/kpi/new_leads/?variant=standard").status_code in (200, 404)


def test_a_trend_without_a_figure_is_said_and_not_drawn(signed_in):
    page = signed_in("director").get("/kpi/nps/?variant=one_to_ten").content.decode()
    assert "There was no answer in any of these periods." in page
    assert 'data-chart="trend-chart"' not in page
    assert 'data-chart="trend-chart"' in signed_in("director").get("/kpi/nps/").content.decode()

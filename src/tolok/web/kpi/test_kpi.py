"""The page of a KPI shows, breaks down and opens what the person may see, and nothing else."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date

import pytest

from tolok import imports
from tolok.app import place
from tolok.query.check import Finding
from tolok.query.question import Question, Viewer
from tolok.settings import create
from tolok.web.data.finding import told
from tolok.workspace import Workspace


def chart(page: str) -> dict:
    return json.loads(
        re.search(r'<script type="application/json" id="trend-chart">(.*?)</script>', page, re.S).group(1)
    )  # type: ignore[union-attr]


def test_the_trend_is_the_answer_of_the_engine(signed_in):
    workspace = place.workspace()
    ends_on = workspace.snapshot().ends_on
    last = workspace.calendar.period_of(ends_on, "month")
    first = workspace.calendar.step(last, -12)
    expected = [r.value for r in workspace.answer(Question(("deals_won",), "month", first.start, ends_on)).rows()]
    page = signed_in("director").get("/kpi/deals_won/").content.decode()
    assert [row["value"] for row in chart(page)["data"]["values"]] == expected


def test_a_breakdown_adds_up_to_the_whole(signed_in, people, organisation):
    page = signed_in("manager").get("/kpi/deals_won/?by=rep&period=year").content.decode()
    table = page.split('class="table breakdown"')[1].split("</table>")[0]
    parts = [int(found) for found in re.findall(r'<td class="number"><data value="(\d+)"', table)]
    reps = organisation.reports(people["manager"].rep_id) | {people["manager"].rep_id}
    workspace = place.workspace()
    year = workspace.calendar.period_of(workspace.snapshot().ends_on, "year")
    whole = workspace.answer(
        Question(("deals_won",), start=year.start, end=workspace.snapshot().ends_on, viewer=Viewer("m", reps))
    ).value()
    assert parts
    assert sum(parts) == whole


def test_rows_are_only_those_of_the_person(signed_in, people):
    workspace = place.workspace()
    everything = workspace.records(Question(("deals_won",)))[0]
    owners = [
        everything.columns.index(name) for name in ("owner_id", "owner_at_close_id") if name in everything.columns
    ]
    key = everything.columns.index("name")
    own = {row[key] for row in everything.rows if people["rep"].rep_id in [row[place] for place in owners]}
    foreign = {row[key] for row in everything.rows} - own
    page = signed_in("rep").get("/kpi/deals_won/rows/?period=year").content.decode()
    assert own
    assert foreign
    assert [name for name in own if f">{name}<" in page]
    assert not [name for name in foreign if f">{name}<" in page]


@pytest.mark.parametrize("address", ["/kpi/win_rat/", "/kpi/revenue/?variant=wishful", "/kpi/revenue/rows/?variant=x"])
def test_what_is_not_defined_is_not_there(signed_in, address):
    assert signed_in("director").get(address).status_code == 404


def test_names_in_the_data_cannot_end_the_chart(signed_in):
    from tolok.web.kpi.view import _embedded

    assert "</script>" not in _embedded({"x": "</script><script>alert(1)</script>"})


def test_it_is_indonesian_for_who_chose_it(signed_in, people):
    people["director"].language = "id"
    people["director"].save()
    page = signed_in("director").get("/kpi/win_rate/?by=team").content.decode()
    assert "Makin tinggi makin baik" in page
    assert 'lang="id"' in page


@pytest.fixture
def twice(company, tmp_path):
    """A small workspace imported twice: one deal came, one changed its amount and owner."""
    shop, given = tmp_path / "shop", tmp_path / "deals.csv"
    create(shop, currency="USD", timezone="UTC")
    header = "Deal ID,Deal Name,Owner,Stage,Amount,Created Date,Close Date"
    given.write_text(
        f"{header}\nD1,Alpha,Ana,Closed Won,100,2026-01-05,2026-02-03\nD2,Beta,Budi,Closed Lost,70,2026-01-06,2026-02-04\n"
    )
    imports.run(shop, [given], source="crm", today=date(2026, 2, 10))
    given.write_text(
        f"{header}\nD1,Alpha,Budi,Closed Won,150,2026-01-05,2026-02-03\nD2,Beta,Budi,Closed Lost,70,2026-01-06,2026-02-04\n"
        "D3,Gamma <b>,Ana,Closed Won,30,2026-01-07,2026-02-05\n"
    )
    imports.run(shop, [given], source="crm", today=date(2026, 2, 11))
    place.use(shop)
    yield shop
    place.use(company)


def trust(page: str) -> str:
    return html.unescape(page[page.index('id="trust"') :].split("</section>")[0])


def test_why_a_published_figure_changed_is_told_row_by_row(signed_in, people, twice):
    page = signed_in("director").get("/kpi/revenue/?since=000001").content.decode()
    assert "Gamma <b>" not in page  # written so that it is no markup
    told = re.sub(r"<[^>]+>|\s+", " ", trust(page))
    assert "100" in told
    assert "180" in told
    assert "rows that came: 1, that went: 0, that say something else: 1" in re.sub(r"\s+", " ", told)
    assert "Ana → Budi" in told
    assert "100 → 150" in told


def test_a_snapshot_that_is_not_there_is_not_compared(signed_in, people, twice):
    director = signed_in("director")
    for forged in ("000009", "../../etc", "000002"):  # the last is the current one
        assert director.get("/kpi/revenue/", {"since": forged}).status_code == 404


def test_a_rep_is_told_of_no_row_that_is_not_theirs(signed_in, people, twice):
    page = signed_in("rep").get("/kpi/revenue/?since=000001").content.decode()
    assert "Alpha" not in page
    assert "Gamma" not in page
    assert "Ana" not in trust(page)


def test_findings_and_rules_stand_on_the_page_of_who_sees_all(signed_in, people, company):
    workspace = place.workspace()
    kpi = next(kpi for kpi, found in workspace.quality().items() if found and workspace.ask(kpi).value(kpi) is not None)
    says = html.escape(told(workspace.quality()[kpi][0]))
    assert says[:40] in trust(signed_in("director").get(f"/kpi/{kpi}/").content.decode())
    assert says[:40] not in trust(signed_in("rep").get(f"/kpi/{kpi}/").content.decode())
    assert re.search(
        r"Its data reaches \d+ \w+ 20\d\d", trust(signed_in("director").get("/kpi/win_rate/").content.decode())
    )


def test_who_sees_some_rows_is_told_how_many_gaps_there_are(signed_in, people, company, monkeypatch):
    gap = Finding(
        "watch", "deals", 14, 100, "14 of 100 deals have no amount; these KPIs cannot count them", ("revenue",)
    )
    monkeypatch.setattr(Workspace, "check", lambda self: [gap, replace(gap, level="note")])
    place.use(place.folder())
    seen = trust(signed_in("rep").get("/kpi/revenue/").content.decode())
    assert "1 gap is known in the data of the whole company" in seen
    assert told(gap) not in seen
    assert told(gap) in trust(signed_in("director").get("/kpi/revenue/").content.decode())
    place.use(place.folder())  # what was made up here is not what the next test finds


def test_a_team_without_rows_is_still_a_team(signed_in, organisation):
    workspace = place.workspace()
    sold = {row.ids["team"] for row in workspace.ask("revenue", by="team").rows() if row.value}
    empty = [team for team in organisation.teams if team not in sold]
    for team in empty[:1] or list(organisation.teams)[:1]:
        page = html.unescape(signed_in("director").get("/kpi/revenue/", {"team": team}).content.decode())
        assert "there is no team" not in page

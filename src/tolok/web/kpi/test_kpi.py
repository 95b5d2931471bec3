"""The page of a KPI shows, breaks down and opens what the person may see, and nothing else."""

from __future__ import annotations

import json
import re

import pytest

from tolok.app import place
from tolok.query.question import Question, Viewer


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

"""The engine's answers against an oracle that reads the definitions row by row, over small random companies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.query.company import HOSTILE, Dice, Rows, company
from tests.query.own_kpis import own_kpis
from tests.query.trial import differences, figures, question

from tolok.errors import QuestionError
from tolok.kpis.load import catalogue
from tolok.periods import Calendar
from tolok.query.question import Filter, Question, Viewer
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = {**catalogue(), **own_kpis()}
OWN, PACKAGED = sorted(own_kpis()), sorted(catalogue())
SETTING = Setting(currency="USD")
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def same(one: float | None, other: float | None) -> bool:
    return (one is None and other is None) or one == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("number", range(36))
def test_any_question_has_the_answer_that_its_definitions_say(number: int) -> None:
    rows = company(number // 2)
    engine = DuckDBEngine.from_rows(rows)
    dice = Dice(number)
    kpis = (*dice.sample(OWN, 7), *dice.sample(PACKAGED, 4))
    asked, calendar = question(number, kpis)
    assert list(differences(engine, rows, KPIS, asked, calendar, 80)) == []


@pytest.mark.parametrize("part", range(4))
def test_every_kpi_by_month_and_by_rep_has_the_answer_that_its_definition_says(part: int) -> None:
    rows = company(1000 + part, 60)
    engine = DuckDBEngine.from_rows(rows)
    kpis = tuple([*OWN, *PACKAGED][part::4])
    by = ((), ("rep",), ("team",), ("product.category",))[part]
    asked = Question(kpis, "month", date(2025, 2, 1), date(2025, 5, 31), by)
    assert list(differences(engine, rows, KPIS, asked, Calendar(), 200)) == []


@pytest.mark.parametrize(("grain", "by"), [("month", ("team",)), ("quarter", ())])
def test_many_periods_at_once_equal_each_period_alone(grain: str, by: tuple[str, ...]) -> None:
    engine = DuckDBEngine.from_rows(company(7, 50))
    asked = Question(tuple(OWN), grain, date(2025, 3, 10), date(2025, 5, 20), by)  # type: ignore[arg-type]
    together = ask(engine, KPIS, asked, SETTING)
    all_figures = figures(together)
    apart = {}
    for period in together.periods:
        apart.update(figures(ask(engine, KPIS, replace(asked, start=period.start, end=period.end), SETTING)))
    for place, value in apart.items():
        if "grow" in place[0]:
            continue  # growth of a cut week is compared with a cut week, as it should be
        assert same(all_figures[place], value), place
    for place in all_figures.keys() - apart.keys():  # members who did nothing in the period alone
        assert all_figures[place] in (None, 0), place


def test_the_order_of_rows_does_not_matter() -> None:
    rows = company(11, 25)
    shuffled: Rows = {}
    for fact, held in rows.items():
        numbered = [{"id": f"{fact}-{number}", **row} for number, row in enumerate(held)]
        own = [
            {name: row[name] for name in row if name != "id" or fact not in ("sales", "deal_states")}
            for row in numbered
        ]
        rows[fact] = own
        shuffled[fact] = Dice(3).sample(own, len(own))
    asked = Question((*OWN, *PACKAGED), "quarter", *YEAR, ("team",))
    one, other = (figures(ask(DuckDBEngine.from_rows(each), KPIS, asked, SETTING)) for each in (rows, shuffled))
    assert one.keys() == other.keys()
    for place, value in one.items():
        assert same(other[place], value), place


def test_kpis_asked_together_equal_each_asked_alone() -> None:
    engine = DuckDBEngine.from_rows(company(5))
    asked = Question((*OWN, *PACKAGED), "quarter", *YEAR, ("rep",), compare="previous")
    together = ask(engine, KPIS, asked, SETTING)
    both = {(row.kpi, row.ids["rep"], row.period.label): (row.value, row.compared_value) for row in together.rows()}
    for kpi in (*OWN[::2], *PACKAGED[::6]):
        alone = ask(engine, KPIS, replace(asked, kpis=(kpi,)), SETTING)
        for row in alone.rows():
            value, compared = both[row.kpi, row.ids["rep"], row.period.label]
            assert same(value, row.value), (kpi, row)
            assert same(compared, row.compared_value), (kpi, row)


def test_members_of_a_dimension_add_up_to_the_total() -> None:
    engine = DuckDBEngine.from_rows(company(8, 80))
    kpis = ("wins", "not_lost", "pipeline_opening", "pipeline_closing", "open_average", "staff", "sales_so_far", "mrr")
    for by in ("rep", "team", "region"):
        asked = Question(kpis, "month", *YEAR)
        whole = figures(ask(engine, KPIS, asked, SETTING))
        split = figures(ask(engine, KPIS, replace(asked, by=(by,)), SETTING))
        for (kpi, _, start, end), value in whole.items():
            pieces = [part for (id_, _, first, last), part in split.items() if (id_, first, last) == (kpi, start, end)]
            if kpi == "staff" and by == "region":
                continue
            if value is not None and any(pieces):
                assert sum(piece or 0 for piece in pieces) == pytest.approx(value, abs=1e-3), (kpi, by, start)


def test_a_ratio_by_a_dimension_that_one_side_lacks_has_no_answer_and_says_so() -> None:
    engine = DuckDBEngine.from_rows(company(2))
    answer = ask(engine, KPIS, Question(("per_visit", "wins"), by=("loss_reason",)), SETTING)
    assert {row.value for row in answer.rows() if row.kpi == "per_visit"} <= {None}
    assert any("loss_reason" in note for note in answer.notes)


def test_no_data_gives_no_answer_and_not_zero() -> None:
    engine = DuckDBEngine.from_rows({"sales": [{"sold_on": "2025-03-01", "amount": 5, "kind": "return"}]})
    before = Question(("wins", "new_revenue", "mean_amount", "mrr"), start=date(2024, 1, 1), end=date(2024, 1, 31))
    for period in (before, replace(before, start=date(2025, 4, 1), end=date(2025, 4, 30))):
        assert [row.value for row in ask(engine, KPIS, period, SETTING).rows()] == [None] * 4
    asked = Question(("wins", "buyers", "logos", "p90_amount", "sales_so_far"))
    inside = ask(engine, KPIS, asked, SETTING)
    assert [row.value for row in inside.rows()] == [None, None, None, None, 5]
    assert any("no deals" in note for note in inside.notes)
    with pytest.raises(QuestionError):
        ask(DuckDBEngine.from_rows({"deals": []}), KPIS, Question(("wins",)), SETTING)


def test_adding_up_what_is_unknown_has_no_answer_at_one_bound_or_many() -> None:
    rows = {"deal_states": [{"deal_id": "d", "status": "open", "from_on": "2025-01-05"}]}
    engine = DuckDBEngine.from_rows({**rows, "sales": [{"sold_on": "2025-03-31", "amount": 1}]})
    for grain in ("total", "month"):
        asked = Question(("pipeline_closing", "mean_open"), grain, date(2025, 2, 1), date(2025, 3, 31))  # type: ignore[arg-type]
        assert {row.value for row in ask(engine, KPIS, asked, SETTING).rows()} == {None}


def test_cut_and_unfinished_periods_and_unripe_cohorts_are_marked() -> None:
    deals = [{"created_on": "2025-01-01", "closed_on": "2025-03-20", "status": "won"}]
    engine = DuckDBEngine.from_rows({"deals": deals})
    asked = Question(("wins", "won_by_day_60"), "month", date(2024, 12, 15), date(2025, 3, 31))
    marks = {(row.kpi, row.period.label): row.partial for row in ask(engine, KPIS, asked, SETTING).rows()}
    assert [marks["wins", f"2025-{month:02}"] for month in (1, 2, 3)] == [False, False, True]
    assert marks["wins", "2024-12"]
    # entered by 31 January: 60 days end on 1 April, after the data; so January is not ripe, December is only cut
    assert [marks["won_by_day_60", f"2025-{month:02}"] for month in (1, 2)] == [True, True]


def test_a_fair_comparison_counts_only_the_days_compared() -> None:
    days = [{"closed_on": f"2025-{month:02}-{day:02}", "status": "won"} for month in (2, 3) for day in range(1, 29)]
    engine = DuckDBEngine.from_rows({"deals": [row for row in days if row["closed_on"] <= "2025-03-10"]})
    for grain in ("total", "month"):
        asked = Question(("wins",), grain, date(2025, 3, 1), date(2025, 3, 10), compare="previous")  # type: ignore[arg-type]
        (row,) = ask(engine, KPIS, asked, SETTING).rows()
        assert (row.value, row.compared_value) == (10, 10)


def test_a_team_without_a_first_day_is_a_team_since_ever() -> None:
    memberships = [
        {"rep_id": "r", "team_id": "old", "to_on": "2025-02-10"},
        {"rep_id": "r", "team_id": "new", "from_on": "2025-02-01"},
    ]
    days = ("2025-01-31", "2025-02-01", "2025-02-11")
    deals = [{"owner_id": "r", "closed_on": day, "status": "won"} for day in days]
    engine = DuckDBEngine.from_rows({"memberships": memberships, "deals": deals})
    found = figures(ask(engine, KPIS, Question(("wins",), by=("team",)), SETTING))
    assert {place[1]: value for place, value in found.items()} == {("old",): 1, ("new",): 2}


@pytest.mark.parametrize("reps", [{"r1"}, {"r0", "r2"}, set()])
def test_a_viewer_sees_exactly_the_rows_of_their_reps(reps: set[str]) -> None:
    rows = company(21, 80)
    engine = DuckDBEngine.from_rows(rows)
    owners = {"deals": "owner_id", "sales": "owner_id", "activities": "rep_id"}
    own = {
        **rows,
        **{fact: [row for row in rows[fact] if row[owner] in reps] for fact, owner in owners.items()},
    }
    for row in own["deals"]:
        row.update(owner_at_close_id=None, owner_at_creation_id=None)
    engine = DuckDBEngine.from_rows({**rows, "deals": [{**row, "owner_at_close_id": None} for row in rows["deals"]]})
    kpis = ("wins", "new_revenue", "sales_so_far", "buyers", "median_amount", "repeat_buyers", "per_visit")
    asked = Question(kpis, "quarter", *YEAR)
    seen = figures(ask(engine, KPIS, replace(asked, viewer=Viewer("someone", frozenset(reps))), SETTING))
    if not reps:
        assert set(seen.values()) <= {0, None}
        return
    alone = figures(ask(DuckDBEngine.from_rows(own), KPIS, asked, SETTING))
    assert {place: value for place, value in seen.items() if value} == {
        place: pytest.approx(value) for place, value in alone.items() if value
    }
    by_rep = ask(engine, KPIS, replace(asked, by=("rep",), viewer=Viewer("someone", frozenset(reps))), SETTING)
    assert {member[0] for member in by_rep.ids} <= reps


def test_rows_without_an_owner_are_not_for_a_viewer() -> None:
    rows = {"observations": [{"series": "web_visits", "on": "2025-01-01", "value": 5, "roll_up": "sum"}]}
    engine = DuckDBEngine.from_rows({**rows, "sales": [{"sold_on": "2025-01-01", "amount": 5}]})
    asked = Question(("visits_seen", "sales_so_far"), viewer=Viewer("r", frozenset({"r"})))
    assert not any(row.value for row in ask(engine, KPIS, asked, SETTING).rows())


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_only_values(value: str) -> None:
    deals = [
        {"closed_on": "2025-01-01", "status": "won", "region": value, "amount": 1},
        {"closed_on": "2025-01-01", "status": "won", "region": "other", "amount": 1},
    ]
    engine = DuckDBEngine.from_rows({"deals": deals})
    by = ask(engine, KPIS, Question(("wins",), by=("region",)), SETTING)
    assert {row.members["region"]: row.value for row in by.rows()} == {value: 1, "other": 1}
    only = ask(engine, KPIS, Question(("wins",), where=(Filter("region", (value,)),)), SETTING)
    assert only.value() == 1
    rest = ask(engine, KPIS, Question(("wins",), where=(Filter("region", (value,), exclude=True),)), SETTING)
    assert rest.value() == 1
    viewer = ask(engine, KPIS, Question(("wins",), viewer=Viewer(value, frozenset({value}))), SETTING)
    assert viewer.value() == 0


@pytest.mark.parametrize("name", ['region"; DROP TABLE deals; --', "f.region", "nothing", "region, 1", ""])
def test_a_hostile_name_of_a_dimension_is_refused(name: str) -> None:
    engine = DuckDBEngine.from_rows({"deals": [{"closed_on": "2025-01-01", "status": "won"}]})
    with pytest.raises(QuestionError):
        ask(engine, KPIS, Question(("wins",), by=(name,)), SETTING)
    with pytest.raises(QuestionError):
        ask(engine, KPIS, Question(("wins",), where=(Filter(name, ("x",)),)), SETTING)

"""Nobody's answer to a survey can be told from a figure, nor opened; worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from tolok.kpis.load import catalogue
from tolok.query.browse import Listing, browse
from tolok.query.drill import records
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

KPIS = catalogue()
DAY = date(2026, 5, 3)


@pytest.fixture
def engine():
    """Six answers about Ann, five about Bob, two about Cid; none about Dee."""
    answers = [
        {
            "id": f"{rep}{n}",
            "kind": "nps",
            "value": 10,
            "scale_min": 0,
            "scale_max": 10,
            "rep_id": rep,
            "answered_on": DAY,
        }
        for rep, count in (("ann", 6), ("bob", 5), ("cid", 2))
        for n in range(count)
    ]
    reps = [{"id": rep, "name": rep.title()} for rep in ("ann", "bob", "cid", "dee")]
    with DuckDBEngine.from_rows({"answers": answers, "reps": reps}) as made:
        yield made


def told(engine, least: int, by: tuple[str, ...] = ("rep",)) -> dict[str | None, float | None]:
    answer = ask(engine, KPIS, Question(("nps",), start=DAY, end=DAY, by=by), Setting(least_answers=least))
    return {row.members.get("rep"): row.value for row in answer.rows()}


def test_few_answers_have_no_figure_and_no_other_gives_it_away(engine):
    assert told(engine, 0) == {"Ann": 100, "Bob": 100, "Cid": 100}
    assert told(engine, 5) == {"Ann": 100, "Bob": None, "Cid": None}  # 13 together less Ann and Bob would be Cid's two
    assert told(engine, 6) == {"Ann": 100, "Bob": None, "Cid": None}  # seven together are left: nobody's alone
    assert told(engine, 5, ()) == {None: 100}
    assert told(engine, 14, ()) == {None: None}


def test_it_is_said(engine):
    answer = ask(engine, KPIS, Question(("nps",), start=DAY, end=DAY, by=("rep",)), Setting(least_answers=5))
    assert "figures that rest on fewer than 5 answers are not shown" in answer.notes


def test_answers_are_not_opened(engine):
    for found in records(engine, KPIS, Question(("nps",), start=DAY, end=DAY), Setting()):
        assert (found.rows, found.why_none) == ((), "answers of surveys are not shown one by one")
    assert browse(engine, Listing("answers"), DAY).total == 0

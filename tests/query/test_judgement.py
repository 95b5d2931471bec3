"""Rules are judged from the figure as it is displayed, and say what to look at in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from tolok.kpis.load import catalogue
from tolok.query.judgement import RuleState, rule_states
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.duckdb import DuckDBEngine

CATALOGUE = catalogue()


def _deals(won: int, opened: int) -> dict[str, list[dict[str, object]]]:
    opened_on = date(2026, 1, 5)
    return {
        "deals": [
            {"id": f"d{n}", "status": "won", "created_on": opened_on, "closed_on": date(2026, 1, 20)}
            if n < won
            else {"id": f"d{n}", "status": "open", "created_on": opened_on}
            for n in range(opened)
        ]
    }


def _states(facts: dict[str, list[dict[str, object]]], question: Question, language: str = "en") -> list[RuleState]:
    engine = DuckDBEngine.from_rows(facts)
    try:
        return rule_states(ask(engine, CATALOGUE, question, Setting()), language)
    finally:
        engine.close()


@pytest.mark.parametrize(
    ("won", "opened", "state"),
    [(149, 1000, "watch"), (1496, 10000, "healthy"), (1494, 10000, "watch"), (150, 1000, "healthy")],
)
def test_the_healthy_line_of_15_percent_is_judged_as_displayed(won: int, opened: int, state: str) -> None:
    [found] = _states(_deals(won, opened), Question(("opportunity_to_win",)))
    assert found.state == state
    assert found.severe == (state == "watch")
    if state == "watch":
        assert "lead_to_opportunity" in found.look_at


def test_what_to_look_at_is_said_in_indonesian() -> None:
    [found] = _states(_deals(1, 100), Question(("opportunity_to_win",)), "id")
    assert found.says == (CATALOGUE["opportunity_to_win"].words["id"].rules[0],)


def test_no_answer_is_neither_healthy_nor_to_be_watched() -> None:
    question = Question(("opportunity_to_win",), start=date(2026, 1, 10), end=date(2026, 1, 20))
    assert [found.state for found in _states(_deals(1, 2), question)] == [""]


def test_the_line_of_a_kpi_does_not_judge_its_variants() -> None:
    question = Question(("opportunity_to_win",), variants={"opportunity_to_win": "by_period"})
    assert [found.state for found in _states(_deals(1, 100), question)] == [""]


@pytest.mark.parametrize(("now", "state"), [(30, "watch"), (50, "healthy"), (70, "healthy")])
def test_falling_needs_an_earlier_figure(now: int, state: str) -> None:
    deals = [
        {
            "id": f"{month}-{n}",
            "status": "won" if n < won else "lost",
            "created_on": date(2026, 1, 1),
            "closed_on": date(2026, month, 28),
        }
        for month, won in ((1, 50), (2, now))
        for n in range(100)
    ]
    february = Question(("win_rate",), "month", date(2026, 2, 1), date(2026, 2, 28))
    compared = Question(("win_rate",), "month", date(2026, 2, 1), date(2026, 2, 28), compare="previous")
    assert [found.state for found in _states({"deals": deals}, february)] == [""]
    assert [found.state for found in _states({"deals": deals}, compared)] == [state]

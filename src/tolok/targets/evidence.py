"""What history says when targets are set: results by period and by whom, and the season of a KPI."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol

from tolok.query.answer import Answer
from tolok.query.question import EVERYTHING, Filter, Grain, Question, Viewer
from tolok.targets.scope import Scope
from tolok.targets.season import FLAT, Season, learned
from tolok.targets.smart import Asked
from tolok.targets.verdicts import Past

YEARS = 3
"""How many years a season is learned from."""


class Answers(Protocol):
    """What answers questions: a workspace."""

    def answer(self, question: Question) -> Answer: ...


def past(answers: Answers, asked: Asked, scope: Scope, name: str, viewer: Viewer = EVERYTHING) -> Past:
    """What a scope came to in past periods."""
    where = tuple(Filter(dimension, (id_,)) for dimension, id_ in scope.members)
    rows = answers.answer(_question(asked, where, (), viewer)).rows()
    held = {row.period.start: _exact(row.value) for row in rows}
    return Past(name, tuple((period, held.get(period.start)) for period in asked.periods))


def pasts_by_rep(answers: Answers, asked: Asked, reps: Iterable[str], viewer: Viewer = EVERYTHING) -> tuple[Past, ...]:
    """What some reps came to in past periods, each on their own."""
    wanted = tuple(sorted(set(reps)))
    if not wanted:
        return ()
    rows = answers.answer(_question(asked, (Filter("rep", wanted),), ("rep",), viewer)).rows()
    held: dict[tuple[str, str], dict[date, Decimal | None]] = {}
    for row in rows:
        key = (row.ids["rep"] or "", row.members["rep"] or "")
        held.setdefault(key, {})[row.period.start] = _exact(row.value)
    return tuple(
        Past(name, tuple((period, figures.get(period.start)) for period in asked.periods))
        for (id_, name), figures in held.items()
        if id_ in wanted
    )


def results(
    answers: Answers,
    kpi: str,
    dimension: str,
    start: date,
    end: date,
    viewer: Viewer = EVERYTHING,
    *,
    where: tuple[Filter, ...] = (),
) -> dict[str, Decimal]:
    """What each member of a dimension came to in a stretch of days, by id; "" is the company as a whole."""
    by = (dimension,) if dimension else ()
    rows = answers.answer(Question((kpi,), "total", start, end, by, where, viewer=viewer)).rows()
    found = {}
    for row in rows:
        value = _exact(row.value)
        id_ = row.ids[dimension] if dimension else ""
        if value is not None and id_ is not None:
            found[id_] = value
    return found


def season(answers: Answers, kpi: str, ends_on: date, country: str) -> Season:
    """The season of a KPI in its last years; flat where it has no history of a year."""
    start = date(ends_on.year - YEARS, ends_on.month, min(ends_on.day, 28))
    rows = list(answers.answer(Question((kpi,), "day", start, ends_on)).rows())
    history = {row.period.start: value for row in rows if (value := _exact(row.value)) is not None}
    first = next((day for day in sorted(history) if history[day]), None)
    if first is None:
        return FLAT
    return learned({day: value for day, value in history.items() if day >= first}, ends_on, country)


def _question(asked: Asked, where: tuple[Filter, ...], by: tuple[str, ...], viewer: Viewer) -> Question:
    grain: Grain = asked.grain
    return Question((asked.kpi,), grain, asked.periods[0].start, asked.periods[-1].end, by, where, viewer=viewer)


def _exact(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))

"""One random question to one random company, answered by the engine and by the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from tests.query.company import FIRST, HOSTILE, LAST, Dice, Rows
from tests.query.oracle import Oracle

from tolok.kpis.definition import Definition
from tolok.periods import Calendar, compare
from tolok.query.answer import Answer
from tolok.query.question import GRAINS, Filter, Question, Viewer
from tolok.query.run import Setting, ask
from tolok.store.engine import Engine

CALENDARS = (
    Calendar(),
    Calendar(),
    Calendar(fiscal_start=4),
    Calendar(fiscal_start=2),
    Calendar("4-4-5", 2, 6),
    Calendar(week_start=6),
)
DIMENSIONS = ("rep", "team", "product.category", "account", "region", "currency", "account.industry", "kind")
OTHERS = ("product", "category", "segment", "rep.region", "colour", "source")
"""Dimensions that some trials are told or chosen by instead."""
EXTRA = {fact: {"colour": "Colour of it"} for fact in ("deals", "activities", "leads")}
SPANS = {"day": 12, "week": 60, "month": 300, "quarter": 500, "year": 500, "total": 500}


def question(seed: int, kpis: tuple[str, ...]) -> tuple[Question, Calendar]:
    """A question with a grain, dates, dimensions, filters and a viewer, by chance."""
    dice = Dice(seed)
    grain = dice.choice(GRAINS)
    start = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days))
    if dice.random() < 0.3:
        start = start.replace(day=1)
    end = start + timedelta(days=dice.randrange(SPANS[grain]))
    by = tuple(dice.sample(DIMENSIONS, dice.choice([0, 0, 1, 1, 2])))
    where: tuple[Filter, ...] = ()
    if dice.random() < 0.35:
        column, values = dice.choice(
            [
                ("rep", ("r1", "r2")),
                ("team", ("Team t1", "t2")),
                ("region", (HOSTILE[1], HOSTILE[2], "Jawa")),
                ("product.category", ("A", HOSTILE[1])),
                ("account", ("Account a1", "a2")),
            ]
        )
        where = (Filter(column, values, exclude=dice.random() < 0.3),)
    viewer = Viewer()
    if dice.random() < 0.2:
        viewer = Viewer("r1", frozenset(dice.choice([{"r1"}, {"r1", "r2"}, set()])), dice.random() < 0.5)
    change = dice.choice(["", "", "previous", "last-year"])
    asked = Question(kpis, grain, start, end, by, where, change, viewer=viewer)  # type: ignore[arg-type]
    other = Dice(-seed - 1)  # of its own, so that older trials stay what they were
    if viewer.reps is not None and other.random() < 0.5:
        asked = replace(asked, viewer=replace(viewer, teams=frozenset(other.sample(["t1", "t2", "t3"], 2))))
    if grain in ("day", "week", "month") and other.random() < 0.2:
        stretch = other.choice([{"rolling_days": 30}, {"rolling_days": 7}, {"rolling_months": 3}])
        asked = replace(asked, compare="", **stretch)
    if other.random() < 0.3:
        asked = replace(asked, by=(*asked.by[1:], other.choice(OTHERS)))
    if other.random() < 0.2:
        narrow = other.choice([("product", ("p1",)), ("colour", ("red",)), ("category", ("A",)), ("segment", ("big",))])
        asked = replace(asked, where=(*asked.where, Filter(*narrow, exclude=other.random() < 0.3)))
    return asked, dice.choice(CALENDARS)


def differences(
    engine: Engine, rows: Rows, catalogue: dict[str, Definition], asked: Question, calendar: Calendar, most: int = 400
) -> Iterator[str]:
    """Where the engine's answer is not the oracle's; at most so many figures are compared."""
    setting = Setting(currency="USD", calendar=calendar, extra=EXTRA)
    answer = ask(engine, catalogue, asked, setting)
    asking = (asked.by, asked.where, asked.viewer, asked.grain, EXTRA)
    oracle = Oracle(rows, engine.coverage, catalogue, calendar, "USD", *asking)
    figures = [
        (kpi, line, column)
        for kpi in range(len(answer.asked))
        for line in range(len(answer.ids))
        for column in range(len(answer.periods))
    ]
    Dice(0).shuffle(figures)
    for kpi, line, column in figures[:most]:
        name, key, period = asked.kpis[kpi], answer.ids[line], answer.periods[column]
        pairs = [(period, answer.results[kpi])]
        if answer.compared:
            fair = compare(period, asked.compare, data_end=engine.coverage.ends_on or LAST, calendar=calendar).fair_to  # type: ignore[arg-type]
            assert (fair.start, fair.end) == (
                answer.compared_periods[column].start,
                answer.compared_periods[column].end,
            )
            pairs.append((fair, answer.compared[kpi]))
        for slot, result in pairs:
            wanted, got = oracle.kpi(name, slot, key), result.value[line, column]
            if not close(wanted, got):
                yield f"{name} {slot.start}..{slot.end} {dict(zip(asked.by, key, strict=True))}: {got}, not {wanted}"


def close(wanted: float | None, got: float) -> bool:
    if wanted is None or np.isnan(got):
        return wanted is None and bool(np.isnan(got))
    return abs(wanted - got) <= 2e-3 + 1e-6 * abs(wanted)


def figures(answer: Answer) -> dict[tuple[str, tuple[str | None, ...], date, date], float | None]:
    """All figures of an answer by KPI, member and period."""
    return {(row.kpi, tuple(row.ids.values()), row.period.start, row.period.end): row.value for row in answer.rows()}

"""Run a KPI's examples: rows in, value out, through the same plans as any question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from tolok.kpis.definition import Definition, Example
from tolok.query.question import Question
from tolok.query.run import Engine, Setting, ask
from tolok.store.duckdb import DuckDBEngine


class Until:
    """An engine whose data is complete for the example's period, whatever the date of its last row."""

    def __init__(self, engine: Engine, start: date | None, end: date | None) -> None:
        self._engine = engine
        self.dialect = engine.dialect
        held = engine.coverage
        ends = [day for day in (held.ends_on, end) if day]
        starts = [day for day in (held.starts_on, start) if day]
        self.coverage = replace(held, starts_on=min(starts, default=None), ends_on=max(ends, default=None))
        self.run = engine.run
        self.sql = engine.sql


Values = dict[str, float | None]


def run(
    definition: Definition,
    example: Example,
    catalogue: dict[str, Definition],
    engine_of: Callable[[dict[str, tuple[dict[str, object], ...]]], Engine] = DuckDBEngine.from_rows,
) -> float | Values | None:
    """The value that an example's rows give: one number, None for no answer, or one per member of ``by``."""
    engine = Until(engine_of(example.rows), example.start, example.end)
    if engine.coverage.ends_on is None or not any(example.rows.values()):
        return None
    question = Question(
        kpis=(definition.id,),
        start=example.start,
        end=example.end,
        by=(example.by,) if example.by else (),
        variants={definition.id: example.variant or "standard"},
    )
    answer = ask(engine, {**catalogue, definition.id: definition}, question, Setting(currency="IDR"))
    if example.by:
        return {str(row.members[example.by]): row.value for row in answer.rows()}
    return answer.value()


def agrees(example: Example, value: float | Values | None) -> bool:
    """Whether a value is the example's answer, within its tolerance."""
    expected = example.answer
    if isinstance(expected, dict):
        if not isinstance(value, dict):
            return False
        return all(_close(value.get(member), wanted, example) for member, wanted in expected.items())
    return not isinstance(value, dict) and _close(value, expected, example)


def _close(value: object, expected: object, example: Example) -> bool:
    if value is None or expected is None:
        return value is None and expected is None
    return abs(float(str(value)) - float(str(expected))) <= float(example.within)

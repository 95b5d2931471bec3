"""An answer: values with what they rest on, and what there is to know about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from tolok.kpis.definition import Definition, Unit
from tolok.periods import Period
from tolok.query.compile import Result
from tolok.query.parts import Floats


@dataclass(frozen=True)
class Asked:
    """One KPI as it was asked: definition, variant and unit."""

    definition: Definition
    variant: str
    unit: Unit

    @property
    def id(self) -> str:
        return self.definition.id


@dataclass(frozen=True)
class Row:
    """One figure: a KPI, a period, the members of the dimensions with their ids, and what the figure rests on."""

    kpi: str
    period: Period
    members: dict[str, str | None]
    ids: dict[str, str | None]
    value: float | None
    of: float | None
    over: float | None
    count: int
    unit: Unit
    partial: bool
    compared_with: Period | None = None
    compared_value: float | None = None
    target: float | None = None

    @property
    def change(self) -> float | None:
        """Value less the value compared with; for amounts and counts in percent of it."""
        if self.value is None or self.compared_value is None:
            return None
        if self.unit in ("percent", "score"):
            return self.value - self.compared_value
        return 100.0 * (self.value - self.compared_value) / self.compared_value if self.compared_value > 0 else None


@dataclass(frozen=True)
class Answer:
    """Figures of KPIs × periods × members. ``notes`` are what a careful person would add."""

    asked: tuple[Asked, ...]
    grain: str
    periods: tuple[Period, ...]
    by: tuple[str, ...]
    members: tuple[tuple[str | None, ...], ...]
    ids: tuple[tuple[str | None, ...], ...]
    results: tuple[Result, ...]
    partial: tuple[bool, ...]
    notes: tuple[str, ...]
    statement: Callable[[], str]
    compared: tuple[Result, ...] = ()
    compared_periods: tuple[Period, ...] = ()
    targets: tuple[Result, ...] = ()
    snapshot: str = ""
    currency: str = ""
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """The statement as the engine ran it, laid out for reading."""
        return self.statement()

    def value(self, kpi: str = "") -> float | None:
        """The single value of an answer that has one KPI, period and member (or the named KPI's first)."""
        for row in self.rows():
            if not kpi or row.kpi == kpi:
                return row.value
        return None

    def rows(self) -> Iterator[Row]:
        """All figures: per KPI, per member, per period."""
        for number, asked in enumerate(self.asked):
            result = self.results[number]
            values, upper, lower = (_plain(figures) for figures in (result.value, result.of, result.over))
            counts = np.nan_to_num(result.count, posinf=0, neginf=0).astype(np.int64).tolist()
            unripe = (result.unripe == 1).tolist()
            compared = _plain(self.compared[number].value) if self.compared else None
            targets = _plain(self.targets[number].value) if self.targets else None
            for line, names in enumerate(self.members):
                for column, period in enumerate(self.periods):
                    yield Row(
                        asked.id,
                        period,
                        dict(zip(self.by, names, strict=True)),
                        dict(zip(self.by, self.ids[line], strict=True)),
                        values[line][column],
                        upper[line][column],
                        lower[line][column],
                        counts[line][column],
                        asked.unit,
                        self.partial[column] or unripe[line][column],
                        self.compared_periods[column] if self.compared_periods else None,
                        compared[line][column] if compared else None,
                        targets[line][column] if targets else None,
                    )


def _plain(figures: Floats) -> list[list[float | int | None]]:
    return [[plain(number) for number in line] for line in figures.tolist()]


def plain(value: float) -> float | int | None:
    """A number as people write it: whole ones as integers, None for no answer."""
    number = float(value)
    if not isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number

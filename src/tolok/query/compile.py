"""From KPI definitions to measures to scan, and from the scanned grid back to each KPI's figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from tolok.errors import QuestionError, nearest
from tolok.kpis.definition import (
    Body,
    Change,
    Cohort,
    Condition,
    Definition,
    Formula,
    Measure,
    Members,
    Movement,
    Ratio,
    Score,
    Unit,
    Value,
)
from tolok.kpis.expression import evaluate, names, parse
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.periods import Calendar, Period, WorkingHours, compare
from tolok.query import movement, stock
from tolok.query.aggregate import money_columns
from tolok.query.grid import layer_name
from tolok.query.observed import CALENDAR, Series, as_measure
from tolok.query.parts import Figure, Floats, finish, zero_when_empty
from tolok.query.path import Unreachable, holds_data
from tolok.query.slots import Slots

STOCKS = ("opening", "closing", "average")


@dataclass(frozen=True)
class Result:
    """One KPI over members × slots: its value, what it divides, the rows it rests on, and marks of unripe slots."""

    value: Floats
    of: Floats
    over: Floats
    count: Floats
    unripe: Floats


Grid = dict[str, Floats]
Node = Callable[[Grid, list[int]], Result]


@dataclass
class Compiler:
    """Collects the measures of all KPIs asked, each once; what the data cannot tell is noted with what is missing."""

    catalogue: dict[str, Definition]
    chosen: dict[str, str]
    variant: str
    slots: Slots
    periods: dict[int, Period]
    calendar: Calendar
    coverage: Coverage
    grain: str
    series: Callable[[], dict[str, Series]]
    meets: Callable[[Measure], bool]  # whether any row at all meets a measure's conditions, whatever its date
    hours: WorkingHours
    measures: dict[Measure, str] = field(default_factory=dict)
    movements: dict[Movement, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    previous: dict[int, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)  # a measure's name → why it has no figures
    layer: int = 0
    layers: dict[str, Compiler] = field(default_factory=dict)  # by the dimension whose members are asked each
    rate_days: dict[str, dict[int, date]] = field(default_factory=dict)  # by side of a growth: slot → whose day's rates
    _side: Literal["", "now", "then"] = ""

    def kpi(self, name: str, slots: list[int]) -> tuple[Definition, str, Node]:
        """The definition, variant and node of a KPI, written ``win_rate`` or ``win_rate.by_value``."""
        definition, variant = self.chosen_variant(name)
        found = definition.variants.get(variant)
        body, unit, dated = definition.body, definition.unit, definition.dated_by
        if found is not None:
            body, unit, dated = found.body, found.unit or unit, found.dated_by or dated
        return definition, variant, self.node(body, unit, dated, slots)

    def chosen_variant(self, name: str) -> tuple[Definition, str]:
        """The definition and variant of a KPI as it is written."""
        id_, _, variant = name.partition(".")
        definition = self.catalogue.get(id_)
        if definition is None:
            raise QuestionError(f"There is no KPI {id_!r}.", next_step=nearest(id_, self.catalogue))
        variant = variant or self.chosen.get(id_, "")
        if not variant and (self.variant in definition.variants or self.variant == "standard"):
            variant = self.variant
        variant = variant or definition.default_variant
        if variant and variant != "standard" and variant not in definition.variants:
            raise QuestionError(f"{id_} has no variant {variant!r}.", next_step=nearest(variant, definition.variants))
        return definition, variant

    def unit_of(self, definition: Definition, variant: str) -> Unit:
        found = definition.variants.get(variant)
        return (found.unit if found is not None else None) or definition.unit

    def node(self, body: Body, unit: Unit, dated: str, slots: list[int]) -> Node:
        if isinstance(body, Value):
            return self._value(self.measure(body.of, dated, unit))
        if isinstance(body, Ratio):
            return self._ratio(self.measure(body.of, dated), self.measure(body.over, dated), unit)
        if isinstance(body, Cohort):
            return self._cohort(body, unit)
        if isinstance(body, Movement):
            return self._movement(body, slots)
        if isinstance(body, Change):
            return self._change(body, slots)
        if isinstance(body, Members):
            return self._members(body, unit, slots)
        if isinstance(body, Formula):
            return self._formula(body, slots)
        return self._score(body, dated)

    def measure(self, measure: Measure, dated: str, unit: str = "") -> Callable[[Grid, list[int]], Figure]:
        """Register a measure; what comes back reads its figure from the grid."""
        if measure.aggregate == "observed" and measure.window == "average":
            opening = self.measure(replace(measure, window="opening"), dated, unit)
            closing = self.measure(replace(measure, window="closing"), dated, unit)
            return lambda grid, columns: _between(opening(grid, columns), closing(grid, columns))
        if measure.aggregate == "target":
            return self._target(measure.name)
        if measure.aggregate == "observed":
            if measure.name in CALENDAR and not (self.coverage.has("observations") and measure.name in self.series()):
                return self._days(working=measure.name == "working_days")
            if not self.coverage.has("observations"):
                return self._absent(f"there are no observations; {measure.name} is needed")
            try:
                measure = as_measure(measure, self.series(), self.grain, unit)
            except Unreachable as refusal:
                return self._absent(str(refusal))
        fact, _, column = dated.partition(".")
        if not measure.dated_by and fact == measure.fact and measure.window not in STOCKS:
            measure = replace(measure, dated_by=column)
        if not self.coverage.has(measure.fact):
            return self._absent(f"there are no {measure.fact.replace('_', ' ')}")
        unfilled = self._unfilled(measure)
        if unfilled:
            return self._absent(f"{measure.fact.replace('_', ' ')} have no {unfilled.replace('_', ' ')} in this data")
        if self._side and money_columns(measure):
            if measure.window in STOCKS or measure.per is not None:
                return self._absent("growth at constant rates can be told of amounts of a period alone")
            measure = replace(measure, rates=self._side)
        name = self.measures.setdefault(measure, f"{layer_name(self.layer)}m{len(self.measures)}")
        return lambda grid, columns: self._figure(grid, columns, measure, name)

    def _unfilled(self, measure: Measure) -> str:
        """A column that the measure rests on and that no row has: nothing can be told then, and 0 would be a lie.

        A date that no row has is no gap where no row meets the conditions either: nothing was won yet.
        """
        for condition in measure.where:
            silent = condition.test == "not" or (condition.test == "known" and not condition.values[0])
            if not silent and not holds_data(condition.column, measure.fact, self.coverage):
                return condition.column
        if measure.column and not holds_data(measure.column, measure.fact, self.coverage) and self.meets(measure):
            return measure.column
        if measure.window in STOCKS:
            return ""
        dated = measure.dated_by or FACTS[measure.fact].real_dates[0]
        if not self.coverage.filled(measure.fact, dated) and self.meets(measure):
            return dated
        return ""

    def _days(self, *, working: bool) -> Callable[[Grid, list[int]], Figure]:
        """Days of each slot that have gone by when the data ends; none of a slot that had not begun."""
        ends = self.coverage.ends_on or date.min

        def count(grid: Grid, columns: list[int]) -> Figure:
            found = []
            for slot in (self.slots.listed[column] for column in columns):
                last = min(slot.end, ends)
                days = (last - slot.start).days + 1
                gone = self.hours.working_days(slot.start, last) if working else days
                found.append(float(gone) if days > 0 else np.nan)
            value = np.tile(np.array(found), (grid["members"].shape[0], 1))
            return Figure(value, np.nan_to_num(value))

        return count

    def _absent(self, reason: str) -> Callable[[Grid, list[int]], Figure]:
        self.missing.setdefault(reason, reason)

        def nothing(grid: Grid, columns: list[int]) -> Figure:
            blank = np.full((grid["members"].shape[0], len(columns)), np.nan)
            return Figure(blank, blank)

        return nothing

    def _figure(self, grid: Grid, columns: list[int], measure: Measure, name: str) -> Figure:
        if name in self.missing:
            blank = np.full((grid["members"].shape[0], len(columns)), np.nan)
            return Figure(blank, blank)
        if measure.window not in STOCKS or measure.aggregate == "observed":
            return self._finished(grid, columns, measure, name)
        sides = []
        for opening in (True, False):
            if stock.bounds_needed(measure)[0 if opening else 1]:
                sides.append(self._finished(grid, columns, measure, name + stock.suffix(opening)))
        if len(sides) == 2:
            return Figure((sides[0].value + sides[1].value) / 2, sides[1].count)
        return sides[0]

    def _finished(self, grid: Grid, columns: list[int], measure: Measure, name: str) -> Figure:
        parts = {key: grid[key][:, columns] for key in grid if key.startswith(name + "_")}
        for key in parts:
            if key.endswith(("_n", "_k")):
                parts[key] = np.nan_to_num(parts[key], nan=0.0)
        figure = finish(measure, parts, name)
        value = figure.value
        if zero_when_empty(measure):
            value = np.where(np.isnan(value) & (figure.count == 0), 0.0, value)
        return Figure(np.where(self._outside(measure)[columns], np.nan, value), figure.count)

    def _outside(self, measure: Measure) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Slots about which the fact cannot say anything: before its first date, or after all data ended."""
        held = self.coverage.facts[measure.fact]
        ends = self.coverage.ends_on
        found = []
        for slot in self.slots.listed:
            early = held.first is not None and slot.end < held.first and measure.window == "period"
            late = ends is not None and slot.start > ends
            found.append(early or late)
        return np.array(found, dtype=bool)

    def _value(self, of: Callable[[Grid, list[int]], Figure]) -> Node:
        def run(grid: Grid, columns: list[int]) -> Result:
            figure = of(grid, columns)
            blank = np.full(figure.value.shape, np.nan)
            return Result(figure.value, blank, blank, figure.count, blank)

        return run

    def _ratio(
        self, of: Callable[[Grid, list[int]], Figure], over: Callable[[Grid, list[int]], Figure], unit: Unit
    ) -> Node:
        def run(grid: Grid, columns: list[int]) -> Result:
            upper, lower = of(grid, columns), over(grid, columns)
            blank = np.full(upper.value.shape, np.nan)
            return Result(divide(upper.value, lower.value, unit), upper.value, lower.value, lower.count, blank)

        return run

    def _cohort(self, body: Cohort, unit: Unit) -> Node:
        entered = Measure("count", fact=body.fact, where=body.where, dated_by=body.entered)
        reached = Condition(body.reached, "reached", (body.entered, str(body.within_days)))
        arrived = replace(entered, where=(*body.where, *body.reached_where, reached))
        ratio = self._ratio(self.measure(arrived, ""), self.measure(entered, ""), unit)
        ends = self.coverage.ends_on
        late = [
            bool(body.within_days and ends and slot.end + timedelta(days=body.within_days) > ends)
            for slot in self.slots.listed
        ]

        def run(grid: Grid, columns: list[int]) -> Result:
            result = ratio(grid, columns)
            unripe = np.tile(np.array([float(late[column]) for column in columns]), (result.value.shape[0], 1))
            return replace(result, unripe=unripe)

        return run

    def _movement(self, body: Movement, slots: list[int]) -> Node:
        if not self.coverage.has(body.fact):
            absent = self._absent(f"there are no {body.fact.replace('_', ' ')}")
            return self._value(absent)
        if body.basis == "flow":
            self.shifted(slots, "previous")
        name = self.movements.setdefault(body, f"{layer_name(self.layer)}v{len(self.movements)}")
        expression = parse(body.answer)
        held = self.coverage.facts[body.fact]

        def run(grid: Grid, columns: list[int]) -> Result:
            blank = np.full((grid["members"].shape[0], len(columns)), np.nan)
            if name in self.missing:
                return Result(blank, blank, blank, blank, blank)
            parts = {part: np.nan_to_num(grid[f"{name}_{part}"][:, columns]) for part in movement.PARTS}
            parts["average"] = (parts["opening"] + parts["closing"]) / 2
            value = evaluate(expression, parts.__getitem__)
            unknown = [
                body.basis == "flow"
                and held.first is not None
                and self.slots.listed[self.previous[column]].end < held.first
                for column in columns
            ]
            late = self.coverage.ends_on
            unknown = [
                before_data or (late is not None and self.slots.listed[column].start > late)
                for before_data, column in zip(unknown, columns, strict=True)
            ]
            value = np.where(np.array(unknown, dtype=bool), np.nan, np.broadcast_to(value, blank.shape))
            count = np.nan_to_num(grid[f"{name}_n"][:, columns])
            return Result(value, parts["closing"], parts["opening"], count, blank)

        return run

    def shifted(self, slots: list[int], how: str) -> list[int]:
        """The slots that these are fairly compared with."""
        found = []
        ends = self.coverage.ends_on
        for slot in slots:
            period = self.periods[slot]
            fair = compare(
                period,
                "previous" if how == "previous" else "last-year",
                data_end=ends or period.end,
                calendar=self.calendar,
            ).fair_to
            number = self.slots.add(fair)
            self.periods.setdefault(number, fair)
            if how == "previous":
                self.previous[slot] = number
            found.append(number)
        return found

    def _change(self, body: Change, slots: list[int]) -> Node:
        earlier = self.shifted(slots, body.against)
        meet = dict(zip(slots, earlier, strict=True))
        both = [*slots, *earlier]
        if body.rates == "constant":
            _, _, node = self._at_rates("now", body.of, both, {slot: slot for slot in slots})
            _, _, node_then = self._at_rates("then", body.of, both, {meet[slot]: slot for slot in slots})
        else:
            _, _, node = self.kpi(body.of, both)
            node_then = node

        def run(grid: Grid, columns: list[int]) -> Result:
            now = node(grid, columns)
            then = node_then(grid, [meet[column] for column in columns])
            difference = now.value - then.value
            if body.shown_as == "percent":
                with np.errstate(divide="ignore", invalid="ignore"):
                    value = np.where(then.value > 0, 100.0 * difference / then.value, np.nan)
            else:
                value = difference
            return Result(value, now.value, then.value, now.count, now.unripe)

        return run

    def _at_rates(
        self, side: Literal["now", "then"], kpi: str, slots: list[int], at_end_of: dict[int, int]
    ) -> tuple[Definition, str, Node]:
        """A KPI whose amounts are converted at the rates of one day for each slot: the last of the slot named for it."""
        ends = self.coverage.ends_on or date.max
        days = self.rate_days.setdefault(side, {})
        days |= {slot: min(self.slots.listed[end].end, ends) for slot, end in at_end_of.items()}
        outer, self._side = self._side, side
        try:
            return self.kpi(kpi, slots)
        finally:
            self._side = outer

    def _members(self, body: Members, unit: Unit, slots: list[int]) -> Node:
        """The mean of the members' own figures, or the share of them that meet the limit, each counted once."""
        if body.per not in self.layers:
            number = len(self.layers) + 1
            own = replace(self, measures={}, movements={}, targets={}, layers={}, layer=number)
            self.layers[body.per] = own
        each = self.layers[body.per]
        each._side = self._side
        _, _, node = each.kpi(body.of, slots)
        home_name = layer_name(each.layer) + "home"

        def run(grid: Grid, columns: list[int]) -> Result:
            lines = grid["members"].shape[0]
            home = grid.get(home_name, np.zeros((0, 1)))
            found = node({**grid, "members": home}, columns)
            takes_part = ~np.isnan(found.value) & (found.count > 0) & ~np.isnan(home)

            def added_up(values: Floats) -> Floats:
                sums = np.zeros((lines, len(columns)))
                rows, places = np.nonzero(takes_part)
                np.add.at(sums, (home[rows, 0].astype(np.int64), places), np.nan_to_num(values[rows, places]))
                return sums

            counted = added_up(np.ones_like(found.value))
            unripe = (added_up(found.unripe) > 0).astype(np.float64)
            if body.share_test:
                met = added_up(_MEETS[body.share_test](found.value, float(body.share_value)).astype(np.float64))
                return Result(divide(met, counted, unit), met, counted, counted, unripe)
            total = added_up(found.value)
            return Result(divide(total, counted, ""), total, counted, counted, unripe)

        return run

    def _formula(self, body: Formula, slots: list[int]) -> Node:
        expression = parse(body.expression)
        nodes = {name: self.kpi(name, slots)[2] for name in names(expression)}

        def run(grid: Grid, columns: list[int]) -> Result:
            results = {name: node(grid, columns) for name, node in nodes.items()}
            value = evaluate(expression, lambda name: results[name].value)
            first = next(iter(results.values()))
            blank = np.full(first.value.shape, np.nan)
            counts = np.max([result.count for result in results.values()], axis=0)
            return Result(np.broadcast_to(value, blank.shape), blank, blank, counts, blank)

        return run

    def _score(self, body: Score, dated: str) -> Node:
        everyone = self.measure(body.of, dated)
        liked = self.measure(replace(body.of, where=(*body.of.where, *body.plus)), dated)
        disliked = self.measure(replace(body.of, where=(*body.of.where, *body.minus)), dated)

        def run(grid: Grid, columns: list[int]) -> Result:
            answered = everyone(grid, columns)
            # Whether scales are mixed is judged over all answers, not over the good or the bad ones alone.
            balance = liked(grid, columns).value - disliked(grid, columns).value
            blank = np.full(answered.value.shape, np.nan)
            value = divide(balance, answered.value, "percent")
            return Result(value, balance, answered.value, answered.count, blank)

        return run

    def _target(self, kpi: str) -> Callable[[Grid, list[int]], Figure]:
        if not self.coverage.has("targets"):
            return self._absent(f"there are no targets; one for {kpi} is needed")
        name = self.targets.setdefault(kpi, f"{layer_name(self.layer)}t{len(self.targets)}")

        def run(grid: Grid, columns: list[int]) -> Figure:
            if name in self.missing:
                blank = np.full((grid["members"].shape[0], len(columns)), np.nan)
                return Figure(blank, blank)
            value = divide(grid[f"{name}_v"][:, columns], grid[f"{name}_k"][:, columns], "ratio")
            return Figure(value, np.nan_to_num(grid[f"{name}_n"][:, columns]))

        return run


_MEETS: dict[str, np.ufunc] = {
    "at_least": np.greater_equal,
    "at_most": np.less_equal,
    "above": np.greater,
    "below": np.less,
}


def _between(opening: Figure, closing: Figure) -> Figure:
    return Figure((opening.value + closing.value) / 2, closing.count)


def unasked(grid: Grid, columns: list[int]) -> Result:
    """No figures, where only the targets are wanted."""
    blank = np.full((grid["members"].shape[0], len(columns)), np.nan)
    return Result(blank, blank, blank, blank, blank)


def divide(of: Floats, over: Floats, unit: str) -> Floats:
    """One over the other, NaN where there is nothing to divide by; percents times 100."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(over != 0, of / over, np.nan)
    return found * 100.0 if unit == "percent" else found

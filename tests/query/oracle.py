"""What a KPI should be, computed row by row in plain Python from its definition, with no SQL."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

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
    Value,
)
from tolok.kpis.expression import Name, Number, parse
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.periods import Calendar, Period, compare
from tolok.periods.calendar import months_later
from tolok.query.path import ends_in, resolve
from tolok.query.question import EVERYTHING, Filter, Viewer
from tolok.store.typed_rows import typed_rows

Row = dict[str, Any]
Key = tuple[Any, ...]
Number_ = float | None
STOCKS = ("opening", "closing", "average")
DAY = timedelta(days=1)
ADDS_UP = {
    "deals_won": "always",
    "revenue": "always",
    "open_pipeline": "over members",
    "win_rate": "never",
    "average_deal_size": "never",
}
SERIES_SCOPES = ("rep_id", "team_id", "account_id", "product_id", "category", "region", "channel", "segment")


class Oracle:
    """Answers one KPI for one period and one member at a time."""

    def __init__(
        self,
        rows: dict[str, list[Row]],
        coverage: Coverage,
        catalogue: dict[str, Definition],
        calendar: Calendar,
        currency: str = "USD",
        by: tuple[str, ...] = (),
        where: tuple[Filter, ...] = (),
        viewer: Viewer = EVERYTHING,
        grain: str = "total",
        extra: dict[str, dict[str, str]] | None = None,
    ) -> None:
        self.extra = extra or {}
        typed = typed_rows(rows)
        self.rows = {
            name: [dict(zip(FACTS[name].column_names, row, strict=True)) for row in found]
            for name, found in typed.items()
        }
        self.ids = {name: {row["id"]: row for row in found if "id" in row} for name, found in self.rows.items()}
        self.coverage, self.catalogue, self.calendar, self.currency = coverage, catalogue, calendar, currency
        self.by, self.where, self.viewer, self.grain = by, where, viewer, grain

    # ---- paths -----------------------------------------------------------------------------------------------

    def get(self, fact: str, row: Row, path: str, moment: date | None, dated_by: str) -> Any:
        here, value = fact, row
        if path.startswith("extra."):
            return json.loads(row["extra"]).get(path.removeprefix("extra.")) if row["extra"] else None
        steps = path.split(".")
        for position, step in enumerate(steps[:-1]):
            name, _, through = step.partition("@")
            key = self.own(here, value, name, dated_by, outer=position == 0)
            target = through or FACTS[here].column(name).to
            found = self.membership(key, moment) if through else self.ids.get(target, {}).get(key)
            if found is None:
                return None
            here, value = target, found
        return self.own(here, value, steps[-1], dated_by, outer=len(steps) == 1)

    def own(self, fact: str, row: Row, name: str, dated_by: str, *, outer: bool) -> Any:
        then = {("deals", "closed_on"): "owner_at_close_id", ("deals", "created_on"): "owner_at_creation_id"}
        other = then.get((fact, dated_by)) if outer and name == "owner_id" else None
        return row[other] if other and row[other] is not None else row[name]

    def membership(self, rep: str | None, moment: date | None) -> Row | None:
        """The last membership that had begun; a gap after its end belongs to nobody."""
        mine = [row for row in self.rows.get("memberships", []) if row["rep_id"] == rep and rep is not None]
        mine.sort(key=lambda row: (row["from_on"] or date.min, row["id"]))
        if moment is None:
            mine = [row for row in mine[-1:] if row["from_on"] is None and row["to_on"] is None]
            return mine[0] if mine else None
        begun = [row for row in mine if (row["from_on"] or date.min) <= moment]
        if not begun or (begun[-1]["to_on"] is not None and begun[-1]["to_on"] < moment):
            return None
        return begun[-1]

    def path(self, dimension: str, fact: str) -> str | None:
        if dimension in self.extra.get(fact, {}):
            return f"extra.{self.extra[fact][dimension]}"
        found = resolve(dimension, fact, self.coverage)
        return dimension if found is None and FACTS[fact].column(dimension) is not None else found

    def seen(self, fact: str, row: Row, moment: date | None, dated_by: str) -> bool:
        for item in self.where:
            path = self.path(item.column, fact)
            assert path is not None
            value = self.get(fact, row, path, moment, dated_by)
            target = "" if path.startswith("extra.") else ends_in(path, fact)
            words = {value}
            if target:
                words = set()
                for found in self.branch(target, value):
                    words |= {found["id"], found["source_id"], found.get(FACTS[target].by_name)}
            met = bool((words - {None}) & set(item.values))
            if value is None or met == item.exclude:
                return False
        if self.viewer.reps is not None:
            owner = "owner_id" if FACTS[fact].column("owner_id") else "rep_id" if FACTS[fact].column("rep_id") else ""
            if fact == "reps":
                return row["id"] in self.viewer.reps
            then = self.own(fact, row, owner, dated_by, outer=True)
            if then in self.viewer.reps:
                return True
            return self.viewer.rows_owned_now and owner == "owner_id" and row["owner_id"] in self.viewer.reps
        return True

    def branch(self, fact: str, key: Any) -> list[Row]:
        """A record, and of a team all those above it."""
        found: list[Row] = []
        while (row := self.ids.get(fact, {}).get(key)) is not None and row not in found:
            found.append(row)
            key = row.get("parent_id") if fact == "teams" else None
        return found

    def reachable(self, fact: str) -> bool:
        ways = all(self.path(name, fact) for name in (*self.by, *(item.column for item in self.where)))
        owned = (
            self.viewer.reps is None
            or fact == "reps"
            or any(FACTS[fact].column(name) for name in ("owner_id", "rep_id"))
        )
        return ways and owned

    def key(self, fact: str, row: Row, moment: date | None, dated_by: str) -> Key:
        return tuple(self.get(fact, row, self.path(name, fact) or "", moment, dated_by) for name in self.by)

    def meets(self, condition: Condition, fact: str, row: Row, slot: Period, dated_by: str) -> bool:
        value = self.get(fact, row, condition.column, row.get(dated_by), dated_by)
        wanted = condition.values
        if condition.test == "known":
            return (value is not None) == bool(wanted[0])
        if condition.test == "not":
            return value is None or value not in wanted
        if value is None:
            return False
        if condition.test == "is":
            return value in wanted
        if condition.test == "within":
            return slot.start <= value <= slot.end
        if condition.test == "before":
            return bool(value < slot.start)
        if condition.test == "top":
            return row["scale_max"] is not None and value > row["scale_max"] - wanted[0]
        if condition.test == "reached":
            entered = self.get(fact, row, str(wanted[0]), None, dated_by)
            days = int(wanted[1])
            return entered is not None and (not days or value <= entered + timedelta(days=days))
        return {
            "at_least": value >= wanted[0],
            "at_most": value <= wanted[0],
            "above": value > wanted[0],
            "below": value < wanted[0],
        }[condition.test]

    # ---- measures --------------------------------------------------------------------------------------------

    def rate(self, currency: str | None, day: date | None) -> Decimal | None:
        if currency in (None, "", self.currency) or "currency" in self.by:
            return Decimal(1)
        if day is None:
            return None
        near = [
            row
            for row in self.rows.get("exchange_rates", [])
            if row["currency"] == currency and row["into"] == self.currency and day - 7 * DAY <= row["on"] <= day
        ]
        near.sort(key=lambda row: (-row["on"].toordinal(), row["id"]))
        return near[0]["rate"] if near else None

    def amount(self, fact: str, row: Row, column: str, day: date | None) -> Decimal | None:
        value = row[column] if "." not in column else self.get(fact, row, column, day, "")
        found = FACTS[fact].column(column)
        if value is None or found is None or found.type != "money" or FACTS[fact].column("currency") is None:
            return value
        rate = self.rate(row["currency"], day)
        return None if rate is None else value * rate

    def window(self, measure: Measure, slot: Period) -> tuple[date, date]:
        if measure.window == "to_date":
            return date.min, slot.end
        if measure.window == "trailing" and measure.window_days:
            return slot.end - timedelta(days=measure.window_days - 1), slot.end
        if measure.window == "trailing":
            return months_later(slot.end + DAY, -measure.window_months), slot.end
        return slot.start, slot.end

    def measure(self, measure: Measure, dated: str, slot: Period, key: Key, unit: str = "") -> Number_:
        if measure.aggregate == "target":
            return self.target(measure.name, slot, key)
        if measure.aggregate == "observed":
            return self.observed(measure, slot, key, unit)
        if not self.coverage.has(measure.fact) or not self.reachable(measure.fact):
            return None
        if self.rests_on_nothing(measure, dated):
            return None
        if measure.window == "average":
            sides = [
                self.at(measure, slot, bound, key) for bound in (slot.start - DAY, slot.end) if not self.late(slot)
            ]
            return (sides[0] + sides[1]) / 2 if sides and None not in sides else None
        if measure.window in STOCKS:
            bound = slot.end if measure.window == "closing" else slot.start - DAY
            return None if self.late(slot) else self.at(measure, slot, bound, key)
        fact, _, column = dated.partition(".")
        date_column = measure.dated_by or (column if fact == measure.fact else FACTS[measure.fact].real_dates[0])
        first = self.coverage.facts[measure.fact].first
        if self.late(slot) or (measure.window == "period" and first is not None and slot.end < first):
            return None
        start, end = self.window(measure, slot)
        taken = [
            (row, row[date_column])
            for row in self.rows[measure.fact]
            if row[date_column] is not None
            and start <= row[date_column] <= end
            and all(self.meets(item, measure.fact, row, slot, date_column) for item in measure.where)
            and self.seen(measure.fact, row, row[date_column], date_column)
            and self.key(measure.fact, row, row[date_column], date_column) == key
        ]
        return self.aggregate(measure, taken, date_column)

    def rests_on_nothing(self, measure: Measure, dated: str) -> bool:
        """Whether a column that the measure needs is never filled, which is no answer rather than zero."""
        fact = measure.fact

        def empty(path: str) -> bool:
            return not any(self.get(fact, row, path, None, "") is not None for row in self.rows[fact])

        def silent(item: Condition) -> bool:
            return item.test == "not" or (item.test == "known" and not item.values[0])

        if any(not silent(item) and empty(item.column) for item in measure.where):
            return True
        timeless = [item for item in measure.where if item.test not in ("within", "before")]
        anything = any(
            all(self.meets(item, fact, row, Period(date.min, date.max, ""), "") for item in timeless)
            for row in self.rows[fact]
        )
        needed = [measure.column] if measure.column else []
        if measure.window not in STOCKS:
            of_fact, _, column = dated.partition(".")
            needed.append(measure.dated_by or (column if of_fact == fact else FACTS[fact].real_dates[0]))
        return anything and any(map(empty, needed))

    def late(self, slot: Period) -> bool:
        return self.coverage.ends_on is not None and slot.start > self.coverage.ends_on

    def held(self, fact: str, row: Row, bound: date) -> bool:
        starts, ends = FACTS[fact].interval or ("", "")
        return (row[starts] is None or row[starts] <= bound) and (row[ends] is None or row[ends] > bound)

    def at(self, measure: Measure, slot: Period, bound: date, key: Key) -> Number_:
        fact = measure.fact
        starts = (FACTS[fact].interval or ("", ""))[0]
        taken = [
            (row, bound)
            for row in self.rows[fact]
            if self.held(fact, row, bound)
            and all(self.meets(item, fact, row, slot, starts) for item in measure.where)
            and self.seen(fact, row, bound, starts)
            and self.key(fact, row, bound, starts) == key
        ]
        return self.aggregate(measure, taken, starts)

    def aggregate(self, measure: Measure, taken: list[tuple[Row, date]], dated_by: str) -> Number_:
        if measure.per is not None:
            return self.per(measure, taken, dated_by)
        fact = measure.fact
        for column in measure.same:
            if len({str(row[column]) if row[column] is not None else "" for row, _ in taken}) > 1:
                return None
        for kind in next((item.values for item in measure.where if measure.each and item.column == measure.each), ()):
            own = [(row, day) for row, day in taken if row[measure.each] == kind]
            if own and sum(self.operand(measure, row, day, dated_by) or 0 for row, day in own) <= 0:
                return None
        if measure.aggregate == "count":
            return float(len(taken))
        if measure.aggregate == "distinct":
            return float(len({self.get(fact, row, measure.column, day, dated_by) for row, day in taken} - {None}))
        values = [value for row, day in taken if (value := self.operand(measure, row, day, dated_by)) is not None]
        if measure.aggregate == "sum" and not taken:
            return 0.0
        return reduce(measure.aggregate, values, measure.q)

    def operand(self, measure: Measure, row: Row, day: date, dated_by: str) -> Any:
        if measure.span is None:
            return self.amount(measure.fact, row, measure.column, day)
        start = self.get(measure.fact, row, measure.span.start, day, dated_by)
        end = self.get(measure.fact, row, measure.span.end, day, dated_by)
        if start is None or end is None:
            return None
        return (end - start).days if measure.span.unit == "days" else (end - start).total_seconds() / 3600

    def per(self, measure: Measure, taken: list[tuple[Row, date]], dated_by: str) -> Number_:
        per = measure.per
        assert per is not None
        members: dict[Any, list[tuple[Row, date]]] = {}
        for row, day in taken:
            member = self.get(measure.fact, row, per.column, day, dated_by)
            if member is not None:
                members.setdefault(member, []).append((row, day))
        figures = []
        for rows in members.values():
            if per.having_aggregate:
                own: Any = len(rows)
                if per.having_aggregate != "count":
                    values = [self.get(measure.fact, row, per.having_column, day, dated_by) for row, day in rows]
                    known = [value for value in values if value is not None]
                    own = len(set(known)) if per.having_aggregate == "distinct" else sum(known) if known else None
                tests: dict[str, Callable[[Any], bool]] = {
                    "at_least": lambda own: own >= per.having_value,
                    "at_most": lambda own: own <= per.having_value,
                    "above": lambda own: own > per.having_value,
                    "below": lambda own: own < per.having_value,
                    "is": lambda own: own == per.having_value,
                }
                if own is None or not tests[per.having_test](own):
                    continue
            amounts = (
                [self.amount(measure.fact, row, measure.column, day) for row, day in rows] if measure.column else []
            )
            known = [value for value in amounts if value is not None]
            figures.append(sum(known) if known else None)
        if measure.aggregate == "count":
            return float(len(figures))
        if measure.aggregate == "sum" and not figures:
            return 0.0
        return reduce(measure.aggregate, [value for value in figures if value is not None], measure.q)

    def observed(self, measure: Measure, slot: Period, key: Key, unit: str = "") -> Number_:
        series = [row for row in self.rows.get("observations", []) if row["series"] == measure.name]
        if not series and measure.name in ("working_days", "calendar_days"):
            return self.elapsed(slot, working=measure.name == "working_days")
        if not series or not self.reachable("observations"):
            return None
        grains = ("day", "week", "month", "quarter", "year")
        roll_up, grain, own = series[0]["roll_up"], series[0]["grain"], series[0]["unit"] or ""
        if self.grain in grains and grains.index(self.grain) < grains.index(grain):
            return None
        averaged = (own or unit) in ("days", "percent", "ratio", "score")
        if measure.window in STOCKS:
            if roll_up != "last":
                return None
            bounds = {"opening": [slot.start - DAY], "closing": [slot.end], "average": [slot.start - DAY, slot.end]}
            levels = [self.level(series, bound, key, slot, measure, averaged) for bound in bounds[measure.window]]
            return None if None in levels or self.late(slot) else sum(level or 0.0 for level in levels) / len(levels)
        first = self.coverage.facts["observations"].first
        if self.late(slot) or (measure.window == "period" and first is not None and slot.end < first):
            return None
        start, end = self.window(measure, slot)
        taken = self.observations(series, start, end, key, slot, measure)
        if not taken:
            return 0.0 if roll_up == "sum" and own == "events" else None
        if roll_up == "never" and len({row["on"] for row in taken}) > 1:
            return None
        known = [row for row in taken if row["value"] is not None]
        if not known:
            return None
        if roll_up == "never" and averaged:
            return float(sum(row["value"] for row in known)) / len(known)
        if roll_up in ("sum", "never"):
            return float(sum(row["value"] for row in known))
        figures = []
        for scope in {scope_in_series(row) for row in known}:
            mine = [row for row in known if scope_in_series(row) == scope]
            figures.append(last_of(mine, averaged) if roll_up == "last" else mean_of(mine, averaged))
        return sum(figures) / (len(figures) if averaged else 1)

    def elapsed(self, slot: Period, *, working: bool) -> Number_:
        """Days of a slot that have gone by, Mondays to Fridays; none of a slot that had not begun."""
        ends = self.coverage.ends_on
        days = [slot.start + number * DAY for number in range(slot.days) if ends and slot.start + number * DAY <= ends]
        return float(sum(day.weekday() < 5 or not working for day in days)) if days else None

    def observations(
        self, series: list[Row], start: date, end: date, key: Key, slot: Period, measure: Measure
    ) -> list[Row]:
        return [
            row
            for row in series
            if start <= row["on"] <= end
            and all(self.meets(item, "observations", row, slot, "on") for item in measure.where)
            and self.seen("observations", row, row["on"], "on")
            and self.key("observations", row, row["on"], "on") == key
        ]

    def level(
        self, series: list[Row], bound: date, key: Key, slot: Period, measure: Measure, averaged: bool
    ) -> Number_:
        """Each member's last known value up to a day, however old."""
        known = [
            row for row in self.observations(series, date.min, bound, key, slot, measure) if row["value"] is not None
        ]
        scopes = {scope_in_series(row) for row in known}
        figures = [last_of([row for row in known if scope_in_series(row) == scope], averaged) for scope in scopes]
        return sum(figures) / (len(figures) if averaged else 1) if figures else None

    def target(self, kpi: str, slot: Period, key: Key) -> Number_:
        """The targets that stand, added up as the KPI's own figures do, in the organisation's currency."""
        found = self.planned(kpi, slot, key)
        adds_up = ADDS_UP[kpi]
        money = self.catalogue[kpi].unit == "money"
        figures: dict[Key, list[tuple[float, int, int]]] = defaultdict(list)
        for row in found:
            rate = self.rate(row["currency"], row["from_on"]) if money else Decimal(1)
            if rate is not None:
                part = (min(row["to_on"], slot.end) - max(row["from_on"], slot.start)).days + 1
                whole = (row["to_on"] - row["from_on"]).days + 1
                member = tuple(row[name] for name in SERIES_SCOPES) if adds_up == "over members" else ()
                figures[member].append((float(row["value"] * rate), part, whole))
        if not figures:
            return None
        if adds_up == "always":
            return sum(value * part / whole for value, part, whole in figures[()])
        return sum(
            sum(value * part for value, part, _ in own) / sum(part for _, part, _ in own) for own in figures.values()
        )

    def planned(self, kpi: str, slot: Period, key: Key) -> list[Row]:
        """The targets that stand for a period and a member: of one level, the fittest length, once per branch."""
        mine = [row for row in self.rows.get("targets", []) if row["kpi"] == kpi]
        asked = [*self.by, *(item.column for item in self.where)]
        levels = self.levels([row for row in mine if self.planned_for_viewer(row)])
        level = next((level for level in levels if all(self.route(name, level) for name in asked)), None)
        if level is None:
            return []
        found = [row for row in mine if scope_of(row) == level]
        found = [row for row in found if not superseded(row, found)]
        found = [row for row in found if row["from_on"] <= slot.end and row["to_on"] >= slot.start]
        length = length_class(slot.days)

        def preference(row: Row) -> int:
            own = length_class((row["to_on"] - row["from_on"]).days + 1)
            return 0 if own == length else length - own if own < length else own + 100

        def overlapped(row: Row) -> bool:
            """Whether a fitter row of the same scope stands for some of its days."""
            return any(
                preference(other) < preference(row)
                and all(other.get(name) == row.get(name) for name in level)
                and other["from_on"] <= row["to_on"]
                and other["to_on"] >= row["from_on"]
                for other in found
            )

        found = [row for row in found if not overlapped(row)]
        found = [row for row in found if self.planned_for_viewer(row) and self.planned_within(row, level)]
        routes = [self.route(name, level) or "" for name in self.by]
        found = [
            row
            for row in found
            if tuple(self.get("targets", row, route, row["from_on"], "from_on") for route in routes) == key
        ]
        return self.one_of_each_branch(found, slot)

    def planned_within(self, row: Row, level: tuple[str, ...]) -> bool:
        """Whether a target meets the filters, of which a team stands for those below it."""
        for item in self.where:
            path = self.route(item.column, level) or ""
            value, target = self.get("targets", row, path, row["from_on"], "from_on"), ends_in(path, "targets")
            words = {value}
            if target:
                words = set()
                for found in self.branch(target, value):
                    words |= {found["id"], found["source_id"], found.get(FACTS[target].by_name)}
            if value is None or bool((words - {None}) & set(item.values)) == item.exclude:
                return False
        return True

    def planned_for_viewer(self, row: Row) -> bool:
        if self.viewer.reps is None:
            return True
        if row["rep_id"] is not None:
            return row["rep_id"] in self.viewer.reps
        return row["team_id"] in self.viewer.teams

    def one_of_each_branch(self, found: list[Row], slot: Period) -> list[Row]:
        """Without the teams that have targets for fewer days than one above or below them; the upper one of equals.

        Teams × products and the like are compared product by product.
        """

        def apart(row: Row) -> Key:
            return tuple(row[name] for name in SERIES_SCOPES if name != "team_id")

        days: dict[tuple[Key, str], int] = defaultdict(int)
        for row in found:
            if row["team_id"] is not None:
                shared = (min(row["to_on"], slot.end) - max(row["from_on"], slot.start)).days + 1
                days[apart(row), row["team_id"]] += shared
        yielding = set()
        for rest, team in days:
            for upper in (row["id"] for row in self.branch("teams", team)[1:]):
                if (rest, upper) in days:
                    yielding.add((rest, team if days[rest, upper] >= days[rest, team] else upper))
        return [row for row in found if (apart(row), row["team_id"]) not in yielding]

    def levels(self, mine: list[Row]) -> list[tuple[str, ...]]:
        """Which sets of scopes have targets, the coarsest first."""
        order = ("team_id", "region", "rep_id", "product_id", "category", "channel", "segment", "account_id")

        def rank(level: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
            return len(level), order.index(level[0]) if len(level) == 1 else 99, level

        return sorted({scope_of(row) for row in mine}, key=rank)

    def route(self, dimension: str, level: tuple[str, ...]) -> str | None:
        """How a target of a level is told by a dimension."""
        through = "rep_id@memberships" if self.coverage.has("memberships") else "rep_id"
        ways = {
            "rep": ("rep_id",),
            "team": ("team_id", f"{through}.team_id"),
            "account": ("account_id",),
            "product": ("product_id",),
            "product.category": ("product_id.category",),
            "category": ("category", "product_id.category"),
            "account.industry": ("account_id.industry",),
            "rep.region": ("rep_id.region",),
            "segment": ("segment", "account_id.segment"),
            "region": ("region", "rep_id.region", "team_id.region", "account_id.region"),
        }
        for way in ways.get(dimension, ()):
            if way.split(".")[0].split("@")[0] in level:
                return way
        return None

    # ---- bodies ----------------------------------------------------------------------------------------------

    def kpi(self, name: str, slot: Period, key: Key) -> Number_:
        id_, _, variant = name.partition(".")
        definition = self.catalogue[id_]
        variant = variant or definition.default_variant
        found = definition.variants.get(variant)
        body = found.body if found else definition.body
        unit = (found.unit if found else None) or definition.unit
        dated = (found.dated_by if found else "") or definition.dated_by
        return self.body(body, unit, dated, slot, key)

    def body(self, body: Body, unit: str, dated: str, slot: Period, key: Key) -> Number_:
        match body:
            case Value():
                return self.measure(body.of, dated, slot, key, unit)
            case Ratio():
                upper, lower = self.measure(body.of, dated, slot, key), self.measure(body.over, dated, slot, key)
                return divided(upper, lower, 100 if unit == "percent" else 1)
            case Cohort():
                entered = Measure("count", fact=body.fact, where=body.where, dated_by=body.entered)
                reached = Condition(body.reached, "reached", (body.entered, str(body.within_days)))
                arrived = Measure(
                    "count",
                    fact=body.fact,
                    where=(*body.where, *body.reached_where, reached),
                    dated_by=body.entered,
                )
                upper, lower = self.measure(arrived, "", slot, key), self.measure(entered, "", slot, key)
                return divided(upper, lower, 100 if unit == "percent" else 1)
            case Movement():
                return self.movement(body, slot, key)
            case Change():
                how = "previous" if body.against == "previous" else "last-year"
                ends = self.coverage.ends_on or slot.end
                earlier = compare(slot, how, data_end=ends, calendar=self.calendar).fair_to
                now, then = self.kpi(body.of, slot, key), self.kpi(body.of, earlier, key)
                if now is None or then is None:
                    return None
                if body.shown_as == "amount":
                    return now - then
                return 100 * (now - then) / then if then > 0 else None
            case Members():
                return self.members(body, unit, slot, key)
            case Formula():
                return arithmetic(parse(body.expression), lambda name: self.kpi(name, slot, key))
            case Score():
                everyone = self.measure(body.of, dated, slot, key)
                sides = [
                    self.measure(narrowed(body.of, conditions), dated, slot, key)
                    for conditions in (body.plus, body.minus)
                ]
                balance = sides[0] - sides[1] if None not in sides else None
                return divided(balance, everyone, 100)
        raise AssertionError(body)

    def members(self, body: Members, unit: str, slot: Period, key: Key) -> Number_:
        """Each member asked alone; right for KPIs that have an answer only where there are rows, as ratios do."""
        apart = copy(self)
        apart.by = (*self.by, body.per)
        fact = {"rep": "reps", "team": "teams", "account": "accounts"}[body.per]
        pointing = [(name, one.name) for name in self.rows for one in FACTS[name].columns if one.to == fact]
        ids = {row[column] for name, column in pointing for row in self.rows[name]} | set(self.ids.get(fact, ()))
        found = [apart.kpi(body.of, slot, (*key, member)) for member in ids - {None}]
        figures = [figure for figure in found if figure is not None]
        if not figures:
            return None
        if not body.share_test:
            return sum(figures) / len(figures)
        line = float(body.share_value)
        met = {
            "at_least": [figure >= line for figure in figures],
            "above": [figure > line for figure in figures],
            "at_most": [figure <= line for figure in figures],
            "below": [figure < line for figure in figures],
        }[body.share_test]
        return (100 if unit == "percent" else 1) * sum(met) / len(met)

    def movement(self, body: Movement, slot: Period, key: Key) -> Number_:
        if not self.coverage.has(body.fact) or not self.reachable(body.fact) or self.late(slot):
            return None
        was: dict[Any, Decimal] = {}
        now: dict[Any, Decimal] = {}
        if body.basis == "stock":
            starts = (FACTS[body.fact].interval or ("", ""))[0]
            moments = [(was, slot.start - DAY), (now, slot.end)]
            for row in self.rows[body.fact]:
                conditions = all(self.meets(item, body.fact, row, slot, starts) for item in body.where)
                moment = max(row[starts] or date.min, slot.start - DAY)
                if not conditions or not self.seen(body.fact, row, moment, starts):
                    continue
                if self.key(body.fact, row, moment, starts) != key:
                    continue
                for held, bound in moments:
                    if self.held(body.fact, row, bound):
                        self.enter(held, body, row, row[starts], starts)
        else:
            column = body.dated_by or FACTS[body.fact].real_dates[0]
            ends = self.coverage.ends_on or slot.end
            earlier = compare(slot, "previous", data_end=ends, calendar=self.calendar).fair_to
            first = self.coverage.facts[body.fact].first
            if first is not None and earlier.end < first:
                return None
            for held, stretch in ((was, earlier), (now, slot)):
                for row in self.rows[body.fact]:
                    day = row[column]
                    if day is None or not stretch.start <= day <= stretch.end:
                        continue
                    conditions = all(self.meets(item, body.fact, row, stretch, column) for item in body.where)
                    taken = conditions and self.seen(body.fact, row, day, column)
                    if taken and self.key(body.fact, row, day, column) == key:
                        self.enter(held, body, row, day, column)
        parts = dict.fromkeys(("opening", "new", "expansion", "contraction", "lost", "closing"), Decimal(0))
        for member in {*was, *now}:
            before, after = max(was.get(member, Decimal(0)), Decimal(0)), max(now.get(member, Decimal(0)), Decimal(0))
            parts["opening"] += before
            parts["closing"] += after
            if not before:
                parts["new"] += after
            elif not after:
                parts["lost"] += before
            elif after > before:
                parts["expansion"] += after - before
            else:
                parts["contraction"] += before - after
        parts["average"] = (parts["opening"] + parts["closing"]) / 2
        return arithmetic(parse(body.answer), lambda name: float(parts[name]))

    def enter(self, held: dict[Any, Decimal], body: Movement, row: Row, day: date | None, dated_by: str) -> None:
        member = self.get(body.fact, row, body.per, day, dated_by)
        if member is None:
            return
        if body.amount:
            value = self.amount(body.fact, row, body.amount, day)
            held[member] = held.get(member, Decimal(0)) + (value or Decimal(0))
        else:
            held[member] = Decimal(1)


def scope_in_series(row: Row) -> Key:
    return tuple(row[name] for name in SERIES_SCOPES)


def last_of(rows: list[Row], averaged: bool) -> float:
    """The figure of the last day: its rows added up, or their mean where the unit does not add up."""
    day = max(row["on"] for row in rows)
    last = [float(row["value"]) for row in rows if row["on"] == day]
    return sum(last) / (len(last) if averaged else 1)


def mean_of(rows: list[Row], averaged: bool) -> float:
    """The mean over the days that were observed, or over the rows where the unit does not add up."""
    return sum(float(row["value"]) for row in rows) / (len(rows) if averaged else len({row["on"] for row in rows}))


def reduce(aggregate: str, values: list[Any], q: Decimal | None) -> Number_:
    """A sum, mean, extreme or interpolated quantile of what is known; nothing of nothing."""
    if not values:
        return None
    if aggregate == "sum":
        return float(sum(values))
    if aggregate == "mean":
        return float(sum(values)) / len(values)
    if aggregate in ("minimum", "maximum"):
        return float(min(values) if aggregate == "minimum" else max(values))
    ordered = sorted(float(value) for value in values)
    place = float(q if aggregate == "quantile" and q is not None else Decimal("0.5")) * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def divided(upper: Number_, lower: Number_, factor: int) -> Number_:
    return None if upper is None or not lower else factor * upper / lower


def narrowed(measure: Measure, conditions: Iterable[Condition]) -> Measure:
    from dataclasses import replace

    return replace(measure, where=(*measure.where, *conditions))


def superseded(row: Row, rows: list[Row]) -> bool:
    """An imported target for which approved ones stand: one of its length or longer, or some for all of its days."""
    if row.get("source") == "tolok":
        return False
    length = (row["to_on"] - row["from_on"]).days + 1
    days: dict[int, int] = defaultdict(int)
    for own in rows:
        shared = (min(own["to_on"], row["to_on"]) - max(own["from_on"], row["from_on"])).days + 1
        alike = scope_of(own) == scope_of(row) and all(own.get(name) == row.get(name) for name in scope_of(row))
        if own.get("source") == "tolok" and shared > 0 and alike:
            days[length_class((own["to_on"] - own["from_on"]).days + 1)] += shared
    return any(kind >= length_class(length) or covered >= length for kind, covered in days.items())


def scope_of(row: Row) -> tuple[str, ...]:
    return tuple(name for name in SERIES_SCOPES if row[name] is not None)


def length_class(days: int) -> int:
    return next((number for limit, number in ((1, 1), (7, 2), (35, 3), (98, 4), (190, 5)) if days <= limit), 6)


def arithmetic(expression: Any, lookup: Callable[[str], Number_]) -> Number_:
    if isinstance(expression, Name):
        return lookup(expression.name)
    if isinstance(expression, Number):
        return expression.value
    parts = [arithmetic(part, lookup) for part in expression.parts]
    if None in parts:
        return None
    known = [float(part) for part in parts if part is not None]
    if expression.sign == "abs":
        return abs(known[0])
    if len(known) == 1:
        return -known[0] if expression.sign == "-" else known[0]
    result = known[0]
    for other in known[1:]:
        if expression.sign == "/" and other == 0:
            return None
        result = {
            "+": lambda a, b: a + b,
            "-": lambda a, b: a - b,
            "*": lambda a, b: a * b,
            "/": lambda a, b: a / b,
            "min": min,
            "max": max,
        }[expression.sign](result, other)
    return result

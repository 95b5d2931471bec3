"""What all scans of one query share: its slots, dimensions, filters, viewer, and what the data holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from tolok.kpis.definition import Condition
from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.query.build import both, column, day, days_later, is_null, known, literal, table, values_table
from tolok.query.days import LONGEST, laid_out
from tolok.query.path import MEMBERSHIPS, Reach, Unreachable, ends_in, extra_value, memberships_dated, resolve
from tolok.query.question import Filter, Viewer
from tolok.query.slots import EVER, Slots
from tolok.query.team_tree import has_tree, with_below
from tolok.query.whose import rows_seen

PERIOD_TESTS = ("within", "before", "reached")
"""Tests of conditions that need to know a row's period or another of its dates."""

FEW = 3
"""As many values are compared one by one, which reads faster than looking them up in a list."""


@dataclass
class Context:
    """Everything that the scans of one query share; collects the CTEs that they need."""

    slots: Slots
    by: tuple[str, ...]
    filters: tuple[Filter, ...]
    viewer: Viewer
    coverage: Coverage
    currency: str
    extra: dict[str, dict[str, str]] = field(default_factory=dict)  # dimension from an extra column, by fact
    ctes: dict[str, exp.Expr] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rate_days: dict[str, dict[int, date]] = field(default_factory=dict)  # growth at constant rates: slot → rates' day

    def reach(self, fact: str, dated: exp.Expr | None, dated_by: str) -> Reach:
        return Reach(fact, dated, dated_by, self.coverage)

    def path(self, dimension: str, fact: str) -> str:
        path = resolve(dimension, fact, self.coverage)
        if path is None and FACTS[fact].column(dimension) is not None:
            path = dimension
        if path is None:
            raise Unreachable(f"{fact} cannot be told by {dimension} in this data")
        return path

    def dimensions(self, fact: str, reach: Reach) -> list[exp.Expr]:
        found = []
        for dimension in self.by:
            if dimension in self.extra.get(fact, {}):
                found.append(extra_value(self.extra[fact][dimension]))
            else:
                found.append(reach.column(self.path(dimension, fact)))
        return found

    def filter_condition(self, fact: str, reach: Reach) -> exp.Expr | None:
        """The question's filters and the viewer's rows, for one fact."""
        conditions: list[exp.Expr | None] = [self._one_filter(item, fact, reach) for item in self.filters]
        conditions.append(self.viewer_condition(fact, reach))
        return both(conditions)

    def _one_filter(self, item: Filter, fact: str, reach: Reach) -> exp.Expr:
        if item.column in self.extra.get(fact, {}):
            return _chosen(exp.cast(extra_value(self.extra[fact][item.column]), "varchar"), item)
        return self.filter_on(item, self.path(item.column, fact), fact, reach)

    def filter_on(self, item: Filter, path: str, fact: str, reach: Reach) -> exp.Expr:
        """One filter on a path: a reference is met by name, by the source's id or by Tolok's.

        A team stands for the teams below it as well.
        """
        value, target = reach.column(path), ends_in(path, fact)
        if not target:
            return _chosen(exp.cast(value, "varchar"), item)
        wanted = [literal(word) for word in item.values]
        names = [column("id", "w").isin(*wanted), column("source_id", "w").isin(*wanted)]
        if FACTS[target].by_name:
            names.append(column(FACTS[target].by_name, "w").isin(*wanted))
        chosen = exp.select(column("id", "w")).from_(table(target, "w")).where(exp.or_(*names))
        if target == "teams" and has_tree(self.coverage):
            chosen = with_below(chosen)
        test = exp.In(this=value, query=exp.Subquery(this=chosen))
        return exp.Not(this=exp.paren(test)) if item.exclude else test

    def viewer_condition(self, fact: str, reach: Reach) -> exp.Expr | None:
        """The rows that the viewer sees at the date of ``reach``."""
        return rows_seen(self.viewer, fact, reach)

    def need_memberships(self) -> None:
        self.need(MEMBERSHIPS, memberships_dated)

    def need(self, name: str, make: Callable[[], exp.Expr]) -> None:
        if name not in self.ctes:
            self.ctes[name] = make()

    def base_ctes(self) -> None:
        rows = [(literal(slot.k), day(slot.start), day(slot.end)) for slot in self.slots.listed]
        self.ctes["slots"] = values_table(rows, "s", ("k", "slot_start", "slot_end"))

    def day_slots(self, fact: str, dated_by: str, shift: WindowShift) -> str:
        """A CTE from each day to the slots whose window holds it."""
        start, end = shift.bounds()
        longest = shift.longest(self.slots)
        kept: list[exp.Expr] = [column("k", "s"), column("slot_start", "s"), column("slot_end", "s")]
        if longest <= LONGEST:
            name = f"days_{shift.name}"
            self.need(name, lambda: laid_out(table("slots", "s"), start, end, kept, longest))
            return name

        def occurring() -> exp.Select:
            days = exp.select(exp.alias_(column(dated_by), "day")).distinct().from_(table(fact, "f"))
            days = days.where(known(column(dated_by)))
            return (
                exp.select(column("day", "d"), *kept)
                .from_(exp.Subquery(this=days, alias=exp.TableAlias(this=exp.to_identifier("d"))))
                .join(table("slots", "s"), on=exp.and_(column("day", "d") >= start, column("day", "d") <= end))
            )

        name = f"days_{fact}_{dated_by}_{shift.name}"
        self.need(name, occurring)
        return name


@dataclass(frozen=True)
class WindowShift:
    """How a measure's window lies against its slot: the slot, a trailing stretch, all so far, or all before it."""

    window: str
    days: int = 0
    months: int = 0

    @property
    def name(self) -> str:
        return f"{self.window}_{self.days}_{self.months}"

    def longest(self, slots: Slots) -> int:
        """How many days the longest window has, at most."""
        if self.window in ("to_date", "opening"):
            return max(slot.end.toordinal() for slot in slots.listed)
        if self.window == "trailing":
            return self.days or 31 * self.months
        return max((slot.end - slot.start).days + 1 for slot in slots.listed)

    def bounds(self) -> tuple[exp.Expr, exp.Expr]:
        start, end = column("slot_start", "s"), column("slot_end", "s")
        if self.window == "to_date":
            return day(EVER), end
        if self.window == "opening":
            return day(EVER), exp.paren(days_later(start, -1))
        if self.window == "trailing" and self.days:
            return days_later(end, 1 - self.days), end
        if self.window == "trailing":
            # the day after, so many months back: months differ in length, so the month is stepped, not its days
            following = exp.Paren(this=days_later(end, 1))
            back = exp.Sub(
                this=following,
                expression=exp.Interval(this=exp.Literal.string(str(self.months)), unit=exp.var("MONTH")),
            )
            return exp.cast(back, "date"), end
        return start, end


def condition_sql(condition: Condition, fact: str, reach: Reach, starts: exp.Expr, ends: exp.Expr) -> E:
    """One condition of a KPI as SQL; ``starts`` and ``ends`` are the first and last day of the row's own slot."""
    value = reach.column(condition.column)
    wanted = [literal(item) for item in condition.values]
    test = condition.test
    if test == "is":
        if len(wanted) <= FEW:
            return exp.or_(*[value.eq(each) for each in wanted])
        return value.isin(*wanted)
    if test == "not":
        unequal = value.neq(wanted[0]) if len(wanted) == 1 else exp.Not(this=value.isin(*wanted))
        return exp.or_(is_null(value), unequal)
    if test == "known":
        return known(value) if condition.values[0] else is_null(value)
    if test == "within":
        return exp.and_(value >= starts.copy(), value.copy() <= ends.copy())
    if test == "before":
        return value < starts.copy()
    if test == "reached":
        entered = reach.column(str(condition.values[0]))
        reached = exp.and_(known(value), known(entered))
        if int(condition.values[1]):
            return exp.and_(reached, value.copy() <= days_later(entered, int(condition.values[1])))
        return reached
    if test == "top":
        best = exp.Sub(this=reach.column("scale_max"), expression=wanted[0])
        return exp.GT(this=value, expression=exp.Paren(this=best))
    node = {"at_least": exp.GTE, "at_most": exp.LTE, "above": exp.GT, "below": exp.LT}[test]
    return node(this=value, expression=wanted[0])


E = exp.Expr


def conditions_sql(
    conditions: tuple[Condition, ...], fact: str, reach: Reach, starts: exp.Expr, ends: exp.Expr
) -> exp.Expr | None:
    return both(condition_sql(condition, fact, reach, starts, ends) for condition in conditions)


def _chosen(value: exp.Expr, item: Filter) -> exp.Expr:
    test = value.isin(*[literal(word) for word in item.values])
    return exp.Not(this=exp.paren(test)) if item.exclude else test

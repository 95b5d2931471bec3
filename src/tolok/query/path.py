"""From a fact to a column of it or of what it refers to: the joins that a condition or a dimension needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from tolok.model import FACTS
from tolok.model.coverage import Coverage
from tolok.model.dimensions import paths
from tolok.model.targets import TOLOK
from tolok.query.build import both, case, coalesce, column, day, days_later, is_null, literal, table
from tolok.query.slots import EVER

MEMBERSHIPS = "memberships_dated"
"""Memberships without overlaps: the later one ends the earlier, so that a dated join never repeats a row.

Of two that begin on one day, a move that people entered counts."""

OWNER_THEN = {("deals", "closed_on"): "owner_at_close_id", ("deals", "created_on"): "owner_at_creation_id"}


class Unreachable(Exception):
    """A fact has no way to a dimension, a filter or an owner; the KPI has no answer and says so."""


@dataclass
class Reach:
    """Collects the LEFT JOINs of one scan of one fact (alias ``f``) as columns and paths are asked for.

    References are unique by id and memberships do not overlap, so no join repeats a row of the fact.
    """

    fact: str
    dated: exp.Expr | None
    dated_by: str
    coverage: Coverage
    joins: dict[str, exp.Join] = field(default_factory=dict)
    needs_memberships: bool = False

    def column(self, path: str) -> exp.Expr:
        """The SQL of a path; joins what it needs. ``extra.Colour`` is a column of the source that maps to nothing."""
        if path.startswith("extra."):
            return extra_value(path.removeprefix("extra."))
        steps = path.split(".")
        here, alias, prefix = self.fact, "f", ""
        for step in steps[:-1]:
            name, _, through = step.partition("@")
            key = self._own(here, alias, name)
            prefix = f"{prefix}.{step}" if prefix else step
            target = through or FACTS[here].column(name).to  # type: ignore[union-attr]
            alias = self._join(prefix, target, key, dated=bool(through))
            here = target
        return self._own(here, alias, steps[-1])

    def _own(self, fact: str, alias: str, name: str) -> exp.Expr:
        if alias == "f" and name == "owner_id":
            then = OWNER_THEN.get((fact, self.dated_by), "")
            if then and self.coverage.filled(fact, then):
                return coalesce(column(then), column(name))
        return column(name, alias)

    def _join(self, prefix: str, target: str, key: exp.Expr, *, dated: bool) -> str:
        alias = "j_" + "".join(letter if letter.isalnum() else "_" for letter in prefix)
        if prefix in self.joins:
            return alias
        if dated:
            self.needs_memberships = True
            moment = self.dated if self.dated is not None else None
            on: list[exp.Expr] = [column("rep_id", alias).eq(key)]
            if moment is not None:
                on.append(exp.or_(is_null(column("from_on", alias)), column("from_on", alias) <= moment.copy()))
                on.append(exp.or_(is_null(column("until_on", alias)), column("until_on", alias) > moment.copy()))
            else:
                on.append(is_null(column("until_on", alias)))
            source = table(MEMBERSHIPS, alias)
        else:
            on = [column("id", alias).eq(key)]
            source = table(target, alias)
        self.joins[prefix] = exp.Join(this=source, side="LEFT", on=both(on))
        return alias

    def attach(self, select: exp.Select) -> exp.Select:
        for join in self.joins.values():
            select.append("joins", join.copy())
        return select


def memberships_dated() -> exp.Select:
    """``rep_id, team_id, manager_id, from_on, until_on`` (exclusive), each stretch ended by the next one's start."""
    starts = coalesce(column("from_on"), day(EVER))
    following = exp.Window(
        this=exp.Lead(this=starts),
        partition_by=[column("rep_id")],
        order=exp.Order(
            expressions=[
                exp.Ordered(this=starts.copy()),
                exp.Ordered(this=case((column("source").eq(literal(TOLOK)), literal(1)), otherwise=literal(0))),
                exp.Ordered(this=column("id")),
            ]
        ),
    )
    ends = days_later(column("to_on"), 1)
    until = exp.Least(
        this=exp.Coalesce(this=ends.copy(), expressions=[following.copy()]),
        expressions=[exp.Coalesce(this=following.copy(), expressions=[ends.copy()])],
    )
    return exp.select(
        column("rep_id"),
        column("team_id"),
        column("manager_id"),
        column("from_on"),
        exp.alias_(until, "until_on"),
    ).from_(table("memberships", "f"))


def resolve(dimension: str, fact: str, coverage: Coverage) -> str | None:
    """The path by which a fact reaches a dimension in this data, or None where it cannot.

    The first candidate whose every step holds data in this snapshot is taken.
    """
    for path in paths(dimension, fact):
        if holds_data(path, fact, coverage):
            return path
    return None


def holds_data(path: str, fact: str, coverage: Coverage) -> bool:
    if path.startswith("extra."):
        return coverage.filled(fact, "extra")
    here = fact
    steps = path.split(".")
    for position, step in enumerate(steps):
        name, _, through = step.partition("@")
        if not coverage.filled(here, name):
            return False
        if position < len(steps) - 1:
            here = through or FACTS[here].column(name).to  # type: ignore[union-attr]
    return True


def ends_in(path: str, fact: str) -> str:
    """The fact that a path's last column refers to, or "" for a plain value."""
    here = fact
    steps = path.split(".")
    for position, step in enumerate(steps):
        name, _, through = step.partition("@")
        found = FACTS[here].column(name)
        if position == len(steps) - 1:
            return found.to if found is not None and found.type == "ref" else ""
        here = through or (found.to if found is not None else "")
    return ""


def extra_value(name: str) -> exp.Expr:
    """The text under a key of the row's extra columns."""
    return exp.JSONExtractScalar(
        this=column("extra"),
        expression=exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=name)]),
        only_json_types=True,
    )

"""The tree of targets in one period: company, teams, people; with what the parts add up to, last year, and the pace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tolok.app.models import TargetVersion
from tolok.app.targets import latest
from tolok.kpis.additive import additive
from tolok.periods import Period
from tolok.query.question import EVERYTHING
from tolok.query.reporting import Organisation
from tolok.targets.evidence import results
from tolok.targets.pace import Pace
from tolok.targets.roll_up import RolledUp, gaps, rolled_up
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.target import WAITING, Target
from tolok.web.targets.paces import pace_of
from tolok.web.targets.planning import Planning, known_standing, scope_name

NEARLY = 90
"""In percent of where it should be: from here on it is behind by a little."""


@dataclass(frozen=True)
class Node:
    """One scope in the tree: its target, what waits to be decided, what its parts come to, and how it stands."""

    scope: Scope
    name: str
    depth: int
    target: RolledUp
    waiting: tuple[TargetVersion, ...] = ()
    version: TargetVersion | None = None
    together: Decimal | None = None
    gap: Decimal | None = None
    last_year: Decimal | None = None
    result: Decimal | None = None
    pace: Pace | None = None
    may_set: bool = False

    @property
    def kind(self) -> str:
        return self.scope.dimensions[0] if len(self.scope.dimensions) == 1 else ""

    @property
    def tone(self) -> str:
        """Good, a little behind, or behind; a little is what the cards of the scorecard call so."""
        if self.pace is None or self.pace.of_pace is None or self.pace.status not in ("behind", "missed"):
            return "good"
        return "warn" if self.pace.of_pace >= NEARLY else "bad"

    @property
    def is_short(self) -> bool:
        """Whether the period has days without a target."""
        return self.target.value is not None and not self.target.is_whole


@dataclass(frozen=True)
class Tree:
    """The nodes from the top, and targets of other kinds of scopes."""

    nodes: tuple[Node, ...]
    others: tuple[Node, ...] = ()
    gaps: int = 0
    waiting: tuple[TargetVersion, ...] = field(default_factory=tuple)

    @property
    def has_results(self) -> bool:
        """Whether anything is known of the period yet; one that lies ahead has no columns for it."""
        return any(node.result is not None or node.pace for node in (*self.nodes, *self.others))

    @property
    def has_targets(self) -> bool:
        return any(node.target.value is not None or node.waiting for node in (*self.nodes, *self.others))


def tree(plan: Planning) -> Tree:
    """The tree that a person may see, of a KPI in a period."""
    kpi, period = plan.definition.id, plan.period
    sums = additive(kpi, plan.workspace.definitions)
    all_standing = known_standing(plan)
    near = [target for target in all_standing if target.start <= period.end and target.end >= period.start]
    by_scope: dict[Scope, list[Target]] = {}
    for target in near:
        by_scope.setdefault(target.scope, []).append(target)
    newest = latest(kpi, start__lte=period.end, end__gte=period.start)
    waiting: dict[Scope, list[TargetVersion]] = {}
    own: dict[Scope, TargetVersion] = {}
    for row in newest.values():
        scope = Scope.of(row.scope)
        if row.state in WAITING:
            waiting.setdefault(scope, []).append(row)
        if (row.start, row.end) == (period.start, period.end):
            own[scope] = row
    organisation = plan.access.organisation
    parent = _parents(organisation, set(by_scope) | set(waiting))
    short = {gap.parent.scope: gap for gap in gaps(_in_period(by_scope, period, sums), parent, sums)}
    figures = _Figures(plan)

    def open_to_parts(scope: Scope) -> bool:
        """Whether this person sees all the parts, and so may see what they come to."""
        return plan.access.sees_all or plan.rights.sets(scope)

    def node(scope: Scope, depth: int) -> Node:
        target = rolled_up(by_scope.get(scope, []), period.start, period.end, sums)
        gap = short.get(scope)
        result = figures.now(scope)
        return Node(
            scope,
            scope_name(scope, plan.access),
            depth,
            target,
            tuple(sorted(waiting.get(scope, []), key=lambda row: row.start)),
            own.get(scope),
            gap.together if gap and open_to_parts(scope) else None,
            gap.gap if gap and open_to_parts(scope) else None,
            figures.last_year(scope),
            result,
            figures.pace(target.value, result),
            plan.rights.sets(scope),
        )

    used = set(by_scope) | set(waiting)
    nodes = [node(scope, depth) for scope, depth in _places(organisation, used, plan) if plan.rights.sees(scope)]
    placed = {one.scope for one in nodes}
    others = [
        node(scope, 0)
        for scope in sorted(used - placed)
        if plan.rights.sees(scope)
        and (len(scope.dimensions) > 1 or scope.dimensions[:1] not in ((), ("rep",), ("team",)))
    ]
    mine = [row for rows in waiting.values() for row in rows if plan.rights.sees(Scope.of(row.scope))]
    return Tree(
        tuple(nodes),
        tuple(others),
        sum(bool(one.gap) for one in nodes),
        tuple(sorted(mine, key=lambda row: (row.start, _level(row), scope_name(Scope.of(row.scope), plan.access)))),
    )


_LEVELS = ("", "team", "rep")
"""Kinds of scopes from the widest to the narrowest; others come after them."""


def _level(row: TargetVersion) -> int:
    kind = next(iter(row.scope), "")
    return _LEVELS.index(kind) if kind in _LEVELS and len(row.scope) < 2 else len(_LEVELS)


def _in_period(by_scope: dict[Scope, list[Target]], period: Period, sums: object) -> list[Target]:
    """Each scope's target of the whole period as one target, so that gaps are those of the period shown."""
    found = []
    for scope, targets in by_scope.items():
        rolled = rolled_up(targets, period.start, period.end, sums)  # type: ignore[arg-type]
        if rolled.value is not None:
            found.append(Target(targets[0].kpi, period.start, period.end, rolled.value, scope, state="approved"))
    return found


def _parents(organisation: Organisation, used: set[Scope]):  # type: ignore[no-untyped-def]
    """The scope right above a scope that has targets: a team without any is passed over."""

    def parent_of(scope: Scope, day: date) -> Scope | None:
        if scope.dimensions == ("rep",):
            team = organisation.team_of(scope["rep"])
        elif scope.dimensions == ("team",):
            above = organisation.teams.get(scope["team"])
            team = above.parent_id if above else ""
        else:
            return None
        seen = set()
        while team and team not in seen:
            seen.add(team)
            if Scope.of({"team": team}) in used:
                return Scope.of({"team": team})
            above = organisation.teams.get(team)
            team = above.parent_id if above else ""
        return COMPANY

    return parent_of


def _places(organisation: Organisation, used: set[Scope], plan: Planning) -> Iterable[tuple[Scope, int]]:
    """The company, its teams and their people, in order; who does not sell and has no target is left out."""
    yield COMPANY, 0
    leaders = {team.manager_id for team in organisation.teams.values()}
    children: dict[str, list[str]] = {}
    for team in sorted(organisation.teams.values(), key=lambda one: one.name.casefold()):
        above = team.parent_id if team.parent_id in organisation.teams else ""
        children.setdefault(above, []).append(team.id)
    people: dict[str, list[str]] = {}
    for rep in sorted(organisation.reps.values(), key=lambda one: one.name.casefold()):
        has_target = Scope.of({"rep": rep.id}) in used
        if has_target or (rep.active and rep.id not in leaders):
            people.setdefault(rep.team_id if rep.team_id in organisation.teams else "", []).append(rep.id)
    seen: set[str] = set()

    def below(team: str, depth: int) -> Iterable[tuple[Scope, int]]:
        for child in children.get(team, []):
            if child in seen:
                continue
            seen.add(child)
            inside = list(below(child, depth + 1))
            yield Scope.of({"team": child}), depth
            yield from inside
        for rep in people.get(team, []) if team or not children else people.get("", []):
            yield Scope.of({"rep": rep}), depth

    yield from below("", 1)


class _Figures:
    """Results of the period and of the year before, asked once for all teams and once for all people."""

    def __init__(self, plan: Planning) -> None:
        self._plan = plan
        snapshot = plan.workspace.snapshots.current()
        self._ends_on = snapshot.ends_on if snapshot else None
        before = plan.workspace.calendar.shift(plan.period, "last-year")
        self._now = self._read(plan.period)
        self._before = self._read(before)

    def now(self, scope: Scope) -> Decimal | None:
        return self._of(self._now, scope)

    def last_year(self, scope: Scope) -> Decimal | None:
        return self._of(self._before, scope)

    def pace(self, target: Decimal | None, result: Decimal | None) -> Pace | None:
        """The pace of a target whose period has begun, as far as the data reaches."""
        plan, ends_on = self._plan, self._ends_on
        if target is None or not target or ends_on is None or ends_on < plan.period.start:
            return None
        return pace_of(plan.workspace, plan.definition, target, result, plan.period, ends_on)

    def _read(self, period: Period) -> dict[str, dict[str, Decimal]]:
        ends_on = self._ends_on
        if ends_on is None or period.start > ends_on:
            return {}
        end = min(period.end, ends_on)
        workspace, kpi = self._plan.workspace, self._plan.definition.id
        viewer = self._plan.access.viewer
        found = {"rep": results(workspace, kpi, "rep", period.start, end, viewer)}
        # totals of teams and of the company are not rows: the rights say who sees which
        found["team"] = results(workspace, kpi, "team", period.start, end, EVERYTHING)
        found[""] = results(workspace, kpi, "", period.start, end, EVERYTHING)
        return found

    def _of(self, held: dict[str, dict[str, Decimal]], scope: Scope) -> Decimal | None:
        if scope.is_company:
            return held.get("", {}).get("")
        if len(scope.members) != 1:
            return None
        dimension, id_ = scope.members[0]
        if dimension == "team":
            return held.get("team", {}).get(id_)
        return held.get(dimension, {}).get(id_) if dimension == "rep" else None

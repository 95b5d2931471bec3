"""The organisation on one day: who reports to whom, and who is in which team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlglot import exp

from tolok.query.build import column, table


class Rows(Protocol):
    """An engine that opens rows."""

    def has(self, fact: str) -> bool: ...

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[Any, ...]]]: ...


@dataclass(frozen=True)
class Rep:
    """One person who sells, as they stand on the day."""

    id: str
    name: str
    team_id: str
    manager_id: str
    email: str
    active: bool
    hired_on: date | None = None
    region: str = ""
    role: str = ""


@dataclass(frozen=True)
class Team:
    """One team of the tree."""

    id: str
    name: str
    parent_id: str
    manager_id: str


@dataclass(frozen=True)
class Organisation:
    """Reps and teams by id on one day.

    A manager leads who names them as manager, everybody in a team that they lead, and everybody in the teams below
    it; and so on downwards. A circle in the data ends where it began.
    """

    day: date
    reps: dict[str, Rep] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)

    def reports(self, manager_id: str) -> frozenset[str]:
        """The reps of a manager's subtree, without the manager."""
        found: set[str] = set()
        asked, waiting = {manager_id}, [manager_id]
        while waiting:
            lead = waiting.pop()
            led = {team.id for team in self.teams.values() if team.manager_id == lead}
            led |= self.below(led)
            for rep in self.reps.values():
                if rep.id not in asked and (rep.manager_id == lead or rep.team_id in led):
                    asked.add(rep.id)
                    found.add(rep.id)
                    waiting.append(rep.id)
        return frozenset(found)

    def below(self, teams: set[str]) -> set[str]:
        """The teams under some teams, at any depth, without these."""
        found: set[str] = set()
        waiting = set(teams)
        while waiting:
            parents, waiting = waiting, set()
            for team in self.teams.values():
                if team.parent_id in parents and team.id not in found and team.id not in teams:
                    found.add(team.id)
                    waiting.add(team.id)
        return found

    def teams_of(self, reps: frozenset[str], *, led_by: str = "") -> frozenset[str]:
        """The teams wholly within some reps' sight: those led, those below, and those whose every member is seen."""
        led = {team.id for team in self.teams.values() if led_by and team.manager_id == led_by}
        members: dict[str, set[str]] = {}
        for rep in self.reps.values():
            if rep.team_id:
                members.setdefault(rep.team_id, set()).add(rep.id)
        whole = {team for team, inside in members.items() if inside <= reps}
        return frozenset(led | self.below(led) | whole)

    def team_of(self, rep_id: str) -> str:
        rep = self.reps.get(rep_id)
        return rep.team_id if rep else ""


def organisation(engine: Rows, day: date) -> Organisation:
    """The organisation on a day: dated memberships count before what a rep's own row says of today."""
    if not engine.has("reps"):
        return Organisation(day)
    memberships = _memberships(engine, day)
    reps = {}
    columns = ("id", "name", "team_id", "manager_id", "email", "active", "hired_on", "left_on", "region", "role")
    for key, name, team_id, manager_id, email, active, hired_on, left_on, region, role in _read(
        engine, "reps", *columns
    ):
        then = memberships.get(key)
        team = then[0] if then else team_id
        manager = (then[1] if then else None) or manager_id
        here = active is not False and not (left_on and left_on <= day) and not (hired_on and hired_on > day)
        reps[key] = Rep(
            key, name or key, team or "", manager or "", email or "", here, hired_on, region or "", role or ""
        )
    teams = {
        key: Team(key, name or key, parent_id or "", manager_id or "")
        for key, name, parent_id, manager_id in _read(engine, "teams", "id", "name", "parent_id", "manager_id")
    }
    return Organisation(day, reps, teams)


def _memberships(engine: Rows, day: date) -> dict[str, tuple[str | None, str | None]]:
    """Each rep's membership on the day; of several the one that began last."""
    if not engine.has("memberships"):
        return {}
    found: dict[str, tuple[date, tuple[str | None, str | None]]] = {}
    for rep_id, team_id, manager_id, from_on, to_on in _read(
        engine, "memberships", "rep_id", "team_id", "manager_id", "from_on", "to_on"
    ):
        begins = from_on or date.min
        if begins > day or (to_on and to_on < day):
            continue
        if rep_id not in found or begins >= found[rep_id][0]:
            found[rep_id] = (begins, (team_id, manager_id))
    return {rep_id: where for rep_id, (_, where) in found.items()}


def _read(engine: Rows, fact: str, *names: str) -> list[tuple[Any, ...]]:
    if not engine.has(fact):
        return []
    return engine.rows(exp.select(*[column(name) for name in names]).from_(table(fact, "f")))[1]

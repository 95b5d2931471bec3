"""The organisation on one day: who reports to whom, and who is in which team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, Protocol

from sqlglot import exp

from tolok.model.targets import TOLOK
from tolok.query.build import column, table
from tolok.query.question import Led


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
class Membership:
    """A stretch in which a rep was in a team; ``until_on`` is the first day after it. Those of a rep do not overlap.

    ``entered`` are those that a person entered: they say all there is to say about who the manager was.
    """

    rep_id: str
    team_id: str
    manager_id: str
    from_on: date = date.min
    until_on: date | None = None
    entered: bool = False

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)


@dataclass(frozen=True)
class Organisation:
    """Reps and teams by id on one day.

    A manager leads who names them as manager, everybody in a team that they lead, and everybody in the teams below
    it; and so on downwards. A circle in the data ends where it began.
    """

    day: date
    reps: dict[str, Rep] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    memberships: tuple[Membership, ...] = ()

    def reports(self, manager_id: str) -> frozenset[str]:
        """The reps of a manager's subtree, without the manager."""
        by_manager: dict[str, list[str]] = {}
        by_team: dict[str, list[str]] = {}
        for rep in self.reps.values():
            by_manager.setdefault(rep.manager_id, []).append(rep.id)
            by_team.setdefault(rep.team_id, []).append(rep.id)
        led: dict[str, set[str]] = {}
        for team in self.teams.values():
            led.setdefault(team.manager_id, set()).add(team.id)
        found: set[str] = set()
        asked, waiting = {manager_id}, [manager_id]
        while waiting:
            lead = waiting.pop()
            teams = led.get(lead, set())
            members = [rep for team in teams | self.below(teams) for rep in by_team.get(team, ())]
            for rep_id in (*by_manager.get(lead, ()), *members):
                if rep_id not in asked:
                    asked.add(rep_id)
                    found.add(rep_id)
                    waiting.append(rep_id)
        return frozenset(found)

    def led(self, manager_id: str) -> tuple[Led, ...]:
        """When this manager led whom, directly or through the managers between, by dated memberships.

        A team's manager of today counts where a membership names none, and the one above where a person entered none.
        """
        by_lead: dict[str, list[Membership]] = {}
        for item in self.memberships:
            team = self.teams.get(item.team_id)
            above = team.parent_id if item.entered and team is not None else item.team_id
            lead = item.manager_id or self._lead_of(above, item.rep_id)
            if lead and lead != item.rep_id:
                by_lead.setdefault(lead, []).append(item)
        found: set[Led] = set()
        waiting: list[tuple[str, date, date | None]] = [(manager_id, date.min, None)]
        while waiting:
            lead, first, after = waiting.pop()
            for item in by_lead.get(lead, ()):
                begins = max(first, item.from_on)
                ends = min((end for end in (after, item.until_on) if end is not None), default=None)
                stretch = Led(item.rep_id, begins, ends)
                if (ends is None or begins < ends) and item.rep_id != manager_id and stretch not in found:
                    found.add(stretch)
                    waiting.append((item.rep_id, begins, ends))
        return tuple(sorted(found, key=lambda led: (led.rep, led.from_on, led.until_on or date.max)))

    def _lead_of(self, team_id: str, but: str) -> str:
        """Who leads a team, or else the nearest team above it; never the member who is asked about."""
        seen: set[str] = set()
        while team_id in self.teams and team_id not in seen:
            seen.add(team_id)
            team = self.teams[team_id]
            if team.manager_id and team.manager_id != but:
                return team.manager_id
            team_id = team.parent_id
        return ""

    def below(self, teams: set[str]) -> set[str]:
        """The teams under some teams, at any depth, without these."""
        found: set[str] = set()
        waiting = set(teams) - {""}
        while waiting:
            parents, waiting = waiting, set()
            for team in self.teams.values():
                if team.parent_id in parents and team.id not in found and team.id not in teams:
                    found.add(team.id)
                    waiting.add(team.id)
        return found

    def teams_led(self, manager_id: str) -> frozenset[str]:
        """The teams that somebody leads, and those below them."""
        led = {team.id for team in self.teams.values() if team.manager_id == manager_id}
        return frozenset(led | self.below(led))

    def teams_of(self, reps: frozenset[str], *, led_by: str = "") -> frozenset[str]:
        """The teams wholly within some reps' sight: those led, those below, and those whose every member is seen."""
        led = self.teams_led(led_by) if led_by else frozenset()
        members: dict[str, set[str]] = {}
        for rep in self.reps.values():
            if rep.team_id:
                members.setdefault(rep.team_id, set()).add(rep.id)
        whole = {team for team, inside in members.items() if inside <= reps}
        return led | whole

    def team_of(self, rep_id: str) -> str:
        rep = self.reps.get(rep_id)
        return rep.team_id if rep else ""


def organisation(engine: Rows, day: date) -> Organisation:
    """The organisation on a day: dated memberships count before what a rep's own row says of today."""
    if not engine.has("reps"):
        return Organisation(day)
    memberships = _memberships(engine)
    today = {item.rep_id: item for item in memberships if item.holds(day)}
    reps = {}
    columns = ("id", "name", "team_id", "manager_id", "email", "active", "hired_on", "left_on", "region", "role")
    for key, name, team_id, manager_id, email, active, hired_on, left_on, region, role in _read(
        engine, "reps", *columns
    ):
        then = today.get(key)
        team = then.team_id if then else team_id
        moved = then is not None and (then.entered or then.team_id != (team_id or ""))
        manager = (then.manager_id if then else "") or ("" if moved else manager_id)
        here = active is not False and not (left_on and left_on <= day) and not (hired_on and hired_on > day)
        reps[key] = Rep(
            key, name or key, team or "", manager or "", email or "", here, hired_on, region or "", role or ""
        )
    led = _leaders(engine, day)
    teams = {
        key: Team(key, name or key, parent_id or "", led.get(key, manager_id or ""))
        for key, name, parent_id, manager_id in _read(engine, "teams", "id", "name", "parent_id", "manager_id")
    }
    return Organisation(day, reps, teams, memberships)


def _memberships(engine: Rows) -> tuple[Membership, ...]:
    """All memberships without overlaps: the later one ends the earlier, and what people entered counts."""
    rows = _read(engine, "memberships", "rep_id", "from_on", "source", "id", "team_id", "manager_id", "to_on")
    ordered = sorted(
        (row for row in rows if row[0]), key=lambda row: (row[0], row[1] or date.min, row[2] == TOLOK, row[3] or "")
    )
    found = []
    for row, following in zip_longest(ordered, ordered[1:]):
        rep_id, from_on, source, _id, team_id, manager_id, to_on = row
        until = to_on + timedelta(days=1) if to_on else None
        if following is not None and following[0] == rep_id:
            starts = following[1] or date.min
            until = min(until, starts) if until else starts
        begins = from_on or date.min
        if until is None or begins < until:
            found.append(Membership(rep_id, team_id or "", manager_id or "", begins, until, source == TOLOK))
    return tuple(found)


def _leaders(engine: Rows, day: date) -> dict[str, str]:
    """Who leads teams on a day, of those whose leaders people entered."""
    found: dict[str, tuple[date, str]] = {}
    for rep_id, team_id, manager_id, from_on in _read(
        engine, "memberships", "rep_id", "team_id", "manager_id", "from_on"
    ):
        since = from_on or date.min
        if not rep_id and team_id and since <= day and since >= found.get(team_id, (date.min, ""))[0]:
            found[team_id] = (since, manager_id or "")
    return {team: manager for team, (_since, manager) in found.items()}


def _read(engine: Rows, fact: str, *names: str) -> list[tuple[Any, ...]]:
    if not engine.has(fact):
        return []
    return engine.rows(exp.select(*[column(name) for name in names]).from_(table(fact, "f")))[1]

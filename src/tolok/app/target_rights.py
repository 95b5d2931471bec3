"""Who sees, sets, answers and approves which target.

A rep sees their own targets, and those of team and company as the workspace's setting says; a manager those of their
subtree. A manager sets targets of the subtree and of the teams that they lead, a director all of them. Who carries a
target (the rep, or the manager of the team) accepts or contests it. A director approves.
"""

from __future__ import annotations

from dataclasses import dataclass

from tolok.app import place
from tolok.app.access import Access
from tolok.app.models import Role, User
from tolok.targets.scope import Scope


@dataclass(frozen=True)
class TargetRights:
    """What one person may do with targets."""

    user: User
    access: Access
    shared: str  # "company", "team" or "own"

    def sees(self, scope: Scope) -> bool:
        """Whether a target of a scope may be looked at."""
        if self.access.sees_all:
            return True
        if not self.user.rep_id or not self.user.is_active:
            return False
        rep, team = scope.get("rep"), scope.get("team")
        if rep is not None:
            return self.access.sees_rep(rep)
        if team is not None:
            own = self.access.organisation.team_of(self.user.rep_id)
            led = self.user.role == Role.MANAGER and self.access.sees_team(team)
            return led or (team == own and self.shared != "own") or team in self.led
        return self.shared == "company" or (self.user.role == Role.MANAGER and self.shared == "team")

    def sets(self, scope: Scope) -> bool:
        """Whether a target of a scope may be proposed or changed."""
        if self.user.role == Role.DIRECTOR:
            return True
        if self.user.role != Role.MANAGER or not self.user.rep_id:
            return False
        rep, team = scope.get("rep"), scope.get("team")
        if rep is not None:
            return rep in self.access.organisation.reports(self.user.rep_id)
        return team is not None and team in self.led

    def answers(self, scope: Scope) -> bool:
        """Whether a target of a scope may be accepted or contested: by who carries it."""
        if not self.user.rep_id or not self.user.is_active:
            return False
        rep, team = scope.get("rep"), scope.get("team")
        if rep is not None:
            return rep == self.user.rep_id
        led = self.access.organisation.teams.get(team or "")
        return led is not None and led.manager_id == self.user.rep_id and self.user.role == Role.MANAGER

    @property
    def approves(self) -> bool:
        """Whether this person approves targets."""
        return self.user.role == Role.DIRECTOR

    @property
    def led(self) -> frozenset[str]:
        """The teams that a manager leads, and those below them."""
        if self.user.role != Role.MANAGER or not self.user.rep_id:
            return frozenset()
        return self.access.organisation.teams_led(self.user.rep_id)

    @property
    def sets_any(self) -> bool:
        """Whether there is anything that this person may set."""
        return self.user.role == Role.DIRECTOR or (self.user.role == Role.MANAGER and bool(self.user.rep_id))


def rights_of(user: User, access: Access) -> TargetRights:
    """What a person may do with targets in this workspace."""
    return TargetRights(user, access, place.workspace().settings.shared_totals)

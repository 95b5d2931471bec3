"""Who sees what: from a person's role and place in the organisation to the viewer that every question carries.

A rep sees rows owned now or attributed to them; a manager adds those of today's subtree; director, analyst and
administrator see all. The rule itself is applied in the query plan, so screens, drill, exports and API cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tolok.app import place
from tolok.app.models import Role, User
from tolok.query.question import EVERYTHING, Viewer
from tolok.query.reporting import Organisation

NOBODY = Viewer("nobody", frozenset())


@dataclass(frozen=True)
class Access:
    """What one person sees today.

    ``teams`` are the ids of the teams whose figures they may choose, None for all of them.
    """

    viewer: Viewer
    teams: frozenset[str] | None
    organisation: Organisation

    @property
    def sees_all(self) -> bool:
        return self.viewer.reps is None

    def sees_rep(self, rep_id: str) -> bool:
        return self.viewer.reps is None or rep_id in self.viewer.reps

    def sees_team(self, team_id: str) -> bool:
        return self.teams is None or team_id in self.teams


def access_of(user: User, *, today: date | None = None) -> Access:
    """What a person sees, by the organisation as it is today."""
    organisation = place.workspace().organisation(today or datetime.now(UTC).date())
    if user.sees_all:
        return Access(EVERYTHING, None, organisation)
    if not user.rep_id or not user.is_active:
        return Access(NOBODY, frozenset(), organisation)
    if user.role == Role.MANAGER:
        reps = organisation.reports(user.rep_id) | {user.rep_id}
        return Access(Viewer(str(user), reps), organisation.teams_of(reps, led_by=user.rep_id), organisation)
    own = organisation.team_of(user.rep_id)
    return Access(Viewer(str(user), frozenset({user.rep_id})), frozenset({own} if own else ()), organisation)

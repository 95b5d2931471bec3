"""Who sees what: from a person's role and place in the organisation to the viewer that every question carries.

A rep sees rows owned now or attributed to them; a manager adds those of today's subtree and, while the organisation
allows it, of the time in which they led it; director, analyst and administrator see all. Of whose rep has left nothing
is to be seen. The rule itself is applied in the query plan, so screens, drill, exports and API cannot differ.
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

    ``teams`` are the ids of the teams whose figures they may choose, None for all of them. ``peers`` are the reps of
    the own team whose figures the organisation shares, by name or without: figures alone, never rows.
    """

    viewer: Viewer
    teams: frozenset[str] | None
    organisation: Organisation
    peers: frozenset[str] = frozenset()
    peers_named: bool = False

    @property
    def sees_all(self) -> bool:
        return self.viewer.reps is None

    def sees_rep(self, rep_id: str) -> bool:
        return self.viewer.reps is None or rep_id in self.viewer.reps

    def sees_team(self, team_id: str) -> bool:
        return self.teams is None or team_id in self.teams

    @property
    def comparison(self) -> Viewer:
        """The viewer of figures by rep on the page of people: the own ones and those of peers that are shared.

        For no other question: what it answers must not open to rows.
        """
        if self.viewer.reps is None or not self.peers:
            return self.viewer
        return Viewer(f"peers of {self.viewer.name}", self.viewer.reps | self.peers, rows_owned_now=False)


def access_of(user: User, *, today: date | None = None) -> Access:
    """What a person sees, by the organisation as it is today."""
    workspace = place.workspace()
    organisation = workspace.organisation(today or datetime.now(UTC).date())
    if user.sees_all:
        return Access(EVERYTHING, None, organisation)
    rep = organisation.reps.get(user.rep_id)
    if rep is None or not rep.active or not user.is_active:
        return Access(NOBODY, frozenset(), organisation)
    if user.role == Role.MANAGER:
        reps = organisation.reports(rep.id) | {rep.id}
        led = organisation.led(rep.id) if workspace.settings.managers_keep_history else ()
        before = tuple(item for item in led if item.rep not in reps)
        viewer = Viewer(str(user), reps, led=before, teams=organisation.teams_led(rep.id))
        return Access(viewer, organisation.teams_of(reps, led_by=rep.id), organisation)
    own = rep.team_id
    peers: frozenset[str] = frozenset()
    if workspace.settings.peers != "off" and own:
        members = [one.id for one in organisation.reps.values() if one.team_id == own and one.active]
        peers = frozenset(members) - {rep.id}
    return Access(
        Viewer(str(user), frozenset({rep.id})),
        frozenset({own} if own else ()),
        organisation,
        peers,
        workspace.settings.peers == "named",
    )

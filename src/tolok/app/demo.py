"""People of the simulated company who may sign in: a director, a manager and a rep, and who administers it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tolok.app import place
from tolok.app.models import Role, User

FILE = "demo-company"
"""The file that marks a workspace as simulated; it holds the password of these logins."""


@dataclass(frozen=True)
class Login:
    """One login, to be shown to whoever tries the demo."""

    role: str
    name: str
    email: str
    password: str


def logins(folder: Path) -> list[Login]:
    """The logins of a simulated company, made where they are missing.

    The password is drawn once for each workspace, so that a demo that somebody opened to a network has none that
    everybody knows.
    """
    password = _password(folder / FILE)
    organisation = place.workspace().organisation(datetime.now(UTC).date())
    teams = sorted(
        (team for team in organisation.teams.values() if team.manager_id and team.parent_id),
        key=lambda team: (-len(organisation.reports(team.manager_id)), team.id),
    )
    top = next((team.manager_id for team in organisation.teams.values() if team.manager_id and not team.parent_id), "")
    manager = teams[0].manager_id if teams else ""
    sellers = sorted(rep for rep in organisation.reports(manager) if organisation.reps[rep].active)
    found = []
    for role, rep_id in (
        (Role.DIRECTOR, top),
        (Role.MANAGER, manager),
        (Role.REP, sellers[0] if sellers else ""),
        (Role.ADMINISTRATOR, ""),
    ):
        email = f"{role.value}@demo.example"
        user = User.objects.filter(email=email).first()
        if user is None:
            name = organisation.reps[rep_id].name if rep_id else "Admin"
            user = User.objects.create_user(email, password, name=name, role=role, rep_id=rep_id)
        found.append(Login(role.value, user.name, email, password))
    return found


def _password(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        if line.startswith("password "):
            return line.removeprefix("password ")
    password = "-".join(secrets.choice(_WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
    path.touch(mode=0o600)
    path.write_text("\n".join([*lines, f"password {password}"]) + "\n", encoding="utf-8")
    return password


_WORDS = tuple(
    "apel badak cakar dadu elang fajar gajah hutan ikan jambu kapal lampu mangga nanas ombak padi rotan sawah talas"  # noqa: SIM905
    " ular wajan zebra bambu cemara durian embun garam jagung kelapa lontar madu pandan randu sagu teratai".split()
)

"""The targets that wait for a person: to be answered by who carries them, to be approved by a director."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from tolok.app import place
from tolok.app.target_rights import rights_of
from tolok.app.targets import latest
from tolok.targets.scope import Scope
from tolok.targets.target import WAITING
from tolok.web.look.tags import language


@dataclass(frozen=True)
class Wait:
    """So many targets of one KPI that wait, the first of which begins on a day."""

    kpi: str
    name: str
    count: int
    first: date
    approves: bool


def waiting_for(request: HttpRequest) -> list[Wait]:
    """What waits for the person who asks, by KPI."""
    rights = rights_of(request.user, request.access)  # type: ignore[attr-defined, arg-type]
    definitions = place.workspace().definitions
    found: dict[str, list[date]] = {}
    for row in latest().values():
        mine = row.state == "proposed" and rights.answers(Scope.of(row.scope))
        if mine or (rights.approves and row.state in WAITING):
            found.setdefault(row.kpi, []).append(row.start)
    return [
        Wait(kpi, definitions[kpi].words_in(language()).name, len(days), min(days), rights.approves)
        for kpi, days in sorted(found.items())
        if kpi in definitions
    ]

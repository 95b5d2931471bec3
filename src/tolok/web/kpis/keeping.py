"""Keeping an organisation's own KPIs: who may, what changed, who is told, and what a definition said before."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tolok.app import place
from tolok.app.audit import record
from tolok.app.models import AuditEntry, Dashboard, Role, TargetVersion, User
from tolok.errors import TolokError
from tolok.kpis import own
from tolok.kpis.load import catalogue
from tolok.kpis.written import value_text

BUILDERS = (Role.ANALYST, Role.ADMINISTRATOR)
CREATED, CHANGED = gettext_noop("KPI created"), gettext_noop("KPI changed")
DELETED, RESTORED = gettext_noop("KPI deleted"), gettext_noop("KPI restored")
ACTIONS = (CREATED, CHANGED, DELETED, RESTORED)
SHORT = 200


def builds(user: User) -> bool:
    """Who may write KPIs."""
    return user.role in BUILDERS


def for_builders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for analyst and administrator; for all others it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not builds(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def folder() -> Path:
    """Where this workspace keeps its own KPIs."""
    return place.folder() / "kpis"


def known_or_404(id_: str) -> None:
    """An own KPI or one of the catalogue; others are not there."""
    if id_ not in catalogue() and own.file_of(folder(), id_) is None:
        raise Http404


def save(user: User, id_: str, text: str, *, seen: str, action: str = "") -> bool:
    """Write a KPI and note it; says whether anything changed.

    :raises own.Meanwhile: where somebody else changed it first.
    """
    before = own.save(folder(), id_, text, seen=seen)
    if before == text:
        return False
    _note(user, action or (CHANGED if before else CREATED), id_, before, text)
    return True


def delete(user: User, id_: str, *, seen: str) -> None:
    before = own.remove(folder(), id_, seen=seen)
    _note(user, DELETED, id_, before, "")


def _note(user: User, action: str, id_: str, before: str, after: str) -> None:
    was, now = _keys(before), _keys(after)
    changed = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    record(
        user,
        action,
        id_,
        before={key: _short(was.get(key)) for key in changed},
        after={key: _short(now.get(key)) for key in changed},
        text=after,
        earlier=before,
    )


def _keys(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _short(value: Any) -> str | None:
    if value is None:
        return None
    said = value_text(value)
    return said if len(said) <= SHORT else f"{said[:SHORT]}…"


@dataclass(frozen=True)
class Uses:
    """Where a KPI is used: other KPIs, targets that count, the north star, and how many dashboards have a card of it."""

    kpis: tuple[str, ...] = ()
    targets: int = 0
    north_star: bool = False
    dashboards: int = 0

    def __bool__(self) -> bool:
        return bool(self.kpis or self.targets or self.north_star or self.dashboards)


def uses(id_: str) -> Uses:
    """Who is told before a KPI changes its meaning or goes."""
    workspace = place.workspace()
    try:
        named = own.uses(workspace.definitions, id_)
    except TolokError:
        named = ()  # a broken file elsewhere; what can be told is told
    targets = TargetVersion.objects.filter(kpi=id_).exclude(state="withdrawn").count()
    dashboards = sum(_shows(cards, id_) for cards in Dashboard.objects.values_list("cards", flat=True))
    return Uses(named, targets, workspace.settings.north_star.kpi == id_, dashboards)


def _shows(cards: Any, id_: str) -> bool:
    """Whether a dashboard, whose cards are plain data, has one of a KPI."""
    listed = cards if isinstance(cards, list) else []
    return any(isinstance(card, dict) and card.get("kpi") == id_ for card in listed)


@dataclass(frozen=True)
class Earlier:
    """What a definition said once: who wrote it so, when, and what they changed."""

    entry: AuditEntry
    at: datetime
    text: str
    action: str
    changes: tuple[tuple[str, str, str], ...]


def history(id_: str) -> list[Earlier]:
    """What the audit log knows of a KPI, the latest first."""
    found = []
    for entry in AuditEntry.objects.filter(subject=id_, action__in=ACTIONS)[:200]:
        before, after = entry.details.get("before") or {}, entry.details.get("after") or {}
        changes = tuple((key, before.get(key) or "", after.get(key) or "") for key in {**before, **after})
        if entry.action in (CREATED, DELETED):
            changes = ()  # all of it; its text tells
        found.append(
            Earlier(entry, timezone.localtime(entry.at), entry.details.get("text") or "", _(entry.action), changes)
        )
    return found

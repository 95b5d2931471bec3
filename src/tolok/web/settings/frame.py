"""The sections of the settings, who may enter which, and the guard against two people changing one thing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.models import Role, User


@dataclass(frozen=True)
class Section:
    """One page of the settings: the name of its address, its title, and the roles that may enter."""

    name: str
    title: str
    roles: tuple[str, ...] = (Role.ADMINISTRATOR,)


SECTIONS = (
    Section("settings-people", gettext_lazy("People who sign in")),
    Section("settings-teams", gettext_lazy("Teams"), (Role.ADMINISTRATOR, Role.DIRECTOR)),
    Section("settings-organisation", gettext_lazy("Organisation")),
    Section("settings-sight", gettext_lazy("Who sees what")),
    Section("settings-calendar", gettext_lazy("Calendar and working time")),
    Section("settings-money", gettext_lazy("Money")),
    Section("settings-keeping", gettext_lazy("Keeping and forgetting")),
    Section("settings-audit", gettext_lazy("Audit log"), (Role.ADMINISTRATOR, Role.DIRECTOR)),
)


def sections_of(user: User) -> list[Section]:
    """The sections that a person may enter."""
    return [section for section in SECTIONS if user.role in section.roles]


def may_enter(user: User) -> bool:
    return bool(sections_of(user))


def of_section(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view as a part of a section; for whom may not enter it, it is not there."""
    section = next(section for section in SECTIONS if section.name == name)

    def marked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            if request.user.role not in section.roles:  # type: ignore[union-attr]
                raise Http404
            request.section = section  # type: ignore[attr-defined]
            return view(request, *args, **options)

        return guarded

    return marked


def shown(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the settings in their frame."""
    section: Section = request.section  # type: ignore[attr-defined]
    return render(
        request,
        f"settings/{template}",
        {"title": section.title, **context, "section": section, "sections": sections_of(request.user)},  # type: ignore[arg-type]
        status=status,
    )


def stamp(*values: object) -> str:
    """What a form was opened with, in one word, so that of two people who change it at once the second is told."""
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:24]


def meanwhile() -> str:
    """What the second of two is told."""
    return _("Somebody else changed this while you had it open. Here is how it stands now; nothing of yours was saved.")

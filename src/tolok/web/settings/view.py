"""The sections of the settings that are forms over ``tolok.toml``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.errors import DefinitionError
from tolok.settings import load
from tolok.web.settings.choices import Meanwhile, SettingsForm, seen, write
from tolok.web.settings.frame import meanwhile, of_section, sections_of, shown

ORGANISATION = ("name", "timezone", "language", "languages", "north_star.kpi", "north_star.target", "north_star.scope")
SIGHT = ("peers", "shared_totals", "managers_keep_history")
CALENDAR = (
    "fiscal_year_start",
    "calendar",
    "calendar_ends",
    "year_named_by",
    "week_start",
    "holidays_country",
    "working_days",
    "working_hours",
    "closed_on",
)
MONEY = ("currency", "revenue_from")
KEEPING = ("snapshots_kept", "snapshot_months_kept")


def first(request: HttpRequest) -> HttpResponse:
    """The first section that a person may enter."""
    found = sections_of(request.user)  # type: ignore[arg-type]
    if not found:
        raise Http404
    return redirect(found[0].name)


def edited(
    request: HttpRequest,
    names: tuple[str, ...],
    more: Callable[[], dict[str, Any]] = dict,
    template: str = "form.html",
    *,
    posted: bool = True,
) -> HttpResponse:
    """Show some settings and change them; with ``posted`` off, what was sent belongs to another form of the page."""
    now = load(place.folder())
    given = request.POST if posted else None
    form = SettingsForm(names, given or None, settings=now)
    if given and form.is_valid():
        try:
            changed = write(request.user, names, form.wanted(), request.POST.get("seen", ""))  # type: ignore[arg-type]
        except Meanwhile:
            messages.error(request, meanwhile())
            return redirect(request.path)
        except DefinitionError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect(request.path)
    opened = (given or {}).get("seen") or seen(now, names)
    return shown(request, template, {"form": form, "seen": opened, **more()})


@of_section("settings-organisation")
def organisation(request: HttpRequest) -> HttpResponse:
    """Name, time zone, languages and north star."""
    return edited(request, ORGANISATION)


@of_section("settings-sight")
def sight(request: HttpRequest) -> HttpResponse:
    """What peers and managers see."""
    return edited(request, SIGHT)


@of_section("settings-calendar")
def calendar(request: HttpRequest) -> HttpResponse:
    """Fiscal year, holidays and working time."""
    return edited(request, CALENDAR)

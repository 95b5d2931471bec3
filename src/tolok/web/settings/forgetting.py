"""Keeping and forgetting: how long states of the data stay, and taking a person out of all of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.errors import TolokError
from tolok.imports.forget import Report, forget
from tolok.web.look.tags import said
from tolok.web.settings.frame import of_section, shown, stamp
from tolok.web.settings.view import KEEPING, edited

keeping_section = of_section("settings-keeping")


class Whom(forms.Form):
    """The person to forget."""

    person = forms.CharField(label=gettext_lazy("Name, e-mail address or id"), max_length=200)
    namesakes = forms.BooleanField(
        label=gettext_lazy("Where several people have the name, forget all of them"), required=False
    )


@keeping_section
def keeping(request: HttpRequest) -> HttpResponse:
    """How long states of the data are kept, and a form to forget somebody."""
    return edited(request, KEEPING, lambda: {"whom": Whom()}, "keeping.html")


@require_POST
@keeping_section
def preview(request: HttpRequest) -> HttpResponse:
    """What forgetting a person would do; nothing is changed."""
    form = Whom(request.POST)
    found: Report | None = None
    if form.is_valid():
        found = _forget(form, dry_run=True)
    return _page(request, form, found)


@require_POST
@keeping_section
def confirmed(request: HttpRequest) -> HttpResponse:
    """Forget a person of whom the preview was seen. It cannot be undone."""
    form = Whom(request.POST)
    if not form.is_valid():
        return _page(request, form, None)
    planned = _forget(form, dry_run=True)
    if planned is None or request.POST.get("seen") != _seen(planned):
        return _page(request, form, planned)
    done = _forget(form, dry_run=False)
    if done is None:
        return _page(request, form, None)
    place.use(place.folder())
    record(request.user, "person forgotten", done.pseudonym, records=len(done.records))  # type: ignore[arg-type]
    said = _("The person is called %(name)s from now on, in %(n)s records. Backups still hold them.")
    messages.success(request, said % {"name": done.pseudonym, "n": len(done.records)})
    return redirect("settings-keeping")


def _forget(form: Whom, *, dry_run: bool) -> Report | None:
    given = form.cleaned_data
    try:
        return forget(place.folder(), given["person"], dry_run=dry_run, namesakes=given["namesakes"])
    except TolokError as error:
        several = "--namesakes" in error.next_step
        step = _("Tick the box to forget all of them together.") if several else said(error.next_step)
        form.add_error("person", f"{said(error.message)} {step}".strip())
        return None


def _page(request: HttpRequest, form: Whom, found: Report | None) -> HttpResponse:
    context: dict[str, Any] = {"whom": form, "report": found, "title": _("Forget a person")}
    if found is not None:
        context |= {
            "seen": _seen(found),
            "texts": sum(found.facts.values()),
            "files": (*found.cleaned, *found.removed),
        }
    return shown(request, "forgetting.html", context)


def _seen(report: Report) -> str:
    return stamp(sorted((one.fact, one.id) for one in report.records), sorted(report.facts.items()))

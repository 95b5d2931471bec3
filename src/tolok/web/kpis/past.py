"""What becomes of a kept KPI: its earlier texts, going back to one, choosing a variant, deleting it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tolok.errors import TolokError
from tolok.kpis import own
from tolok.kpis.load import STANDARD, catalogue
from tolok.web.kpis import keeping
from tolok.web.kpis.file_text import choice_text
from tolok.web.kpis.keeping import for_builders
from tolok.web.look.tags import said


@for_builders
def history(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Who changed a KPI, when, from what to what; and one earlier text."""
    found = keeping.history(kpi_id)
    if not found:
        keeping.known_or_404(kpi_id)
    wanted = request.GET.get("entry", "")
    opened = next((one for one in found if str(one.entry.pk) == wanted), None)
    if wanted and opened is None:
        raise Http404
    context = {
        "title": kpi_id,
        "kpi_id": kpi_id,
        "earlier": found,
        "opened": opened,
        "now": own.stamp(_text(kpi_id)),
        "known": kpi_id in catalogue() or own.file_of(keeping.folder(), kpi_id) is not None,
        "current": _text(kpi_id),
    }
    return render(request, "kpis/history.html", context)


@for_builders
@require_POST
def restore(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Go back to an earlier text, which is checked like a new one."""
    wanted = request.POST.get("entry", "")
    found = next((one for one in keeping.history(kpi_id) if str(one.entry.pk) == wanted), None)
    if found is None or not found.text:
        raise Http404
    try:
        keeping.save(
            request.user,  # type: ignore[arg-type]
            kpi_id,
            found.text,
            seen=request.POST.get("seen", ""),
            action=keeping.RESTORED,
        )
    except own.Meanwhile:
        messages.error(request, _("Somebody else changed this KPI in the meantime. Nothing was restored."))
        return redirect("kpis-history", kpi_id)
    except TolokError as problem:
        messages.error(request, said(str(problem)))
        return redirect("kpis-history", kpi_id)
    messages.success(request, _("Restored."))
    return redirect("kpis-edit", kpi_id)


@for_builders
def delete(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Ask first, with everything that uses the KPI; then delete it."""
    if own.file_of(keeping.folder(), kpi_id) is None:
        raise Http404
    if request.method == "POST":
        try:
            keeping.delete(request.user, kpi_id, seen=request.POST.get("seen", ""))  # type: ignore[arg-type]
        except own.Meanwhile:
            messages.error(request, _("Somebody else changed this KPI in the meantime. Nothing was deleted."))
            return redirect("kpis-delete", kpi_id)
        except TolokError as problem:
            messages.error(request, _("It cannot be deleted: %(why)s") % {"why": said(str(problem))})
            return redirect("kpis-delete", kpi_id)
        messages.success(request, _("Deleted. Its texts stay in the history."))
        return redirect("kpis-history", kpi_id)
    context = {
        "title": kpi_id,
        "kpi_id": kpi_id,
        "seen": own.stamp(_text(kpi_id)),
        "uses": keeping.uses(kpi_id),
        "in_catalogue": kpi_id in catalogue(),
    }
    return render(request, "kpis/delete.html", context)


@for_builders
@require_POST
def choose(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """Say which variant of a catalogue KPI counts here, without a definition of one's own."""
    known = catalogue().get(kpi_id)
    variant = request.POST.get("variant", "")
    if known is None or (variant != STANDARD and variant not in known.variants):
        raise Http404
    try:
        changed = keeping.save(
            request.user,  # type: ignore[arg-type]
            kpi_id,
            choice_text(variant),
            seen=request.POST.get("seen", ""),
        )
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    except own.Meanwhile:
        messages.error(request, _("Somebody else changed this KPI in the meantime. Nothing was saved."))
    except TolokError as problem:
        messages.error(request, said(str(problem)))
    return redirect("kpis-edit", kpi_id)


def _text(kpi_id: str) -> str:
    try:
        return own.text_of(keeping.folder(), kpi_id)
    except TolokError:
        return ""

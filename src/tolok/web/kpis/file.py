"""The file of a KPI as plain text, for who knows it by heart; the loader says what is wrong and on which line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.errors import DefinitionError, TolokError
from tolok.kpis import own
from tolok.kpis.load import KPI_ID, catalogue
from tolok.web.kpis import keeping
from tolok.web.kpis.building import gone_to
from tolok.web.kpis.file_text import catalogue_text
from tolok.web.kpis.keeping import for_builders
from tolok.web.kpis.trial import examples, tried

BLANK = """name = ""
question = ""
formula = ""
unit = "count"  # money, count, percent, days, hours, ratio, score
better = "higher"  # or lower
timing = "lagging"  # or leading
family = "operational"  # financial, operational, customer
function = "sales"  # management, marketing, sales, support, service, finance, people

[value]
count = "deals"
where = { status = "won" }
"""


@for_builders
def file(request: HttpRequest, kpi_id: str = "") -> HttpResponse:
    """The text of one KPI's file, or of a new one."""
    if kpi_id:
        keeping.known_or_404(kpi_id)
    if request.method == "POST":
        return _answered(request, kpi_id)
    kept = _kept_text(kpi_id)
    return _page(request, kpi_id, kpi_id, kept or catalogue_text(kpi_id) or BLANK, own.stamp(kept))


def _kept_text(kpi_id: str) -> str:
    """What the own file says; one that is no text is shown as far as it is."""
    try:
        return own.text_of(keeping.folder(), kpi_id) if kpi_id else ""
    except DefinitionError:
        return ""


def _answered(request: HttpRequest, kpi_id: str) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    text = text if text.endswith("\n") else f"{text}\n"
    id_, seen = kpi_id or request.POST.get("id", "").strip(), request.POST.get("seen", "")
    trying: dict[str, Any] = {}
    try:
        if not kpi_id:
            _free(id_)
        definitions = own.checked(keeping.folder(), id_, text)
        viewer = request.access.viewer  # type: ignore[attr-defined]
        shown = examples(definitions, id_)
        trial = tried(place.workspace(), definitions, id_, viewer, by=request.POST.get("by", ""))
        trying = {"trial": trial, "shown": shown, "passing": sum(one.passes for one in shown)}
        failing = [one for one in shown if not one.passes]
        do = request.POST.get("do", "")
        if do == "save" and failing:
            return _page(request, kpi_id, id_, text, seen, failing=True, **trying)
        if do in ("save", "save-anyway"):
            changed = keeping.save(request.user, id_, text, seen=seen)  # type: ignore[arg-type]
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return gone_to(request, reverse("kpis-file", args=[id_]))
    except own.Meanwhile:
        return _page(request, kpi_id, id_, text, seen, meanwhile=True, **trying)
    except DefinitionError as problem:
        return _page(request, kpi_id, id_, text, seen, problem=problem)
    except TolokError as problem:
        return _page(request, kpi_id, id_, text, seen, problem=DefinitionError(problem.message))
    return _page(request, kpi_id, id_, text, seen, **trying)


def _free(id_: str) -> None:
    if not KPI_ID.fullmatch(id_):
        raise DefinitionError(_("Use small letters, digits and underscores, like win_rate."))
    if id_ in catalogue() or own.file_of(keeping.folder(), id_) is not None:
        raise DefinitionError(_("There is a KPI of this name already. Choose another name, or change that one."))


def _page(request: HttpRequest, kpi_id: str, id_: str, text: str, seen: str, **more: Any) -> HttpResponse:
    context = {
        "title": kpi_id or _("New KPI"),
        "kpi_id": kpi_id,
        "id": id_,
        "text": text,
        "seen": seen,
        "layout": {"better": "higher"},
        "exists": bool(kpi_id) and own.file_of(keeping.folder(), kpi_id) is not None,
        "opened": {"id": id_},
        **more,
    }
    return render(request, "kpis/file.html", context)

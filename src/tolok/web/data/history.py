"""What was imported, what was rejected, and going back to an earlier snapshot."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.app.audit import record
from tolok.errors import TolokError
from tolok.imports.record import REJECTS
from tolok.web.data.rights import for_changers, for_lookers


@for_lookers
def rejects(request: HttpRequest, import_id: str) -> HttpResponse | FileResponse:
    """The rejected rows of an import, as the file that it wrote."""
    path = place.folder() / "imports" / import_id / REJECTS
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", import_id) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"rejects-{import_id}.csv")


@for_changers
def rollback(request: HttpRequest) -> HttpResponse:
    """Ask whether to publish an earlier snapshot again, and do it."""
    snapshots = place.workspace().snapshots
    wanted = request.POST.get("snapshot") or request.GET.get("snapshot") or ""
    try:
        chosen = snapshots.get(wanted)
    except TolokError:
        raise Http404 from None
    if request.method != "POST" or request.POST.get("sure") != "yes":
        return render(request, "data/rollback.html", {"title": _("Go back"), "chosen": chosen})
    made = snapshots.rollback(chosen.id, wait=False)
    record(request.user, "snapshot rolled back", chosen.id, published_as=made.id)  # type: ignore[arg-type]
    messages.success(request, _("Snapshot %(id)s is published again.") % {"id": chosen.id})
    return redirect("data")

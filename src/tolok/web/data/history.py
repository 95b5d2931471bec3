"""What was imported, what was rejected, and going back to an earlier snapshot."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tolok.app import place
from tolok.app.audit import record
from tolok.errors import TolokError
from tolok.query.written import harmless
from tolok.web.data.left_out import rejects_file
from tolok.web.data.rights import for_changers, for_lookers


@for_lookers
def rejects(request: HttpRequest, import_id: str) -> StreamingHttpResponse:
    """The rejected rows of an import, with their cells as text: they come from files that nobody vouches for."""
    path = rejects_file(import_id)
    response = StreamingHttpResponse(_lines(path), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejects-{import_id}.csv"'
    return response


def _lines(path: Path) -> Iterator[str]:
    """The file again, no cell of which a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        for number, row in enumerate(csv.reader(line.replace("\x00", "") for line in file), start=1):
            writer.writerow([harmless(cell) for cell in row])
            if number % 1000 == 0:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


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
    record(request.user, gettext_noop("snapshot rolled back"), chosen.id, published_as=made.id)  # type: ignore[arg-type]
    messages.success(request, _("Snapshot %(id)s is published again.") % {"id": chosen.id})
    return redirect("data")

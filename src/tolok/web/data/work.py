"""One job: how far it is, what it found, and what to do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from tolok.app import jobs
from tolok.app.audit import record
from tolok.app.models import Job
from tolok.web.data import changes
from tolok.web.data.mapping_rows import field_words
from tolok.web.data.rights import for_changers, for_lookers
from tolok.web.kpis import words

KINDS = {
    "preview": gettext_lazy("Looking at the files"),
    "import": gettext_lazy("Import"),
    "refresh": gettext_lazy("Refresh"),
}


@for_lookers
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """The page of a job; a request by script gets only what changes."""
    found = get_object_or_404(Job.objects.exclude(kind="report"), pk=job_id)
    context = {
        "title": found.title,
        "job": found,
        "kind": KINDS.get(found.kind, found.kind),
        "result": found.result,
        "files": [{**one, "called": words.fact(one["table"])} for one in found.result.get("files", ())],
        "tables": [_table(one) for one in found.result.get("tables", ())],
        "worker": jobs.worker_is_running(),
        "may_change": changes(request.user),  # type: ignore[arg-type]
        "imported_by": Job.objects.filter(kind="import", arguments__preview=found.pk).first(),
    }
    by_script = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    response = render(request, "data/job_state.html" if by_script else "data/job.html", context)
    if by_script and found.over:
        response["HX-Refresh"] = "true"
    return response


def _table(told: dict[str, Any]) -> dict[str, Any]:
    """How a table would be read, in words."""
    columns = [
        {
            "header": one["header"],
            "used": one["to"] not in ("", "-"),
            "field": field_words(told["fact"], one["to"]),
            "samples": one["samples"],
        }
        for one in told["columns"]
    ]
    return {"name": told["table"], "key": told["fact"], "fact": words.fact(told["fact"]), "columns": columns}


@require_POST
@for_changers
def confirm(request: HttpRequest, job_id: int) -> HttpResponse:
    """Import what a preview showed; once."""
    with transaction.atomic():
        Job.objects.filter(pk=job_id).update(cancel=False)  # whoever comes at the same moment waits here
        seen = get_object_or_404(Job, pk=job_id, kind="preview", state=Job.State.DONE)
        before = Job.objects.filter(kind="import", arguments__preview=seen.pk).first()
        if before is not None:
            messages.info(request, _("It was already asked to be imported; this is that import."))
            return redirect("data-job", before.pk)
        arguments = {**seen.arguments, "preview": seen.pk, "complete": request.POST.get("complete") == "on"}
        made = jobs.ask("import", seen.title, arguments, request.user)  # type: ignore[arg-type]
        record(request.user, gettext_noop("import asked"), seen.title, source=arguments.get("source") or None)  # type: ignore[arg-type]
    return redirect("data-job", made.pk)


@require_POST
@for_changers
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stop a job; nothing of it is kept."""
    found = get_object_or_404(Job.objects.exclude(kind="report"), pk=job_id)
    jobs.cancel(found)
    if found.kind == "preview" and found.over:
        jobs.clear_upload(found)
    messages.success(request, _("“%(job)s” is being stopped; nothing of it is kept.") % {"job": found.title})
    return redirect("data")

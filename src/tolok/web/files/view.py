"""One file: being made, ready, or failed; nobody but who asked for it finds it."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tolok.app.jobs import worker_is_running
from tolok.app.models import Job
from tolok.reports.form import FORMS
from tolok.web.files.making import path_of, rights

LOOKS_AGAIN = 2
"""Seconds between two looks of a browser without scripts."""


@require_GET
def file(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far the file is; it comes by itself the first time that its page finds it ready."""
    job = _own(request, job_id)
    ready = job.state == Job.State.DONE and path_of(job).is_file()
    context = {
        "title": _("File"),
        "job": job,
        "form": job.arguments["form"].upper(),
        "ready": ready,
        "back": job.arguments.get("back") or reverse("home"),
        "worker": worker_is_running(),
    }
    by_script = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    response = render(request, "files/state.html" if by_script else "files/page.html", context)
    response["Cache-Control"] = "private, no-store"
    if by_script:
        if job.over:
            response["HX-Refresh"] = "true"
    elif ready and not job.result.get("fetched"):
        response["Refresh"] = f"0; url={reverse('files-download', args=[job.pk])}"
    return response


@require_GET
def download(request: HttpRequest, job_id: int) -> HttpResponse:
    """The file itself."""
    job = _own(request, job_id)
    if job.state != Job.State.DONE:
        raise Http404
    try:
        content = path_of(job).open("rb")
    except OSError:
        raise Http404 from None
    if not job.result.get("fetched"):
        job.result["fetched"] = True
        job.save(update_fields=["result"])
    response = FileResponse(
        content, as_attachment=True, filename=job.result["name"], content_type=FORMS[job.arguments["form"]].type
    )
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: HttpRequest, job_id: int) -> Job:
    job = get_object_or_404(Job, pk=job_id, kind="report", asked_by=request.user)
    if job.arguments.get("rights") != rights(request):
        raise Http404
    return job

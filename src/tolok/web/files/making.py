"""Asking for a file: content that this person may see, left for the worker to set."""

from __future__ import annotations

import hashlib
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from tolok.app import jobs, place
from tolok.app.models import Job
from tolok.errors import QuestionError
from tolok.reports.content import Content
from tolok.reports.kept import ASKED, as_text

WAITING = 5
"""Files that one person may have in the making."""
SAME = timedelta(minutes=15)
"""How long a file that is asked for again is the one that was made."""


def ask(request: HttpRequest, content: Content, form: str) -> Job:
    """The job that makes the file; the one there is, where the same was asked for a moment ago."""
    jobs.clear_reports()
    text = as_text(content)
    sought = {"form": form, "what": hashlib.sha256(text.encode()).hexdigest(), "rights": rights(request)}
    own = Job.objects.filter(kind="report", asked_by=request.user)
    lately = own.filter(asked_at__gte=timezone.now() - SAME, **{f"arguments__{key}": sought[key] for key in sought})
    before = lately.exclude(state__in=(Job.State.FAILED, Job.State.CANCELLED)).first()
    if before is not None:
        return before
    if own.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).count() >= WAITING:
        raise QuestionError(
            _("Several of your files are still being made."), next_step=_("Wait for them, then ask for this one.")
        )
    folder = secrets.token_hex(12)
    path = place.folder() / jobs.REPORTS / folder
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(mode=0o700)
    (path / ASKED).write_text(text, encoding="utf-8")
    back = request.GET.copy()
    back.pop("as", None)
    arguments = {**sought, "folder": folder, "back": f"{request.path}?{back.urlencode()}".rstrip("?")}
    try:
        return jobs.ask("report", content.title, arguments, request.user)  # type: ignore[arg-type]
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def rights(request: HttpRequest) -> str:
    """What this person sees today, as a mark: a file that was made for other rights is nobody's."""
    access = request.access  # type: ignore[attr-defined]
    viewer = access.viewer
    seen = "all" if viewer.reps is None else sorted(viewer.reps)
    teams = "all" if access.teams is None else sorted(access.teams)
    said = repr(
        (request.user.role, request.user.rep_id, seen, sorted(map(repr, viewer.led)), teams, sorted(access.peers))
    )  # type: ignore[union-attr]
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def path_of(job: Job) -> Path:
    """Where the file of a job that is done lies."""
    return place.folder() / jobs.REPORTS / job.arguments["folder"] / job.result["name"]

"""The data at a glance: sources, jobs, imports, snapshots."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.app.jobs import worker_is_running
from tolok.app.models import Job, Role
from tolok.imports.record import records
from tolok.imports.refresh import refreshed
from tolok.settings import redacted
from tolok.web.data import changes
from tolok.web.data.rights import for_lookers

MOST = 30
MAPPED = re.compile("[a-z0-9_]{1,60}")


@for_lookers
def data(request: HttpRequest) -> HttpResponse:
    """Where the data comes from, and what was done with it."""
    workspace = place.workspace()
    current = workspace.snapshots.current()
    last = refreshed(workspace.folder)
    imports = list(reversed(records(workspace.folder / "imports")))[:MOST]
    context = {
        "title": _("Data"),
        "current": current,
        "snapshots": list(reversed(workspace.snapshots.list()))[:MOST],
        "sources": [
            (source, redacted(source.path or source.url), last.get(source.name, {}))
            for source in workspace.settings.sources
        ],
        "jobs": Job.objects.exclude(kind="report").filter(state__in=(Job.State.WAITING, Job.State.RUNNING)),
        "past": Job.objects.exclude(kind="report").exclude(state__in=(Job.State.WAITING, Job.State.RUNNING))[:10],
        "imports": imports,
        "mapped": {path.stem for path in (workspace.folder / "mappings").glob("*.toml") if MAPPED.fullmatch(path.stem)},
        "administers": request.user.role == Role.ADMINISTRATOR,  # type: ignore[union-attr]
        "may_change": changes(request.user),  # type: ignore[arg-type]
        "worker": worker_is_running(),
        "limit": workspace.settings.upload_limit_mb,
        "folders": workspace.settings.import_folders,
    }
    return render(request, "data/page.html", context)

"""Bringing data in: by upload, from a folder of the server, or by refreshing a listed source. All of it as jobs."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.app.jobs import UPLOADS, ask, clear_uploads
from tolok.web.data.rights import for_changers

MOST_FILES = 200
UNNAMED = "files"
"""The source of several files for which nobody gave a name: the same each time, so that rows keep their identity."""


@require_POST
@for_changers
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the files aside and look at them; nothing is imported before somebody says so."""
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, _("Choose one or more files first."))
        return redirect("data")
    if len(files) > MOST_FILES:
        messages.error(request, _("These are more than %(most)s files; put them into one ZIP.") % {"most": MOST_FILES})
        return redirect("data")
    clear_uploads()
    workspace = place.workspace()
    room = shutil.disk_usage(workspace.folder).free
    size = sum(file.size or 0 for file in files)
    if size > workspace.settings.upload_limit_mb * 1_000_000 or size > room // 4:
        messages.error(request, _("The upload is too large; nothing was kept."))
        return redirect("data")
    name = secrets.token_hex(8)
    folder = workspace.folder / UPLOADS / name
    folder.mkdir(parents=True)
    kept = [_keep(file, folder, number) for number, file in enumerate(files)]
    source = _source(request) or (UNNAMED if len(kept) > 1 else "")
    job = ask("preview", _title(kept), {"folder": name, "source": source}, request.user)  # type: ignore[arg-type]
    return redirect("data-job", job.pk)


@require_POST
@for_changers
def from_path(request: HttpRequest) -> HttpResponse:
    """Look at a file or folder of the server, below the folders that the settings allow."""
    wanted = request.POST.get("path", "").strip()
    allowed = [Path(folder).resolve() for folder in place.workspace().settings.import_folders]
    path = _there(wanted)
    if path is None or not any(path.is_relative_to(folder) for folder in allowed):
        messages.error(request, _("There is nothing to import at that path."))
        return redirect("data")
    job = ask("preview", path.name, {"path": str(path), "source": _source(request)}, request.user)  # type: ignore[arg-type]
    return redirect("data-job", job.pk)


@require_POST
@for_changers
def refresh(request: HttpRequest) -> HttpResponse:
    """Refresh one listed source, or all."""
    listed = {source.name for source in place.workspace().settings.sources}
    name = request.POST.get("source", "")
    if not listed or (name and name not in listed):
        messages.error(request, _("There is no such source."))
        return redirect("data")
    title = _("Refresh %(name)s") % {"name": name} if name else _("Refresh all sources")
    job = ask("refresh", title, {"names": [name] if name else []}, request.user)  # type: ignore[arg-type]
    record(request.user, gettext_noop("refresh asked"), name or "all")  # type: ignore[arg-type]
    return redirect("data-job", job.pk)


def _there(wanted: str) -> Path | None:
    """What is at a path, with all links followed; a path that cannot be followed leads nowhere."""
    try:
        return Path(wanted).resolve(strict=True) if wanted else None
    except (OSError, ValueError, RuntimeError):  # too long, forbidden, a NUL, links in a circle
        return None


def _keep(file: UploadedFile, folder: Path, number: int) -> str:
    """Write an upload under a harmless name; what it was called decides nothing."""
    name = re.sub(r"[^\w. ()&+,-]", "_", Path(str(file.name or "").replace("\\", "/")).name).lstrip(". ")[-60:]
    target = folder / (name or f"file {number + 1}")
    if target.exists():
        target = folder / f"{number + 1} {target.name}"
    with target.open("xb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return target.name


def _title(names: list[str]) -> str:
    return names[0] if len(names) == 1 else _("%(name)s and %(n)s more") % {"name": names[0], "n": len(names) - 1}


def _source(request: HttpRequest) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", request.POST.get("source", "").casefold()).strip("_")[:60]

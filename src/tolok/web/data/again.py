"""Trying a mapping on the data: what was last looked at, what is listed, or the files of the last import, read once more."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.jobs import UPLOADS, ask
from tolok.app.models import Job
from tolok.errors import TolokError
from tolok.imports.record import latest
from tolok.web.data.mapping_state import state
from tolok.web.data.rights import for_changers


@require_POST
@for_changers
def again(request: HttpRequest, source: str) -> HttpResponse:
    """Ask for a preview with the mapping as it stands; nothing is imported before somebody says so."""
    with suppress(TolokError):  # a file that cannot be read is said by the preview
        state(source)
    given = _places(source)
    if given is None:
        messages.error(request, _("The data of this source is no longer here; upload it again to try."))
        return redirect("data-mapping", source)
    title = _("%(source)s, read again") % {"source": source}
    job = ask("preview", title, {**given, "source": source}, request.user)  # type: ignore[arg-type]
    return redirect("data-job", job.pk)


def _places(source: str) -> dict[str, Any] | None:
    """Where the data of a source is now."""
    workspace = place.workspace()
    done = Job.objects.filter(kind="preview", state=Job.State.DONE, result__connection=source).first()
    if done is not None:
        folder = done.arguments.get("folder", "")
        if folder and (uploads := workspace.folder / UPLOADS / folder).is_dir() and any(uploads.iterdir()):
            return {"folder": _linked([(path.name, path) for path in uploads.iterdir()])}
    if any(one.name == source for one in workspace.settings.sources):
        return {"listed": source}
    if done is not None and done.arguments.get("path") and Path(done.arguments["path"]).exists():
        return {"path": done.arguments["path"]}
    last = latest(workspace.folder / "imports", source)
    kept = [
        (str(one["name"]), workspace.folder / "imports" / str(one["place"]))
        for one in (last or {}).get("kept_files", [])
        if one.get("place")
    ]
    kept = [(name, path) for name, path in kept if path.is_file()]
    return {"folder": _linked(kept)} if kept else None


def _linked(files: list[tuple[str, Path]]) -> str:
    """The files under their own names in a folder of uploads, which goes when its job is done with."""
    name = secrets.token_hex(8)
    folder = place.folder() / UPLOADS / name
    folder.mkdir(parents=True)
    for called, path in files:
        parts = [part for part in PurePosixPath(called).parts if part not in ("..", "/")]
        target = folder.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(path, target)
        except OSError:
            shutil.copyfile(path, target)
    return name

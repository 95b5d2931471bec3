"""Sources that are refreshed: adding, changing, testing and removing them. Administrators alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.audit import record
from tolok.errors import TolokError
from tolok.imports.refresh import asked, variable
from tolok.settings import FILE, Source, add_source, redacted, remove_source
from tolok.settings.secrets import keep
from tolok.sources.databases import is_database
from tolok.sources.databases.glance import Glance, glance
from tolok.web.data.rights import for_administrators
from tolok.web.data.source_form import SourceForm
from tolok.web.look.tags import said

FILES = 30
SOURCE = gettext_noop("source changed")


@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    """A new source."""
    return _edited(request, None)


@for_administrators
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """A source that is listed."""
    return _edited(request, _listed(name))


@require_POST
@for_administrators
def test(request: HttpRequest, name: str) -> HttpResponse:
    """Open it, and show what is there or the sentence that says why not."""
    source = _listed(name)
    context: dict[str, Any] = {"title": source.name, "source": source, "shown": redacted(source.path or source.url)}
    try:
        where, how = asked(place.folder(), source)
        if isinstance(where, Path) and not is_database(where):
            context["files"], context["more"] = _files(where)
        else:
            context["glance"] = _glance(str(where), how)
    except TolokError as error:
        context["error"] = said(redacted(str(error)))
    except OSError as error:
        context["error"] = f"{error.strerror}."
    return render(request, "data/source_test.html", context)


@for_administrators
def remove(request: HttpRequest, name: str) -> HttpResponse:
    """Ask whether to forget a source, and do it; its data stays."""
    source = _listed(name)
    if request.method != "POST" or request.POST.get("sure") != "yes":
        return render(request, "data/source_remove.html", {"title": source.name, "source": source})
    try:
        remove_source(place.folder() / FILE, source.name)
    except (TolokError, OSError) as error:
        messages.error(request, said(str(error)))
        return redirect("data")
    keep(place.folder(), variable(source.name), "")
    record(request.user, gettext_noop("source removed"), source.name)  # type: ignore[arg-type]
    messages.success(request, _("%(name)s is refreshed no longer; its data stays.") % {"name": source.name})
    return redirect("data")


def _edited(request: HttpRequest, before: Source | None) -> HttpResponse:
    workspace = place.workspace()
    given = request.POST if request.method == "POST" else None
    form = SourceForm(workspace.settings, workspace.folder, before, given)
    if given is not None and form.is_valid():
        written, password = form.source()
        try:
            add_source(workspace.folder / FILE, written)
            if password is not None:
                keep(workspace.folder, variable(written.name), password)
        except (TolokError, OSError) as error:
            form.add_error(None, said(redacted(str(error))))
        else:
            action = gettext_noop("source added") if before is None else SOURCE
            details = {
                "from": redacted(written.path or written.url),
                "schedule": written.schedule or None,
                "query": written.query[:300] or None,
                "password": "entered" if password else None,
            }
            record(request.user, action, written.name, **details)  # type: ignore[arg-type]
            messages.success(request, _("%(name)s is kept. Test it, or refresh it now.") % {"name": written.name})
            return redirect("data-source", written.name)
    title = before.name if before else _("New source")
    context = {"title": title, "form": form, "source": before, "folders": workspace.settings.import_folders}
    return render(request, "data/source.html", context, status=422 if form.errors else 200)


def _glance(where: str, how: dict[str, Any]) -> Glance:
    return glance(where, query=how["query"], tables=how["tables"])


def _files(where: Path) -> tuple[list[str], int]:
    """The files of a folder, as they would be read."""
    if not where.exists():
        raise OSError(2, _("There is nothing at that path"))
    if where.is_file():
        return [where.name], 0
    found = []
    with suppress(OSError):
        found = sorted(str(path.relative_to(where)) for path in where.rglob("*") if path.is_file())
    return found[:FILES], max(0, len(found) - FILES)


def _listed(name: str) -> Source:
    found = next((source for source in place.workspace().settings.sources if source.name == name), None)
    if found is None:
        raise Http404
    return found

"""A page's content as a file, by ``?as=xlsx`` on the page's own address: the same question, the same rights."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.reports.content import Content
from tolok.reports.form import FORMS
from tolok.web.asking import Asking
from tolok.web.files.making import ask

MOST_CELLS = 40_000
"""Cells of a workbook that is made while one waits: about half a second; bigger ones are made in a job."""


def exported(request: HttpRequest, content: Callable[[], Content]) -> HttpResponse | None:
    """The file that the address asks for, or the page that says it is being made; None where it asks for the page."""
    wanted = request.GET.get("as", "")
    if not wanted:
        return None
    form = FORMS.get(wanted)
    if form is None:
        raise Http404
    found = content()
    if form.slow or (wanted == "xlsx" and _cells(found) > MOST_CELLS):
        return redirect("files-file", ask(request, found, wanted).pk)
    response = HttpResponse(form.make(found), content_type=form.type)
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}.{form.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _cells(content: Content) -> int:
    return sum(len(table.rows) * len(table.columns) for table in content.tables)


def about(asking: Asking) -> tuple[str, ...]:
    """What a page is asked, in words, for the head of a file."""
    found = [asking.title]
    if asking.to_date:
        found.append(_("until %(day)s") % {"day": asking.to_date})
    if asking.team is not None:
        found.append(asking.team.name)
    return tuple(found)


def organisation() -> str:
    """The name that stands on every file."""
    return place.workspace().settings.name or place.folder().name

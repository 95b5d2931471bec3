"""A page's content as a file, by ``?as=xlsx`` on the page's own address: the same question, the same rights."""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.reports.content import Content
from tolok.reports.form import FORMS
from tolok.web.asking import Asking
from tolok.web.faults import fault

AT_ONCE = 2
"""Documents that are set at once, so that pages keep most of the server's threads."""
WAITS = 30.0

_setting = BoundedSemaphore(AT_ONCE)


def exported(request: HttpRequest, content: Callable[[], Content]) -> HttpResponse | None:
    """The file that the address asks for; None where it asks for the page."""
    wanted = request.GET.get("as", "")
    if not wanted:
        return None
    form = FORMS.get(wanted)
    if form is None:
        raise Http404
    found = content()
    if form.slow:
        if not _setting.acquire(timeout=WAITS):
            return fault(request, 503, _("Too many documents are being made"), _("Try again in a minute."))
        try:
            made = form.make(found)
        finally:
            _setting.release()
    else:
        made = form.make(found)
    response = HttpResponse(made, content_type=form.type)
    response["Content-Disposition"] = f'attachment; filename="{found.file_name}.{form.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


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

"""Pages for what went wrong: one sentence, and what to do next. Never a traceback, and nothing that tells of hidden rows."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.errors import TolokError, WorkspaceError
from tolok.web.look.tags import said

log = logging.getLogger("tolok.web")


class Faults:
    """Shows the errors that Tolok raises on purpose as a page; others are logged and told in one sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, WorkspaceError) and _empty(error):
            return render(request, "layout/no_data.html", {"title": _("No data yet")})
        if isinstance(error, TolokError):
            return fault(request, 400, _("This cannot be answered"), said(error.message), said(error.next_step))
        if isinstance(error, Http404 | PermissionDenied | ReauthenticationRequired | ImmediateHttpResponse):
            return None
        log.error("%s %s", request.method, request.path, exc_info=error)
        return None


def _empty(error: WorkspaceError) -> bool:
    return "holds no data yet" in error.message


def fault(request: HttpRequest, status: int, title: str, says: str, next_step: str = "") -> HttpResponse:
    """A page, or a fragment for a request by script, that says what failed and what to do."""
    template = "layout/fault_fragment.html" if getattr(request, "htmx", False) else "layout/fault.html"
    context = {"title": title, "says": says, "next_step": next_step}
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(request, 400, _("This request cannot be read"), _("Something in its address or form is not valid."))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(
        request, 403, _("This is not for you to see"), _("Ask your administrator if you need it for your work.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return fault(request, 404, _("There is nothing here"), _("It was removed, never was, or is not yours to see."))


def broken(request: HttpRequest) -> HttpResponse:
    return fault(
        request, 500, _("This is a fault of ours"), _("It was written to the server's log. Nothing of yours was lost.")
    )


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    return fault(
        request,
        403,
        _("This form is too old"),
        _("It was opened before you signed in, or too long ago. Nothing was changed."),
        _("Go back, reload the page and send it again."),
    )

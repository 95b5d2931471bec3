"""The first page, by role, and the list of all pages for a phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tolok.web.pages import pages


def home(request: HttpRequest) -> HttpResponse:
    """A rep begins with today, everybody else with the scorecard."""
    names = {page.name for page in pages() if page.shown_to(request.user)}  # type: ignore[arg-type]
    first = "today" if request.user.role == "rep" and "today" in names else "scorecard"  # type: ignore[union-attr]
    return redirect(first)


def more(request: HttpRequest) -> HttpResponse:
    return render(request, "layout/more.html", {"title": _("All pages")})

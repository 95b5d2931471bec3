"""Who is looking: every request knows what its person may see, and pages are for people who signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from tolok.app.access import access_of
from tolok.app.models import User

OPEN = "open_to_all"
"""Set on views that need no sign-in; every other view refuses strangers."""


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that people see before they have signed in."""
    setattr(view, OPEN, True)
    return view


class Visitor:
    """Adds ``request.access`` and sends strangers to the sign-in page, whatever view they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: access_of(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.user.is_authenticated or getattr(view, OPEN, False) or _sign_in(view):
            return None
        if not User.objects.exists():
            return redirect("setup")
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=401)
            response["HX-Refresh"] = "true"
            return response
        return redirect_to_login(request.get_full_path())


def _sign_in(view: Callable[..., HttpResponse]) -> bool:
    """Whether a view belongs to the sign-in library or to the API, which guard themselves."""
    while isinstance(view, partial):
        view = view.func
    return view.__module__.startswith(("allauth.", "ninja."))

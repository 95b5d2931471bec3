"""Who may come to these pages: for all others they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from tolok.app.models import Role
from tolok.web.data import changes, looks

View = Callable[..., HttpResponse]


def for_lookers(view: View) -> View:
    """A page for director, analyst and administrator."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not looks(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_changers(view: View) -> View:
    """A page for analyst and administrator."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not changes(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_administrators(view: View) -> View:
    """A page for administrators alone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.role != Role.ADMINISTRATOR:  # type: ignore[union-attr]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded

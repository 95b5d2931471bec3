"""Where a person is signed in, and ending it."""

from __future__ import annotations

from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from tolok.app.models import User

SELDOM = 300
"""Seconds between two notes of when somebody was last seen: a row is not written for every page."""


class Seen:
    """Notes where people are signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"seen-{key}", True, SELDOM):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


def sessions_of(user: User) -> list[UserSession]:
    """The sign-ins that last, the latest used first; those that ended by themselves are forgotten."""
    found = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End a person's sign-ins at once, all but the one of a session key; says how many."""
    found = [session for session in UserSession.objects.filter(user=user) if session.session_key != but]
    for session in found:
        session.end()
    return len(found)

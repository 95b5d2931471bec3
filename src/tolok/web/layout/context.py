"""What the frame of every page needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tolok.app import mail, place
from tolok.web.pages import pages

MOST_TABS = 5


def layout(request: HttpRequest) -> dict[str, Any]:
    """The workspace's name and the pages that this person may open."""
    user = getattr(request, "user", None)
    found: dict[str, Any] = {"organisation": place.workspace().settings.name or place.folder().name}
    if user is not None and user.is_authenticated:
        shown = [page for page in pages() if page.shown_to(user)]
        here = getattr(request.resolver_match, "url_name", "") if request.resolver_match else ""
        found |= {
            "main_pages": [page for page in shown if page.order < 100],
            "foot_pages": [page for page in shown if page.order >= 100],
            "tabs": sorted((page for page in shown if page.tab), key=lambda page: page.tab)[: MOST_TABS - 1],
            "here": (here or "").split("-")[0],
            "theme": user.theme,
        }
    else:
        found["mail_is_on"] = mail.is_on()
    return found

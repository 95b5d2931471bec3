"""Uploads that are too large are refused before they are read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.web.faults import fault


class UploadLimit:
    """Refuses a request that says it is larger than an upload may be; the server reads none of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = place.workspace().settings.upload_limit_mb
        if not length.isdigit() or int(length) > (most + 1) * 1_000_000:
            return fault(
                request,
                413,
                _("This upload is too large"),
                _("Uploads may have up to %(most)s MB. Nothing was kept.") % {"most": most},
                _("Pack it as a ZIP, or let the server read it from a folder."),
            )
        return self.get_response(request)

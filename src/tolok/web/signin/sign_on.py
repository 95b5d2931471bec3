"""Going to the organisation's single sign-on and coming back; a provider that is not there is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tolok.web.visitor import open_to_all


@open_to_all
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider."""
    return _answered(views.login, request, provider_id)


@open_to_all
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return _answered(views.callback, request, provider_id)


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (requests.RequestException, ValueError, KeyError):  # not there, or not the answer of a provider
        return render(request, "socialaccount/authentication_error.html", status=502)

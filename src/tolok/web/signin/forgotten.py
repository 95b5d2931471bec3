"""A forgotten password: who has an account is mailed a link; the page says the same to everybody."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import mail, place
from tolok.app.audit import record
from tolok.app.models import Invitation, User
from tolok.web.faults import fault
from tolok.web.visitor import open_to_all

LASTS = timedelta(hours=2)
PER_ADDRESS, PER_BROWSER = 3, 20
"""Links that one address, and requests that one browser's address, may have in an hour."""


class Forgotten(forms.Form):
    """Whose password it is."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


@open_to_all
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail."""
    if not mail.is_on():
        raise Http404
    form = Forgotten(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent:
        if _too_often(f"forgotten-by-{get_adapter().get_client_ip(request)}", PER_BROWSER):
            return fault(request, 429, _("Too many attempts"), _("Wait an hour, then try again."))
        _mail(request, form.cleaned_data["email"])
    return render(request, "signin/forgotten.html", {"title": _("Choose a new password"), "form": form, "sent": sent})


def _mail(request: HttpRequest, email: str) -> None:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if _too_often(f"forgotten-of-{email.casefold()}", PER_ADDRESS) or user is None:
        return
    secret = Invitation.make(user, None, lasts=LASTS)
    record(None, "link mailed", str(user))
    mail.send_link(user, address_of(request, secret))


def address_of(request: HttpRequest, secret: str) -> str:
    """Where a link leads, under the name that people know the pages by."""
    path = reverse("welcome", args=[secret])
    public = place.workspace().settings.public_url.rstrip("/")
    return public + path if public else request.build_absolute_uri(path)


def _too_often(key: str, most: int) -> bool:
    """Whether something was asked for more than so many times in the last hour."""
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) > most

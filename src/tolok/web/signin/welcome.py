"""The link that an administrator hands over: whoever holds it chooses a password, once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login, logout
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from tolok.app.audit import record
from tolok.app.models import Invitation, User
from tolok.app.sessions import end_sessions
from tolok.web.faults import fault
from tolok.web.visitor import open_to_all


class NewPassword(forms.Form):
    """The password that a person chooses."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        help_text=gettext_lazy("At least ten characters. Several words are easier to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self._user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self._user)
        return password


@open_to_all
@sensitive_post_parameters("password")
def welcome(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a password by a link. A link that was used, has ended or never was shows the same words."""
    invitation = Invitation.of(secret)
    if invitation is None:
        return _private(_over(request))
    user = invitation.user
    form = NewPassword(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if not invitation.use():
                return _private(_over(request))
            first = not user.has_usable_password()
            user.set_password(form.cleaned_data["password"])
            user.save(update_fields=["password"])
            record(user, "invitation accepted" if first else "password reset", str(user))
        end_sessions(user)
        if request.user.is_authenticated:
            logout(request)
        if _has_second_factor(user):
            return redirect("account_login")
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home")
    context = {"title": _("Welcome, %(name)s") % {"name": user}, "form": form, "person": user}
    return _private(render(request, "signin/welcome.html", context))


def _over(request: HttpRequest) -> HttpResponse:
    return fault(request, 404, _("This link does not work any more"), _("Ask your administrator for a new one."))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _has_second_factor(user: User) -> bool:
    from allauth.mfa.utils import is_mfa_enabled

    return bool(is_mfa_enabled(user))

"""The first visit: it makes the first administrator, and works only while there is nobody."""

from __future__ import annotations

import hmac
import os
from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.audit import record
from tolok.app.models import Role, User
from tolok.web.serve import SETUP_CODE
from tolok.web.visitor import open_to_all


class FirstAdministrator(forms.Form):
    """Who administers this workspace."""

    code = forms.CharField(
        label=gettext_lazy("Code"), help_text=gettext_lazy("The server printed it when it was started."), max_length=64
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(
        label=gettext_lazy("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wanted = os.environ.get(SETUP_CODE, "")
        if not self._wanted:
            del self.fields["code"]

    def clean_code(self) -> str:
        given: str = self.cleaned_data["code"].strip()
        if not hmac.compare_digest(given.encode(), self._wanted.encode()):
            raise forms.ValidationError(_("This is not the code that the server printed."))
        return given

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


@open_to_all
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first administrator."""
    if User.objects.exists():
        raise Http404
    form = FirstAdministrator(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if User.objects.select_for_update().exists():
                raise Http404
            given = form.cleaned_data
            user = User.objects.create_user(
                given["email"], given["password"], name=given["name"], role=Role.ADMINISTRATOR
            )
            record(user, "user created", str(user), role=user.role)
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home")
    return render(request, "signin/setup.html", {"title": _("Welcome to Tolok"), "form": form})

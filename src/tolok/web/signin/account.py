"""One's own account: name, language, theme, password, second factor, and where one is signed in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app.models import User
from tolok.app.sessions import end_sessions, sessions_of
from tolok.web.visitor import open_to_all


class Profile(forms.ModelForm):
    """What a person may change of themselves; role and rep are the administrator's."""

    class Meta:
        model = User
        fields = ("name", "language", "theme")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = [("", gettext_lazy("As the organisation")), *settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(label=gettext_lazy("Language"), choices=words, required=False)
        self.fields["name"].required = True


def account(request: HttpRequest) -> HttpResponse:
    """The account of who is signed in."""
    user: User = request.user  # type: ignore[assignment]
    form = Profile(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(user.language or settings.LANGUAGE_CODE):
            messages.success(request, _("Saved."))
        return redirect("account")
    user.refresh_from_db()
    context = {
        "title": _("Your account"),
        "form": form,
        "sessions": sessions_of(user),
        "second": is_mfa_enabled(user),
        "rep": request.access.organisation.reps.get(user.rep_id),  # type: ignore[attr-defined]
    }
    return render(request, "signin/account.html", context)


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sign-ins, or with 0 all but this one."""
    user: User = request.user  # type: ignore[assignment]
    if session_id == 0:
        end_sessions(user, but=request.session.session_key)
    else:
        found = next((session for session in sessions_of(user) if session.pk == session_id), None)
        if found is None:
            raise Http404
        found.end()
    messages.success(request, _("Signed out there."))
    return redirect("account")


@open_to_all
def nothing(request: HttpRequest) -> HttpResponse:
    """An address that the sign-in library wants to exist and nobody may use."""
    raise Http404

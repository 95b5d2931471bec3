"""One's own tokens: make one, see when it was used, end it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app.audit import record
from tolok.app.models import Token

MOST = 20
"""Tokens of one person at once."""


class NewToken(forms.Form):
    """What a token is for."""

    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=100)


def tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of who is signed in; a new one's secret is shown once."""
    own = Token.objects.filter(user=request.user)
    form, secret = NewToken(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        if own.count() >= MOST:
            form.add_error(None, _("You have %(most)s tokens already. End one first.") % {"most": MOST})
        else:
            made, secret = Token.make(request.user, form.cleaned_data["name"])  # type: ignore[arg-type]
            record(request.user, "token made", made.name)  # type: ignore[arg-type]
            form = NewToken()
    response = render(
        request, "tokens/page.html", {"title": _("Access for programs"), "tokens": own, "form": form, "secret": secret}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def end(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token of one's own; what asks with it is refused from now on."""
    token = get_object_or_404(Token, pk=token_id, user=request.user)
    record(request.user, "token ended", token.name)  # type: ignore[arg-type]
    token.delete()
    messages.success(request, _("The token “%(name)s” has ended.") % {"name": token.name})
    return redirect("tokens")

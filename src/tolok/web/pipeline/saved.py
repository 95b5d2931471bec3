"""Saved views of the deal list: one's own, and those that others share."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app.models import SavedView

PAGE = "pipeline"
KEPT = (
    "q",
    "pipeline",
    "status",
    "stage",
    "care",
    "order",
    "least",
    "most",
    "closes_from",
    "closes_to",
    "team",
    "rep",
    "period",
)
"""The words of an address that a view keeps; a page's number and a day are of the moment."""
MOST = 30
"""Views of one person."""


class NewView(forms.Form):
    """The name of a view, its address, and whether others are offered it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    query = forms.CharField(max_length=1000, required=False)
    shared = forms.BooleanField(required=False)


@dataclass(frozen=True)
class Shown:
    """A view in the list of views: whose it is, and whether it is what is looked at."""

    view: SavedView
    own: bool
    current: bool


def views(request: HttpRequest) -> list[Shown]:
    """The views that a person is offered, by name."""
    here = kept(request.GET.urlencode())
    found = SavedView.objects.filter(page=PAGE).filter(Q(user=request.user) | Q(shared=True, user__is_active=True))
    return [Shown(view, view.user_id == request.user.pk, view.query == here) for view in found.select_related("user")]


def kept(query: str) -> str:
    """What a view keeps of an address, in one order; empty words are left out."""
    given, found = QueryDict(query), QueryDict(mutable=True)
    for key in KEPT:
        if given.get(key):
            found[key] = given[key][:200]
    return found.urlencode()


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save what is looked at under a name; the same name is written over."""
    form = NewView(request.POST)
    if not form.is_valid():
        messages.error(request, _("The view was not saved. Give it a name of at most 60 letters."))
        return redirect("pipeline")
    name, query = form.cleaned_data["name"], kept(form.cleaned_data["query"])
    own = SavedView.objects.filter(user=request.user, page=PAGE)
    if own.count() >= MOST and not own.filter(name=name).exists():
        messages.error(request, _("You have %(most)s views already. Delete one first.") % {"most": MOST})
    else:
        own.update_or_create(
            user=request.user,
            page=PAGE,
            name=name,
            defaults={"query": query, "shared": form.cleaned_data["shared"]},
        )
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": name})
    return redirect(f"{reverse('pipeline')}?{query}#deals")


@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete a view of one's own."""
    view = get_object_or_404(SavedView, pk=view_id, user=request.user, page=PAGE)
    view.delete()
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect("pipeline")

"""The list of dashboards, a new one, and one of them with its figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.app.models import Dashboard
from tolok.app.models.dashboard import AUDIENCES, MINE
from tolok.web.asking import COMPARISONS, GRAINS, asked
from tolok.web.dashboards.card import FUNNEL, TREND, read
from tolok.web.dashboards.content import content
from tolok.web.dashboards.keeping import Full, changes, made, opened, visible
from tolok.web.dashboards.shown import shown
from tolok.web.dashboards.starts import STARTS, start
from tolok.web.exports import exported
from tolok.web.look.tags import language


class NewDashboard(forms.Form):
    """A name, who may open it, and what it begins with."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    begins = forms.ChoiceField(
        label=gettext_lazy("Begin with"), choices=list(STARTS.items()), widget=forms.RadioSelect, initial="director"
    )
    seen_by = forms.ChoiceField(
        label=gettext_lazy("Who may open it"),
        choices=AUDIENCES,
        initial=MINE,
        help_text=gettext_lazy("Everybody sees in it only the rows that are theirs to see."),
    )


def dashboards(request: HttpRequest) -> HttpResponse:
    """One's own dashboards, and those that others share."""
    user = request.user
    found = list(visible(user))  # type: ignore[arg-type]
    context = {
        "title": _("Dashboards"),
        "own": [one for one in found if one.owner_id == user.pk],
        "shared": [one for one in found if one.owner_id != user.pk],
        "most": max((len(one.cards) for one in found), default=0),
    }
    return render(request, "dashboards/page.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """Make a dashboard, empty or with a beginning."""
    first = {"begins": _begins(request.user.role)}  # type: ignore[union-attr]
    form = NewDashboard(request.POST or None, initial=first, auto_id="new-%s")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        cards = start(said["begins"], place.workspace().definitions)
        try:
            found = made(request.user, said["name"], said["seen_by"], cards)  # type: ignore[arg-type]
        except Full as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The dashboard “%(name)s” is made.") % {"name": found.name})
            return redirect("dashboards-one" if cards else "dashboards-edit", found.pk)
    return render(request, "dashboards/new.html", {"title": _("New dashboard"), "form": form})


def _begins(role: str) -> str:
    return {"rep": "rep", "manager": "team"}.get(role, "director")


def one(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """One dashboard, in the period that the address asks."""
    dashboard = opened(request.user, dashboard_id)  # type: ignore[arg-type]
    context = answered(request, dashboard)
    file = exported(request, lambda: content(dashboard.name, context["asking"], context["cards"]))
    if file is not None:
        return file
    return render(request, "dashboards/one.html", context)


def answered(request: HttpRequest, dashboard: Dashboard, **options: Any) -> dict[str, Any]:
    """What a template says of a dashboard: its question and its cards."""
    asking = asked(request)
    access = request.access  # type: ignore[attr-defined]
    cards = shown(asking, read(dashboard.cards), access, language(), **options)
    return {
        "title": dashboard.name,
        "dashboard": dashboard,
        "asking": asking,
        "access": access,
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "cards": cards,
        "draws": any(card.card.form == TREND for card in cards),
        "changes": changes(request.user, dashboard),  # type: ignore[arg-type]
        "funnel": FUNNEL,
    }

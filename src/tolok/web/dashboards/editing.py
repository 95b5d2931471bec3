"""Changing a dashboard: its name and who opens it, its cards, their order and width. All of it works by plain forms."""

from __future__ import annotations

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tolok.app import place
from tolok.app.models import Dashboard
from tolok.app.models.dashboard import AUDIENCES
from tolok.web.dashboards import keeping
from tolok.web.dashboards.card import FORMS, MOST_CARDS, NOTE, USUAL, Card, new_id, read
from tolok.web.dashboards.card_form import CardForm
from tolok.web.dashboards.view import answered
from tolok.web.look.tags import language

FAMILIES = {
    "financial": gettext_lazy("Financial"),
    "operational": gettext_lazy("Operational"),
    "customer": gettext_lazy("Customer"),
}


class Named(forms.Form):
    """The name of a dashboard and who may open it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    seen_by = forms.ChoiceField(label=gettext_lazy("Who may open it"), choices=AUDIENCES)


def edit(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """The dashboard with what moves, widens, changes and removes its cards."""
    dashboard = keeping.owned(request.user, dashboard_id)  # type: ignore[arg-type]
    form = Named(request.POST or None, initial={"name": dashboard.name, "seen_by": dashboard.seen_by}, auto_id="its-%s")
    if request.method == "POST" and form.is_valid():
        try:
            keeping.changed(request.user, dashboard, _stamp(request), what="name", **form.cleaned_data)  # type: ignore[arg-type]
        except keeping.Overtaken as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
        return redirect(_here(request, dashboard))
    context = answered(request, dashboard)
    return render(request, "dashboards/edit.html", {**context, "form": form, "most": MOST_CARDS})


@require_POST
def arrange(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """Move, widen or remove a card, or put all of them into another order."""
    dashboard = keeping.owned(request.user, dashboard_id)  # type: ignore[arg-type]
    by_script = request.headers.get("X-Requested-With") == "fetch"
    cards, said, card_id = read(dashboard.cards), request.POST.get("do", ""), request.POST.get("card", "")
    try:
        new = _arranged(cards, said, card_id, request.POST.get("order", ""))
        keeping.changed(request.user, dashboard, _stamp(request), new, what=said)  # type: ignore[arg-type]
    except (keeping.Overtaken, Http404) as error:
        if isinstance(error, Http404) and dashboard.stamp == _stamp(request):
            raise
        says = str(error) if isinstance(error, keeping.Overtaken) else _("This card is no longer there.")
        if by_script:
            return JsonResponse({"says": says}, status=409)
        messages.error(request, says)
        return redirect(_here(request, dashboard))
    if by_script:
        return JsonResponse({"stamp": dashboard.stamp})
    if said == "remove":
        messages.success(request, _("The card is removed."))
        return redirect(_here(request, dashboard))
    return redirect(f"{_here(request, dashboard)}#card-{card_id}")


def _arranged(cards: tuple[Card, ...], said: str, card_id: str, order: str) -> tuple[Card, ...]:
    if said == "order":
        return keeping.arranged(cards, order.split(","))
    if said in ("earlier", "later"):
        return keeping.moved(cards, card_id, -1 if said == "earlier" else 1)
    if said in ("wider", "narrower"):
        return keeping.replaced(cards, keeping.card_of(cards, card_id).wider(1 if said == "wider" else -1))
    if said == "remove":
        return keeping.without(cards, card_id)
    raise Http404


def card(request: HttpRequest, dashboard_id: int, card_id: str = "") -> HttpResponse:
    """A card to add, or one to change: first its form and its KPI, then the rest."""
    dashboard = keeping.owned(request.user, dashboard_id)  # type: ignore[arg-type]
    cards = read(dashboard.cards)
    old = keeping.card_of(cards, card_id) if card_id else Card(new_id(), "figure")
    chosen = _chosen(request, old, is_new=not card_id)
    workspace = place.workspace()
    ready = not chosen.asks_kpi or chosen.kpi in workspace.definitions
    form = CardForm(chosen, workspace, request.access, request.POST or None) if ready else None  # type: ignore[attr-defined]
    stamp = dashboard.stamp
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.said()
        try:
            if card_id:
                new = keeping.replaced(cards, said)
            elif len(cards) >= MOST_CARDS:
                raise keeping.Full(
                    _("There are %(most)s cards already.") % {"most": MOST_CARDS}, next_step=_("Remove one first.")
                )
            else:
                new = (*cards, said)
            keeping.changed(request.user, dashboard, _stamp(request), new, what="card")  # type: ignore[arg-type]
        except (keeping.Overtaken, keeping.Full) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The card is saved."))
            return redirect(f"{reverse('dashboards-edit', args=[dashboard.pk])}#card-{said.id}")
    context = {
        "title": _("Change the card") if card_id else _("Add a card"),
        "dashboard": dashboard,
        "card": chosen,
        "old": old if card_id else None,
        "forms": FORMS,
        "families": _families(),
        "form": form,
        "stamp": stamp,
    }
    return render(request, "dashboards/card_form.html", context)


def _chosen(request: HttpRequest, old: Card, *, is_new: bool) -> Card:
    """The card with the form and the KPI that the address says; what belongs to another KPI is left behind."""
    form = request.GET.get("form", old.form)
    if form not in FORMS:
        raise Http404
    kpi = request.GET.get("kpi", old.kpi) if form not in ("funnel", NOTE) else ""
    found = replace(old, form=form, kpi=kpi)
    if kpi != old.kpi:
        found = replace(found, variant="", by="", where=())
    if is_new or form != old.form:
        found = replace(found, width=USUAL[form])
    return found


def _families() -> list[tuple[str, list[tuple[str, str]]]]:
    """All KPIs by family and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for definition in place.workspace().definitions.values():
        name = definition.words_in(language()).name
        found.setdefault(str(FAMILIES.get(definition.family, definition.family)), []).append((definition.id, name))
    return [(family, sorted(kpis, key=lambda kpi: kpi[1].casefold())) for family, kpis in sorted(found.items())]


@require_POST
def duplicate(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """A copy of one's own, to change as one likes."""
    dashboard = keeping.opened(request.user, dashboard_id)  # type: ignore[arg-type]
    try:
        copy, left = keeping.copied(request.user, request.access, dashboard)  # type: ignore[arg-type, attr-defined]
    except keeping.Full as error:
        messages.error(request, str(error))
        return redirect("dashboards-one", dashboard.pk)
    messages.success(request, _("The dashboard “%(name)s” is made.") % {"name": copy.name})
    if left:
        messages.warning(
            request, _("Cards of parts that are not yours to see were left out: %(left)s.") % {"left": left}
        )
    return redirect("dashboards-edit", copy.pk)


def delete(request: HttpRequest, dashboard_id: int) -> HttpResponse:
    """Ask whether to delete a dashboard, and delete it."""
    dashboard = keeping.owned(request.user, dashboard_id)  # type: ignore[arg-type]
    if request.method == "POST":
        keeping.deleted(request.user, dashboard)  # type: ignore[arg-type]
        messages.success(request, _("The dashboard “%(name)s” is deleted.") % {"name": dashboard.name})
        return redirect("dashboards")
    context = {"title": _("Delete “%(name)s”?") % {"name": dashboard.name}, "dashboard": dashboard}
    return render(request, "dashboards/delete.html", context)


def _stamp(request: HttpRequest) -> int:
    """The state that the person looked at; what is no number is no state."""
    written = request.POST.get("stamp", "")
    return int(written) if written.isdecimal() and len(written) < 9 else -1


def _here(request: HttpRequest, dashboard: Dashboard) -> str:
    """The page of the change, in the period that was looked at."""
    query = request.GET.urlencode()
    return reverse("dashboards-edit", args=[dashboard.pk]) + (f"?{query}" if query else "")

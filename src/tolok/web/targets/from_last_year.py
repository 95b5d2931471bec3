"""Last year's targets carried over to this or the next year, with an uplift."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tolok.app.targets import propose
from tolok.errors import QuestionError, TolokError
from tolok.targets.carry_over import CarriedOver, carried_over
from tolok.targets.figure import plain_number
from tolok.targets.scope import Scope
from tolok.targets.target import Target
from tolok.web.look.tags import language
from tolok.web.targets.planning import Planning, in_words, known_standing, planning


def from_last_year(request: HttpRequest) -> HttpResponse:
    """Choose the year and the uplift, look at what would come, and propose it."""
    plan = planning(request)
    if not plan.rights.sets_any:
        raise PermissionDenied
    calendar = plan.workspace.calendar
    this = calendar.period_of(plan.today, "year")
    years = [this, calendar.step(this, 1)]
    sent = request.POST if request.method == "POST" else request.GET
    year = next((one for one in years if one.label == sent.get("year")), years[1])
    text = sent.get("uplift", "").replace("%", "").strip()
    error, found = "", None
    try:
        found = _carried(plan, year.start, text)
        if request.method == "POST":
            made = propose(
                plan.rights, found.targets, why=request.POST.get("why", "") or _("Carried over from last year")
            )
            said = ngettext("%(n)s target was proposed.", "%(n)s targets were proposed.", len(made))
            messages.success(request, said % {"n": len(made)})
            return redirect(f"/targets/?kpi={plan.definition.id}&period=month&at={year.start.isoformat()}")
    except TolokError as refusal:
        error = in_words(refusal)
    context = {
        "title": _("Carry last year's targets over"),
        "plan": plan,
        "years": [(one.label, one.label == year.label) for one in years],
        "uplift": text,
        "error": error,
        "found": found,
    }
    return render(request, "targets/last_year.html", context, status=400 if error else 200)


def _carried(plan: Planning, start, text: str) -> CarriedOver:  # type: ignore[no-untyped-def]
    calendar = plan.workspace.calendar
    uplift = Decimal(0)
    if text:
        plain = text.lstrip("+-−")
        number = plain_number(plain, language()) if plain.replace(".", "").replace(",", "").isdigit() else None
        if number is None or number > 1000:
            raise QuestionError(
                _("“%(text)s” is no percentage.") % {"text": text[:20]}, next_step=_("Write a number such as 10.")
            )
        uplift = -number if text[0] in "-−" else number
        if uplift < -100:
            raise QuestionError(_("Less than nothing cannot be asked for."), next_step=_("Write -100 or more."))
    before = calendar.step(calendar.period_of(start, "year"), -1)
    organisation = plan.access.organisation

    def is_there(scope: Scope) -> bool:
        rep, team = scope.get("rep"), scope.get("team")
        if rep is not None and not (rep in organisation.reps and organisation.reps[rep].active):
            return False
        return team is None or team in organisation.teams

    return carried_over(
        [target for target in _of_year(plan, before.start, before.end) if plan.rights.sets(target.scope)],
        plan.workspace.definitions,
        calendar,
        plan.today,
        uplift=uplift,
        is_there=is_there,
    )


def _of_year(plan: Planning, start, end) -> list[Target]:  # type: ignore[no-untyped-def]
    found = known_standing(plan)
    return [target for target in found if target.start >= start and target.end <= end]

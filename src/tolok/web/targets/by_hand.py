"""Setting one target by hand; what is wrong is said beside its field and nothing that was typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.targets import latest, propose, slot
from tolok.errors import TolokError
from tolok.targets.proposal import Written, proposed
from tolok.targets.scope import COLUMNS
from tolok.web.look.tags import language
from tolok.web.targets.planning import in_words, known, planning

DIMENSIONS = {
    "account": gettext_lazy("Customer"),
    "product": gettext_lazy("Product"),
    "category": gettext_lazy("Category"),
    "region": gettext_lazy("Region"),
    "channel": gettext_lazy("Channel"),
    "segment": gettext_lazy("Segment"),
}
FIELDS = ("kpi", "period", "value", "currency", "why", *COLUMNS)


def by_hand(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends."""
    plan = planning(request)
    if not plan.rights.sets_any:
        raise PermissionDenied
    there = known(plan)
    given = {name: request.POST.get(name, request.GET.get(name, "")).strip() for name in FIELDS}
    given["kpi"] = given["kpi"] or plan.definition.id
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        written = Written(
            given["kpi"],
            given["value"],
            period=given["period"],
            currency=given["currency"],
            scope={name: given[name] for name in COLUMNS if given[name]},
            why=given["why"],
        )
        outcome = proposed(written, there, author=str(request.user), at=datetime.now(UTC))
        for problem in outcome.problems:
            errors.setdefault(problem.field, []).append(problem.says.to(language()))
        if outcome.target is not None and not plan.rights.sets(outcome.target.scope):
            errors["rep"] = [_("You set targets of the people and teams that you lead: choose one of them.")]
        elif outcome.target is not None:
            seen = _seen(request, given)
            try:
                made = propose(
                    plan.rights,
                    [outcome.target],
                    why=given["why"],
                    seen=None if seen is None else {slot(outcome.target): seen},
                )
            except TolokError as error:
                errors[""] = [in_words(error)]
            else:
                if made:
                    messages.success(request, _("The target was proposed."))
                    return redirect("targets-one", pk=made[0].pk)
                rows = latest(outcome.target.kpi)
                messages.info(request, _("The target has this value already."))
                return redirect("targets-one", pk=rows[slot(outcome.target)].pk)
    elif not given["period"]:
        given["period"] = plan.period.label if plan.grain != "total" else ""
    context = {
        "title": _("Set a target"),
        "plan": plan,
        "given": given,
        "errors": errors,
        "seen": request.POST.get("seen", request.GET.get("seen", "")),
        "seen_of": request.POST.get("seen_of", _slot_words(given)),
        "reps": sorted(
            ((id_, one.name) for id_, one in there.members["rep"].items() if not one.left_on),
            key=lambda pair: pair[1].casefold(),
        ),
        "teams": sorted(
            ((id_, one.name) for id_, one in there.members["team"].items()), key=lambda pair: pair[1].casefold()
        ),
        "dimensions": [(name, word, given[name], errors.get(name)) for name, word in DIMENSIONS.items()]
        if "product" in there.members
        else [],
        "definition": plan.workspace.definitions.get(given["kpi"]),
    }
    return render(request, "targets/by_hand.html", context, status=400 if errors else 200)


def _slot_words(given: dict[str, str]) -> str:
    """What the form is about, in one text."""
    return "|".join(given[name] for name in ("kpi", "period", *COLUMNS))


def _seen(request: HttpRequest, given: dict[str, str]) -> int | None:
    """The version that the form was opened on; None where it was opened on none, or is about another target now."""
    text = request.POST.get("seen", "")
    about = request.POST.get("seen_of", "")
    if not (text.isdecimal() and len(text) < 9) or (about and about != _slot_words(given)):
        return None
    return int(text)

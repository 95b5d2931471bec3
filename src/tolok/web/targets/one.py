"""One target: its versions, how it stands, and what this person may do with it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tolok.app.models import TargetVersion
from tolok.app.target_rights import rights_of
from tolok.app.targets import decide, end, propose, slot, versions
from tolok.errors import TolokError
from tolok.periods import Period
from tolok.query.question import EVERYTHING, Filter
from tolok.targets.evidence import results
from tolok.targets.figure import read_value
from tolok.targets.pace import Pace
from tolok.targets.target import WAITING, Target
from tolok.targets.vocabulary import most
from tolok.web.look.tags import language
from tolok.web.targets.paces import pace_of
from tolok.web.targets.planning import Planning, in_words, planning, scope_name, span_name

STATUS = {
    "not begun": "",
    "ahead": "good",
    "on pace": "good",
    "behind": "bad",
    "met": "good",
    "missed": "bad",
    "no answer": "",
}


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """A target; of one that is not theirs to see a person finds nothing."""
    row = TargetVersion.objects.filter(pk=pk).first()
    rights = rights_of(request.user, request.access)  # type: ignore[attr-defined, arg-type]
    if row is None or not rights.sees(row.target.scope):
        raise Http404
    history = versions(row)
    newest = history[0]
    if request.method == "POST":
        try:
            made = _act(request, rights, newest)
        except TolokError as error:
            messages.error(request, in_words(error))
            return redirect("targets-one", pk=newest.pk)
        return redirect("targets-one", pk=made.pk)
    request.GET = request.GET.copy()
    request.GET["kpi"] = row.kpi
    plan = planning(request)
    target = newest.target
    context = {
        "title": f"{plan.name}, {scope_name(target.scope, plan.access)}",
        "plan": plan,
        "row": newest,
        "target": target,
        "scope": scope_name(target.scope, plan.access),
        "period": span_name(target, plan.workspace),
        "history": [(version, version.target) for version in history],
        "pace": _pace(plan, target),
        "tones": STATUS,
        "may_answer": rights.answers(target.scope) and newest.state in WAITING,
        "may_approve": rights.approves and newest.state in WAITING,
        "may_set": rights.sets(target.scope),
        "may_end": rights.approves and newest.state == "approved",
        "may_withdraw": rights.sets(target.scope) and newest.state in WAITING,
    }
    return render(request, "targets/one.html", context)


def _act(request: HttpRequest, rights: object, newest: TargetVersion) -> TargetVersion:
    action = request.POST.get("action", "")
    stamp = request.POST.get("stamp", "")
    version = request.POST.get("version", "")
    if action in ("accepted", "contested", "approved", "withdrawn"):
        pk = request.POST.get("row", "")
        row = decide(
            rights,  # type: ignore[arg-type]
            int(pk) if pk.isdecimal() and len(pk) < 16 else newest.pk,
            action,  # type: ignore[arg-type]
            int(stamp) if stamp.isdecimal() and len(stamp) < 9 else -1,
            reason=request.POST.get("reason", "")[:500],
        )
        said = {
            "accepted": _("The target was accepted."),
            "contested": _("The target was contested; who set it sees your reason."),
            "approved": _("The target was approved."),
            "withdrawn": _("The proposal was withdrawn."),
        }
        messages.success(request, said[action])
        return row
    if action == "ended":
        return _ended(request, rights, newest, stamp)
    if action != "revise":
        raise Http404
    return _revised(request, rights, newest, version)


def _ended(request: HttpRequest, rights: object, newest: TargetVersion, stamp: str) -> TargetVersion:
    pk, given = request.POST.get("row", ""), request.POST.get("from_on", "")
    try:
        day = date.fromisoformat(given)
    except ValueError:
        messages.error(request, _("Give the first day on which the target counts no more."))
        return newest
    made = end(
        rights,  # type: ignore[arg-type]
        int(pk) if pk.isdecimal() and len(pk) < 16 else newest.pk,
        day,
        int(stamp) if stamp.isdecimal() and len(stamp) < 9 else -1,
        why=request.POST.get("why", "")[:500],
    )
    messages.success(request, _("The target was ended; figures are compared with it no more from that day on."))
    return made


def _revised(request: HttpRequest, rights: object, newest: TargetVersion, version: str) -> TargetVersion:
    from tolok.app import place

    definition = place.workspace().definitions[newest.kpi]
    read = read_value(
        request.POST.get("value", ""), definition.unit, newest.currency, language(), most=most(definition)
    )
    if read.problem is not None or read.value is None:
        messages.error(request, read.problem.to(language()) if read.problem else "")
        return newest
    old = newest.target
    target = Target(old.kpi, old.start, old.end, read.value, old.scope, read.currency or old.currency)
    seen = int(version) if version.isdecimal() and len(version) < 9 else -1
    made = propose(rights, [target], why=request.POST.get("why", ""), seen={slot(target): seen})  # type: ignore[arg-type]
    if not made:
        messages.info(request, _("The target has this value already."))
        return newest
    messages.success(request, _("The new version was proposed."))
    return made[0]


def _pace(plan: Planning, target: Target) -> Pace | None:
    """How a target stands as far as the data reaches; None before it begins and where nothing can be asked."""
    snapshot = plan.workspace.snapshots.current()
    ends_on = snapshot.ends_on if snapshot else None
    if ends_on is None or ends_on < target.start or not target.value or target.state == "ended":
        return None
    where = tuple(Filter(dimension, (id_,)) for dimension, id_ in target.scope.members)
    own = "rep" in target.scope.dimensions
    viewer = plan.access.viewer if own else EVERYTHING
    found = results(plan.workspace, target.kpi, "", target.start, min(target.end, ends_on), viewer, where=where)
    period = Period(target.start, target.end, "")
    return pace_of(plan.workspace, plan.definition, target.value, found.get(""), period, ends_on)

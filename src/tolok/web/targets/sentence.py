"""A target written as a sentence, judged five times over, and proposed if its author still wants it."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tolok.app.targets import propose
from tolok.errors import TolokError
from tolok.targets.evidence import past, pasts_by_rep
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.smart import Smart, history_of, judged
from tolok.targets.smart_reading import Reading, read
from tolok.targets.verdicts import Past
from tolok.web.look.tags import language
from tolok.web.targets.planning import Planning, in_words, members, planning, scope_name

CRITERIA = {
    "specific": gettext_lazy("Specific"),
    "measurable": gettext_lazy("Measurable"),
    "achievable": gettext_lazy("Achievable"),
    "relevant": gettext_lazy("Relevant"),
    "time-bound": gettext_lazy("Time-bound"),
}
JUDGEMENTS = {"yes": gettext_lazy("Yes"), "doubtful": gettext_lazy("Doubtful"), "no": gettext_lazy("No")}
TONES = {"yes": "good", "doubtful": "warn", "no": "bad"}
LONGEST = 300


def sentence(request: HttpRequest) -> HttpResponse:
    """Read a sentence, say what it means and how good a target it is; a second step proposes it."""
    plan = planning(request)
    if not plan.rights.sets_any:
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else request.GET
    text = " ".join(sent.get("text", "").split())[:LONGEST]
    objective = " ".join(sent.get("objective", "").split())[:LONGEST]
    found = judge(plan, text, objective) if text else None
    error = ""
    if found is not None and found.targets and not plan.rights.sets(found.reading.scope):
        error = _("You set targets of the people and teams that you lead: name one of them in the sentence.")
    if request.method == "POST" and found is not None and found.targets and not found.refused and not error:
        try:
            made = propose(plan.rights, found.targets, why=_why(text, objective))
        except TolokError as refusal:
            error = in_words(refusal)
        else:
            said = ngettext("%(n)s target was proposed.", "%(n)s targets were proposed.", len(made))
            messages.success(request, said % {"n": len(made)})
            first = found.targets[0]
            return redirect(f"/targets/?kpi={first.kpi}&period={_grain(first.days)}&at={first.start.isoformat()}")
    spoken = language()
    context = {
        "title": _("A target in a sentence"),
        "plan": plan,
        "text": text,
        "objective": objective,
        "found": found,
        "error": error,
        "refused": found.refused.to(spoken) if found and found.refused else "",
        "verdicts": [
            (CRITERIA[one.criterion], JUDGEMENTS[one.judgement], TONES[one.judgement], one.reason.to(spoken))
            for one in found.verdicts
        ]
        if found
        else [],
        "definition": plan.workspace.definitions.get(found.reading.kpi) if found else None,
        "scope": scope_name(found.reading.scope, plan.access) if found else "",
    }
    return render(request, "targets/sentence.html", context)


def judge(plan: Planning, text: str, objective: str = "") -> Smart:
    """Judge a sentence with the history that this person may see."""
    workspace = plan.workspace
    reading = read(
        text, workspace.definitions, plan.today, workspace.calendar, members=members(plan), language=language()
    )
    reading = _own_team(plan, reading)
    own: Past | None = None
    peers: tuple[Past, ...] = ()
    snapshot = workspace.snapshots.current()
    ends_on = snapshot.ends_on if snapshot else None
    asked = history_of(reading, workspace.definitions, workspace.calendar, ends_on) if ends_on else None
    if asked is not None:
        name = "" if reading.scope == COMPANY else scope_name(reading.scope, plan.access)
        own = past(workspace, asked, reading.scope, name, plan.access.viewer)
        if reading.scope.dimensions == ("rep",):
            peers = pasts_by_rep(workspace, asked, _team_mates(plan, reading.scope), plan.access.viewer)
    return judged(
        reading,
        workspace.definitions,
        workspace.calendar,
        plan.today,
        own=own,
        peers=peers,
        north_star=workspace.settings.north_star.kpi or "revenue",
        currency=workspace.settings.currency,
        objective=objective,
        language=language(),
    )


def _own_team(plan: Planning, reading: Reading) -> Reading:
    """A sentence that names nobody is, of who leads one team, about that team; of a director, about the company."""
    if reading.scope != COMPANY or plan.rights.sets(COMPANY):
        return reading
    teams = plan.access.organisation.teams
    top = [teams[id_] for id_ in plan.rights.led if id_ in teams and teams[id_].parent_id not in plan.rights.led]
    if len(top) != 1:
        return reading
    return replace(reading, scope=Scope.of({"team": top[0].id}), scope_name=top[0].name)


def _team_mates(plan: Planning, scope: Scope) -> list[str]:
    organisation = plan.access.organisation
    team = organisation.team_of(scope["rep"])
    return [
        rep.id
        for rep in organisation.reps.values()
        if team and rep.team_id == team and rep.id != scope["rep"] and plan.access.sees_rep(rep.id)
    ]


def _why(text: str, objective: str) -> str:
    return f"{text} ({objective})" if objective else text


def _grain(days: int) -> str:
    return "month" if days <= 35 else "quarter" if days <= 100 else "year"

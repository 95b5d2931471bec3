"""The page of targets: the tree, what waits for whom, and the ways to set more."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tolok.app.models import TargetVersion
from tolok.app.targets import accept_all, approve_all, publish_approved, waits_for_publishing
from tolok.targets.scope import Scope
from tolok.web.targets.planning import GRAINS, Planning, planning, scope_name, span_name
from tolok.web.targets.tree import tree

SHOWN = 60
"""How many waiting targets the page lists."""


def targets(request: HttpRequest) -> HttpResponse:
    """The targets of one KPI in one period."""
    plan = planning(request, looks=True)
    late = waits_for_publishing() and not publish_approved()
    found = tree(plan)
    context = {
        "title": _("Targets"),
        "plan": plan,
        "grains": GRAINS,
        "tree": found,
        "waiting": [Waiting(row, plan) for row in found.waiting[:SHOWN]],
        "more_waiting": max(0, len(found.waiting) - SHOWN),
        "mine": [row for row in found.waiting if row.state == "proposed" and plan.rights.answers(Scope.of(row.scope))],
        "undisputed": [row for row in found.waiting if row.state != "contested"],
        "late": late,
    }
    return render(request, "targets/page.html", context)


class Waiting:
    """A version that waits to be decided, and what this person may do with it."""

    def __init__(self, row: TargetVersion, plan: Planning) -> None:
        self.row = row
        self.target = row.target
        self.name = scope_name(self.target.scope, plan.access)
        self.period = span_name(self.target, plan.workspace)
        self.may_answer = plan.rights.answers(Scope.of(row.scope))
        self.may_approve = plan.rights.approves


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the chosen targets, each as it was looked at."""
    plan = planning(request)
    sent = "shown" if request.POST.get("all") else "target"
    chosen = [_pair(text) for listed in request.POST.getlist(sent) for text in listed.split()]
    if not plan.rights.approves:
        raise PermissionDenied
    done, stale = approve_all(plan.rights, [pair for pair in chosen if pair is not None])
    if done:
        messages.success(
            request, ngettext("%(n)s target was approved.", "%(n)s targets were approved.", done) % {"n": done}
        )
    if stale:
        said = ngettext(
            "%(n)s target was changed by somebody else meanwhile and was not approved.",
            "%(n)s targets were changed by somebody else meanwhile and were not approved.",
            stale,
        )
        messages.error(request, said % {"n": stale})
    if not chosen:
        messages.error(request, _("No target was chosen."))
    return redirect(f"/targets/?{plan.query}")


@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept all the shown targets that one carries, each as it was looked at."""
    plan = planning(request)
    pairs = [_pair(text) for text in request.POST.get("mine", "").split()]
    done, stale = accept_all(plan.rights, [pair for pair in pairs if pair is not None])
    if done:
        said = ngettext("%(n)s target was accepted.", "%(n)s targets were accepted.", done)
        messages.success(request, said % {"n": done})
    if stale or not pairs:
        messages.error(request, _("Some targets were changed by somebody else meanwhile: look at them again."))
    return redirect(f"/targets/?{plan.query}")


def _pair(text: str) -> tuple[int, int] | None:
    """A target's row and the stamp that it was looked at with."""
    pk, _dot, stamp = text.partition(".")
    return (int(pk), int(stamp)) if pk.isdecimal() and stamp.isdecimal() and len(pk) < 16 and len(stamp) < 9 else None

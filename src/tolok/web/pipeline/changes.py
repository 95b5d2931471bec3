"""What changed in the pipeline over a period: a bridge from opening to closing that adds up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.query.browse import Condition, Listing
from tolok.query.pipeline_change import IN, Kind, Step
from tolok.web.asking import COMPARISONS, GRAINS, Asking, asked
from tolok.web.pipeline.attention import signs
from tolok.web.pipeline.deals import COLUMNS, DealLine

WORDS = {
    "new": gettext_lazy("New"),
    "reopened": gettext_lazy("Reopened"),
    "arrived": gettext_lazy("Taken over from others"),
    "grew": gettext_lazy("Grew"),
    "shrank": gettext_lazy("Shrank"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "moved_away": gettext_lazy("Handed to others"),
    "gone": gettext_lazy("Deleted"),
    "slipped": gettext_lazy("Close date pushed back"),
    "pulled_in": gettext_lazy("Close date brought forward"),
}
MOST = 20


@dataclass(frozen=True)
class Bar:
    """One step of the bridge: its sign, and its length beside the longest."""

    kind: str
    name: str
    step: Step
    sign: int
    length: float


def changes(request: HttpRequest) -> HttpResponse:
    """The bridge of one period, and the deals of the step that was chosen."""
    asking = asked(request)
    viewer = request.access.viewer  # type: ignore[attr-defined]
    start = asking.period.start - timedelta(days=1)
    change = asking.workspace.pipeline_change(start, asking.period.end, where=asking.where, viewer=viewer)
    longest = max((step.amount for step in change.steps.values()), default=Decimal(0)) or Decimal(1)
    bars = [_bar(kind, step, longest) for kind, step in change.steps.items() if step.count]
    beside = [
        _bar(kind, step, longest)
        for kind, step in (("slipped", change.slipped), ("pulled_in", change.pulled_in))
        if step.count
    ]
    step = request.GET.get("step", "")
    chosen = next((bar for bar in (*bars, *beside) if bar.kind == step), None)
    context = {
        "title": _("What changed"),
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "change": change,
        "since": start,
        "bars": bars,
        "beside": beside,
        "chosen": chosen,
        "lines": _deals(asking, chosen.step) if chosen else [],
        "currency": asking.workspace.settings.currency,
        "known": signs(asking.workspace),
        "most": MOST,
    }
    return render(request, "pipeline/changes.html", context)


def _bar(kind: Kind | str, step: Step, longest: Decimal) -> Bar:
    return Bar(kind, str(WORDS[kind]), step, 1 if kind in IN else -1, float(step.amount / longest))


def _deals(asking: Asking, step: Step) -> list[DealLine]:
    """The deals of a step: it was worked out for this person's eyes, so these are theirs to see."""
    wanted = Listing("deals", COLUMNS, (), (Condition("id", "is", tuple(step.deals)),), (), (("amount", True),), MOST)
    known = signs(asking.workspace)
    return [DealLine(item, known) for item in asking.workspace.browse(wanted).records]

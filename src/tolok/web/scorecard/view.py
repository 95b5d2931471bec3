"""The scorecard: the north star on top, leading beside lagging."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.web.asking import COMPARISONS, GRAINS, asked
from tolok.web.look.tags import language
from tolok.web.scorecard.cards import cards

LAGGING = ("revenue", "deals_won", "win_rate", "average_deal_size", "sales_cycle_length", "nps")
LEADING = ("new_leads", "qualified_leads", "lead_response_time", "meetings", "open_pipeline", "pipeline_coverage")


def scorecard(request: HttpRequest) -> HttpResponse:
    """One period of the company, a team or one's own, at a glance."""
    asking = asked(request)
    found = cards(asking, (*LAGGING, *LEADING), request.access.viewer, language())  # type: ignore[attr-defined]
    context = {
        "title": _("Scorecard"),
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "groups": [
            (_("Results"), [found[kpi] for kpi in LAGGING if kpi in found]),
            (_("What leads to them"), [found[kpi] for kpi in LEADING if kpi in found]),
        ],
    }
    return render(request, "scorecard/page.html", context)

"""The scorecard: the north star on top, leading beside lagging."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app.access import Access
from tolok.app.models import User
from tolok.app.target_rights import rights_of
from tolok.reports.content import Column, Content, Table
from tolok.targets.scope import COMPANY
from tolok.web.asking import COMPARISONS, GRAINS, Asking, asked
from tolok.web.exports import about, exported, organisation
from tolok.web.look.tags import language
from tolok.web.scorecard.cards import Card, cards
from tolok.web.scorecard.mark import mark_of
from tolok.web.scorecard.north_star import NorthStar, north_star

LAGGING = ("revenue", "deals_won", "win_rate", "average_deal_size", "sales_cycle_length", "nps")
LEADING = ("new_leads", "qualified_leads", "lead_response_time", "meetings", "open_pipeline", "pipeline_coverage")


def scorecard(request: HttpRequest) -> HttpResponse:
    """One period of the company, a team or one's own, at a glance."""
    asking = asked(request)
    found, star = figures(asking, request.user, request.access)  # type: ignore[arg-type, attr-defined]
    file = exported(request, lambda: _content(asking, found))
    if file is not None:
        return file
    context = {
        "title": _("Scorecard"),
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "star": star,
        "shares_targets": request.user.leads,  # type: ignore[union-attr]
        "groups": [
            (_("Results"), [found[kpi] for kpi in LAGGING if kpi in found]),
            (_("What leads to them"), [found[kpi] for kpi in LEADING if kpi in found]),
        ],
    }
    return render(request, "scorecard/page.html", context)


def figures(asking: Asking, user: User, access: Access) -> tuple[dict[str, Card], NorthStar | None]:
    """The cards, and the north star unless a team or a rep is looked at: it is the organisation's."""
    found = cards(asking, (*LAGGING, *LEADING), access.viewer, language())
    found = {kpi: replace(card, mark=mark_of(asking, kpi, access)) for kpi, card in found.items()}
    if asking.team is not None or asking.rep:
        return found, None
    shared = rights_of(user, access).sees(COMPANY)
    return found, north_star(asking, access.viewer, language(), shared=shared)


def _content(asking: Asking, found: dict[str, Card]) -> Content:
    """The scorecard as a file: a line per KPI. Figures keep their own unit, so they are text in a document."""
    columns = (
        Column(_("KPI")),
        Column(asking.title, "figure"),
        Column(_("Unit")),
        Column(str(COMPARISONS[asking.compare]), "figure"),
        Column(_("Change"), "figure"),
        Column(_("Target"), "figure"),
        Column(_("% of target"), "count"),
    )
    rows = tuple(
        (
            card.name,
            card.row.value,
            card.currency if card.row.unit == "money" else card.row.unit,
            card.row.compared_value,
            card.row.change,
            card.row.target,
            card.share,
        )
        for card in found.values()
    )
    return Content(
        _("Scorecard"),
        organisation(),
        about(asking),
        (Table(_("Scorecard"), columns, rows),),
        language=language(),
    )

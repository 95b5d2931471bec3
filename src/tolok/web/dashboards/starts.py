"""What a new dashboard may begin with: a director's, a team's, a rep's, or nothing."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from tolok.web.dashboards.card import BREAKDOWN, FIGURE, FUNNEL, TABLE, TARGET, TREND, USUAL, Card, new_id

STARTS = {
    "director": _("A director's: results, the pipeline, teams beside each other"),
    "team": _("A team's: the month's target, its reps, what leads to results"),
    "rep": _("A rep's: my target, my pipeline, my activities"),
    "empty": _("Nothing: I choose the cards"),
}

CARDS: dict[str, tuple[tuple[str, str, str, int], ...]] = {
    "director": (
        (TARGET, "revenue", "", 1),
        (FIGURE, "win_rate", "", 1),
        (FIGURE, "open_pipeline", "", 1),
        (FIGURE, "pipeline_coverage", "", 1),
        (TREND, "revenue", "", 2),
        (BREAKDOWN, "revenue", "team", 2),
        (FUNNEL, "", "", 2),
        (BREAKDOWN, "revenue", "product", 2),
    ),
    "team": (
        (TARGET, "revenue", "", 1),
        (FIGURE, "deals_won", "", 1),
        (FIGURE, "win_rate", "", 1),
        (FIGURE, "meetings", "", 1),
        (TABLE, "revenue", "rep", 2),
        (BREAKDOWN, "meetings", "rep", 2),
        (FUNNEL, "", "", 2),
        (TREND, "new_leads", "", 2),
    ),
    "rep": (
        (TARGET, "revenue", "", 2),
        (FIGURE, "open_pipeline", "", 1),
        (FIGURE, "win_rate", "", 1),
        (FIGURE, "calls", "", 1),
        (FIGURE, "meetings", "", 1),
        (FIGURE, "lead_response_time", "", 1),
        (FIGURE, "new_leads", "", 1),
        (TREND, "revenue", "", 2),
        (BREAKDOWN, "revenue", "account", 2),
    ),
    "empty": (),
}
"""Form, KPI, dimension and width of each card."""


def start(name: str, known: Collection[str]) -> tuple[Card, ...]:
    """The cards of a beginning, without those of KPIs that this workspace does not have."""
    return tuple(
        Card(new_id(), form, kpi, by=by, width=width or USUAL[form])
        for form, kpi, by, width in CARDS.get(name, ())
        if not kpi or kpi in known
    )

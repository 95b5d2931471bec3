"""The page of today: by role, one's own or the team's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.query.browse import Condition, Listing
from tolok.query.question import Viewer
from tolok.web.asking import asked
from tolok.web.look.tags import language
from tolok.web.scorecard.cards import cards
from tolok.web.targets.waiting import waiting_for
from tolok.web.today.care import Care, deals_that_need_care
from tolok.workspace import Workspace

FIGURES = ("revenue", "deals_won", "open_pipeline", "meetings")
MOST = 15
RECENT = 30
"""Days for which an unanswered lead is still new."""


@dataclass(frozen=True)
class RepLine:
    """One rep of the team: how many deals need care, and what is at stake in them."""

    rep_id: str
    name: str
    deals: int
    stake: Decimal


def today(request: HttpRequest) -> HttpResponse:
    """What to do first today, of one's own or of the team."""
    asking = asked(request)
    access = request.access  # type: ignore[attr-defined]
    user = request.user
    workspace = asking.workspace
    own = frozenset({user.rep_id}) if user.role == "rep" and user.rep_id else None  # type: ignore[union-attr]
    care = deals_that_need_care(workspace, access.viewer, own)
    leads, unanswered = _leads(workspace, access.viewer)
    context = {
        "title": _("Today"),
        "asking": asking,
        "access": access,
        "day": workspace.today,
        "old": workspace.today < datetime.now(UTC).date() - timedelta(days=2),
        "cards": list(cards(asking, FIGURES, access.viewer, language()).values()),
        "care": care[:MOST],
        "care_total": len(care),
        "team": [] if own is not None else _by_rep(care),
        "leads": leads,
        "unanswered": unanswered,
        "currency": workspace.settings.currency,
        "own": own is not None,
        "targets_wait": waiting_for(request),
    }
    return render(request, "today/page.html", context)


def _by_rep(care: list[Care]) -> list[RepLine]:
    """The reps with most at stake first."""
    count: Counter[str] = Counter()
    stake: Counter[str] = Counter()
    names: dict[str, str] = {}
    for item in care:
        rep = str(item.cells.get("owner_id") or "")
        count[rep] += 1
        stake[rep] += item.stake  # type: ignore[assignment]
        names[rep] = item.names.get("owner_id", "")
    lines = [RepLine(rep, names[rep], count[rep], Decimal(stake[rep])) for rep in count]
    return sorted(lines, key=lambda line: (-line.stake, line.name))[:MOST]


def _leads(workspace: Workspace, viewer: Viewer) -> tuple[tuple[object, ...], int]:
    """New leads that nobody answered yet, the oldest first, where the source tells of answers at all."""
    if not workspace.snapshot().coverage.filled("leads", "first_response_at"):
        return (), 0
    conditions = (
        Condition("first_response_at", "unknown"),
        Condition("qualified_on", "unknown"),
        Condition("converted_on", "unknown"),
        Condition("created_on", "after", workspace.today - timedelta(days=RECENT)),
    )
    listed = workspace.browse(
        Listing(
            "leads",
            ("name", "company", "owner_id", "lead_source", "created_on"),
            (),
            conditions,
            (),
            (("created_on", False),),
            MOST,
            0,
            viewer,
        )
    )
    return listed.records, listed.total

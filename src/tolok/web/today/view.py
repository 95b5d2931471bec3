"""The page of today: by role, one's own or the team's."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app.access import Access
from tolok.money import round_half_up
from tolok.query.browse import Condition, Listing
from tolok.query.question import Question, Viewer
from tolok.targets.pace import ON_PACE, Pace
from tolok.web.asking import Asking, asked
from tolok.web.look.tags import language
from tolok.web.scorecard.cards import Card, cards
from tolok.web.targets.paces import pace_of
from tolok.web.targets.waiting import waiting_for
from tolok.web.today.care import Care, deals_that_need_care
from tolok.workspace import Workspace

FIGURES = ("revenue", "deals_won", "open_pipeline", "meetings")
REVENUE = "revenue"
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
    value: float | None = None
    target: float | None = None
    pace: Pace | None = None

    @property
    def of_pace(self) -> Decimal | None:
        """Percent of where the rep should be, as displayed; of the whole target once the period is over."""
        if self.pace is None:
            return None
        found = self.pace.attained if self.pace.is_over else self.pace.of_pace
        return None if found is None else round_half_up(found, 0)

    @property
    def behind(self) -> bool:
        return self.of_pace is not None and self.of_pace < ON_PACE[0]


def today(request: HttpRequest) -> HttpResponse:
    """What to do first today, of one's own or of the team."""
    asking = asked(request)
    access = request.access  # type: ignore[attr-defined]
    user = request.user
    workspace = asking.workspace
    own = frozenset({user.rep_id}) if user.role == "rep" and user.rep_id else None  # type: ignore[union-attr]
    care = deals_that_need_care(workspace, access.viewer, own)
    leads, unanswered = _leads(workspace, access.viewer)
    team = [] if own is not None else _by_rep(asking, care, access.viewer)
    context = {
        "title": _("Today"),
        "asking": asking,
        "access": access,
        "day": workspace.today,
        "old": workspace.today < datetime.now(UTC).date() - timedelta(days=2),
        "cards": own_figures(asking, access),
        "care": care[:MOST],
        "care_total": len(care),
        "team": team[:MOST],
        "team_total": len(team),
        "team_over": asking.ends_on >= asking.whole.end,
        "behind": sum(line.behind for line in team),
        "leads": leads,
        "unanswered": unanswered,
        "currency": workspace.settings.currency,
        "own": own is not None,
        "targets_wait": waiting_for(request),
    }
    return render(request, "today/page.html", context)


def own_figures(asking: Asking, access: Access) -> list[Card]:
    """The few figures on top."""
    return list(cards(asking, FIGURES, access.viewer, language()).values())


def _by_rep(asking: Asking, care: list[Care], viewer: Viewer) -> list[RepLine]:
    """The exceptions first: reps behind their pace, the furthest on top; then by what is at stake."""
    count: Counter[str] = Counter()
    stake: dict[str, Decimal] = {}
    names: dict[str, str] = {}
    for item in care:
        rep = str(item.cells.get("owner_id") or "")
        count[rep] += 1
        stake[rep] = stake.get(rep, Decimal(0)) + item.stake
        names[rep] = item.names.get("owner_id", "")
    values, targets = _figures(asking, viewer)
    known = asking.workspace.organisation(asking.workspace.today).reps
    for rep in {*values, *targets} & {rep.id for rep in known.values() if rep.active}:
        names.setdefault(rep, known[rep].name)
    lines = [
        RepLine(
            rep,
            names[rep],
            count[rep],
            stake.get(rep, Decimal(0)),
            values.get(rep),
            targets.get(rep),
            _pace(asking, targets.get(rep), values.get(rep)),
        )
        for rep in names
    ]
    return sorted(lines, key=lambda line: (not line.behind, line.of_pace if line.behind else -line.stake, line.name))


def _figures(asking: Asking, viewer: Viewer) -> tuple[dict[str, float], dict[str, float]]:
    """What each rep has sold in the period so far, and the targets of the whole of it."""
    if REVENUE not in asking.workspace.definitions:
        return {}, {}
    sold = asking.workspace.answer(
        Question((REVENUE,), start=asking.period.start, end=asking.period.end, by=("rep",), viewer=viewer)
    )
    planned = asking.workspace.answer(
        Question(
            (REVENUE,), start=asking.whole.start, end=asking.whole.end, by=("rep",), compare="target", viewer=viewer
        )
    )
    values = {row.ids["rep"]: row.value for row in sold.rows() if row.ids.get("rep") and row.value is not None}
    targets = {row.ids["rep"]: row.target for row in planned.rows() if row.ids.get("rep") and row.target}
    return values, targets  # type: ignore[return-value]


def _pace(asking: Asking, target: float | None, value: float | None) -> Pace | None:
    if not target:
        return None
    definition = asking.workspace.definitions[REVENUE]
    return pace_of(
        asking.workspace, definition, Decimal(str(target)), Decimal(str(value or 0)), asking.whole, asking.ends_on
    )


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

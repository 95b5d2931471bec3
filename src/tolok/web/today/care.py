"""Which open deals need care, why, and which of them first.

The order is by what is at stake: the amount times the chance of winning, doubled for each reason beyond the first. It
is no prediction; every line says why it stands where it does. What the source keeps of no deal is no reason for any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import Viewer
from tolok.web.pipeline.attention import IDLE, Signs, signs
from tolok.workspace import Workspace

SOON = 7
"""Days before its expected close in which an untouched deal is urgent."""
NEAR = 30
"""Days before its expected close from which on a deal should have a next step, whatever else is well."""
MOST = 2_000
"""Deals that are looked at, the largest first."""
EVEN = Decimal(50)
COLUMNS = (
    "name",
    "account_id",
    "owner_id",
    "stage_id",
    "amount",
    "currency",
    "probability",
    "expected_close_on",
    "created_on",
    "last_activity_on",
    "next_step",
)


@dataclass(frozen=True)
class Care:
    """One deal with its reasons, in words, and what is at stake in it."""

    deal: Record
    reasons: tuple[str, ...]
    stake: Decimal
    act: str

    @property
    def names(self) -> dict[str, str]:
        return self.deal.names

    @property
    def cells(self) -> dict[str, object]:
        return dict(self.deal.cells)


def deals_that_need_care(workspace: Workspace, viewer: Viewer, reps: frozenset[str] | None = None) -> list[Care]:
    """The deals, what to do first on top; ``reps`` keeps those that these own now."""
    known = signs(workspace)
    conditions = [Condition("status", "is", "open")]
    if reps is not None:
        conditions.append(Condition("owner_id", "is", tuple(sorted(reps)) or ("",)))
    wanted = Listing("deals", COLUMNS, (), tuple(conditions), (), (("amount", True),), MOST, 0, viewer)
    found = [care for item in workspace.browse(wanted).records if (care := _care(item, known)) is not None]
    return sorted(found, key=lambda care: (-care.stake, str(care.deal.get("name"))))


def _care(deal: Record, known: Signs) -> Care | None:
    today, reasons, act = known.today, [], ""
    close, last = deal.get("expected_close_on"), deal.get("last_activity_on") or deal.get("created_on")
    idle = (today - last).days if isinstance(last, date) else 0
    if isinstance(close, date) and close < today:
        late = (today - close).days
        reasons.append(
            ngettext("close date passed %(n)s day ago", "close date passed %(n)s days ago", late) % {"n": late}
        )
        act = _("Agree a new date, or close it.")
    elif isinstance(close, date) and (close - today).days <= SOON and idle > SOON:
        left = (close - today).days
        reasons.append(ngettext("due in %(n)s day", "due in %(n)s days", left) % {"n": left})
        act = _("Call before the date comes.")
    elif close is None and known.dated:
        reasons.append(_("no close date"))
        act = _("Ask when they decide.")
    if idle > IDLE:
        reasons.append(ngettext("no contact for %(n)s day", "no contact for %(n)s days", idle) % {"n": idle})
        act = act or _("Get in touch.")
    stay = known.stay(deal.id)
    if stay is not None and stay[0] > stay[1]:
        reasons.append(
            ngettext(
                "%(n)s day in this stage, usually at most %(usual)s",
                "%(n)s days in this stage, usually at most %(usual)s",
                stay[0],
            )
            % {"n": stay[0], "usual": stay[1]}
        )
        act = act or _("Find out what holds it up.")
    soon = not isinstance(close, date) or (close - today).days <= NEAR
    if (reasons or soon) and known.plans and not deal.get("next_step") and deal.id not in (known.planned or ()):
        reasons.append(_("no next step"))
        act = act or _("Plan the next step.")
    if not reasons:
        return None
    amount = Decimal(str(deal.get("amount") or 0))
    chance = Decimal(str(deal.get("probability"))) if deal.get("probability") is not None else EVEN
    return Care(deal, tuple(reasons), amount * max(chance, Decimal(1)) / 100 * 2 ** (len(reasons) - 1), act)

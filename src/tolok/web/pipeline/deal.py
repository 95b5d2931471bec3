"""The page of one deal: what it is, what happened to it, what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.money import NO_ANSWER, format_money
from tolok.query.browse import Condition, Listing, Record
from tolok.web.look.tags import language
from tolok.web.pipeline.attention import signs
from tolok.web.pipeline.deals import STATUSES, DealLine
from tolok.web.records.links import addresses
from tolok.web.records.view import origin_of

FIELDS = {
    "created": gettext_lazy("Opened"),
    "stage_id": gettext_lazy("Stage"),
    "amount": gettext_lazy("Amount"),
    "owner_id": gettext_lazy("Owner"),
    "expected_close_on": gettext_lazy("Expected close"),
    "status": gettext_lazy("Outcome"),
    "probability": gettext_lazy("Probability"),
    "closed_on": gettext_lazy("Closed"),
    "deleted": gettext_lazy("Deleted"),
}
MOST = 200
SHOWN = (
    ("account_id", gettext_lazy("Customer")),
    ("owner_id", gettext_lazy("Owner")),
    ("pipeline_id", gettext_lazy("Pipeline")),
    ("stage_id", gettext_lazy("Stage")),
    ("expected_close_on", gettext_lazy("Expected close")),
    ("closed_on", gettext_lazy("Closed")),
    ("created_on", gettext_lazy("Created")),
    ("last_activity_on", gettext_lazy("Last contact")),
    ("next_step", gettext_lazy("Next step")),
    ("lead_source", gettext_lazy("Lead source")),
    ("campaign", gettext_lazy("Campaign")),
    ("region", gettext_lazy("Region")),
    ("segment", gettext_lazy("Segment")),
    ("competitor", gettext_lazy("Competitor")),
    ("loss_reason", gettext_lazy("Why lost")),
)


@dataclass(frozen=True)
class Happening:
    """One change: when, what, from what to what, by whom; an unknown earlier value is said to be unknown."""

    on: date | None
    what: str
    old: str
    new: str
    by: str
    origin: str


def deal(request: HttpRequest, deal_id: str) -> HttpResponse:
    """One deal that this person may see; any other is not there."""
    workspace = place.workspace()
    viewer = request.access.viewer  # type: ignore[attr-defined]
    found = workspace.record("deals", deal_id, viewer)
    if found is None:
        raise Http404
    of_deal = (Condition("deal_id", "is", found.id),)
    events = workspace.browse(Listing("deal_events", (), (), of_deal, (), (("on", True), ("at", True)), MOST)).records
    stays = workspace.browse(_listing("stage_stays", of_deal, "entered_on"))
    activities = workspace.browse(_listing("activities", of_deal, "happened_on", descending=True))
    lines = workspace.browse(_listing("deal_lines", of_deal, "source_id"))
    currency = str(found.get("currency") or workspace.settings.currency)
    account = str(found.get("account_id") or "")
    access = request.access  # type: ignore[attr-defined]
    context = {
        **origin_of(request, workspace, "deals", found),
        "account": addresses([("accounts", account)], access, workspace).get(("accounts", account), ""),
        "sees_owner": access.sees_rep(str(found.get("owner_id") or "")),
        "title": str(found.get("name") or found.get("source_id")),
        "deal": DealLine(found, signs(workspace)),
        "currency": currency,
        "status": STATUSES.get(str(found.get("status")), ""),
        "facts": _facts(found),
        "history": _history(list(events), currency),
        "stays": [(item, _days(item, workspace.today)) for item in stays.records],
        "activities": activities.records,
        "activity_total": activities.total,
        "lines": lines.records,
    }
    return render(request, "pipeline/deal.html", context)


def _listing(fact: str, conditions: tuple[Condition, ...], order: str, *, descending: bool = False) -> Listing:
    """Rows that belong to a deal that was found to be this person's."""
    return Listing(fact, (), (), conditions, (), ((order, descending),), MOST)


def _facts(found: Record) -> list[tuple[str, str, str]]:
    shown = []
    for name, word in SHOWN:
        value: Any = found.names.get(name) or found.get(name)
        if value is None or value == "":
            continue
        text = date_format(value, "j M Y") if isinstance(value, date) else str(value)
        shown.append((name, str(word), text))
    return shown


def _history(events: list[Record], currency: str) -> list[Happening]:
    """Latest first; what was derived stands only where no history says the same."""
    told = {(event.get("field"), event.get("on")) for event in events if event.get("origin") != "derived"}
    names = _names(events)
    return [
        Happening(
            event.get("on"),  # type: ignore[arg-type]
            str(FIELDS.get(str(event.get("field")), event.get("field"))),
            _written(event, "old", names, currency),
            _written(event, "new", names, currency),
            event.names.get("by_id", ""),
            str(event.get("origin")),
        )
        for event in events
        if event.get("origin") != "derived" or (event.get("field"), event.get("on")) not in told
    ]


def _names(events: list[Record]) -> dict[str, str]:
    """The names of the stages and owners that events speak of."""
    workspace = place.workspace()
    found: dict[str, str] = {}
    for field, fact in (("stage_id", "stages"), ("owner_id", "reps")):
        ids = {
            str(event.get(side))
            for event in events
            for side in ("old", "new")
            if event.get("field") == field and event.get(side)
        }
        found |= workspace.names(fact, ids)
    return found


def _written(event: Record, side: str, names: dict[str, str], currency: str) -> str:
    value = event.get(side)
    if value in (None, ""):
        return "" if event.get("field") == "created" or side == "new" else _("unknown")
    text = str(value)
    if event.get("field") in ("stage_id", "owner_id"):
        return names.get(text, text)
    if event.get("field") == "amount":
        try:
            return format_money(Decimal(text), currency, language(), full=True)
        except InvalidOperation:
            return text
    if event.get("field") == "status":
        return str(STATUSES.get(text, text))
    try:
        return date_format(date.fromisoformat(text[:10]), "j M Y")
    except ValueError:
        return text or NO_ANSWER


def _days(stay: Record, today: date) -> int | None:
    entered, left = stay.get("entered_on"), stay.get("left_on") or today
    return (left - entered).days if isinstance(entered, date) and isinstance(left, date) else None

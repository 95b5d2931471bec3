"""The way from a row to the page of its record, for who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from tolok.app.access import Access
from tolok.web.records.kinds import KINDS
from tolok.workspace import Workspace

Way = tuple[str, str]
"""A fact and the id of a record of it."""

THROUGH = {
    "deal_lines": ("deals", "deal_id"),
    "deal_events": ("deals", "deal_id"),
    "deal_states": ("deals", "deal_id"),
    "stage_stays": ("deals", "deal_id"),
    "credits": ("deals", "deal_id"),
    "customer_lives": ("accounts", "account_id"),
    "lead_responses": ("leads", "lead_id"),
}
"""Rows without a page of their own: the record that they tell of."""


def way_of(fact: str, cells: Mapping[str, object], workspace: Workspace) -> Way | None:
    """The record that a row is, or tells of."""
    if fact == "sales":  # a line of an order, or of a deal where deals are what is counted
        by_orders = workspace.settings.revenue_from != "deals"
        fact, column = ("orders", "id") if by_orders else ("deals", "deal_id")
    else:
        fact, column = THROUGH.get(fact, (fact, "id"))
    key = cells.get(column)
    return (fact, str(key)) if key and (fact in KINDS or fact in ("deals", "reps")) else None


def addresses(ways: Iterable[Way | None], access: Access, workspace: Workspace) -> dict[Way, str]:
    """The addresses of those records that are there for this person."""
    wanted: dict[str, set[str]] = {}
    for way in ways:
        if way is not None and (way[0] in KINDS or way[0] in ("deals", "reps")):
            wanted.setdefault(way[0], set()).add(way[1])
    found: dict[Way, str] = {}
    for fact, ids in wanted.items():
        if fact == "reps":
            seen = frozenset(one for one in ids if access.sees_rep(one) and one in access.organisation.reps)
        else:
            seen = workspace.seen(fact, ids, access.viewer)
        found |= {(fact, one): address(fact, one) for one in seen}
    return found


def address(fact: str, record_id: str) -> str:
    """The page of a record."""
    if fact == "deals":
        return reverse("pipeline-deal", args=[record_id])
    if fact == "reps":
        return reverse("people-rep", args=[record_id])
    return reverse("records", args=[fact, record_id])

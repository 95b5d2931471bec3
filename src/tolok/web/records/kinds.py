"""The kinds of records that have a page: what stands on top, and which other records belong to them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Related:
    """Records of another fact that name this one in a column; ``columns`` are shown, the latest by ``dated_by`` first."""

    fact: str
    column: str
    columns: tuple[str, ...]
    dated_by: str = ""
    word: Promise | None = None


@dataclass(frozen=True)
class Kind:
    """One kind: the columns that may name it, its amount, its milestones in time, and what belongs to it."""

    fact: str
    named_by: tuple[str, ...]
    amount: str = ""
    milestones: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()


_SALES = ("ordered_on", "product_id", "amount", "quantity", "document", "owner_id")
_LINES = ("product_id", "quantity", "amount", "unit_price", "owner_id")
_ACTIVITIES = ("happened_on", "kind", "subject", "rep_id")

KINDS: dict[str, Kind] = {
    kind.fact: kind
    for kind in (
        Kind(
            "accounts",
            ("name", "source_id"),
            milestones=("created_on",),
            related=(
                Related("deals", "account_id", ("name", "status", "amount", "closed_on", "owner_id"), "created_on"),
                Related("orders", "account_id", _SALES, "ordered_on"),
                Related("leads", "account_id", ("created_on", "name", "status", "owner_id"), "created_on"),
                Related("activities", "account_id", _ACTIVITIES, "happened_on"),
                Related("tickets", "account_id", ("opened_on", "subject", "status", "owner_id"), "opened_on"),
                Related(
                    "subscriptions",
                    "account_id",
                    ("plan", "product_id", "status", "amount", "started_on"),
                    "started_on",
                ),
                Related("payments", "account_id", ("document", "amount", "paid_on", "due_on"), "paid_on"),
                Related(
                    "accounts", "parent_id", ("name", "segment", "region", "owner_id"), "created_on", _("Belong to it")
                ),
            ),
        ),
        Kind(
            "leads",
            ("name", "company", "source_id"),
            milestones=("created_on", "first_response_at", "qualified_on", "converted_on", "won_on"),
            related=(Related("activities", "lead_id", _ACTIVITIES, "happened_on"),),
        ),
        Kind(
            "orders",
            ("document", "source_id"),
            "amount",
            ("ordered_on",),
            (
                Related("orders", "document", _LINES, "", _("Lines of the document")),
                Related("payments", "document", ("paid_on", "amount", "due_on"), "paid_on"),
            ),
        ),
        Kind("activities", ("subject", "kind"), "", ("booked_on", "happened_on")),
        Kind("tickets", ("subject", "source_id"), "", ("opened_on", "first_response_at", "solved_on")),
        Kind(
            "subscriptions",
            ("plan", "product_id", "source_id"),
            "amount",
            ("trial_started_on", "started_on", "ended_on"),
        ),
        Kind(
            "payments",
            ("document", "source_id"),
            "amount",
            ("due_on", "paid_on"),
            (Related("orders", "document", _LINES, "", _("Lines of the document")),),
        ),
        Kind("costs", ("name", "kind", "source_id"), "amount", ("spent_on",)),
        Kind("products", ("name", "source_id"), "list_price"),
        Kind("targets", ("kpi",)),
        Kind("observations", ("series",)),
    )
}
"""By fact. Deals and reps have pages of their own; contacts and survey answers are not opened one by one."""

SHORT, LONG = 5, 200
"""How many related records a page shows, and how many where somebody asks for all."""


TECHNICAL = frozenset({"id", "source", "source_id", "extra", "line", "currency"})
"""Columns that are no field of a page: what they say stands elsewhere on it."""

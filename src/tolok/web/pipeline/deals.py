"""The list of open deals as an address asks for it: filters, order, page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tolok.errors import QuestionError
from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import Filter, Viewer
from tolok.web.asking import Asking

PAGE = 50
IDLE = 14
"""Days without contact after which a deal counts as idle."""
COLUMNS = (
    "name",
    "account_id",
    "owner_id",
    "pipeline_id",
    "stage_id",
    "status",
    "amount",
    "currency",
    "probability",
    "expected_close_on",
    "created_on",
    "last_activity_on",
    "next_step",
)
STATUSES = {"open": pgettext_lazy("deal", "Open"), "won": gettext_lazy("Won"), "lost": gettext_lazy("Lost")}
CARE = {
    "overdue": gettext_lazy("Close date has passed"),
    "undated": gettext_lazy("No close date"),
    "idle": gettext_lazy("Idle"),
}
ORDERS = {
    "amount": gettext_lazy("Largest first"),
    "close": gettext_lazy("Closing soonest"),
    "created": gettext_lazy("Newest first"),
    "name": gettext_lazy("By name"),
}
_ORDER = {
    "amount": (("amount", True),),
    "close": (("expected_close_on", False), ("amount", True)),
    "created": (("created_on", True),),
    "name": (("name", False),),
}


@dataclass(frozen=True)
class DealFilter:
    """What the list keeps, read from the address."""

    words: str = ""
    status: str = "open"
    stage: str = ""
    pipeline: str = ""
    care: str = ""
    order: str = "amount"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.stage or self.care or self.pipeline or self.status != "open")


def deal_filter(request: HttpRequest) -> DealFilter:
    """Read the address; a word that is not known is refused."""
    found = DealFilter(
        words=request.GET.get("q", "").strip()[:100],
        status=request.GET.get("status", "open"),
        stage=request.GET.get("stage", ""),
        pipeline=request.GET.get("pipeline", ""),
        care=request.GET.get("care", ""),
        order=request.GET.get("order", "amount"),
        page=_page(request.GET.get("page", "1")),
    )
    for value, known in ((found.status, STATUSES), (found.care, {"": "", **CARE}), (found.order, ORDERS)):
        if value not in known:
            raise QuestionError(_("“%(value)s” is no choice here.") % {"value": value})
    return found


def listing(asking: Asking, chosen: DealFilter, viewer: Viewer, today: date, *, limit: int = PAGE) -> Listing:
    """The listing of what was chosen."""
    conditions = [Condition("status", "is", chosen.status)]
    any_of: list[tuple[Condition, ...]] = []
    if chosen.words:
        any_of.append(
            (Condition("name", "contains", chosen.words), Condition("account_id.name", "contains", chosen.words))
        )
    if chosen.stage:
        conditions.append(Condition("stage_id", "is", chosen.stage))
    if chosen.pipeline:
        conditions.append(Condition("pipeline_id", "is", chosen.pipeline))
    if chosen.care == "overdue":
        conditions.append(Condition("expected_close_on", "before", today))
    if chosen.care == "undated":
        conditions.append(Condition("expected_close_on", "unknown"))
    if chosen.care == "idle":
        conditions.append(Condition("last_activity_on", "before", today - timedelta(days=IDLE)))
    where: tuple[Filter, ...] = asking.where
    return Listing(
        "deals",
        COLUMNS,
        where,
        tuple(conditions),
        tuple(any_of),
        _ORDER[chosen.order],
        limit,
        (chosen.page - 1) * limit,
        viewer,
    )


@dataclass(frozen=True)
class DealLine:
    """One deal of a list, with what it needs care for."""

    record: Record
    today: date

    @property
    def overdue_days(self) -> int:
        close = self.record.get("expected_close_on")
        return (
            max(0, (self.today - close).days) if isinstance(close, date) and self.record.get("status") == "open" else 0
        )

    @property
    def idle_days(self) -> int:
        last = self.record.get("last_activity_on") or self.record.get("created_on")
        idle = (self.today - last).days if isinstance(last, date) and self.record.get("status") == "open" else 0
        return idle if idle > IDLE else 0

    @property
    def names(self) -> dict[str, str]:
        return self.record.names

    @property
    def cells(self) -> dict[str, Any]:
        return self.record.cells


def _page(text: str) -> int:
    return min(max(int(text), 1), 100_000) if text.isdigit() and len(text) < 7 else 1

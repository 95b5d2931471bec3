"""The list of open deals as an address asks for it: filters, order, page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tolok.errors import QuestionError
from tolok.query.browse import Condition, Listing, Record
from tolok.query.question import Filter, Viewer
from tolok.targets.figure import plain_number
from tolok.web.asking import Asking
from tolok.web.look.tags import language
from tolok.web.pipeline.attention import IDLE, Signs

PAGE = 50
WRITTEN = re.compile(r"\d[\d.,]{0,29}(?<=\d)")
"""How an amount may be written in an address."""
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
    "idle": gettext_lazy("No contact for long"),
    "stuck": gettext_lazy("Long in its stage"),
    "no_step": gettext_lazy("No next step"),
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
    least: Decimal | None = None
    most: Decimal | None = None
    closes_from: date | None = None
    closes_to: date | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.stage or self.care or self.pipeline or self.status != "open" or self.further)

    @property
    def further(self) -> bool:
        """Whether it keeps amounts or close dates."""
        return any(one is not None for one in (self.least, self.most, self.closes_from, self.closes_to))


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
        least=_amount(request.GET.get("least", "")),
        most=_amount(request.GET.get("most", "")),
        closes_from=_day(request.GET.get("closes_from", "")),
        closes_to=_day(request.GET.get("closes_to", "")),
    )
    for value, known in ((found.status, STATUSES), (found.care, {"": "", **CARE}), (found.order, ORDERS)):
        if value not in known:
            raise QuestionError(_("“%(value)s” is no choice here.") % {"value": value})
    return found


def listing(asking: Asking, chosen: DealFilter, viewer: Viewer, known: Signs, *, limit: int = PAGE) -> Listing:
    """The listing of what was chosen."""
    today = known.today
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
        long_ago = today - timedelta(days=IDLE)
        last = Condition("last_activity_on", "before", long_ago)
        any_of.append((last, Condition("last_activity_on", "unknown")))
        any_of.append((last, Condition("created_on", "before", long_ago)))
    if chosen.care == "stuck":
        conditions.append(Condition("id", "is", known.all_stuck or ("",)))
    if chosen.care == "no_step":
        conditions.append(Condition("next_step", "unknown"))
        if known.planned:
            conditions.append(Condition("id", "not", tuple(sorted(known.planned))))
    conditions += [
        Condition(name, test, value)
        for name, test, value in (
            ("amount", "at_least", chosen.least),
            ("amount", "at_most", chosen.most),
            ("expected_close_on", "at_least", chosen.closes_from),
            ("expected_close_on", "at_most", chosen.closes_to),
        )
        if value is not None
    ]
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
    known: Signs

    @property
    def today(self) -> date:
        return self.known.today

    @property
    def is_open(self) -> bool:
        return self.record.get("status") == "open"

    @property
    def stuck_days(self) -> int:
        """Days in its stage where that is longer than usual, else 0."""
        stay = self.known.stay(self.record.id) if self.is_open else None
        return stay[0] if stay is not None and stay[0] > stay[1] else 0

    @property
    def usual_days(self) -> int:
        stay = self.known.stay(self.record.id)
        return stay[1] if stay is not None else 0

    @property
    def no_step(self) -> bool:
        """Whether nothing is planned, where the source keeps plans."""
        planned = self.record.get("next_step") or self.record.id in (self.known.planned or ())
        return self.is_open and self.known.plans and not planned

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


def _amount(text: str) -> Decimal | None:
    """An amount as it is written in an address; nothing keeps all."""
    if not text.strip():
        return None
    found = plain_number(text, language()) if WRITTEN.fullmatch(text.strip()) else None
    if found is None:
        raise QuestionError(_("“%(text)s” is not an amount.") % {"text": text[:40]})
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(
            _("“%(text)s” is not a date.") % {"text": text[:40]}, next_step=_("Write it as year-month-day: 2026-03-31.")
        ) from None


def _page(text: str) -> int:
    return min(max(int(text), 1), 100_000) if text.isdigit() and len(text) < 7 else 1

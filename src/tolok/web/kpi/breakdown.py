"""A KPI by the members of one dimension: the biggest first, with their share and their change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tolok.query.answer import Answer, Row
from tolok.query.question import Question, Viewer
from tolok.web.asking import Asking

MOST = 50
NAMES = {
    "rep": _("Rep"),
    "team": _("Team"),
    "manager": _("Manager"),
    "product": _("Product"),
    "category": _("Category"),
    "account": _("Customer"),
    "segment": _("Segment"),
    "industry": _("Industry"),
    "region": _("Region"),
    "country": _("Country"),
    "city": _("City"),
    "channel": _("Channel"),
    "source": _("Lead source"),
    "campaign": _("Campaign"),
    "stage": _("Stage"),
    "pipeline": _("Pipeline"),
    "status": _("Status"),
    "kind": _("Kind"),
    "business": _("New or existing business"),
    "quality": _("Lead quality"),
    "loss_reason": _("Why lost"),
    "competitor": _("Competitor"),
    "priority": _("Priority"),
    "survey": _("Survey"),
    "series": _("Series"),
    "currency": _("Currency"),
    "connection": _("Data source"),
}


@dataclass(frozen=True)
class Member:
    """One member: its name, id, figure, and its length beside the longest bar."""

    name: str
    id: str
    row: Row
    length: float


@dataclass(frozen=True)
class Breakdown:
    """The members shown, how many there are in all, and what a careful person would add."""

    dimension: str
    members: tuple[Member, ...]
    total: int
    notes: tuple[str, ...]


def broken_down(asking: Asking, kpi: str, variant: str, by: str, viewer: Viewer) -> Breakdown:
    """The figures of one period by one dimension."""
    answer: Answer = asking.workspace.answer(
        Question(
            kpis=(kpi,),
            start=asking.period.start,
            end=asking.period.end,
            by=(by,),
            where=asking.where,
            compare=asking.compare,
            variant=variant,
            viewer=viewer,
        )
    )
    return arranged(answer.rows(), by, answer.notes)


def arranged(found: Iterable[Row], by: str, notes: tuple[str, ...] = ()) -> Breakdown:
    """The members of one dimension, the highest first, each beside the longest bar; who counts nothing is left out."""
    rows = sorted(found, key=lambda row: (row.value is None, -(row.value or 0), row.members[by] or ""))
    rows = [row for row in rows if row.value is not None or row.count]
    longest = max((abs(row.value) for row in rows if row.value is not None), default=0) or 1
    members = tuple(
        Member(row.members[by] or "", row.ids[by] or "", row, abs(row.value or 0) / longest) for row in rows[:MOST]
    )
    return Breakdown(by, members, len(rows), notes)

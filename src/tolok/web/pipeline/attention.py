"""What tells that an open deal needs care: its stage's usual time, its next step, the dates that the source keeps.

Nothing is held against a deal that the source does not keep for any: without close dates no deal lacks one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import ceil

from tolok.query.browse import Condition, Listing
from tolok.query.question import Question
from tolok.workspace import Workspace

IDLE = 14
"""Days without contact after which a deal counts as idle."""
LEAST = 7
"""Days that every deal may stay in a stage, however fast the stage usually is."""
ENOUGH = 20
"""How many deals must have gone on from a stage before its usual time says anything."""
MOST = 50_000
"""Stays and planned activities that are looked at, the latest first."""


@dataclass(frozen=True)
class Signs:
    """What is known of the open deals on the day that the data reaches.

    ``usual`` is within how many days eight of ten deals that went on left a stage; ``since`` when a deal entered the
    stage it is in; ``planned`` the deals with an activity ahead, None where the source keeps no plans.
    """

    today: date
    dated: bool
    touched: bool
    usual: dict[str, int] = field(default_factory=dict)
    since: dict[str, tuple[str, date]] = field(default_factory=dict)
    planned: frozenset[str] | None = None
    steps: bool = False

    @property
    def plans(self) -> bool:
        """Whether the source keeps next steps at all."""
        return self.planned is not None or self.steps

    def stay(self, deal_id: str) -> tuple[int, int] | None:
        """Days that a deal has been in its stage and days that are usual there; None where either is unknown."""
        stage, entered = self.since.get(deal_id, ("", None))
        usual = self.usual.get(stage)
        return None if entered is None or usual is None else ((self.today - entered).days, usual)

    def stuck(self, deal_id: str) -> bool:
        """Whether a deal stays longer in its stage than is usual."""
        found = self.stay(deal_id)
        return found is not None and found[0] > found[1]

    @property
    def all_stuck(self) -> tuple[str, ...]:
        return tuple(sorted(deal for deal in self.since if self.stuck(deal)))


_held: dict[tuple[str, str], Signs] = {}
MOST_HELD = 4


def signs(workspace: Workspace) -> Signs:
    """The signs of the current snapshot, read once. They hold no figures: whose deals are shown is asked elsewhere."""
    snapshot = workspace.snapshot()
    key = (str(workspace.folder), snapshot.id)
    found = _held.get(key)
    if found is None:
        if len(_held) >= MOST_HELD:
            _held.clear()
        found = _held[key] = _read(workspace)
    return found


def _read(workspace: Workspace) -> Signs:
    today, coverage = workspace.today, workspace.snapshot().coverage
    is_open = Condition("deal_id.status", "is", "open")
    usual: dict[str, int] = {}
    since: dict[str, tuple[str, date]] = {}
    if coverage.filled("stage_stays", "entered_on") and "time_in_stage" in workspace.definitions:
        asked = Question(("time_in_stage",), end=today, by=("stage",), variant="usual")
        for row in workspace.answer(asked).rows():
            if row.value is not None and (row.count or 0) >= ENOUGH:
                usual[row.ids["stage"] or ""] = max(LEAST, ceil(row.value))
        stays = Listing(
            "stage_stays",
            ("deal_id", "stage_id", "entered_on"),
            conditions=(Condition("left_on", "unknown"), is_open),
            order=(("entered_on", True),),
            limit=MOST,
        )
        for stay in workspace.browse(stays).records:
            entered = stay.get("entered_on")
            if isinstance(entered, date):
                since.setdefault(str(stay.get("deal_id")), (str(stay.get("stage_id") or ""), entered))
    planned = None
    if coverage.filled("activities", "deal_id") and coverage.filled("activities", "done"):
        ahead = Listing(
            "activities",
            ("deal_id",),
            conditions=(
                Condition("done", "is", False),
                Condition("happened_on", "at_least", today),
                Condition("deal_id", "known"),
                is_open,
            ),
            order=(("happened_on", False),),
            limit=MOST,
        )
        planned = frozenset(str(item.get("deal_id")) for item in workspace.browse(ahead).records) or None
    return Signs(
        today,
        _kept(workspace, "expected_close_on"),
        _kept(workspace, "last_activity_on"),
        usual,
        since,
        planned,
        _kept(workspace, "next_step"),
    )


def _kept(workspace: Workspace, column: str) -> bool:
    """Whether the source keeps something of open deals: what it tells of decided ones alone is no sign."""
    if not workspace.snapshot().coverage.filled("deals", column):
        return False
    conditions = (Condition("status", "is", "open"), Condition(column, "known"))
    return workspace.browse(Listing("deals", ("name",), conditions=conditions, limit=1)).total > 0

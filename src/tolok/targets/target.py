"""A target: a KPI, a scope, a period and a value, in versions that are proposed, agreed on, contested and approved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from tolok.errors import QuestionError
from tolok.targets.scope import COMPANY, Scope

State = Literal["proposed", "accepted", "contested", "approved", "withdrawn"]
STATES: tuple[State, ...] = ("proposed", "accepted", "contested", "approved", "withdrawn")
WAITING: tuple[State, ...] = ("proposed", "accepted", "contested")
"""The states in which a version waits to be approved."""

MOVES: dict[State, tuple[State, ...]] = {
    "proposed": ("accepted", "contested", "approved", "withdrawn"),
    "contested": ("accepted", "approved", "withdrawn"),
    "accepted": ("contested", "approved", "withdrawn"),
    "approved": (),
    "withdrawn": (),
}
"""Where each state may go. An approved version stays as it is: a change is a new version."""


@dataclass(frozen=True)
class Target:
    """One version of a target. ``value`` is exact and in the KPI's unit (percents 0–100); the period is inclusive.

    ``author`` set it ``at`` a moment and says ``why``; ``reason`` is why it is contested or approved nevertheless.
    """

    kpi: str
    start: date
    end: date
    value: Decimal
    scope: Scope = COMPANY
    currency: str = ""
    version: int = 1
    state: State = "proposed"
    author: str = ""
    at: datetime | None = None
    why: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    id: str = field(default="", compare=False)  # how the store that keeps it calls it

    @property
    def days(self) -> int:
        """How many days its period has."""
        return (self.end - self.start).days + 1

    @property
    def slot(self) -> tuple[str, Scope, date, date]:
        """What two versions of one target have in common."""
        return self.kpi, self.scope, self.start, self.end

    def moved(self, state: State, *, by: str, at: datetime, reason: str = "") -> Target:
        """The same version in another state; refused where it may not go there, or is contested without a reason."""
        if state == self.state:
            raise QuestionError(f"This target is already {self.state}.", next_step="Look at it again.")
        if state not in MOVES[self.state]:
            raise QuestionError(
                f"A target that is {self.state} cannot become {state}.",
                next_step="Propose a new version of it." if self.state == "approved" else "Look at it again.",
            )
        if state == "contested" and not reason.strip():
            raise QuestionError("A target is contested with a reason.", next_step="Say what speaks against it.")
        return replace(self, state=state, decided_by=by, decided_at=at, reason=reason.strip())

    def revised(self, value: Decimal, *, by: str, at: datetime, why: str = "") -> Target:
        """The next version, proposed; an approved one needs a reason to be changed."""
        if self.state == "approved" and not why.strip():
            raise QuestionError("An approved target is changed with a reason.", next_step="Say why it changes.")
        if value == self.value:
            raise QuestionError("The new value is the one that the target has.", next_step="Give another one.")
        return replace(
            self,
            value=value,
            version=self.version + 1,
            state="proposed",
            author=by,
            at=at,
            why=why.strip(),
            reason="",
            decided_by="",
            decided_at=None,
            id="",
        )


def latest(targets: tuple[Target, ...] | list[Target]) -> dict[tuple[str, Scope, date, date], Target]:
    """The newest version of each target."""
    found: dict[tuple[str, Scope, date, date], Target] = {}
    for target in targets:
        if target.slot not in found or found[target.slot].version < target.version:
            found[target.slot] = target
    return found


def in_force(targets: tuple[Target, ...] | list[Target]) -> dict[tuple[str, Scope, date, date], Target]:
    """The newest approved version of each target: what counts."""
    return latest([target for target in targets if target.state == "approved"])

"""A target: a KPI, a scope, a period and a value, in versions that are proposed, agreed on, contested and approved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from tolok.errors import QuestionError
from tolok.targets.scope import COMPANY, Scope

State = Literal["proposed", "accepted", "contested", "approved", "withdrawn", "ended"]
STATES: tuple[State, ...] = ("proposed", "accepted", "contested", "approved", "withdrawn", "ended")
WAITING: tuple[State, ...] = ("proposed", "accepted", "contested")
"""The states in which a version waits to be approved."""

MOVES: dict[State, tuple[State, ...]] = {
    "proposed": ("accepted", "contested", "approved", "withdrawn"),
    "contested": ("accepted", "approved", "withdrawn"),
    "accepted": ("contested", "approved", "withdrawn"),
    "approved": (),
    "withdrawn": (),
    "ended": (),
}
"""Where each state may go. An approved version stays as it is: a change is a new version, and so is its end."""


@dataclass(frozen=True)
class Target:
    """One version of a target. ``value`` is exact and in the KPI's unit (percents 0–100); the period is inclusive.

    One that was ended counted ``until`` a day, with the value of those days; before its first day it never did.
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
    until: date | None = None

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
            until=None,
        )

    def ended(self, day: date, *, adds_up: bool, by: str, at: datetime, why: str) -> Target:
        """The next version, which counts no more from a day on: of an amount that adds up over time the days before stay.

        >>> year = Target("revenue", date(2026, 1, 1), date(2026, 12, 31), Decimal(365), state="approved")
        >>> half = year.ended(date(2026, 7, 1), adds_up=True, by="Ana", at=datetime(2026, 6, 1), why="Sold")
        >>> half.value, half.until, half.version
        (Decimal('181'), datetime.date(2026, 6, 30), 2)
        """
        if self.state != "approved":
            raise QuestionError("Only a target that is approved can be ended.", next_step="Look at it again.")
        if not why.strip():
            raise QuestionError("A target is ended with a reason.", next_step="Say why it ends.")
        if day > self.end:
            raise QuestionError("The target is over before that day.", next_step="Give a day of its period.")
        last = day - timedelta(days=1)
        value = self.value
        if adds_up and last >= self.start:
            share = value * ((last - self.start).days + 1) / self.days
            value = plain(share.quantize(Decimal("0.0001")))
        return replace(
            self,
            value=value,
            version=self.version + 1,
            state="ended",
            author=by,
            at=at,
            why=why.strip(),
            reason="",
            decided_by=by,
            decided_at=at,
            id="",
            until=last,
        )


def latest(targets: tuple[Target, ...] | list[Target]) -> dict[tuple[str, Scope, date, date], Target]:
    """The newest version of each target."""
    found: dict[tuple[str, Scope, date, date], Target] = {}
    for target in targets:
        if target.slot not in found or found[target.slot].version < target.version:
            found[target.slot] = target
    return found


def in_force(targets: tuple[Target, ...] | list[Target]) -> dict[tuple[str, Scope, date, date], Target]:
    """The newest approved version of each target, up to the day on which it was ended: what counts."""
    newest = latest([target for target in targets if target.state in ("approved", "ended")])
    counting = {slot: target for slot, target in newest.items() if target.until is None or target.until >= target.start}
    return {slot: replace(target, end=target.until) if target.until else target for slot, target in counting.items()}


def plain(value: Decimal) -> Decimal:
    """A decimal without zeros at its end.

    >>> str(plain(Decimal("1500.0000"))), str(plain(Decimal("0.5000")))
    ('1500', '0.5')
    """
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()

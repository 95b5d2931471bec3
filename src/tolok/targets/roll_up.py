"""Targets of longer periods and wider scopes: what they add up to, and where the parts do not make the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from tolok.kpis.additive import BOTH, Additive
from tolok.targets.scope import Scope
from tolok.targets.target import Target

How = Literal["set", "sum", "share", "copied", "mean", "none"]
ParentOf = Callable[[Scope, date], Scope | None]
"""The scope above a scope on a day: the team of a rep, the team above a team, the company above it; None above that."""

_CLASSES = ((1, 1), (7, 2), (35, 3), (98, 4), (190, 5))


@dataclass(frozen=True)
class RolledUp:
    """The target of a stretch of days: its value, how it came about, from which targets, and the days they cover."""

    value: Decimal | None
    how: How
    parts: tuple[Target, ...] = ()
    days: int = 0
    of_days: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether every day of the stretch has a target."""
        return self.days == self.of_days


@dataclass(frozen=True)
class Gap:
    """A target beside what its parts add up to; ``gap`` is what the parts lack, negative where they exceed it."""

    parent: Target
    parts: tuple[tuple[Scope, Decimal], ...]
    without: tuple[Scope, ...] = ()

    @property
    def together(self) -> Decimal:
        """What the parts add up to."""
        return sum((value for _, value in self.parts), Decimal(0))

    @property
    def gap(self) -> Decimal:
        """What the parts lack."""
        return self.parent.value - self.together


def length_class(days: int) -> int:
    """1 day, 2 week, 3 month, 4 quarter, 5 half, 6 year."""
    return next((number for limit, number in _CLASSES if days <= limit), 6)


def rolled_up(targets: Iterable[Target], start: date, end: date, additive: Additive = BOTH) -> RolledUp:
    """The target of a stretch of days out of the targets of one KPI and scope.

    The stretch's own length is taken first, then the longest that is shorter (months for a quarter), then the
    shortest that is longer, by days; a target never counts beside one that it overlaps. What does not add up over
    time is copied down, and averaged by days where its parts differ.
    """
    asked = length_class((end - start).days + 1)
    near = [target for target in targets if target.start <= end and target.end >= start]
    chosen: list[Target] = []
    for target in sorted(near, key=lambda one: (_preference(one, asked), one.start, -one.version)):
        if not any(target.start <= other.end and target.end >= other.start for other in chosen):
            chosen.append(target)
    chosen.sort(key=lambda one: one.start)
    of_days = (end - start).days + 1
    if not chosen:
        return RolledUp(None, "none", (), 0, of_days)
    shared = [(min(one.end, end) - max(one.start, start)).days + 1 for one in chosen]
    days = sum(shared)
    if len(chosen) == 1 and (chosen[0].start, chosen[0].end) == (start, end):
        return RolledUp(chosen[0].value, "set", tuple(chosen), days, of_days)
    if not additive.over_time:
        values = {one.value for one in chosen}
        if len(values) == 1:
            return RolledUp(values.pop(), "copied", tuple(chosen), days, of_days)
        mean = sum((one.value * part for one, part in zip(chosen, shared, strict=True)), Decimal(0)) / days
        return RolledUp(mean, "mean", tuple(chosen), days, of_days)
    value = sum(
        (
            one.value if part == one.days else one.value * part / one.days
            for one, part in zip(chosen, shared, strict=True)
        ),
        Decimal(0),
    )
    whole = all(part == one.days for one, part in zip(chosen, shared, strict=True))
    return RolledUp(value, "sum" if whole else "share", tuple(chosen), days, of_days)


def gaps(
    targets: Sequence[Target], parent_of: ParentOf, additive: Additive = BOTH, known: Iterable[Scope] = ()
) -> tuple[Gap, ...]:
    """Per target of a KPI that adds up over the organisation, its parts: the targets of the scopes right below it.

    ``known`` are the scopes that exist, so that those without a target are named. A target without any part below it
    has no gap: nobody has shared it out yet.
    """
    if not additive.over_scope:
        return ()
    found = []
    by_scope: dict[tuple[str, Scope], list[Target]] = {}
    for target in targets:
        by_scope.setdefault((target.kpi, target.scope), []).append(target)
    exist = list(known)
    for parent in targets:
        parts = []
        for kpi, scope in sorted(by_scope):
            if kpi != parent.kpi or scope == parent.scope:
                continue
            own = [
                target
                for target in by_scope[kpi, scope]
                if target.start <= parent.end
                and target.end >= parent.start
                and parent_of(scope, max(target.start, parent.start)) == parent.scope
            ]
            rolled = rolled_up(own, parent.start, parent.end, additive)
            if rolled.value is not None:
                parts.append((scope, rolled.value))
        if parts:
            have = {scope for scope, _ in parts}
            missing = tuple(
                scope for scope in exist if scope not in have and parent_of(scope, parent.start) == parent.scope
            )
            found.append(Gap(parent, tuple(parts), missing))
    return tuple(found)


def _preference(target: Target, asked: int) -> int:
    own = length_class(target.days)
    return 0 if own == asked else asked - own if own < asked else own + 100

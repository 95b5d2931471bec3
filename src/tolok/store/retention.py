"""Which snapshots are kept: the latest ones, and the last one of each month for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Retention:
    """Keep the ``last`` so many snapshots, and the last one of each of the latest ``months`` months that have any."""

    last: int = 30
    months: int = 24


def kept(published: Sequence[tuple[str, datetime]], rule: Retention) -> set[str]:
    """The ids to keep of all snapshots, oldest first. The current one is always among them.

    >>> days = [("1", datetime(2026, 1, 5)), ("2", datetime(2026, 1, 9)), ("3", datetime(2026, 2, 1))]
    >>> sorted(kept(days, Retention(last=1, months=2)))
    ['2', '3']
    """
    keep = {name for name, _ in published[-max(rule.last, 1) :]}
    by_month: dict[tuple[int, int], str] = {}
    for name, at in published:
        by_month[(at.year, at.month)] = name
    latest_months = sorted(by_month)[-rule.months :] if rule.months > 0 else []
    return keep | {by_month[month] for month in latest_months}

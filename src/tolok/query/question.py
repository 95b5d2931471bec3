"""What somebody asks: which KPIs, over which time, by what, for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "year", "total"]
Comparison = Literal["", "previous", "last-year", "target"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year", "total")
COMPARISONS: tuple[Comparison, ...] = ("previous", "last-year", "target")


@dataclass(frozen=True)
class Viewer:
    """Whose eyes the answer is for. ``reps`` of None sees everything; else only rows of these reps.

    ``rows_owned_now`` adds rows that these reps own today although another made them (access differs from
    attribution). Rows without an owner are seen only by who sees everything.
    """

    name: str = "everything"
    reps: frozenset[str] | None = None
    rows_owned_now: bool = True


EVERYTHING = Viewer()


@dataclass(frozen=True)
class Filter:
    """A dimension, column or path, and the values (names or ids) that rows must have one of."""

    column: str
    values: tuple[str, ...]
    exclude: bool = False


@dataclass(frozen=True)
class Question:
    """A question to a workspace. ``start`` and ``end`` are inclusive; None means where the data begins and ends.

    ``rolling`` turns each period into the window of so many days (or months) that ends with it.
    ``variants`` chooses per KPI id; ``variant`` for all KPIs that have one of that name.
    """

    kpis: tuple[str, ...]
    grain: Grain = "total"
    start: date | None = None
    end: date | None = None
    by: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    compare: Comparison = ""
    variant: str = ""
    variants: dict[str, str] = field(default_factory=dict)
    rolling_days: int = 0
    rolling_months: int = 0
    viewer: Viewer = EVERYTHING

"""What somebody asks: which KPIs, over which time, by what, for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tolok.errors import QuestionError

Grain = Literal["day", "week", "month", "quarter", "year", "total"]
Comparison = Literal["", "previous", "last-year", "target"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "year", "total")
COMPARISONS: tuple[Comparison, ...] = ("previous", "last-year", "target")


@dataclass(frozen=True)
class Led:
    """A stretch of time in which somebody led a rep; ``until_on`` is the first day after it, None while it lasts."""

    rep: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True)
class Viewer:
    """Whose eyes the answer is for. ``reps`` of None sees everything; else only rows of these reps.

    ``rows_owned_now`` adds rows that these reps own today although another made them (access differs from
    attribution). Rows without an owner are seen only by who sees everything. ``led`` adds rows of the time in which
    the viewer led a rep. ``teams`` are those that the viewer leads: what was planned for them is the viewer's.
    """

    name: str = "everything"
    reps: frozenset[str] | None = None
    rows_owned_now: bool = True
    led: tuple[Led, ...] = ()
    teams: frozenset[str] = frozenset()


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
    ``only_targets`` leaves the figures out, where ``compare`` is "target" and only what was planned is wanted.
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
    only_targets: bool = False


def filters(written: Iterable[str]) -> tuple[Filter, ...]:
    """Conditions as people write them: ``region=West`` keeps, ``region!=West`` leaves out; several of one are any of them.

    >>> filters(["region=West", "region=East", "status!=lost"])[0]
    Filter(column='region', values=('West', 'East'), exclude=False)
    """
    kept: dict[tuple[str, bool], list[str]] = {}
    for item in written:
        name, sign, value = item.partition("=")
        if not sign or not name.strip("! "):
            raise QuestionError(f"{item!r} is no condition.", next_step="Write it as region=West or region!=West.")
        kept.setdefault((name.rstrip("!").strip(), name.endswith("!")), []).append(value)
    return tuple(Filter(name, tuple(values), exclude) for (name, exclude), values in kept.items())


def rolling_window(written: str) -> tuple[int, int]:
    """Days and months of a window as people write it; (0, 0) for none.

    >>> rolling_window("90d"), rolling_window("12m"), rolling_window("")
    ((90, 0), (0, 12), (0, 0))
    """
    if not written:
        return 0, 0
    number, unit = written[:-1], written[-1]
    if unit not in "dm" or not number.isdigit() or int(number) == 0:
        raise QuestionError(f"{written!r} is no window.", next_step="Write 90d for days or 12m for months.")
    return (int(number), 0) if unit == "d" else (0, int(number))

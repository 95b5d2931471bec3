"""The exact parts that an engine returns for a measure, and how they become its number.

Engines disagree on division, so they only add up, count and rank; everything else happens here, on whole columns.
A part is a column of the grid (members × slots); NaN means that there is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tolok.kpis.definition import Measure

Floats = npt.NDArray[np.float64]
PartType = Literal["count", "decimal", "double"]
HOLLOW = "_hollow_"
"""Ends the name of a part that is 1 where the rows of one value of ``each`` add up to nothing."""
SQL_TYPE: dict[PartType, str] = {"count": "bigint", "decimal": "decimal(38,4)", "double": "double"}


@dataclass(frozen=True)
class Part:
    """One column of the grid."""

    name: str
    type: PartType


@dataclass(frozen=True)
class Figure:
    """A measure in the grid: its number and how many rows it rests on. Arrays are members × slots."""

    value: Floats
    count: Floats


def finish(measure: Measure, parts: dict[str, Floats], name: str) -> Figure:
    """Put a measure's parts together: a mean is its sum over its count, hours are seconds over 3,600."""
    number = parts[f"{name}_v"]
    rows = parts[f"{name}_n"]
    averaged = measure.aggregate == "mean" or (measure.aggregate == "observed" and measure.name.endswith("_of_members"))
    if averaged:
        with np.errstate(divide="ignore", invalid="ignore"):
            number = np.where(parts[f"{name}_k"] > 0, number / parts[f"{name}_k"], np.nan)
    if measure.span is not None and measure.span.unit == "hours":
        number = number / 3600.0
    for column in measure.same:
        number = np.where(parts[f"{name}_same_{column}"] > 1, np.nan, number)
    for part, silent in parts.items():
        if part.startswith(f"{name}{HOLLOW}"):
            number = np.where(silent > 0, np.nan, number)
    return Figure(number, rows)


def is_additive(measure: Measure) -> bool:
    """Whether the measure over a union of rows is the sum of the measures over its pieces."""
    return measure.aggregate in ("count", "sum", "mean") and measure.per is None and not (measure.same or measure.each)


def zero_when_empty(measure: Measure) -> bool:
    """Counting nothing gives 0; a mean, a median or the last value of nothing gives no answer."""
    if measure.fact == "observations" and measure.name == "measured":
        return False  # what was not observed is unknown
    return measure.aggregate in ("count", "distinct") or (measure.aggregate == "sum" and not measure.same)

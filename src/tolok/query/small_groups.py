"""What people answered in surveys: never one by one, and never so few that one can be told from the figure.

A figure that rests on fewer answers than the organisation says has no answer. Where one member alone would be left out
and another figure of the same period would give it away by subtraction, the smallest of the others is left out too.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tolok.kpis.definition import Definition
from tolok.query.compile import Result
from tolok.query.sides import chosen_body, sides

CLOSED = {"answers": "answers of surveys are not shown one by one"}
"""Facts whose rows nobody opens, and the sentence that says so."""


def asks_people(definition: Definition, variant: str, catalogue: dict[str, Definition]) -> bool:
    """Whether a KPI rests on answers of surveys."""
    body, dated = chosen_body(definition, variant)
    return any(measure.fact in CLOSED for _, measure in sides(body, dated, catalogue))


def without_small_groups(result: Result, least: int) -> tuple[Result, bool]:
    """A result without the figures that rest on fewer than ``least`` answers, and whether any was left out."""
    small = (result.count > 0) & (result.count < least)
    for column in range(small.shape[1]):
        hidden = small[:, column]
        others = (result.count[:, column] > 0) & ~hidden
        if hidden.any() and others.any() and result.count[hidden, column].sum() < least:
            smallest = np.where(others, result.count[:, column], np.inf).argmin()
            small[smallest, column] = True
    if not small.any():
        return result, False
    blank = {name: np.where(small, np.nan, getattr(result, name)) for name in ("value", "of", "over")}
    return replace(result, **blank), True

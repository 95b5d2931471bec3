"""What a cell looks like: a number, a date, or words. Only enough to tell headers and totals from data."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["blank", "number", "date", "text"]

NUMBER = re.compile(
    r"[(\s]*[-+−]?\s*(?:[A-Z]{3}\s?|Rp\.?\s?|[^\w\s.,()+-]{1,3}\s?)?[-+−]?\d[\d.,' \u00a0\u202f]*(?:[eE][-+]?\d+)?"
    r"\s*(?:%|[^\w\s.,()]{1,2}|[A-Z]{3})?[)\s]*"
)
DATE = re.compile(
    r"\s*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[\s-]\w{3,10}\.?,?[\s-]\d{2,4}"
    r"|[A-Z]\w{2,8}\.?\s\d{1,2},?\s\d{4})(?:[T\s,]+\d{1,2}[:.]\d{2}.{0,22})?\s*"
)
YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d{2}(?:[-/ ]?(?:Q[1-4]|H[12]|0?[1-9]|1[0-2]))?")


def kind(cell: str) -> Kind:
    """What a cell looks like.

    >>> [kind(cell) for cell in ("", "Rp 1.500.000,00", "2017-03-01", "Won", "31 Des 2026")]
    ['blank', 'number', 'date', 'text', 'date']
    """
    text = cell.strip()
    if not text:
        return "blank"
    if len(text) > 60:
        return "text"
    if DATE.fullmatch(text):
        return "date"
    return "number" if NUMBER.fullmatch(text) else "text"


def is_period(cell: str) -> bool:
    """Whether a cell names a year, or a year and its part, as headings of plans do."""
    return YEAR.fullmatch(cell.strip()) is not None

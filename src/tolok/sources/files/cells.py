"""A spreadsheet cell as text: dates as ISO, numbers without the artefacts of floating point."""

from __future__ import annotations

import datetime
from decimal import Decimal

Mark = str  # "d" date, "n" number, "b" boolean, "t" text, "" blank
EXACT = 1e15


def cell_text(value: object) -> tuple[str, Mark]:
    """What a cell says, and what it is.

    >>> cell_text(45000.0), cell_text(0.1 + 0.2), cell_text(datetime.date(2024, 1, 2))
    (('45000', 'n'), ('0.3', 'n'), ('2024-01-02', 'd'))
    """
    if isinstance(value, str):
        return (value, "t") if value and not value.isspace() else ("", "")
    if isinstance(value, bool):
        return ("true" if value else "false"), "b"
    if isinstance(value, (int, float)):
        return number_text(value), "n"
    if isinstance(value, datetime.datetime):
        return _instant_text(value), "d"
    if isinstance(value, datetime.date):
        return value.isoformat(), "d"
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        sign = "-" if seconds < 0 else ""
        minutes, rest = divmod(abs(seconds), 60)
        return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}:{rest:02d}", "t"
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="seconds"), "t"
    return ("", "") if value is None else (str(value), "t")


def number_text(value: float) -> str:
    """A number in plain digits, to the fifteen places that a spreadsheet keeps."""
    if isinstance(value, int) or (value == int(value) and abs(value) < EXACT if abs(value) < float("inf") else False):
        return str(int(value))
    if value != value or abs(value) == float("inf"):
        return ""
    return f"{Decimal(repr(value) if abs(value) >= EXACT else f'{value:.15g}'):f}"


def is_rounded(value: object) -> bool:
    """Whether a number is too long for a spreadsheet to have kept all its digits, as long ids are."""
    return isinstance(value, float) and EXACT <= abs(value) < 1e21 and value == int(value)


def _instant_text(value: datetime.datetime) -> str:
    """A time of day to the second; what is off by less than a millisecond is the format's rounding."""
    if value.microsecond:
        near = value + datetime.timedelta(microseconds=500)
        value = near.replace(microsecond=near.microsecond // 1000 * 1000)
    if not (value.hour or value.minute or value.second or value.microsecond):
        return value.date().isoformat()
    return value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond else "seconds")

"""Dates in two columns, the year and the month, read as one."""

from __future__ import annotations

from dataclasses import replace

from tolok.sources.headings import normal
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import MONTHS, plain

DATED = {
    "targets": "from_on",
    "observations": "on",
    "costs": "spent_on",
    "orders": "ordered_on",
    "exchange_rates": "on",
}
"""Facts that are often kept by month, and the column that the month dates."""

_YEARS = frozenset(["year", "tahun", "thn", "ano", "annee", "jahr", "anno", "jaar", "fiscal year", "exercice", "yr"])
_MONTHS = frozenset(
    ["month", "bulan", "bln", "mes", "mois", "monat", "mese", "maand", "month no", "month name", "month number"]
)


def joined(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The mapping with year and month as one date, where the fact has no fuller one."""
    to = DATED.get(mapping.fact)
    year = next((c for c in reading.columns if normal(c.header) in _YEARS and _within(c, 1950, 2100)), None)
    month = next((c for c in reading.columns if normal(c.header) in _MONTHS and _month_form(c)), None)
    if to is None or year is None or month is None:
        return mapping
    dated = mapping.column(to)
    if dated is not None and dated.header not in (year.header, month.header):
        return mapping
    both = ColumnMapping(
        month.header, to, parse="date", format=f"{_month_form(month)} %Y", joined=(year.header,), why="month and year",
        samples=month.samples[:3],
    )  # fmt: skip
    rest = tuple(c for c in mapping.columns if c.header not in (year.header, month.header))
    return replace(mapping, columns=(*rest, both))


def _within(column: Figures, low: int, high: int) -> bool:
    whole = column.filled > 0 and column.numbers == column.filled
    return whole and column.low is not None and column.high is not None and low <= column.low and column.high <= high


def _month_form(column: Figures) -> str:
    """How a column writes months: as words, as numbers, or not at all."""
    if _within(column, 1, 12):
        return "%m"
    named = column.words and all(plain(word).rstrip(".") in MONTHS for word in column.words)
    return "%b" if named else ""

"""Amounts that the source has converted itself: taken where the original ones are in other currencies than the workspace's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tolok.model import FACTS
from tolok.sources.headings import normal
from tolok.sources.recognise.tables import Assigned
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import plain

_CONVERTED = re.compile(
    r"convert|konver|umgerechnet|omgerekend|dikonversi|company currency|home currency|base currency|in firmenwahrung|換算"
)
_CURRENCY = re.compile(r"currency|wahrung|divisa|moneda|moeda|devise|valuta|mata uang|通貨")


def converted(reading: TableReading, fact: str, assigned: Sequence[Assigned]) -> list[Assigned]:
    """The columns with an amount and its currency changed for the converted ones, which are all in the workspace's own.

    A report of an organisation with several currencies has “Amount Currency”, “Amount”, “Amount (converted) Currency” and
    “Amount (converted)”.
    """
    currency = next((item for item in assigned if item.to == "currency"), None)
    if currency is None or not (set(currency.figures.words) - {reading.currency}):
        return list(assigned)
    done = []
    for item in assigned:
        target = FACTS[fact].column(item.to)
        twin = _twin(reading, item.figures) if target is not None and target.type == "money" else None
        code = _currency_of(reading, twin) if twin is not None else None
        if twin is None or code is None:
            done.append(item)
            continue
        done = [replace(other, figures=code) if other.to == "currency" else other for other in done]
        done.append(replace(item, figures=twin, why=f"converted to {reading.currency} by the source"))
        assigned = [replace(other, figures=code) if other.to == "currency" else other for other in assigned]
        currency = replace(currency, figures=code)
    return [currency if item.to == "currency" else item for item in done]


def _twin(reading: TableReading, figures: Figures) -> Figures | None:
    """The column of the same name that says in brackets, or behind it, that it was converted."""
    own = plain(figures.header)
    if _CONVERTED.search(own):
        return None
    for column in reading.columns:
        said = plain(column.header)
        if column is not figures and said.startswith(own) and _CONVERTED.search(said) and not _CURRENCY.search(said):
            return column
    return None


def _currency_of(reading: TableReading, twin: Figures) -> Figures | None:
    """The column with the currency of a converted amount, where that is the workspace's own throughout."""
    for column in reading.columns:
        said = plain(column.header)
        near = normal(twin.header) in normal(column.header) and abs(column.index - twin.index) == 1
        if near and _CONVERTED.search(said) and set(column.words) == {reading.currency}:
            return column
    return None

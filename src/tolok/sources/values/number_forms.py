"""Whether a column writes its decimals with a dot or a comma, told from the shapes of all its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tolok.sources.values.figures import Figures
from tolok.sources.values.numbers import pattern
from tolok.sources.values.words import SYMBOLS, UNITS

COMMA_CURRENCIES = frozenset(
    [
        "IDR",
        "EUR",
        "BRL",
        "ARS",
        "CLP",
        "COP",
        "DKK",
        "NOK",
        "SEK",
        "PLN",
        "CZK",
        "HUF",
        "RON",
        "TRY",
        "VND",
        "RUB",
        "UAH",
        "BGN",
        "UYU",
        "PYG",
    ]
)
"""Currencies of countries that write 1.234,50."""

_WIDE_SPACES = "\u00a0\u2007\u2009\u202f"
_SHAPE = {mark: re.compile(pattern(mark).replace(r"\x{a0}\x{2007}\x{2009}\x{202f}", _WIDE_SPACES)) for mark in ".,"}
_CORE = re.compile(r"0[0.,'’\s\u00a0\u2007\u2009\u202f]*")


@dataclass(frozen=True)
class NumberForm:
    """How a column writes numbers: the decimal mark, the share of cells that are numbers, and how sure that is.

    ``votes`` are the cells that prove a decimal dot and a decimal comma; ``unsure`` is the mark ("." or ",") that
    stands before exactly three digits in cells that prove nothing.
    """

    share: float
    decimal: str = "."
    votes: tuple[int, int] = (0, 0)
    unsure: str = ""
    percent: bool = False
    fractions: bool = False
    symbol: str = ""
    mixed_symbols: bool = False
    unit: bool = False


def find(column: Figures) -> NumberForm:
    """The number form of a column from its shapes; a decimal dot where nothing else shows."""
    dots = commas = readable = percent = units = 0
    unsure: dict[str, int] = {".": 0, ",": 0}
    symbols: dict[str, int] = {}
    for shape, count in column.shapes.items():
        if not (_SHAPE["."].fullmatch(shape) or _SHAPE[","].fullmatch(shape)):
            continue
        readable += count
        percent += count if "%" in shape else 0
        letters = re.sub(r"[0-9.,'’()%+\-−–\s\u00a0\u2007\u2009\u202f]", " ", shape).split()
        for word in letters:
            if word.casefold() in UNITS:
                units += count
            elif (len(word) == 3 and word.isalpha()) or any(word.casefold() == s.casefold() for s in SYMBOLS):
                symbols[word] = symbols.get(word, 0) + count
        core = _CORE.search(re.sub(r"(?i)rp\.", "Rp", shape))
        vote = _vote(core[0].rstrip(" ,.'") if core else "")
        if vote == ".":
            dots += count
        elif vote == ",":
            commas += count
        elif vote:
            unsure[vote[1]] += count
    decimal = "." if dots >= commas else ","
    open_mark = max(unsure, key=lambda mark: unsure[mark]) if not dots and not commas and any(unsure.values()) else ""
    only_fractions = (
        column.low is not None and column.high is not None and column.low >= 0 and column.high <= 1 and dots > 0
    )
    return NumberForm(
        share=column.share(readable),
        decimal=decimal,
        votes=(dots, commas),
        unsure=open_mark,
        percent=percent > 0,
        fractions=only_fractions and not percent,
        symbol=max(symbols, key=lambda s: symbols[s]) if symbols else "",
        mixed_symbols=len({s.casefold() for s in symbols}) > 1,
        unit=units > 0,
    )


def _vote(core: str) -> str:
    """The decimal mark that one shape proves; "?." or "?," where one mark stands before exactly three digits.

    >>> _vote("0.000,00"), _vote("0,000,000"), _vote("00.0"), _vote("0.000"), _vote("0000.000"), _vote("000")
    (',', '.', '.', '?.', '.', '')
    """
    dots, commas = core.count("."), core.count(",")
    if dots and commas:
        return "." if core.rfind(".") > core.rfind(",") else ","
    if not dots and not commas:
        return ""
    mark, other = (".", ",") if dots else (",", ".")
    if dots + commas > 1:
        return other
    before, after = core.split(mark)
    digits = re.sub(r"\D", "", before)
    if len(after) != 3 or len(digits) > 3 or not digits or digits != before:
        return mark
    return "?" + mark

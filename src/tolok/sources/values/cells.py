"""A cell before it is understood: trimmed, and null where it says that there is nothing.

DuckDB computes an expression that stands twice in a statement once for every row, also where a CASE would spare it. So
what only odd cells need is written once, in a lambda, and costs nothing where no cell is odd.
"""

from __future__ import annotations

import re
from functools import cache

from tolok.sources.values.quoting import literal
from tolok.sources.values.words import BLANKS, NOTHING


def trimmed(source: str) -> str:
    """The cell without surrounding blanks of any kind."""
    return f"CASE WHEN {_framed(source)} THEN trim({source}, {literal(BLANKS)}) ELSE {source} END"


def present(source: str) -> str:
    """True where the cell says something."""
    return f"({cleaned(source)} IS NOT NULL)"


def cleaned(source: str) -> str:
    """The trimmed cell, null where it says nothing."""
    odd = f"{_framed(source)} OR {_says_nothing(source)}"
    said = f"CASE WHEN cell <> '' AND NOT {_says_nothing('cell')} THEN cell END"
    return only_where(odd, source, said, given=f"trim({source}, {literal(BLANKS)})")


def only_where(condition: str, source: str, otherwise: str, *, given: str = "") -> str:
    """The source as it is, but where the condition holds an expression over ``cell``, computed for those rows only."""
    cell = given or source
    return f"CASE WHEN {condition} THEN list_transform([{cell}], lambda cell: {otherwise})[1] ELSE {source} END"


def _says_nothing(source: str) -> str:
    """True for the words for nothing. One pattern, not a list: a node for each word takes memory in each thread.

    Whether a cell begins as one of them is told by comparisons, at a quarter of what the pattern costs.
    """
    begins = " OR ".join(f"({source} >= {literal(low)} AND {source} < {literal(high)})" for low, high in _beginnings())
    first = literal(_beginnings()[0][0])  # takes blank cells out before the rest is looked at
    return f"({source} >= {first} AND ({begins}) AND regexp_full_match({source}, {literal('|'.join(map(re.escape, NOTHING)))}))"


@cache
def _beginnings() -> tuple[tuple[str, str], ...]:
    """The first letters of the words for nothing, as ranges in the order of bytes."""
    letters = sorted({word[0] for word in NOTHING})
    return tuple((letter, chr(ord(letter) + 1)) for letter in letters)


def _framed(source: str) -> str:
    """True where the cell may begin or end with a blank: trimming by a set of letters costs five times as much."""
    return f"({source} < '!' OR {source} >= '\x7f' OR ({source})[-1] NOT BETWEEN '!' AND '~')"

"""A cell before it is understood: trimmed, and null where it says that there is nothing."""

from __future__ import annotations

from tolok.sources.values.quoting import literal, literals
from tolok.sources.values.words import BLANKS, NOTHING


def trimmed(source: str) -> str:
    """The cell without surrounding blanks of any kind."""
    return f"trim({source}, {literal(BLANKS)})"


def present(source: str) -> str:
    """True where the cell says something."""
    return f"(coalesce({trimmed(source)}, '') NOT IN ('', {literals(NOTHING)}))"


def cleaned(source: str) -> str:
    """The trimmed cell, null where it says nothing."""
    return f"CASE WHEN {present(source)} THEN {trimmed(source)} END"

"""What a source's words mean in the closed lists of the model."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from tolok.model import Column
from tolok.sources.headings import normal


@cache
def _declared() -> dict[tuple[str, str], dict[str, str]]:
    text = resources.files("tolok.sources.recognise").joinpath("choices.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, str], dict[str, str]] = {}
    for fact, columns in tomllib.loads(text).items():
        for column, values in columns.items():
            words: dict[str, str] = {}
            for value, spelled in values.items():
                for word in (value, *spelled):
                    words.setdefault(normal(word), value)
            found[fact, column] = words
    return found


def meaning_of(word: str, fact: str, column: Column) -> str:
    """The word of the model that a word of the source stands for, or "" where it is not known.

    >>> from tolok.model import FACTS
    >>> meaning_of("Kunjungan", "activities", FACTS["activities"].column("kind"))
    'visit'
    """
    text = normal(word)
    words = _declared().get((fact, column.name), {})
    if text in words:
        return words[text]
    if text in column.values:
        return text
    return _said_within(text, column.name) if fact == "orders" and column.name == "status" else ""


def _said_within(text: str, column: str) -> str:
    """What a longer phrase says of an order by one of its words: “dibatalkan penjual”, “transaksi selesai”.

    A word that takes the order back prevails, a word that says no turns what follows it into a draft.
    """
    tokens = text.split()
    said = {_declared()["orders", column].get(token, "") for token in tokens if token not in _ALSO_OTHERWISE}
    if "cancelled" in said:
        return "cancelled"
    if {"draft", *_NOT_YET} & {*said, *tokens}:
        return "draft"
    return "confirmed" if "confirmed" in said else ""


_NOT_YET = frozenset(
    ["not", "belum", "tidak", "nicht", "no", "nao", "non", "pas", "niet", "un", "menunggu", "awaiting", "waiting"]
)
_ALSO_OTHERWISE = frozenset(["new", "open", "sale", "sent", "in", "process", "closed", "failed", "concept", "received"])

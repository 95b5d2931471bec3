"""Whether a word says that a deal is won, lost or open, in any of the languages known."""

from __future__ import annotations

from functools import cache

from tolok.sources.values.words import LOST, OPEN, WON, plain

_SURE = {
    "lost": frozenset(
        ["lost", "kalah", "gagal", "batal", "perdida", "perdido", "verloren", "perdu", "perdue", "perso", "persa"]
    ),
    "won": frozenset(
        [
            "won",
            "menang",
            "berhasil",
            "ganada",
            "ganado",
            "ganha",
            "ganho",
            "gewonnen",
            "gagne",
            "gagnee",
            "vinto",
            "vinta",
        ]
    ),
}
_NOT = frozenset(["not", "reason", "nicht", "no", "tidak", "belum", "likely"])


@cache
def outcome_of(word: str) -> str:
    """won, lost or open where a word says so, "" where it does not.

    >>> outcome_of("Closed Won"), outcome_of("5 - Verloren"), outcome_of("Menang"), outcome_of("Qualification")
    ('won', 'lost', 'won', '')
    """
    text = " ".join("".join(letter if letter.isalnum() else " " for letter in plain(word)).split())
    bare = " ".join(token for token in text.split() if not token.isdigit())
    for outcome, words in (("won", WON), ("lost", LOST), ("open", OPEN)):
        if bare in words or text in words:
            return outcome
    tokens = set(bare.split())
    for outcome, marks in _SURE.items():
        if tokens & marks and not tokens & _NOT:
            return outcome
    return ""

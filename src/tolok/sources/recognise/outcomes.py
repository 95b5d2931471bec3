"""Whether a word says that a deal is won, lost or open, in any of the languages known."""

from __future__ import annotations

from functools import cache

from tolok.sources.values.words import LOST, OPEN, WON, plain

_WORDS = {"won": WON, "lost": LOST, "open": OPEN}
_KNOWN = {outcome: frozenset(map(plain, words)) for outcome, words in _WORDS.items()}
_SURE = {
    "lost": frozenset(
        [
            "lost",
            "kalah",
            "gagal",
            "batal",
            "perdida",
            "perdido",
            "perdidas",
            "perdidos",
            "verloren",
            "perdu",
            "perdue",
            "perdus",
            "perdues",
            "perso",
            "persa",
            "perse",
            "persi",
            "przegrana",
            "przegrane",
            "forlorad",
            "tabt",
        ]
    ),
    "won": frozenset(
        [
            "won",
            "menang",
            "berhasil",
            "ganada",
            "ganado",
            "ganadas",
            "ganados",
            "ganha",
            "ganho",
            "ganhas",
            "ganhos",
            "gewonnen",
            "gagne",
            "gagnee",
            "gagnes",
            "gagnees",
            "vinto",
            "vinta",
            "vinti",
            "vinte",
            "conquistata",
            "conquistato",
            "wygrana",
            "wygrane",
            "vunnen",
            "vundet",
        ]
    ),
}
_SIGNS = {"won": "✅☑✔🏆🎉👍🟢💚🥇💰", "lost": "❌✖❎👎🔴🚫💔⛔", "open": "⏳⌛🟡🔄🕐🔵🟠🟦⏰"}
"""Signs that stand alone in a cell."""
_NOT = frozenset(["not", "reason", "nicht", "no", "tidak", "belum", "likely", "not", "pas", "non", "niet", "nao"])


@cache
def outcome_of(word: str) -> str:
    """won, lost or open where a word says so, "" where it does not.

    >>> outcome_of("Closed Won"), outcome_of("5 - Verloren"), outcome_of("Menang"), outcome_of("Qualification")
    ('won', 'lost', 'won', '')
    """
    text = " ".join("".join(letter if letter.isalnum() else " " for letter in plain(word)).split())
    bare = " ".join(token for token in text.split() if not token.isdigit())
    if not text:
        return next((outcome for outcome, signs in _SIGNS.items() if any(sign in word for sign in signs)), "")
    for outcome, words in _KNOWN.items():
        if bare in words or text in words:
            return outcome
    tokens = set(bare.split())
    for outcome, marks in _SURE.items():
        if tokens & marks and not tokens & _NOT:
            return outcome
    return ""

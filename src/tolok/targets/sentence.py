"""A sentence in both languages, so that whoever reads it reads their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

Language = Literal["en", "id"]
Word = str | int | Callable[[str], str]
"""A word of a sentence: a text, a count, or what writes itself in a language (amounts, periods)."""


@dataclass(frozen=True)
class Sentence:
    """One thing said, in English and in Indonesian."""

    en: str
    id: str

    def to(self, language: str) -> str:
        """The sentence in a language; English where it is another one."""
        return self.id if language.startswith("id") else self.en

    def __str__(self) -> str:
        return self.en


def say(en: str, id: str, /, **words: Word) -> Sentence:
    """A sentence with its words filled in.

    >>> say("{n} reps", "{n} tenaga penjual", n=3).to("id")
    '3 tenaga penjual'
    """
    return Sentence(en.format(**_in("en", words)), id.format(**_in("id", words)))


def on(day: date) -> Callable[[str], str]:
    """A day as each language writes it.

    >>> on(date(2026, 8, 17))("en"), on(date(2026, 8, 17))("id")
    ('17 Aug 2026', '17 Agu 2026')
    """
    return lambda language: f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "id": ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
}


def _in(language: str, words: dict[str, Word]) -> dict[str, str]:
    return {name: word(language) if callable(word) else str(word) for name, word in words.items()}

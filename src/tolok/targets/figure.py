"""A figure as people write it in a form or a sentence: "1,5 M", "Rp 1.500.000", "30 %", "10 juta"; read exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tolok.kpis.definition import Unit
from tolok.money import shown_decimals
from tolok.sources.values.words import SYMBOLS, UNITS
from tolok.targets.sentence import Sentence, say

Kind = Literal["", "percent", "points", "days", "hours"]
MOST = Decimal("99999999999999")
"""More does not fit into a target."""

_SYMBOLS = sorted((*SYMBOLS, "IDR"), key=len, reverse=True)
_CURRENCY = "|".join(re.escape(symbol) for symbol in _SYMBOLS) + r"|(?-i:[A-Z]{3})\b"
_SCALES = "|".join(sorted(UNITS, key=len, reverse=True))
_KINDS: dict[str, Kind] = {
    "%": "percent", "percent": "percent", "per cent": "percent", "persen": "percent", "points": "points",
    "point": "points", "poin": "points", "pp": "points", "percentage points": "points", "percentage point": "points",
    "poin persen": "points", "days": "days", "day": "days", "hari": "days", "hours": "hours", "hour": "hours",
    "jam": "hours",
}  # fmt: skip
_KIND = "|".join(re.escape(word) for word in sorted(_KINDS, key=len, reverse=True))
_DIGITS = r"[0-9]+(?:[.,'’\u00a0 ][0-9]{3})*(?:[.,][0-9]+)?"
PATTERN = re.compile(
    rf"(?P<sign>[-−+]\s*)?(?P<before>(?:{_CURRENCY})\.?\s*)?(?P<sign2>[-−]\s*)?(?P<digits>{_DIGITS})"
    rf"(?:\s*(?P<scale>{_SCALES})(?![\w]))?\s*(?P<kind>(?:{_KIND})(?![\w]))?(?:\s*(?P<after>(?-i:[A-Z]{{3}})\b))?",
    re.IGNORECASE,
)

WORDS: dict[str, int] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
    "sepuluh": 10, "sebelas": 11, "seratus": 100,
}  # fmt: skip


UNIT_WORDS: dict[Unit, str] = {
    "money": "uang", "count": "jumlah", "percent": "persen", "days": "hari", "hours": "jam", "ratio": "rasio",
    "score": "skor",
}  # fmt: skip
"""How Indonesians call the units."""


@dataclass(frozen=True)
class Figure:
    """A number with what was written beside it."""

    value: Decimal
    kind: Kind = ""
    currency: str = ""


def written(found: re.Match[str], language: str = "en") -> Figure | None:
    """The figure of a match of :data:`PATTERN`; None where its digits cannot be told."""
    number = plain_number(found["digits"], language)
    if number is None:
        return None
    scale = (found["scale"] or "").lower()
    if scale:
        number *= 10**9 if scale == "m" and language.startswith("id") else UNITS[scale]
    if "-" in (sign := (found["sign"] or "") + (found["sign2"] or "")) or "−" in sign:
        number = -number
    symbol = (found["before"] or found["after"] or "").strip().rstrip(".")
    currency = SYMBOLS.get(symbol) or next((SYMBOLS[one] for one in SYMBOLS if one.lower() == symbol.lower()), "")
    kind = _KINDS.get((found["kind"] or "").lower(), "")
    return Figure(number, kind, currency or symbol.upper())


def plain_number(digits: str, language: str = "en") -> Decimal | None:
    """Digits with marks as a number; a mark before three last digits groups where the language writes it so.

    >>> [str(plain_number(text)) for text in ("1,500", "1.5", "1.500.000", "1,234.50")]
    ['1500', '1.5', '1500000', '1234.50']
    >>> [str(plain_number(text, "id")) for text in ("1.500", "1,5", "1.234,50")]
    ['1500', '1.5', '1234.50']
    """
    text = re.sub(r"['’\s\u00a0]", "", digits)
    marks = [mark for mark in text if mark in ".,"]
    if not marks:
        return Decimal(text)
    last = marks[-1]
    head, _, tail = text.rpartition(last)
    groups = "." if language.startswith("id") else ","
    grouped = all(len(part) == 3 for part in re.split("[.,]", text)[1:])
    several = len(marks) > 1 and set(marks) == {last}
    if several or (len(marks) == 1 and len(tail) == 3 and last == groups):
        return Decimal(text.replace(last, "")) if grouped else None
    if any(len(part) != 3 for part in re.split("[.,]", head)[1:]):
        return None
    return Decimal(f"{re.sub('[.,]', '', head)}.{tail}")


@dataclass(frozen=True)
class Read:
    """What a field held: its value and currency, or what is wrong with it."""

    value: Decimal | None = None
    currency: str = ""
    problem: Sentence | None = None


def read_value(text: str, unit: Unit, currency: str = "", language: str = "en", *, most: Decimal | None = None) -> Read:
    """The value of a target from a form or a file, by the KPI's unit; a problem where it cannot be one."""
    plain = text.strip()
    if not plain:
        return _refused("The target has no value.", "Target belum berisi nilai.")
    found = PATTERN.fullmatch(plain)
    figure = written(found, language) if found else None
    if figure is None:
        hint = WORDS.get(plain.lower())
        return _refused(
            "“{text}” is not a number{hint}.", "“{text}” bukan angka{anjuran}.",
            text=plain[:40],
            hint=f": write {hint}" if hint else "",
            anjuran=f": tulis {hint}" if hint else "",
        )  # fmt: skip
    if figure.value < 0:
        return _refused("A target cannot be negative: {text}.", "Target tidak boleh negatif: {text}.", text=plain[:40])
    if figure.value > MOST:
        return _refused("{text} is too large.", "{text} terlalu besar.", text=plain[:40])
    if most is not None and figure.value > most:
        return _refused("{text} is more than {n}.", "{text} lebih dari {n}.", text=plain[:40], n=f"{most:f} %")
    if figure.kind and figure.kind != unit:
        return _refused(
            "{text} is not in the unit of this KPI ({unit}).",
            "{text} bukan dalam satuan KPI ini ({satuan}).",
            text=plain[:40],
            unit=unit,
            satuan=UNIT_WORDS[unit],
        )
    if figure.currency and unit != "money":
        return _refused("This KPI is not money: {text}.", "KPI ini bukan uang: {text}.", text=plain[:40])
    if unit == "count" and figure.value != figure.value.to_integral_value():
        return _refused("{text} is not a whole number.", "{text} bukan bilangan bulat.", text=plain[:40])
    said = figure.currency or (currency if unit == "money" else "")
    decimals = max(shown_decimals(said) if said else 2, 2) if unit == "money" else 4
    if figure.value != round(figure.value, decimals):
        return _refused(
            "{text} has more decimals than can be kept ({n}).",
            "{text} memiliki lebih banyak desimal daripada yang dapat disimpan ({n}).",
            text=plain[:40],
            n=decimals,
        )
    return Read(figure.value, said)


def _refused(en: str, id: str, **words: str | int) -> Read:
    return Read(problem=say(en, id, **words))

"""What a sentence says about a target: which KPI, for whom, how much, by when; and what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from tolok.kpis.definition import Definition
from tolok.periods import Calendar, Grain
from tolok.targets.figure import PATTERN, WORDS, Figure, written
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.term import Term, read_term
from tolok.targets.vocabulary import Named, find

How = Literal["to", "by"]
Direction = Literal["", "up", "down"]

_UP = (
    "increase|raise|grow|boost|improve|lift|gain|expand|double|triple|naikkan|menaikkan|naik|tingkatkan|meningkatkan|"
    "tambah|menambah|tumbuhkan|tumbuh|dorong|perbaiki|memperbaiki|gandakan|menggandakan"
)
_DOWN = (
    "reduce|decrease|cut|lower|shorten|drop|shrink|halve|kurangi|mengurangi|turunkan|menurunkan|pangkas|memangkas|"
    "perpendek|persingkat|mempersingkat|tekan|menekan|potong|percepat|mempercepat"
)
_TO = r"to|at least|at most|of|reach|hit|menjadi|jadi|hingga|sampai|ke|mencapai|minimal|maksimal|setidaknya|under|below|di bawah"
_BY = r"by|sebesar|sebanyak|with"
_TIMES = {
    "double": Decimal(2), "gandakan": Decimal(2), "menggandakan": Decimal(2), "triple": Decimal(3), "halve": Decimal("0.5"),
}  # fmt: skip
_GRAINS: dict[str, Grain] = {
    "daily": "day", "harian": "day", "per day": "day", "per hari": "day", "weekly": "week", "mingguan": "week",
    "per week": "week", "a week": "week", "per minggu": "week", "monthly": "month", "bulanan": "month",
    "per month": "month", "a month": "month", "each month": "month", "every month": "month", "per bulan": "month",
    "setiap bulan": "month", "tiap bulan": "month", "sebulan": "month", "quarterly": "quarter", "kuartalan": "quarter",
    "per quarter": "quarter", "a quarter": "quarter", "per kuartal": "quarter", "yearly": "year", "annual": "year",
    "annually": "year", "tahunan": "year", "per year": "year", "a year": "year", "per tahun": "year", "setahun": "year",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """How much: a value to come to, or a difference; ``times`` multiplies what there was."""

    how: How
    figure: Figure
    times: Decimal | None = None


@dataclass(frozen=True)
class Reading:
    """A sentence as it was understood; what it does not say is None or empty."""

    text: str
    named: Named | None
    direction: Direction = ""
    change: Change | None = None
    term: Term | None = None
    grain: Grain | None = None
    scope: Scope = COMPANY
    scope_name: str = ""
    ambiguous: tuple[str, ...] = ()

    @property
    def kpi(self) -> str:
        """The id of the KPI, "" where none was named."""
        return self.named.kpi if self.named else ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """What it does not say: "kpi", "value", "term"."""
        missing = [("kpi", self.named), ("value", self.change), ("term", self.term)]
        return tuple(name for name, there in missing if there is None)


@dataclass(frozen=True)
class Members:
    """The scopes that a sentence may name, by dimension: ids and the names of them."""

    by_dimension: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read(
    text: str,
    definitions: Mapping[str, Definition],
    today: date,
    calendar: Calendar,
    *,
    members: Members | None = None,
    language: str = "en",
) -> Reading:
    """Understand a sentence in English or Indonesian, as far as it goes. Figures are read as the language writes them.

    >>> from tolok.kpis.load import catalogue
    >>> found = read("naikkan pendapatan bulanan 10 % kuartal depan", catalogue(), date(2026, 11, 23), Calendar())
    >>> found.kpi, found.grain, str(found.change.figure.value), str(found.term.end)
    ('revenue', 'month', '10', '2027-03-31')
    """
    sentence = " ".join(text.split())[:500]
    known = members or Members()
    scope, scope_name, ambiguous, rest = _scope(sentence, known, announced=True)
    named = find(rest, definitions)
    if named is not None:
        rest = _blank(rest, named.at)
    if not scope_name:
        scope, scope_name, ambiguous, rest = _scope(rest, known, announced=False)
    rest, grain = _grain(rest)
    term = read_term(rest, today, calendar)
    if term is not None:
        rest = _blank(rest, term.at)
    direction: Direction = ""
    verb = ""
    if found := re.search(rf"\b({_UP})\b", rest, re.IGNORECASE):
        direction, verb = "up", found[1].lower()
    elif found := re.search(rf"\b({_DOWN})\b", rest, re.IGNORECASE):
        direction, verb = "down", found[1].lower()
    change = _change(rest, direction, verb, language)
    return Reading(sentence, named, direction, change, term, grain, scope, scope_name, ambiguous)


def _change(rest: str, direction: Direction, verb: str, language: str) -> Change | None:
    candidates = []
    for found in PATTERN.finditer(rest):
        before = rest[: found.start()]
        if re.search(r"\w$", before):
            continue
        figure = written(found, language)
        if figure is not None:
            candidates.append((found, figure))
    if not candidates:
        spelled = re.search(
            rf"\b({'|'.join(WORDS)})\b\s*(%|percent|persen|points?|poin|days?|hari)?", rest, re.IGNORECASE
        )
        if spelled:
            again = PATTERN.fullmatch(f"{WORDS[spelled[1].lower()]} {spelled[2] or ''}".strip())
            figure = written(again, language) if again else None
            if figure:
                return Change(_how(rest[: spelled.start()], figure, direction), figure)
        return Change("to", Figure(Decimal(0)), _TIMES[verb]) if verb in _TIMES else None
    stated_from = [
        n for n, (found, _) in enumerate(candidates) if re.search(r"\b(from|dari)\s*$", rest[: found.start()])
    ]
    left = [item for n, item in enumerate(candidates) if n not in stated_from] or candidates
    found, figure = left[-1] if stated_from else left[0]
    how: How = "to" if stated_from else _how(rest[: found.start()], figure, direction)
    return Change(how, figure)


def _how(before: str, figure: Figure, direction: Direction) -> How:
    """Whether a figure is what to come to or a difference: by the word before it, else by the verb."""
    if re.search(rf"\b(?:{_BY})\s*$", before, re.IGNORECASE):
        return "by" if direction else "to"
    if re.search(rf"\b(?:{_TO})\s*$", before, re.IGNORECASE):
        return "to"
    return "by" if direction and (figure.kind in ("percent", "points") or figure.value < 0 or direction) else "to"


def _grain(text: str) -> tuple[str, Grain | None]:
    for words, grain in sorted(_GRAINS.items(), key=lambda item: -len(item[0])):
        if found := re.search(rf"\b{words}\b", text, re.IGNORECASE):
            if words in ("a month", "a week", "a quarter", "a year") and re.search(
                r"\b(in|within)\s+$", text[: found.start()]
            ):
                continue
            return _blank(text, found.span()), grain
    return text, None


def _scope(text: str, members: Members, *, announced: bool) -> tuple[Scope, str, tuple[str, ...], str]:
    """The part of the organisation that a sentence names: the longest name.

    ``announced`` takes only names with a word such as "team" before them, so that a team may be called "Sales". Else
    names of people, teams and regions count in any case, and others (a channel "Online") as they are written.
    """
    found: list[tuple[int, str, str, tuple[int, int]]] = []
    for dimension, names in members.by_dimension.items():
        flags = re.IGNORECASE if announced or dimension in ("rep", "team", "region") else 0
        for id_, name in names.items():
            if len(name) < 2 or name.casefold() not in text.casefold():
                continue
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags)
            if match and (not announced or _announced(text, match.start()) == dimension):
                found.append((len(name), dimension, id_, match.span()))
    if not found:
        return COMPANY, "", (), text
    longest = max(found)[0]
    best = [one for one in found if one[0] == longest]
    _, dimension, id_, span = best[0]
    name = text[span[0] : span[1]]
    others = tuple(f"{one[1]} {name}" for one in best[1:])
    return Scope.of({dimension: id_}), name, others, _blank(text, span)


def _announced(text: str, place: int) -> str:
    """The dimension that the word before a place announces, "" for none."""
    before = text[:place].lower()
    return next((name for name, word in _SCOPE_WORDS if re.search(rf"\b{word}\s*$", before)), "")


_SCOPE_WORDS = (
    ("team", r"(?:team|tim)"),
    ("rep", r"(?:rep|sales|salesperson|tenaga penjual)"),
    ("region", r"(?:region|wilayah|area)"),
    ("product", r"(?:product|produk)"),
    ("account", r"(?:customer|account|pelanggan)"),
    ("channel", r"(?:channel|saluran|kanal)"),
    ("category", r"(?:category|kategori)"),
    ("segment", r"(?:segment|segmen)"),
)


def _blank(text: str, span: tuple[int, int]) -> str:
    """The text without a stretch of it; the rest stays where it is."""
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]

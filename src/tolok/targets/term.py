"""A term: the stretch of time that a target is for, as people say it in English or Indonesian."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tolok.periods import Calendar, Grain, Period
from tolok.periods.calendar import months_later
from tolok.sources.values.words import MONTHS
from tolok.targets.figure import WORDS

_DAY = timedelta(days=1)
_GRAINS: dict[str, Grain] = {
    "day": "day", "days": "day", "hari": "day", "week": "week", "weeks": "week", "minggu": "week", "pekan": "week",
    "month": "month", "months": "month", "bulan": "month", "quarter": "quarter", "quarters": "quarter",
    "kuartal": "quarter", "triwulan": "quarter", "kwartal": "quarter", "year": "year", "years": "year", "tahun": "year",
}  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4,
}  # fmt: skip
_UNIT = "|".join(sorted(_GRAINS, key=len, reverse=True))
_MONTH = "|".join(sorted((name for name in MONTHS if len(name) > 2), key=len, reverse=True))
_NUMBER = r"\d{1,3}|" + "|".join(sorted(WORDS, key=len, reverse=True))
_BY = r"by|before|until|till|no later than|sebelum|sampai|hingga|paling lambat|selambatnya"
_IN = r"within|in|during|for|over|on|at|dalam|pada|di|selama|untuk|per"
_LEAD = rf"(?:(?P<lead>{_BY}|{_IN})\s+)?(?:the\s+)?"
_QUARTER = r"(?:q|kuartal|triwulan|kwartal|tw)\s?(?P<q>[1-4]|iv|iii|ii|i)"
_YEAR = r"(?P<y>20\d\d)"


@dataclass(frozen=True)
class Term:
    """First and last day. ``by`` says that it names a deadline: what must be so at its end, not all through it."""

    start: date
    end: date
    grain: Grain = "total"
    by: bool = False
    text: str = ""
    at: tuple[int, int] = (0, 0)  # where it stands in the sentence

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


Reader = Callable[[re.Match[str], date, Calendar], Term | None]


def read_term(text: str, today: date, calendar: Calendar) -> Term | None:
    """The first time named in a text, or None.

    >>> found = read_term("within the next quarter", date(2026, 11, 23), Calendar())
    >>> print(found.start, found.end)
    2027-01-01 2027-03-31
    >>> found = read_term("pada akhir tahun", date(2026, 11, 23), Calendar())
    >>> print(found.end, found.by)
    2026-12-31 True
    """
    low = text.lower()
    for pattern, reader in _PATTERNS:
        for found in pattern.finditer(low):
            term = reader(found, today, calendar)
            if term is None and reader in (_dated, _span):
                return None  # a date that does not exist: no part of it may pass for what was meant
            if term is not None:
                said = found["lead"] if "lead" in found.re.groupindex else ""
                by = term.by or bool(said and re.fullmatch(_BY, said))
                return replace(term, by=by, text=text[found.start() : found.end()].strip(), at=found.span())
    return None


def _whole(period: Period, *, by: bool = False) -> Term:
    return Term(period.start, period.end, period.grain, by)


def _dated(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    try:
        month = MONTHS[found["m"]] if found["m"].isalpha() else int(found["m"])
        day = date(int(found["y"]), month, int(found["d"]))
    except (ValueError, KeyError):
        return None
    return Term(min(today, day), day, "total", by=True)


def _span(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    try:
        start, end = date.fromisoformat(found["a"]), date.fromisoformat(found["b"])
    except ValueError:
        return None
    return Term(start, end) if start <= end else None


def _relative(found: re.Match[str], today: date, calendar: Calendar) -> Term:
    period = calendar.period_of(today, _GRAINS[found["u"]])
    steps = {"this": 0, "current": 0, "ini": 0, "berjalan": 0, "last": -1, "previous": -1, "lalu": -1, "kemarin": -1}
    return _whole(calendar.step(period, steps.get(found["w"], 1)))


def _counted(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    if not re.fullmatch(r"within|in|over|during|for|dalam|selama", found["lead"] or "") and not (
        found["ahead"] or found["later"]
    ):
        return None  # "45 days" alone is a length, not a time to come
    number = int(found["n"]) if found["n"].isdigit() else WORDS[found["n"]]
    grain = _GRAINS[found["u"]]
    if not number:
        return None
    if grain in ("day", "week"):
        return Term(today, today + timedelta(days=number * (7 if grain == "week" else 1)), by=False)
    months = number * {"month": 1, "quarter": 3, "year": 12}[grain]
    if months > 1200:
        return None
    return Term(today, months_later(today, months) - _DAY)


def _end_of_unit(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    grain = _GRAINS[found["u"]]
    if found["y"]:
        if grain != "year":
            return None
        return _whole(_year(int(found["y"]), calendar), by=True)
    period = calendar.period_of(today, grain)
    return _whole(calendar.step(period, 1) if found["w"] in ("next", "depan", "mendatang") else period, by=True)


def _end_of_year(found: re.Match[str], today: date, calendar: Calendar) -> Term:
    return _whole(_year(int(found["y"]), calendar), by=True)


def _quarter(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    said = found["q"]
    number = int(said) if said.isdigit() else _ROMAN.get(said) or _ORDINALS.get(said, 0)
    if not 1 <= number <= 4:
        return None
    year = _year(int(found["y"]), calendar) if found["y"] else calendar.period_of(today, "year")
    period = calendar.period_of(year.start, "quarter")
    period = calendar.step(period, number - 1)
    if not found["y"] and period.end < today:
        period = calendar.step(period, 4)
    return _whole(period, by=bool(found["e"]))


def _month(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    number = MONTHS.get(found["m"])
    if number is None or (found["m"] == "may" and not found["y"] and not found["lead"]):
        return None
    year = int(found["y"]) if found["y"] else today.year + (number < today.month)
    return _whole(calendar.period_of(date(year, number, 15), "month"), by=bool(found["e"]))


def _numbered_month(found: re.Match[str], today: date, calendar: Calendar) -> Term | None:
    if not 1 <= int(found["m"]) <= 12:
        return None
    return _whole(calendar.period_of(date(int(found["y"]), int(found["m"]), 15), "month"))


def _half(found: re.Match[str], today: date, calendar: Calendar) -> Term:
    year = _year(int(found["y"]), calendar) if found["y"] else calendar.period_of(today, "year")
    first = calendar.period_of(year.start, "quarter")
    first = calendar.step(first, 2) if found["h"] == "2" else first
    return Term(first.start, calendar.step(first, 1).end, "total")


def _named_year(found: re.Match[str], today: date, calendar: Calendar) -> Term:
    return _whole(_year(int(found["y"]), calendar))


def _year(year: int, calendar: Calendar) -> Period:
    """The fiscal year of a name: the one that most of the calendar year's namesake days belong to."""
    for day in (date(year, 6, 30), date(year, 12, 31), date(year, 1, 1), date(year + 1, 6, 30)):
        period = calendar.period_of(day, "year")
        if period.label.removeprefix("FY") == f"{year:04}":
            return period
    return calendar.period_of(date(year, 6, 30), "year")


_THIS = r"next|this|coming|upcoming|current|following|last|previous"
_INI = r"depan|berikutnya|mendatang|ini|berjalan|lalu|kemarin"
_END = r"(?P<e>(?:the\s+)?end\s+of\s+(?:the\s+)?|akhir\s+)?"
_PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"(?P<a>\d{4}-\d\d-\d\d)\s*(?:\.\.|to|–|sampai|s/d)\s*(?P<b>\d{4}-\d\d-\d\d)", _span),
        (rf"\b{_LEAD}(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)\b", _dated),
        (rf"\b{_LEAD}(?P<d>\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\.?,?\s+{_YEAR}\b", _dated),
        (rf"\b{_LEAD}(?P<m>{_MONTH})\.?\s+(?P<d>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}\b", _dated),
        (rf"\b{_LEAD}(?:end\s+of\s+(?:the\s+)?(?:(?P<w>{_THIS})\s+)?(?P<u>{_UNIT}))(?:\s+(?P<y>20\d\d))?\b", _end_of_unit),
        (rf"\b{_LEAD}akhir\s+(?P<u>{_UNIT})(?:\s+(?:(?P<w>{_INI})|(?P<y>20\d\d)))?\b", _end_of_unit),
        (rf"\b{_LEAD}(?:end\s+of|akhir)\s+{_YEAR}\b", _end_of_year),
        (rf"\b{_LEAD}{_END}{_QUARTER}(?:\s*(?:of|/|-|tahun)?\s*(?P<y>20\d\d))?\b", _quarter),
        (
            rf"\b{_LEAD}{_END}(?P<q>first|second|third|fourth|last)\s+quarter(?:\s+(?:of\s+)?{_YEAR})?\b",
            _quarter,
        ),
        (rf"\b{_LEAD}{_END}kuartal\s+(?P<q>pertama|kedua|ketiga|keempat)(?:\s+{_YEAR})?\b", _quarter),
        (rf"\b{_LEAD}(?:h|semester\s?|s)(?P<h>[12])(?:\s*/?\s*{_YEAR})?\b", _half),
        (rf"\b{_LEAD}(?P<ahead>next\s+|coming\s+)?(?P<n>{_NUMBER})\s+(?P<u>{_UNIT})(?P<later>\s+(?:ke\s?depan|mendatang|ahead))?\b",
         _counted),
        (rf"\b{_LEAD}(?P<w>{_THIS})\s+(?P<u>{_UNIT})\b", _relative),
        (rf"\b{_LEAD}(?P<u>{_UNIT})\s+(?P<w>{_INI})\b", _relative),
        (rf"\b{_LEAD}{_YEAR}-(?P<m>\d\d)\b(?!-)", _numbered_month),
        (rf"\b{_LEAD}{_END}(?:bulan\s+|month\s+of\s+)?(?P<m>{_MONTH})\.?(?:,?\s+{_YEAR})?\b", _month),
        (rf"\b{_LEAD}(?:fy\s?|fiscal\s+year\s+|tahun\s+(?:buku\s+)?|year\s+)?(?<![qw]\d\s)(?<!-){_YEAR}(?!-?\d)\b", _named_year),
    )
)  # fmt: skip

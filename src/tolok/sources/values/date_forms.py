"""In which form a column writes its dates: told from the shapes of its cells, and the order from every row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from tolok.sources.values.figures import Figures
from tolok.sources.values.words import MONTHS, NOT_YET, plain

Order = Literal["day", "month", "year", ""]

_TIME = re.compile(
    r"(?P<gap>,? +|T| +at +|, )(?P<hour>0{1,2})(?P<mark>[:.])00(?P<second>(?P=mark)00)?(?P<fraction>[.,]0{1,9})?"
    r"(?P<half> ?[AaPp][Mm])?(?P<zone> ?(?:Z|UTC|GMT|[+-]00:?(?:00)?))?$"
)
_ISO = re.compile(r"0000(?P<mark>[-/])0{1,2}(?P=mark)0{1,2}$")
_NUMERIC = re.compile(r"(?P<first>0{1,2})(?P<mark>[-/.])0{1,2}(?P=mark)(?P<year>0000|00)$")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")
_QUARTER = re.compile(r"(?i)(?:(?:q|k|tw|t|quarter |kuartal |triwulan )0[ \-/']*0000|0000[ \-/]*(?:q|k|tw|t)0)$")


@dataclass(frozen=True)
class Forms:
    """The forms found in one column: each with its count; ``separator`` where the order of day and month is open."""

    counts: dict[str, int]
    separator: str = ""
    share: float = 0.0
    time: bool = False
    half_day: bool = False

    @property
    def any(self) -> bool:
        return bool(self.counts)


OPEN_ORDER = "{order}"


def shape_form(shape: str) -> tuple[str, str, bool]:
    """The form of one shape ("" where it is no date), the separator where the order is open, and whether a 12-hour clock.

    >>> shape_form("0000-00-00")
    ('iso', '', False)
    >>> shape_form("00/00/0000 00:00 PM")
    ('{order}/%Y %I:%M %p', '/', True)
    >>> shape_form("00 Des 0000")
    ('%d %b %Y', '', False)
    """
    time = _TIME.search(shape)
    day = shape[: time.start()] if time else shape
    clock = ""
    if time:
        half = time["half"]
        hour = "%I" if half else "%H"
        clock = time["gap"] + hour + time["mark"] + "%M" + (time["mark"] + "%S" if time["second"] else "")
        clock += (time["fraction"][0] + "%f" if time["fraction"] else "") + ((half[:-2] + "%p") if half else "")
    if _ISO.match(day):
        if not time:
            return "iso", "", False
        if time["half"] or time["mark"] == ".":
            return day.replace("0000", "%Y").replace("00", "%m", 1).replace("00", "%d", 1) + clock, "", False
        return ("iso zone" if time["zone"] else "iso time"), "", False
    numeric = _NUMERIC.match(day)
    if numeric:
        zone = "%z" if time and time["zone"] else ""
        year = "%Y" if len(numeric["year"]) == 4 else "%y"
        return OPEN_ORDER + numeric["mark"] + year + clock + zone, numeric["mark"], bool(time and time["half"])
    simple = {
        "00000000": "%Y%m%d", "0000000000": "epoch", "0000000000000": "epoch ms", "00000": "excel", "0000-00": "%Y-%m",
        "0000/00": "%Y/%m", "00/0000": "%m/%Y", "0/0000": "%m/%Y", "00-0000": "%m-%Y", "0000": "%Y",
        "0000.00.00": "%Y.%m.%d", "0000.00": "", "00000000T000000Z": "%Y%m%dT%H%M%SZ", "00000000000000": "%Y%m%d%H%M%S",
    }.get(shape)  # fmt: skip
    if simple is not None:
        return simple, "", False
    if re.fullmatch(r"00000[.,]0+", shape):
        return "excel time", "", False
    if _QUARTER.match(shape):
        return "quarter", "", False
    named = _named(day)
    return (named + clock if named else ""), "", False


def _named(day: str) -> str:
    """The form of a date with its month in words, in any of the languages known."""
    text = re.sub(r"(?i)^[^\W\d_]+, +(?=[0A-Za-z])", "", day)  # "Senin, 5 Januari 2026"
    if not re.match(r"(?i)0", text) and len(_MONTH_WORD.findall(text)) > 1:
        text = re.sub(r"(?i)^[^\W\d_]{2,}\.? +(?=0)", "", text)
    text = re.sub(r"(?<=0)(st|nd|rd|th|er|º|°)\b", "", text)
    text = re.sub(r"(?i) +(de|del|di) +", " ", text)
    words = _MONTH_WORD.findall(text)
    if len(words) != 1 or plain(words[0]) not in MONTHS:
        return ""
    text = re.sub(r"[^\W\d_]{3,}\.?", "%b", text)
    text = re.sub(r"(?<!0)0000(?!0)", "%Y", text)
    if "%Y" in text:
        text = re.sub(r"(?<!0)0{1,2}(?!0)", "%d", text, count=1)
    else:
        numbers = re.findall(r"0+", text)
        if len(numbers) == 2:
            text = re.sub(r"(?<!0)0{1,2}(?!0)", "%d", text, count=1)
        text = re.sub(r"(?<!0)'?00(?!0)", "%y", text, count=1)
    return text if re.fullmatch(r"(?:%[dbYy]|[ ,./'-])+", text) and ("%Y" in text or "%y" in text) else ""


def find(column: Figures) -> Forms:
    """The forms of a column, most frequent first; plain numbers count as dates only where the caller expects dates."""
    counts: Counter[str] = Counter()
    separators: Counter[str] = Counter()
    half = False
    for shape, count in column.shapes.items():
        form, separator, twelve = shape_form(shape)
        if form in ("%Y%m%d", "epoch", "epoch ms", "excel", "excel time", "%Y") and not _plausible(form, column):
            form = ""
        if form:
            counts[form] += count
            half = half or twelve
            if separator:
                separators[separator] += count
    total = sum(counts.values())
    ordered = dict(counts.most_common(6))
    not_yet = sum(count for shape, count in column.shapes.items() if shape.casefold() in NOT_YET)
    return Forms(
        counts=ordered,
        separator=separators.most_common(1)[0][0] if separators else "",
        share=total / (column.filled - not_yet) if column.filled > not_yet else 0.0,
        time=any("%H" in form or "%I" in form or form in ("iso time", "iso zone") for form in ordered),
        half_day=half,
    )


_RANGES = {
    "%Y%m%d": (19000102, 21991231),
    "%Y": (1950, 2100),
    "excel": (20000, 80000),
    "excel time": (20000, 80000),
    "epoch": (3e8, 7.3e9),
    "epoch ms": (3e11, 7.3e12),
}


def _plausible(form: str, column: Figures) -> bool:
    """Whether a column of plain numbers can be dates: nearly all of one shape, in the range of real dates."""
    low, high = _RANGES[form]
    if column.low is None or column.high is None:
        return True
    return (column.low >= low and column.high <= high) or max(column.shapes.values()) < 0.9 * column.filled

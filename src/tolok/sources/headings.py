"""Headings and names of tables in one plain form, and what a heading says in brackets: unit and currency."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tolok.sources.values.words import CODES, UNITS, plain

_BRACKETS = re.compile(r"[(\[{]([^)\]}]*)[)\]}]")
_IN_UNIT = re.compile(
    r"\b(?:in|dalam|en|em) (?:usd |idr |rp |eur )?"
    r"(thousands?|millions?|billions?|jutaan|ribuan|miliaran|juta|ribu|miliar|000s?)\b"
)

PLURALS = {"companies": "company", "opportunities": "opportunity", "activities": "activity", "enquiries": "enquiry"}


@cache
def normal(heading: str) -> str:
    """A heading in plain words, without what stands in brackets.

    >>> normal("InvoiceNo"), normal("Fecha de cierre"), normal("(Do Not Modify) Opportunity"), normal("Est. Revenue (USD)")
    ('invoice no', 'fecha de cierre', 'opportunity', 'est revenue')
    """
    text = _BRACKETS.sub(" ", heading) if _BRACKETS.sub("", heading).strip() else heading
    text = re.sub(r"__c$|\*$", "", text.strip())
    text = re.sub(r"IDs\b", "Ids", text)
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    text = re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", text)
    text = plain(text).replace("%", " percent ").replace("'", " ").replace("’", " ")
    return " ".join(re.sub(r"[^\w]+|_", " ", text).split())


@dataclass(frozen=True)
class Aside:
    """What a heading says in brackets or beside itself: the unit of its cells, their currency."""

    unit: str = ""
    currency: str = ""


_TIMES = {
    "min": "minutes", "mins": "minutes", "minutes": "minutes", "menit": "minutes", "sec": "seconds", "s": "seconds",
    "seconds": "seconds", "detik": "seconds", "ms": "ms", "hours": "hours", "hrs": "hours", "jam": "hours",
}  # fmt: skip
_SCALES = {
    "jt",
    "juta",
    "rb",
    "ribu",
    "miliar",
    "thousand",
    "thousands",
    "million",
    "millions",
    "k",
    "000",
    "mio",
    "mn",
}


def aside(heading: str) -> Aside:
    """The unit and currency that a heading states.

    >>> aside("Nilai (Rp juta)"), aside("Duration (min)"), aside("Revenue in millions of USD")
    (Aside(unit='juta', currency='IDR'), Aside(unit='minutes', currency=''), Aside(unit='millions', currency='USD'))
    """
    bracketed = " ".join(_BRACKETS.findall(heading))
    stated = _IN_UNIT.search(normal(heading))
    words = re.findall(r"[\w€$£]+", bracketed)
    last = normal(heading).split()
    if last and last[-1] in _TIMES and len(last) > 1 and last[-1] != "s":
        words.append(last[-1])
    unit = _PLAIN_UNIT.get(stated[1], stated[1]) if stated else ""
    currency = ""
    for word in [*words, *re.findall(r"\b[A-Z]{3}\b", heading)]:
        low = word.casefold()
        scaled = _SCALED_CURRENCY.fullmatch(low)
        if scaled and not unit:
            unit = "million" if (scaled[2] or "")[:1] == "m" else "thousand"
            word = scaled[1] or scaled[3]
            low = word.casefold()
        if low in _TIMES and not unit:
            unit = _TIMES[low]
        elif low in _SCALES and low in UNITS and not unit:
            unit = low
        elif low == "000" and not unit:
            unit = "thousand"
        if word.upper() in CODES and not currency:
            currency = word.upper()
        elif low in ("rp", "rupiah"):
            currency = "IDR"
        elif word in ("€", "£", "$") or low == "euro":
            currency = {"€": "EUR", "£": "GBP", "$": "USD"}.get(word, "EUR")
    return Aside(unit, currency)


_PLAIN_UNIT = {"ribuan": "ribu", "jutaan": "juta", "miliaran": "miliar", "000": "thousand", "000s": "thousand"}
_SCALED_CURRENCY = re.compile(r"(?:(€|£|[$]|rp)?(000s?|m|mio|k)|[tk](€|£|[$]|eur|usd|gbp|chf))")
"""A currency and its scale in one word: “$000s”, “T€”, “kEUR”."""


def without_unit(text: str) -> str:
    """A heading in plain words without what it says of its unit.

    >>> without_unit("nilai dalam ribuan"), without_unit("revenue in millions of usd")
    ('nilai', 'revenue of usd')
    """
    return " ".join(_IN_UNIT.sub(" ", text).split())


def table_words(file: str, sheet: str) -> list[str]:
    """What a table may be called: the sheet, the file's stem without dates and counters.

    >>> table_words("hubspot-crm-exports-all-deals-2026-01-05-1.csv", "")
    ['hubspot crm exports all deals', 'deals']
    """
    words = []
    for name in (sheet, stem(file)):
        text = normal(name)
        if text and text not in words:
            words.append(text)
        for noise in (
            "export",
            "exports",
            "all",
            "dataset",
            "data",
            "list",
            "report",
            "master",
            "tbl",
            "table",
            "dim",
            "fact",
        ):
            text = re.sub(rf"\b{noise}\b", " ", text)
        text = " ".join(re.sub(r"\b(hubspot|crm|salesforce|zoho|odoo|pipedrive|csv|xlsx)\b", " ", text).split())
        if text and text not in words:
            words.append(text)
    return words


def stem(file: str) -> str:
    """A file's name without folder, ending, dates and counters.

    >>> stem("exports/Deals_001.csv"), stem("sales 2026-01-05 (2).xlsx"), stem("Online_Retail.csv.gz")
    ('Deals', 'sales', 'Online_Retail')
    """
    name = re.split(r"[\\/]", file)[-1]
    name = re.sub(
        r"(\.(csv|tsv|txt|xlsx?|xlsm|ods|json|jsonl|ndjson|parquet|html?|gz|zip|db|sqlite3?))+$", "", name, flags=re.I
    )
    shorter = re.sub(r"[\s_-]*\(\d+\)$", "", name)
    shorter = re.sub(r"[\s_-]*(19|20)\d\d[-_.]?\d{0,2}[-_.]?\d{0,2}([-_T ]\d+)*$", "", shorter)
    shorter = re.sub(r"[\s_-]+\d{1,4}$", "", shorter)
    shorter = re.sub(r"\d{9,}$", "", shorter)
    return shorter.strip(" _-") or name


def named(words: Iterable[str], names: frozenset[str]) -> float:
    """How well a table's own name says what it holds: 1 for the very word, less where it is part of a longer name."""
    best = 0.0
    for text in words:
        if text in names:
            return 1.0
        tokens = text.split()
        for start in range(len(tokens)):
            for end in range(start + 1, len(tokens) + 1):
                if " ".join(tokens[start:end]) in names:
                    best = max(best, 0.5 + 0.4 * (end - start) / len(tokens))
    return best

"""The name of a connection: stable from one export to the next, so that rows keep their identity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tolok.model.targets import TOLOK

_ENDINGS = re.compile(
    r"\.(csv|tsv|txt|tab|gz|zip|tar|tgz|bz2|xlsx|xlsm|xlsb|xls|ods|html?|xml|jsonl?|ndjson|parquet|db|sqlite3?)$", re.I
)
_DATES = re.compile(
    r"(?<![0-9])("
    r"(19|20)\d{2}[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])([T_ -]?\d{2}[-_.:h]?\d{2}([-_.:m]?\d{2})?)?"
    r"|(0[1-9]|[12]\d|3[01])[-_. ](0[1-9]|1[0-2])[-_. ](19|20)\d{2}"
    r"|(19|20)\d{2}[-_. ]?(q[1-4]|w\d{2}|0[1-9]|1[0-2])"
    r"|(19|20)\d{2}"
    r"|1\d{9,12}"
    r")(?![0-9])",
    re.I,
)
_COUNTERS = re.compile(r"\s*\(\d+\)|[-_ ](copy|kopie|salinan|final|new|v\d+)$|[-_ ]\d{1,3}$|[-_ ]+$", re.I)


def connection_name(given: Sequence[Path | str]) -> str:
    """A name from what was given: a folder's or a file's, without dates, counters and endings.

    >>> connection_name([Path("exports/maven_crm")])
    'maven_crm'
    >>> connection_name(["Deals export 2026-03-04 (2).csv"])
    'deals_export'
    >>> connection_name(["postgresql://me:secret@host/sales"])
    'sales'
    """
    places = [str(place) for place in given]
    if len(places) == 1:
        return cleaned(_stem(places[0]))
    folders = {str(Path(place).parent.name) for place in places if "://" not in place}
    common = folders.pop() if len(folders) == 1 else ""
    return cleaned(common) if common else cleaned(_stem(sorted(places)[0]))


def cleaned(name: str) -> str:
    """Lower case letters, digits and underscores; what a date or a counter added is gone.

    The name of what is approved in Tolok itself is nobody else's.

    >>> cleaned("Tolok 2026")
    'tolok_import'
    """
    text = unicodedata.normalize("NFKD", name)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    while _ENDINGS.search(text):
        text = _ENDINGS.sub("", text)
    short = _DATES.sub("", text)
    while (shorter := _COUNTERS.sub("", short)) != short:
        short = shorter
    slug = re.sub(r"[^a-z0-9]+", "_", (short if re.search(r"[A-Za-z]", short) else text).casefold()).strip("_")
    name = slug[:60].strip("_") or "source"
    return f"{name}_import" if name == TOLOK else name


def _stem(place: str) -> str:
    if "://" in place:
        parts = urlsplit(place)
        return Path(parts.path).name or parts.hostname or "database"
    return Path(place).absolute().name

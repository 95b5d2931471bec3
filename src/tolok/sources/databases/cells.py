"""A database's values as the text that all sources give."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

MOST = 65_536
"""Characters of one cell that are kept."""
_LANGUAGES = re.compile(r'\{"[a-z]{2}_[A-Z]{2}": "')
_MOMENT = re.compile(r"[12]\d{3}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?$")


def text(value: Any, *, utc: bool = False) -> str:
    """One value as text; "" is nothing. With ``utc`` a moment without a zone is one of UTC, and says so.

    >>> text(Decimal("10.50")), text(True), text(datetime(2026, 1, 5, 10)), text(None)
    ('10.50', 'true', '2026-01-05 10:00:00', '')
    >>> text({"en_US": "New", "id_ID": "Baru"})
    'New'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if _LANGUAGES.match(value):
            with suppress(ValueError):
                return _translated(json.loads(value))
        if utc and _MOMENT.match(value):
            return value + "+00:00"
        return "" if value.startswith("0000-00-00") else value[:MOST].replace("\x00", "")
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else ""
    if isinstance(value, float):
        return repr(value) if value == value and abs(value) != float("inf") else ""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if utc and value.tzinfo is None else value).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raw = bytes(value)
        return ("true" if raw == b"\x01" else "false") if raw in (b"\x00", b"\x01") else ""
    if isinstance(value, Mapping):
        return _translated(value)
    if isinstance(value, list | tuple | set):
        return json.dumps(list(value), ensure_ascii=False, default=str)[:MOST]
    return str(value)[:MOST]


def inside(value: Any, paths: Sequence[str]) -> str:
    """What the first path that leads anywhere finds in JSON, as text; "" where none does or it is no JSON.

    >>> inside('{"attributes": {"became": {"stage": "Won"}}}', ["value", "attributes.became.stage"])
    'Won'
    """
    try:
        held = json.loads(value) if isinstance(value, str | bytes) else value
    except ValueError:
        return ""
    for path in paths:
        found = held
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if found is not None and not isinstance(found, Mapping | list):
            return text(found)
    return ""


def _translated(value: Mapping[str, Any]) -> str:
    """A text kept in several languages, in English or else its first; another object as it is written."""
    if value and all(isinstance(item, str) and 2 <= len(key) <= 11 for key, item in value.items()):
        found = value.get("en_US") or value.get("en") or next(iter(value.values()))
        return str(found)[:MOST]
    return json.dumps(dict(value), ensure_ascii=False, default=str)[:MOST]

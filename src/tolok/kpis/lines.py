"""On which line of a KPI file a key stands.

TOML readers give values without their places. The place is found again by scanning the text: the header that opens
the longest part of the path (the n-th ``[[rule]]`` for a list of tables), then the key at the start of a line below
it, then each further key inside that value. A key that cannot be found gives the line of the nearest thing above it.
"""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^[ \t]*(\[\[?)[ \t]*([^\]\n]+?)[ \t]*\]\]?[ \t]*(?:#.*)?$", re.M)


def line_of(text: str, path: Path) -> int:
    """The line, counted from 1, on which the value at a path begins.

    >>> line_of('name = "x"\\n[[rule]]\\nsays = "a"\\n[[rule]]\\nsays = "b"\\n', ("rule", 1, "says"))
    5
    >>> line_of('[ratio]\\nof = { count = "deals", were = { status = "won" } }\\n', ("ratio", "of", "were"))
    2
    """
    start, end, used = _table(text, path)
    at = start
    for depth, step in enumerate(path[used:]):
        if isinstance(step, int):
            continue
        found = _key(text, step, at, end, at_line_start=depth == 0)
        if found is None:
            break
        at = found
    return text.count("\n", 0, at) + 1


def _table(text: str, path: Path) -> tuple[int, int, int]:
    """Where the table that holds most of the path begins and ends, and how many steps its header covers."""
    headers = list(_HEADER.finditer(text))
    first = headers[0].start() if headers else len(text)
    best = (0, first, 0)
    seen: dict[str, int] = {}
    open_list: Path = ()
    for position, header in enumerate(headers):
        names: Path = tuple(part.strip().strip("\"'") for part in header[2].split("."))
        if header[1] == "[[":
            count = seen[header[2]] = seen.get(header[2], -1) + 1
            names = (*names, count)
            open_list = names
        elif open_list and names[: len(open_list) - 1] == open_list[:-1]:
            names = (*open_list, *names[len(open_list) - 1 :])
        if names == path[: len(names)] and len(names) >= best[2]:
            stop = headers[position + 1].start() if position + 1 < len(headers) else len(text)
            best = (header.start(), stop, len(names))
    return best


def _key(text: str, key: str, start: int, end: int, *, at_line_start: bool) -> int | None:
    name = rf"(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')"
    patterns = [rf"^[ \t]*{name}[ \t]*[=.]"] if at_line_start else []
    patterns += [rf"(?<![\w-]){name}[ \t]*[=.]", rf"(?<![\w-]){name}(?![\w-])"]
    for pattern in patterns:
        found = re.compile(pattern, re.M).search(text, start, end)
        if found:
            return found.start() + len(found[0]) - len(found[0].lstrip())
    return None

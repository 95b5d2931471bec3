"""Which delimiter and quote a file uses, judged by how well its lines become a table."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from tolok.sources.files.records import Dialect, Record, records
from tolok.sources.files.shapes import kind

DELIMITERS = (",", ";", "\t", "|", "^", "~", "\x1f", "\x01")
SAMPLE_RECORDS = 1_000
GLUED = re.compile(r",(?=\S)(?<!\d,(?=\d))")  # a comma that no space follows and that is in no number


def sniff(sample: list[str]) -> Dialect:
    """The dialect of a file from its first lines (with their line ends)."""
    text = "".join(sample)
    candidates = [
        Dialect(delimiter, quote, backslash)
        for delimiter in DELIMITERS
        if delimiter in text
        for quote in ('"', "'", "")
        if not quote or _opens(text, quote, delimiter)
        for backslash in ((False, True) if quote and "\\" + quote in text else (False,))
    ]
    best, best_score = None, 0.0
    for candidate in candidates:
        score = _score(sample, candidate)
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    if best is not None and not best.quote and not _opens(text, '"', best.delimiter):
        best = Dialect(best.delimiter)  # quotes may still come further down
    if best is not None and best_score > 0.35:
        return best
    if _is_aligned(sample):
        return Dialect("", "")
    return best if best is not None and best_score > 0.2 else Dialect(_absent(text))


def _opens(text: str, quote: str, delimiter: str) -> bool:
    """Whether cells begin with the quote, at the start of a line or after a delimiter."""
    return text.startswith(quote) or any(start + quote in text for start in (delimiter, "\n", "\r", delimiter + " "))


def _absent(text: str) -> str:
    """A delimiter that does not occur, for a file of one column."""
    return next((mark for mark in ("\x1f", "\x1e", "\x01", "\t", ";") if mark not in text), "\x1f")


def _score(sample: list[str], dialect: Dialect) -> float:
    """How much of the sample becomes rows of one width with whole cells; 0 when nothing is separated."""
    found: list[Record] = list(islice(records(iter(sample), dialect), SAMPLE_RECORDS))
    if not found:
        return 0.0
    sound = [record for record in found if not record.problem]
    widths = Counter(len(record.cells) for record in sound if len(record.cells) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
    if not any(len(record.cells) == width for record in sound[:300]):
        return 0.0
    share = count / len(found)
    headed = 1.0 if any(len(record.cells) == width for record in sound[:1]) else 0.93
    cells = [cell for record in sound[:300] if len(record.cells) == width for cell in record.cells]
    whole = sum(1 for cell in cells if _is_whole(cell, dialect)) / len(cells)
    quoting = 1.0 if dialect.quote == '"' else 0.97 if dialect.quote else 0.8 if dialect.delimiter == "\t" else 0.6
    if not dialect.quote and not _opens("".join(sample), '"', dialect.delimiter):
        quoting = 1.0
    return (
        share
        * headed
        * (0.4 + 0.6 * whole)
        * quoting
        * (0.97 if dialect.backslash else 1.0)
        * (1 + min(width, 30) / 500)
    )


def _is_whole(cell: str, dialect: Dialect) -> bool:
    """Whether a cell shows no sign that another delimiter or quote would have cut it."""
    text = cell.strip()
    if not text or kind(text) != "text":
        return True
    if dialect.quote != '"' and text.startswith('"') and text.endswith('"'):
        return False
    if dialect.quote != "'" and len(text) > 1 and text.startswith("'") and text.endswith("'"):
        return False
    if dialect.delimiter != "," and GLUED.search(text):
        return False
    return not any(mark in text for mark in (";", "\t", "|") if mark != dialect.delimiter)


def _is_aligned(sample: list[str]) -> bool:
    """Whether white space alone separates the cells: the same count on each line, mostly figures."""
    rows = [line.split() for line in sample[:SAMPLE_RECORDS] if line.strip()]
    if len(rows) < 2:
        return False
    width, count = Counter(map(len, rows)).most_common(1)[0]
    if width < 2 or count < 0.9 * len(rows):
        return False
    cells = [cell for row in rows if len(row) == width for cell in row]
    return sum(1 for cell in cells if kind(cell) in ("number", "date")) >= 0.5 * len(cells)

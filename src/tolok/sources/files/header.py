"""The top of a sheet: title block, header (of one or two rows), and where the records begin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tolok.sources.files.shapes import is_period, kind

Rows = Sequence[Sequence[str]]
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Frame:
    """Where a table stands in its rows: the rows above it, its header rows, and the headers as they will be shown."""

    title_rows: int
    header_rows: int
    headers: tuple[str, ...]
    written: tuple[str, ...]  # the header cells as they are in the file; blank where there is none
    notes: tuple[str, ...] = ()
    as_found: tuple[str, ...] = ()  # the cells of a one-row header, untidied, by which a repeated header is known

    @property
    def first(self) -> int:
        """The position of the first record among the rows."""
        return self.title_rows + self.header_rows

    def is_repeated(self, cells: Sequence[str]) -> bool:
        """Whether a row is the header once more, as in files that were put together from several."""
        return bool(self.as_found) and len(self.as_found) > 1 and list(self.as_found) == list(cells)


def frame(rows: Rows, width: int, *, groups: frozenset[int] = frozenset()) -> Frame:
    """Find title block and header in the first rows of a table that is ``width`` cells wide.

    ``groups`` are the rows with a heading that spans several columns; such a row above another row of words is the
    upper half of a two-row header.
    """
    title = _title_rows(rows, width, groups)
    notes: list[str] = []
    if title:
        notes.append(f"{title} {'rows' if title > 1 else 'row'} above the header left out")
    below = [row for row in rows[title + 1 :] if any(cell.strip() for cell in row)]
    if title >= len(rows):
        return Frame(title, 0, unique([""] * width), ("",) * width, tuple(notes))
    top = rows[title]
    if title in groups and title + 1 < len(rows) and not is_data(rows[title + 1], below[1:]):
        written = _joined(top, rows[title + 1], width)
        notes.append("the header has two rows, joined")
        return Frame(title, 2, unique(written), tuple(written), tuple(notes))
    if is_data(top, below):
        notes.append("no header row found; the columns are numbered")
        return Frame(title, 0, unique([""] * width), ("",) * width, tuple(notes))
    written = [_tidy(cell) for cell in top] + [""] * (width - len(top))
    headers = unique(written)
    repeated = [header for header, plain in zip(headers, written, strict=True) if plain and header != plain]
    if repeated:
        notes.append(f"columns named twice: {', '.join(repeated[:5])}")
    return Frame(title, 1, headers, tuple(written), tuple(notes), tuple(top))


def unique(written: Sequence[str]) -> tuple[str, ...]:
    """Headers without blanks or repeats.

    >>> unique(["Name", "", "Name"])
    ('Name', 'column 2', 'Name (2)')
    """
    taken = set(written)
    seen: set[str] = set()
    headers = []
    for number, plain in enumerate(written, start=1):
        header = plain or f"column {number}"
        count = 1
        while header in seen or (count > 1 and header in taken) or (not plain and header in taken):
            count += 1
            header = f"{plain or f'column {number}'} ({count})"
        seen.add(header)
        headers.append(header)
    return tuple(headers)


def _tidy(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("\ufeff", "")).strip()


def _joined(upper: Sequence[str], lower: Sequence[str], width: int) -> list[str]:
    joined = []
    for column in range(width):
        above = _tidy(upper[column]) if column < len(upper) else ""
        below = _tidy(lower[column]) if column < len(lower) else ""
        joined.append(above if above == below or not below else f"{above} {below}".strip())
    return joined


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip())


def _title_rows(rows: Rows, width: int, groups: frozenset[int]) -> int:
    """How many rows stand above the table: blank ones, and those with far fewer cells than the table has."""
    counts = [_filled(row) for row in rows]
    lower = sorted(count for count in counts[len(counts) // 2 :] if count) or [width]
    usual = max(lower[len(lower) // 2], 1)
    position = 0
    while position < len(rows) and position <= LONGEST_TITLE:
        count = counts[position]
        below = counts[position + 1 :]
        spanned = position in groups and len({cell for cell in rows[position] if cell.strip()}) == 1
        heading = spanned and any(other > 1 for other in below)
        narrow = usual > 1 and count < max(2, usual / 2)
        pair = usual > 3 and count <= 2 and any(other >= count + 2 for other in below[:3])
        if count and not (heading or narrow or pair):
            return position
        position += 1
    return position if position >= len(rows) else 0


def is_data(row: Sequence[str], below: Rows) -> bool:
    """Whether a row that might be the header is a record like those below it."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled:
        return False
    kinds = [kind(cell) for cell in row]
    typed = [place for place, of in enumerate(kinds) if of in ("number", "date")]
    if typed and all(is_period(row[place]) or kinds[place] == "date" for place in typed):
        spoken = [row[place].strip() for place in typed]
        if len(typed) > 1 and len(set(spoken)) == len(spoken) and spoken == sorted(spoken) and "text" in kinds:
            return False
    body = [other for other in below[:200] if _filled(other) and [*other] != [*row]]
    if not body:
        return len(typed) * 2 >= len(filled)
    agree = differ = 0
    for place, cell in enumerate(row):
        if not cell.strip():
            continue
        cells = [other[place] for other in body if place < len(other) and other[place].strip()]
        if not cells:
            continue
        usual, count = Counter(kind(other) for other in cells).most_common(1)[0]
        if usual in ("number", "date") and count >= 0.8 * len(cells):
            if kinds[place] == usual:
                agree += 1
            elif kinds[place] == "text":
                differ += 1
    if agree or differ:
        return agree > differ
    if any("@" in cell and "." in cell and " " not in cell for cell in filled) or max(map(len, filled)) > 200:
        return True
    recurring = sum(
        1
        for place, cell in enumerate(row)
        if cell.strip() and any(place < len(other) and other[place] == cell for other in body)
    )
    return recurring * 2 > len(filled) and [*row] != [*body[0]]

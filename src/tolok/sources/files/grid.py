"""A sheet of cells (of a workbook or a web page) made into a table: header above, records below, totals left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from tolok.errors import SourceError
from tolok.sources.files.ending import LONGEST_ENDING, ending, ending_notes, is_count, is_subtotal
from tolok.sources.files.header import Frame, frame
from tolok.sources.files.reading import Limits
from tolok.sources.files.scratch import CleanCopy, clean_relation
from tolok.sources.files.stacked import AHEAD, MOST_TITLES, Ahead, Columns, begins
from tolok.sources.table import RawTable

HEAD_ROWS = 300
TYPES = {frozenset("d"): "date", frozenset("n"): "number", frozenset("t"): "text"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number as the sheet counts, its cells as text, and what each cell is."""

    number: int
    cells: list[str]
    marks: Sequence[str] = ()


@dataclass(frozen=True)
class Grid:
    """A sheet written to scratch, in plain values that pass between processes."""

    path: str
    width: int
    keep: list[int]
    headers: list[str]
    types: list[str]
    rows: int
    first_line: int
    notes: list[str]
    title: str = ""  # of a table below another one on the same sheet

    def table(self, file: str, sheet: str, limits: Limits, notes: Sequence[str] = ()) -> RawTable:
        return RawTable(
            file=file,
            sheet=f"{sheet} · {self.title}" if self.title and sheet else self.title or sheet,
            headers=tuple(self.headers),
            relation=clean_relation(Path(self.path), self.width, self.keep, limits.max_record),
            rows=self.rows,
            first_line=self.first_line,
            has_line=True,
            notes=(*notes, *self.notes),
            types=tuple(self.types),
        )


MOST_TABLES = 20
"""Tables that one sheet may hold, one below the other."""


def write_grids(
    rows: Iterator[Row], width: int, target: Path, limits: Limits, *, groups: frozenset[int] = frozenset()
) -> list[Grid]:
    """Write the records of a sheet to ``target`` and files beside it: a table, and those that stand below it.

    ``groups`` are the numbers of rows with a heading over several columns.
    """
    grids: list[Grid] = []
    left = _Left(rows)
    for number in range(1, MOST_TABLES + 1):
        title, left.title = left.title, None
        place = target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
        grid = _write(left, width, place, limits, groups, last=number == MOST_TABLES)
        if grid is not None:
            grids.append(replace(grid, title=(title or f"table {number}") if grids else ""))
        if left.title is None:
            break
    return grids


class _Left:
    """The rows of a sheet that are still to be read, and the title of the table that begins with them."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows = rows
        self.title: str | None = None


def _write(left: _Left, width: int, target: Path, limits: Limits, groups: frozenset[int], *, last: bool) -> Grid | None:
    """Write one table; where another begins below it, its rows are left."""
    head = list(islice(left.rows, HEAD_ROWS))
    if sum(1 for row in head if any(row.cells)) == 0:
        return None
    grouped = frozenset(place for place, row in enumerate(head) if row.number in groups)
    found = frame([row.cells for row in head], width, groups=grouped)
    body = Ahead(chain(head[found.first :], left.rows))
    left.rows = body
    above = Columns(width)
    written = CleanCopy(target, width)
    marks: list[set[str]] = [set() for _ in range(width)]
    held: deque[tuple[Row, bool]] = deque()
    subtotals = repeated = 0
    first_line = 0
    blank = summed = False

    def settle(row: Row) -> None:
        nonlocal subtotals, repeated, first_line, summed
        summed = is_subtotal(row.cells) or (summed and is_count(row.cells))
        if summed:
            subtotals += 1
            return
        if found.is_repeated(row.cells):
            repeated += 1
            return
        first_line = first_line or row.number
        above.add(row.cells)
        written.add(row.number, row.cells)
        for place, mark in enumerate(row.marks):
            if mark:
                marks[place].add(mark)
        for place, cell in enumerate(row.cells):
            if cell:
                written.filled[place] = True

    try:
        for row in body:
            if not any(row.cells):
                blank = True
                continue
            if blank and not last:
                title = _next_title(row, body, found, above, held)
                if title is not None:
                    left.rows, left.title = chain([row], body), title
                    break
            held.append((row, blank))
            blank = False
            if len(held) > LONGEST_ENDING:
                settle(held.popleft()[0])
        end = list(held)
        count, notes = ending([(row.cells, after_blank) for row, after_blank in end], width)
        for row, _ in end[: len(end) - count]:
            settle(row)
    finally:
        written.close()
    keep = [place for place in range(width) if written.filled[place] or found.written[place]]
    beside = _beside(keep, above)
    if beside:
        shown = ", ".join(f"“{found.written[place]}”" for place in beside[:4])
        notes.append(f"a second table beside it with the headings {shown} left out; keep it on a sheet of its own")
        keep = [place for place in keep if place not in beside]
    if not keep or (not written.rows and len(keep) == 1):
        return None
    if len(keep) > limits.max_columns:
        raise SourceError(f"It has {len(keep):,} columns; a table may have {limits.max_columns:,}.")
    header_number = head[found.first - 1].number if found.header_rows else 0
    return Grid(
        path=str(target),
        width=width,
        keep=keep,
        headers=[found.headers[place] for place in keep],
        types=[TYPES.get(frozenset(marks[place]), "") for place in keep],
        rows=written.rows,
        first_line=first_line or header_number + 1,
        notes=[*found.notes, *notes, *ending_notes(0, 0, subtotals, repeated)],
    )


def _beside(keep: Sequence[int], above: Columns) -> list[int]:
    """The columns right of a blank one that are another, shorter table: none of them goes on where the first one does."""
    for nth in range(2, len(keep) - 1):
        if keep[nth] > keep[nth - 1] + 1:
            left, right = keep[:nth], keep[nth:]
            most = max(above.last[place] for place in left)
            if all(0 < above.filled[p] == above.last[p] < 0.9 * most for p in right):
                return list(right)
    return []


def _next_title(row: Row, body: Ahead[Row], found: Frame, above: Columns, held: deque[tuple[Row, bool]]) -> str | None:
    """The title of the table that begins with a row below a blank one, if one does."""
    ahead = [row.cells, *(other.cells for other in body.peek(AHEAD))]
    if any(found.is_repeated(cells) for cells in ahead[: MOST_TITLES + 2]):
        return None
    seen = copy(above)
    seen.filled, seen.typed, seen.last = [*above.filled], [*above.typed], [*above.last]
    for other, _ in held:
        seen.add(other.cells)
    return begins(ahead, seen)

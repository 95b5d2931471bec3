"""A sheet of cells (of a workbook or a web page) made into a table: header above, records below, totals left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from tolok.errors import SourceError
from tolok.sources.files.ending import LONGEST_ENDING, ending, ending_notes, is_count, is_subtotal
from tolok.sources.files.header import frame
from tolok.sources.files.reading import Limits
from tolok.sources.files.scratch import CleanCopy, clean_relation
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

    def table(self, file: str, sheet: str, limits: Limits, notes: Sequence[str] = ()) -> RawTable:
        return RawTable(
            file=file,
            sheet=sheet,
            headers=tuple(self.headers),
            relation=clean_relation(Path(self.path), self.width, self.keep, limits.max_record),
            rows=self.rows,
            first_line=self.first_line,
            has_line=True,
            notes=(*notes, *self.notes),
            types=tuple(self.types),
        )


def write_grid(
    rows: Iterator[Row], width: int, target: Path, limits: Limits, *, groups: frozenset[int] = frozenset()
) -> Grid | None:
    """Write the records of a sheet to ``target``; nothing when the sheet holds no table.

    ``groups`` are the numbers of rows with a heading over several columns.
    """
    head = list(islice(rows, HEAD_ROWS))
    if sum(1 for row in head if any(row.cells)) == 0:
        return None
    grouped = frozenset(place for place, row in enumerate(head) if row.number in groups)
    found = frame([row.cells for row in head], width, groups=grouped)
    body = chain(head[found.first :], rows)
    copy = CleanCopy(target, width)
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
        copy.add(row.number, row.cells)
        for place, mark in enumerate(row.marks):
            if mark:
                marks[place].add(mark)
        for place, cell in enumerate(row.cells):
            if cell:
                copy.filled[place] = True

    try:
        for row in body:
            if not any(row.cells):
                blank = True
                continue
            held.append((row, blank))
            blank = False
            if len(held) > LONGEST_ENDING:
                settle(held.popleft()[0])
        last = list(held)
        count, notes = ending([(row.cells, after_blank) for row, after_blank in last], width)
        for row, _ in last[: len(last) - count]:
            settle(row)
    finally:
        copy.close()
    keep = [place for place in range(width) if copy.filled[place] or found.written[place]]
    if not keep or (not copy.rows and len(keep) == 1):
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
        rows=copy.rows,
        first_line=first_line or header_number + 1,
        notes=[*found.notes, *notes, *ending_notes(0, 0, subtotals, repeated)],
    )

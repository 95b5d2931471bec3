"""Mend delimited text: the sound records written again with their numbers, and a reject for each that is not."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files.ending import LONGEST_ENDING, ending, ending_notes, is_count, is_subtotal
from tolok.sources.files.header import Frame
from tolok.sources.files.reading import Limits
from tolok.sources.files.records import Dialect, Record, RecordReader, bounded_lines, too_long
from tolok.sources.files.scratch import CleanCopy, Scratch
from tolok.sources.table import RawTable, Reject

SHOWN = 2_000
TAIL_BYTES = 256 * 1024
SUBTOTAL = re.compile(rb"\W*(?:sub|zwischen|sous)", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """What the first lines of a file say about the rest."""

    dialect: Dialect
    frame: Frame
    width: int
    first_number: int  # record number of the first record of data
    first_cells: tuple[str, ...]
    skip: int  # lines above it
    pads: bool  # the writer leaves out blank cells at the end of a row
    newline: str
    declared: bool  # the first line says ``sep=;`` and is no record
    notes: tuple[str, ...]


@contextmanager
def opened_lines(path: Path, newline: str) -> Iterator[Callable[[int], bytes]]:
    """A way to read a file line by line; lines that end in CR alone come with LF instead."""
    if newline == "\r":
        with path.open(encoding="utf-8", errors="replace", newline="\r") as text:
            yield lambda limit: text.readline(limit).replace("\r", "\n").encode()
    else:
        with path.open("rb", buffering=1024 * 1024) as binary:
            if binary.read(3) != b"\xef\xbb\xbf":
                binary.seek(0)
            yield binary.readline


class Mender:
    """Goes through the records of one file once."""

    def __init__(self, path: Path, file: str, layout: Layout, scratch: Scratch, limits: Limits) -> None:
        dialect = layout.dialect
        as_written = bool(dialect.delimiter) and not dialect.backslash
        self.path = path
        self.file = file
        self.layout = layout
        self.limits = limits
        self.delimiter = dialect.delimiter if as_written else ","
        self.copy = CleanCopy(
            scratch.new("csv"),
            layout.width,
            delimiter=self.delimiter,
            quote=dialect.quote if as_written else '"',
        )
        self.rejects: list[Reject] = []
        self.left_out = Counter[str]()
        self.notes: list[str] = []
        self._apart = self._summed = False
        self._held: deque[Record] = deque()
        self._is_sound = sound_line(layout) if as_written else None

    def mend(self) -> None:
        """Write the copy; most lines are sound as they are and are written so."""
        try:
            with opened_lines(self.path, self.layout.newline) as readline:
                self._go_through(readline)
        finally:
            self.copy.close()

    def _go_through(self, readline: Callable[[int], bytes]) -> None:
        limit, is_sound = self.limits.max_record, self._is_sound
        rest = (line.decode("utf-8", errors="replace") for line in bounded_lines(readline, limit, self.file))
        if self.layout.declared:
            next(rest, "")
        reader = RecordReader(rest, self.layout.dialect, max_cell=self.limits.max_cell, width=self.layout.width)
        while reader.number < self.layout.first_number - 1 and reader.take() is not None:
            pass
        returned, write, before = reader.source.returned, self.copy.write, self.delimiter.encode()
        bulk = self.path.stat().st_size - TAIL_BYTES if is_sound and self.layout.newline == "\n" else 0
        longest = self.limits.max_cell
        passed = 0
        while passed < bulk and is_sound:
            if returned:
                record = reader.take()
                if record is not None:
                    self._settle(record)
                continue
            line = readline(limit)
            if not line:
                break
            size = len(line)
            passed += size
            if size < longest and is_sound(line):
                reader.number += 1
                write(b"%d%b%b" % (reader.number, before, line if line[-2:] != b"\r\n" else line[:-2] + b"\n"))
                self.copy.rows += 1
                continue
            if size >= limit and not line.endswith(b"\n"):
                raise too_long(self.file, limit)
            record = reader.read(line.decode("utf-8", errors="replace"))
            if record is not None:
                self._settle(record)
        while (record := reader.take()) is not None:
            if not record.problem and not any(cell and not cell.isspace() for cell in record.cells):
                self.left_out["blank"] += 1
                self._apart = True
                continue
            self._held.append(replace(record, after_blank=True) if self._apart else record)
            self._apart = False
            if len(self._held) > LONGEST_ENDING:
                self._settle(self._held.popleft())
        self._end()

    def _end(self) -> None:
        last = list(self._held)
        count, self.notes = ending([(record.cells, record.after_blank) for record in last], self.layout.width)
        for record in last[: len(last) - count]:
            self._settle(record)
        if self.left_out["blank"]:
            self.notes.append(f"{self.left_out['blank']:,} blank rows left out")
        self.notes.extend(ending_notes(0, 0, self.left_out["subtotal"], self.left_out["header"]))

    def _settle(self, record: Record) -> None:
        cells = _fitted(record, self.layout)
        if cells is None:
            self.rejects.append(_reject(self.file, record, self.layout))
            if len(self.rejects) > self.limits.max_rejects:
                raise SourceError(
                    f"More than {self.limits.max_rejects:,} records of {self.file} do not fit its header.",
                    next_step=f"The first: record {self.rejects[0].line}, {self.rejects[0].reason}.",
                )
        elif not any(cell and not cell.isspace() for cell in cells):
            self.left_out["blank"] += 1
        elif is_subtotal(cells) or (self._summed and is_count(cells)):
            self.left_out["subtotal"] += 1
            self._summed = True
            return
        elif self.layout.frame.is_repeated(cells):
            self.left_out["header"] += 1
        else:
            self.copy.add(record.number, cells)
        self._summed = False


def mend(
    path: Path,
    file: str,
    layout: Layout,
    connection: duckdb.DuckDBPyConnection,
    scratch: Scratch,
    limits: Limits,
) -> RawTable:
    """The table of a file whose records are not all sound, or whose end holds totals and remarks."""
    mender = Mender(path, file, layout, scratch, limits)
    mender.mend()
    copy, frame = mender.copy, layout.frame
    everything = list(range(layout.width))
    unnamed = [place for place in everything if not frame.written[place]] if frame.header_rows else []
    if unnamed:
        counts = ", ".join(f"count(c{place})" for place in unnamed)
        found = (
            connection.execute(f"SELECT {counts} FROM {copy.relation(everything, limits.max_record)}").fetchone() or ()
        )
        empty = {place for place, count in zip(unnamed, found, strict=False) if not count}
        everything = [place for place in everything if place not in empty]
    return RawTable(
        file=file,
        sheet="",
        headers=tuple(frame.headers[place] for place in everything),
        relation=copy.relation(everything, limits.max_record),
        rows=copy.rows,
        first_line=layout.first_number,
        has_line=True,
        rejects=tuple(mender.rejects),
        notes=tuple(mender.notes),
    )


def sound_line(layout: Layout) -> Callable[[bytes], bool]:
    """A quick test for a line that is one whole record as it stands; what fails it is looked at closely."""
    delimiter, quote, width = layout.dialect.delimiter.encode(), layout.dialect.quote.encode(), layout.width
    head = (layout.frame.as_found or ("",))[0].encode()
    blanks = b" \t\r\n" + delimiter + quote
    marks = b"[^" + re.escape(delimiter) + re.escape(quote) + rb"\r\n]*+"
    cell = (
        b"(?:" + marks + b"|" + quote + b"[^" + quote + b"]*+(?:" + quote * 2 + b"[^" + quote + b"]*+)*+" + quote + b")"
        if quote
        else marks
    )
    whole = re.compile(b"(?:" + cell + re.escape(delimiter) + b"){%d}" % (width - 1) + cell + rb"\r?\n")
    delimiters = width - 1

    def is_sound(line: bytes) -> bool:
        if quote and quote in line:
            if not whole.fullmatch(line):
                return False
        elif line.count(delimiter) != delimiters or line.find(b"\r", 0, -2) >= 0 or line[-1:] != b"\n":
            return False
        start = line.lstrip(blanks)
        return bool(start) and not SUBTOTAL.match(start) and not (head and start.startswith(head))

    return is_sound


def _fitted(record: Record, layout: Layout) -> list[str] | None:
    """The cells of a record at the table's width, or nothing if it does not fit."""
    if record.problem:
        return None
    cells, width = record.cells, layout.width
    if len(cells) == width:
        return cells
    if len(cells) > width:
        return None if any(cell.strip() for cell in cells[width:]) else cells[:width]
    return [*cells, *[""] * (width - len(cells))] if layout.pads else None


def _reject(file: str, record: Record, layout: Layout) -> Reject:
    headers = layout.frame.headers
    found = len(record.cells)
    column = headers[min(found, len(headers) - 1)]
    if record.problem == "unclosed":
        reason = "a quote opens and does not close"
    elif record.problem == "after quote":
        reason = "text follows a closing quote; a quote inside a cell must be doubled"
    elif record.problem == "too long":
        longest = max(range(found), key=lambda place: len(record.cells[place]))
        column = headers[min(longest, len(headers) - 1)]
        reason = f"a cell of {len(record.cells[longest]):,} characters is too long"
    elif found < layout.width:
        reason = f"{found} {'cells' if found != 1 else 'cell'} where the table has {layout.width}"
    else:
        column = headers[-1]
        reason = f"{found} cells where the table has {layout.width}; a delimiter inside a cell must be quoted"
    return Reject(file, record.number, column, reason, record.text[:SHOWN])

"""Delimited text: CSV, TSV and kin, read in place when every record is sound, record by record when not."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files import encoding
from tolok.sources.files.dialect import sniff
from tolok.sources.files.ending import LONGEST_ENDING, ending, ending_notes, is_footer, is_subtotal, is_total
from tolok.sources.files.header import Frame, frame
from tolok.sources.files.reading import Limits
from tolok.sources.files.records import Dialect, Record, bounded_lines, records
from tolok.sources.files.scratch import CleanCopy, Scratch, read_csv_sql, selected
from tolok.sources.table import RawTable, Reject

SAMPLE_BYTES = 1024 * 1024
HEAD_RECORDS = 500
TAIL_BYTES = 64 * 1024
SHOWN = 2_000


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
    notes: tuple[str, ...]


def read_delimited(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> RawTable:
    """The table of a delimited text file. ``content_hash`` is left to the caller."""
    spelled = encoding.recognise(path)
    if not spelled.clean:
        clean = scratch.new("txt")
        encoding.rewrite(path, spelled, clean)
        path = clean
    elif any(mark in str(path) for mark in "*?[]{}"):
        link = scratch.new("txt")
        link.symlink_to(path.absolute())
        path = link
    layout = _layout(path, file, limits)
    notes = tuple(note for note in (spelled.note, *layout.notes) if note)
    table = _sound(path, file, layout, connection, limits) or _mended(path, file, layout, connection, scratch, limits)
    return replace(table, notes=notes + table.notes)


def _layout(path: Path, file: str, limits: Limits) -> Layout:
    lines, newline, cut = _sample(path, file, limits)
    if not any(line.strip() for line in lines):
        raise SourceError(f"{file} is empty.", next_step="Export it again, or leave it out.")
    declared = _declared(lines[0])
    start = 1 if declared else 0
    dialect = sniff(lines[start:])
    if declared:
        dialect = Dialect(declared, dialect.quote or '"', dialect.backslash)
    head = list(islice(records(iter(lines[start:]), dialect, width=_usual(lines[start:], dialect)), HEAD_RECORDS))
    if cut and len(head) > 1 and len(head) < HEAD_RECORDS:
        head.pop()
    widest = max(len(record.cells) for record in head)
    if widest > limits.max_columns:
        raise SourceError(
            f"{file} has {widest:,} columns; a table may have {limits.max_columns:,}.",
            next_step="Export only the columns that are needed.",
        )
    rows = [record.cells for record in head]
    usual = _usual_width(head)
    found = frame(rows, max(usual, 1))
    width = usual
    if found.header_rows:
        width = len(rows[found.title_rows])
        body = head[found.first :]
        longer = sum(1 for record in body if any(cell.strip() for cell in record.cells[width:]))
        if longer * 2 > len(body):
            width = usual
        found = frame(rows, width)
    if (found.first >= len(head) and not found.header_rows) or _is_prose(head, width):
        raise SourceError(f"{file} has no table in it.", next_step="Give a file with a header row and records.")
    data = head[found.first :]
    above = head[found.first - 1] if found.first else None
    number = (above.number if above else 0) + 1
    notes = [f"separated by {dialect.spoken}"] if dialect.delimiter not in (",", "\t") and width > 1 else []
    pads = _pads(data, width)
    if pads:
        notes.append("rows are shorter where their last cells are blank")
    return Layout(
        dialect,
        found,
        width,
        number,
        tuple(data[0].cells) if data else (),
        (above.lines if above else 0) + start,
        pads,
        newline,
        (*notes, *found.notes),
    )


def _sample(path: Path, file: str, limits: Limits) -> tuple[list[str], str, bool]:
    """The first lines, what ends a line, and whether there is more than these."""
    with path.open("rb") as binary:
        head = binary.read(SAMPLE_BYTES)
    newline = "\r" if b"\n" not in head and b"\r" in head.rstrip(b"\r") else "\n"
    lines: list[str] = []
    size = 0
    with path.open(encoding="utf-8-sig", newline=newline) as text:
        for line in bounded_lines(text.readline, limits.max_record, file):
            lines.append(line)
            size += len(line)
            if size >= SAMPLE_BYTES:
                break
        cut = bool(text.read(1))
    return lines, newline, cut


def _usual(lines: list[str], dialect: Dialect) -> int:
    return _usual_width(list(islice(records(iter(lines), dialect), HEAD_RECORDS)))


def _usual_width(found: list[Record]) -> int:
    """The number of cells that most records have; the larger where two are as common."""
    counts = Counter(len(record.cells) for record in found if not record.problem)
    if not counts:
        return 1
    return max(counts.items(), key=lambda entry: (entry[1] if entry[0] > 1 else entry[1] * 0.5, entry[0]))[0]


def _is_prose(head: list[Record], width: int) -> bool:
    """Whether the lines are sentences: long, with spaces and full stops, and of no common width."""
    if len(head) < 3:
        return False
    texts = [record.text for record in head]
    sentences = sum(1 for text in texts if text.rstrip().endswith((".", ":", "?", "!")) and text.count(" ") >= 4)
    fitting = sum(1 for record in head if len(record.cells) == width and not record.problem)
    if width > 1:
        return fitting * 2 <= len(head) and sentences * 3 >= len(head)
    return sentences * 2 >= len(head) or sum(map(len, texts)) > 100 * len(texts)


def _pads(data: list[Record], width: int) -> bool:
    """Whether the writer leaves out blank cells at the end of rows: many short rows, and none ends in a blank cell."""
    last = len(data)
    while last and len(data[last - 1].cells) == 1:
        last -= 1
    data = data[:last]
    short = sum(1 for record in data if len(record.cells) < width)
    blank = sum(1 for record in data if len(record.cells) == width and not record.cells[-1].strip())
    return short >= max(2, 0.1 * len(data)) and not blank


def _sound(
    path: Path, file: str, layout: Layout, connection: duckdb.DuckDBPyConnection, limits: Limits
) -> RawTable | None:
    """The file read in place, if each of its records is sound and nothing at its end is to be left out."""
    dialect = layout.dialect
    if not dialect.delimiter or dialect.backslash or layout.pads or not layout.first_cells:
        return None
    if _ends_otherwise(path, layout, limits):
        return None
    names = [f"c{number}" for number in range(layout.width)]
    source = read_csv_sql(
        path,
        [f"'{name}': 'VARCHAR'" for name in names],
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.quote,
        skip=layout.skip,
    )
    unnamed = [place for place, written in enumerate(layout.frame.written) if not written]
    counts = "".join(f", count({names[place]})" for place in unnamed) if layout.frame.header_rows else ""
    try:
        top = connection.execute(f"SELECT * FROM {source} LIMIT 1").fetchone()
        expected = [*layout.first_cells, *[""] * (layout.width - len(layout.first_cells))]
        if top is None or [cell or "" for cell in top] != expected[: layout.width]:
            return None
        blank = f"count(*) FILTER (coalesce({', '.join(names)}) IS NULL)"
        counted = connection.execute(f"SELECT count(*), {blank}{counts} FROM {source}").fetchone()
    except duckdb.Error:
        return None
    if counted is None or counted[1]:
        return None
    empty = {place for place, count in zip(unnamed, counted[2:], strict=False) if not count}
    keep = [place for place in range(layout.width) if place not in empty]
    return RawTable(
        file=file,
        sheet="",
        headers=tuple(layout.frame.headers[place] for place in keep),
        relation=selected(source, keep, layout.width),
        rows=int(counted[0]),
        first_line=layout.first_number,
    )


def _ends_otherwise(path: Path, layout: Layout, limits: Limits) -> bool:
    """Whether the last lines hold a total or a remark."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read(TAIL_BYTES).decode("utf-8", errors="replace")
    lines = tail.splitlines(keepends=True)
    if size > TAIL_BYTES:
        lines = lines[1:]
    for record in list(records(iter(lines), layout.dialect, width=layout.width))[-3:]:
        cells = [*record.cells, *[""] * (layout.width - len(record.cells))]
        if layout.width > 1 and (is_total(cells) or is_footer(cells, after_blank=record.after_blank)):
            return True
    return False


def _mended(
    path: Path, file: str, layout: Layout, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> RawTable:
    """The sound records written again with their numbers, and a reject for each that is not."""
    copy = CleanCopy(scratch.new("csv"), layout.width)
    rejects: list[Reject] = []
    left_out = Counter[str]()
    held: deque[Record] = deque()

    def settle(record: Record) -> None:
        cells = _fitted(record, layout)
        if cells is None:
            rejects.append(_reject(file, record, layout))
            if len(rejects) > limits.max_rejects:
                raise SourceError(
                    f"More than {limits.max_rejects:,} records of {file} do not fit its header.",
                    next_step=f"The first: record {rejects[0].line}, {rejects[0].reason}.",
                )
        elif is_subtotal(cells):
            left_out["subtotal"] += 1
        else:
            copy.add(record.number, cells)
            for place in unnamed:
                copy.filled[place] = copy.filled[place] or bool(cells[place])

    unnamed = [place for place, written in enumerate(layout.frame.written) if not written]
    try:
        with path.open(encoding="utf-8-sig", newline=layout.newline) as text:
            apart = False
            for record in _data(text.readline, layout, file, limits):
                if not any(cell and not cell.isspace() for cell in record.cells) and not record.problem:
                    left_out["blank"] += 1
                    apart = True
                    continue
                held.append(replace(record, after_blank=True) if apart else record)
                apart = False
                if len(held) > LONGEST_ENDING:
                    settle(held.popleft())
        last = list(held)
        count, notes = ending([(record.cells, record.after_blank) for record in last], layout.width)
        for record in last[: len(last) - count]:
            settle(record)
    finally:
        copy.close()
    if left_out["blank"]:
        notes.append(f"{left_out['blank']:,} blank rows left out")
    notes.extend(ending_notes(0, 0, left_out["subtotal"]))
    header = layout.frame.header_rows > 0
    keep = [place for place in range(layout.width) if copy.filled[place] or place not in unnamed or not header]
    return RawTable(
        file=file,
        sheet="",
        headers=tuple(layout.frame.headers[place] for place in keep),
        relation=copy.relation(keep, limits.max_record),
        rows=copy.rows,
        first_line=layout.first_number,
        has_line=True,
        rejects=tuple(rejects),
        notes=tuple(notes),
    )


def _data(readline: Callable[[int], str], layout: Layout, file: str, limits: Limits) -> Iterator[Record]:
    """The records below the header. Lines of a ``sep=`` mark are no record."""
    lines = bounded_lines(readline, limits.max_record, file)
    above = layout.first_number - 1
    first = next(lines, "")
    rest = lines if _declared(first) else chain([first], lines)
    for record in records(rest, layout.dialect, max_cell=limits.max_cell, width=layout.width):
        if record.number > above:
            yield record


def _declared(line: str) -> str:
    """The delimiter that a first line ``sep=;`` declares."""
    text = line.strip(" \r\n\ufeff").strip('"')
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") else ""


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
        reason = f"{found} cell{'s' if found != 1 else ''} where the table has {layout.width}"
    else:
        column = headers[-1]
        reason = f"{found} cells where the table has {layout.width}; a delimiter inside a cell must be quoted"
    return Reject(file, record.number, column, reason, record.text[:SHOWN])

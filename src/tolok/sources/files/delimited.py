"""Delimited text: CSV, TSV and kin, read in place when every record is sound, record by record when not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files import encoding
from tolok.sources.files.dialect import sniff
from tolok.sources.files.ending import SUBTOTAL_WORD, is_footer, is_total
from tolok.sources.files.header import frame
from tolok.sources.files.mending import Layout, mend, opened_lines
from tolok.sources.files.reading import Limits
from tolok.sources.files.records import Dialect, Record, bounded_lines, records
from tolok.sources.files.scratch import Scratch, quoted, read_csv_sql, selected
from tolok.sources.table import RawTable

SAMPLE_BYTES = 1024 * 1024
HEAD_RECORDS = 500
TAIL_BYTES = 64 * 1024
SUBTOTAL_STARTS = ("sub", "Sub", "SUB", "zwi", "Zwi", "sou", "Sou", "SOU")


def read_delimited(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> RawTable:
    """The table of a delimited text file. ``content_hash`` is left to the caller."""
    if any(mark in str(path) for mark in "*?[]{}"):
        link = scratch.new("txt")
        link.symlink_to(path.absolute())
        path = link
    return _read(path, file, connection, scratch, limits, thorough=False)


def _read(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits, *, thorough: bool
) -> RawTable:
    """The table; the encoding of the whole file is looked at only once the engine has met something it cannot read."""
    spelled = encoding.recognise(path, thorough=thorough)
    if not spelled.clean:
        clean = scratch.new("txt")
        encoding.rewrite(path, spelled, clean)
        path = clean
    layout = _layout(path, file, limits)
    table = _sound(path, file, layout, connection)
    if table is None:
        if spelled.clean and not thorough:
            return _read(path, file, connection, scratch, limits, thorough=True)
        table = mend(path, file, layout, connection, scratch, limits)
    return replace(table, notes=tuple(note for note in (spelled.note, *layout.notes, *table.notes) if note))


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
        width = max(width, len(found.written))  # headings that reach further than most records
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
        bool(declared),
        (*notes, *found.notes),
    )


def _sample(path: Path, file: str, limits: Limits) -> tuple[list[str], str, bool]:
    """The first lines, what ends a line, and whether there is more than these."""
    with path.open("rb") as binary:
        head = binary.read(SAMPLE_BYTES)
    newline = "\r" if b"\n" not in head and b"\r" in head.rstrip(b"\r") else "\n"
    lines: list[str] = []
    size = 0
    with opened_lines(path, newline) as readline:
        for line in bounded_lines(readline, limits.max_record, file):
            lines.append(line.decode("utf-8", errors="replace"))
            size += len(line)
            if size >= SAMPLE_BYTES:
                break
        cut = bool(readline(1))
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


def _sound(path: Path, file: str, layout: Layout, connection: duckdb.DuckDBPyConnection) -> RawTable | None:
    """The file read in place, if each of its records is sound and none is to be left out."""
    dialect = layout.dialect
    if not dialect.delimiter or dialect.backslash or layout.pads or not layout.first_cells:
        return None
    if _ends_otherwise(path, layout):
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
        first = f"coalesce({', '.join(names)})"
        starts = ", ".join(quoted(start) for start in SUBTOTAL_STARTS)
        subtotal = f"{first}[:3] IN ({starts}) AND regexp_matches({first}, {quoted(f'(?i)^{SUBTOTAL_WORD}')})"
        heads = [f"{name} = {quoted(cell)}" for name, cell in zip(names, layout.frame.as_found, strict=False) if cell]
        repeated = f" OR ({' AND '.join(heads[:4])})" if heads else ""
        blank = f"count(*) FILTER ({first} IS NULL OR ({subtotal}){repeated})"
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


def _ends_otherwise(path: Path, layout: Layout) -> bool:
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


def _declared(line: str) -> str:
    """The delimiter that a first line ``sep=;`` declares."""
    text = line.strip(" \r\n\ufeff").strip('"')
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") else ""

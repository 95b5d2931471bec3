"""Tables of web pages, which many systems export under the name .xls."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb

from tolok.errors import SourceError
from tolok.sources.files import encoding
from tolok.sources.files.grid import Row, write_grids
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import Scratch
from tolok.sources.table import RawTable

MOST_SPAN = 1_000
MOST_CELLS = 5_000_000


def read_html(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> Reading:
    """The tables of a page. Tables of layout (with tables in them, or of one cell) are left."""
    if path.stat().st_size > limits.max_document_bytes:
        raise SourceError(
            f"{file} is a web page of more than {limits.max_document_bytes // 1024 // 1024:,} MB.",
            next_step="Export it as CSV.",
        )
    spelled = encoding.recognise(path)
    if not spelled.clean:
        clean = scratch.new("html")
        encoding.rewrite(path, spelled, clean)
        path = clean
    page = _Page(limits.max_columns)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        while chunk := text.read(1024 * 1024):
            page.feed(chunk)
    page.close()
    tables: list[RawTable] = []
    for found in page.tables:
        rows = [Row(number, cells) for number, cells in enumerate(found.rows, start=1)]
        width = max((len(row.cells) for row in rows), default=0)
        if width > limits.max_columns:
            raise SourceError(
                f"{file} has a table of more than {limits.max_columns:,} columns.",
                next_step="Export only the columns that are needed.",
            )
        if len(rows) < 2 or width < 2:
            continue
        for row in rows:
            row.cells.extend([""] * (width - len(row.cells)))
        for grid in write_grids(iter(rows), width, scratch.new("csv"), limits, groups=frozenset(found.groups)):
            name = f"table {len(tables) + 1}"
            tables.append(grid.table(file, name, limits, [spelled.note] if spelled.note else []))
    if not tables:
        raise SourceError(f"{file} is a web page without a table of data.", next_step="Export it as CSV or XLSX.")
    if len(tables) == 1:
        tables = [_alone(tables[0])]
    return Reading(tuple(tables))


def _alone(table: RawTable) -> RawTable:
    return replace(table, sheet="")


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.groups: set[int] = set()
        self.layout = False
        self.covered: dict[int, tuple[int, str]] = {}  # column → last row that a cell from above reaches, and its text


class _Page(HTMLParser):
    """Collects the cells of every table, innermost first; ``colspan`` and ``rowspan`` repeat a heading's words."""

    def __init__(self, max_columns: int) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._muted = 0
        self._cells = 0
        self._max_columns = max_columns

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._muted += 1
        elif tag == "table":
            self._end_cell()
            if self._open:
                self._open[-1].layout = True
            self._open.append(_Table())
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].rows.append([])
        elif tag in ("td", "th"):
            self._end_cell()
            if not self._open[-1].rows:
                self._open[-1].rows.append([])
            given = dict(attrs)
            self._cell = []
            self._span = (_span(given.get("colspan")), _span(given.get("rowspan")))
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n" if tag == "br" else " ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._muted = max(0, self._muted - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            table = self._open.pop()
            if not table.layout:
                self.tables.append(table)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._muted:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        while self._open:
            self.handle_endtag("table")

    def _end_cell(self) -> None:
        if self._cell is None or not self._open:
            self._cell = None
            return
        text = re.sub(r"[ \t\r\f\v\u00a0]+", " ", "".join(self._cell))
        text = re.sub(r"\s*\n\s*", "\n", text).strip()
        table, row = self._open[-1], self._open[-1].rows[-1]
        self._cover(table, row)
        across, down = self._span
        top = len(table.rows) <= 60
        if across > 1 and top:
            table.groups.add(len(table.rows))
        for place in range(across):
            if len(row) > self._max_columns:
                break
            repeated = text if place == 0 or top else ""
            if down > 1:
                table.covered[len(row)] = (len(table.rows) + down - 1, text)
            row.append(repeated)
            self._cells += 1
        if self._cells > MOST_CELLS:
            raise SourceError("The web page has too many cells.", next_step="Export it as CSV.")
        self._cell = None

    def _cover(self, table: _Table, row: list[str]) -> None:
        """Fill the columns that a cell of a row above reaches down to."""
        while (above := table.covered.get(len(row))) is not None:
            if above[0] < len(table.rows):
                del table.covered[len(row)]
                return
            row.append(above[1])


def _span(written: str | None) -> int:
    return min(int(written), MOST_SPAN) if written and written.isdecimal() and 0 < len(written) < 6 else 1

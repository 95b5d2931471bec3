"""The XML workbook of Excel 2003, which some systems still export under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

import duckdb

from tolok.errors import SourceError
from tolok.sources.files.cells import number_text
from tolok.sources.files.grid import Row, write_grids
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import Scratch
from tolok.sources.table import RawTable

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def read_xml_workbook(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> Reading:
    """The tables of the workbook, one per sheet that holds one."""
    if path.stat().st_size > limits.max_document_bytes:
        raise SourceError(
            f"{file} is an XML workbook of more than {limits.max_document_bytes // 1024 // 1024:,} MB.",
            next_step="Export it as CSV or XLSX.",
        )
    book = _Book(file, limits)
    try:
        book.parse(path)
    except expat.ExpatError as error:
        raise SourceError(f"{file} is a damaged XML workbook.", next_step="Export it as CSV or XLSX.") from error
    tables: list[RawTable] = []
    for name, rows in book.sheets:
        width = max((len(cells) for cells, _ in rows.values()), default=0)
        if not width:
            continue
        for grid in write_grids(_rows(rows, width), width, scratch.new("csv"), limits):
            tables.append(grid.table(file, name, limits))
    if not tables:
        raise SourceError(f"{file} has no sheet with a table in it.", next_step="Check that the right file was given.")
    return Reading(tuple(tables))


def _rows(rows: dict[int, tuple[list[str], list[str]]], width: int) -> Iterator[Row]:
    for number in sorted(rows):
        cells, marks = rows[number]
        short = width - len(cells)
        yield Row(number, [*cells, *[""] * short], [*marks, *[""] * short])


class _Book:
    """Follows the elements Worksheet, Row, Cell and Data; entities of its own are refused."""

    def __init__(self, file: str, limits: Limits) -> None:
        self.sheets: list[tuple[str, dict[int, tuple[list[str], list[str]]]]] = []
        self._file = file
        self._limits = limits
        self._row = 0
        self._column = 0
        self._skip = 0
        self._type = ""
        self._data: list[str] | None = None

    def parse(self, path: Path) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._entity
        with path.open("rb") as file:
            parser.ParseFile(file)

    def _entity(self, *_: Any) -> None:
        raise SourceError(
            f"{self._file} declares entities, which a workbook never does.", next_step="Export it as CSV."
        )

    def _start(self, tag: str, given: dict[str, str]) -> None:
        index = given.get(f"{SPACE} Index", "")
        if tag == f"{SPACE} Worksheet":
            self.sheets.append((given.get(f"{SPACE} Name", f"sheet {len(self.sheets) + 1}"), {}))
            self._row = 0
        elif tag == f"{SPACE} Row" and self.sheets:
            self._row = int(index) if index.isdecimal() else self._row + 1
            self._column = 0
            self.sheets[-1][1][self._row] = ([], [])
        elif tag == f"{SPACE} Cell" and self._row:
            self._column = int(index) if index.isdecimal() and len(index) < 7 else self._column + 1
            if self._column > self._limits.max_columns:
                raise SourceError(
                    f"{self._file} has more than {self._limits.max_columns:,} columns.",
                    next_step="Export only the columns that are needed.",
                )
            across = given.get(f"{SPACE} MergeAcross", "")
            self._skip = int(across) if across.isdecimal() and len(across) < 6 else 0
        elif tag == f"{SPACE} Data" and self._row:
            self._type = given.get(f"{SPACE} Type", "String")
            self._data = []

    def _characters(self, text: str) -> None:
        if self._data is not None:
            self._data.append(text)

    def _end(self, tag: str) -> None:
        if tag == f"{SPACE} Data" and self._data is not None and self.sheets:
            text, mark = _value("".join(self._data), self._type)
            cells, marks = self.sheets[-1][1][self._row]
            while len(cells) < self._column:
                cells.append("")
                marks.append("")
            cells[self._column - 1], marks[self._column - 1] = text, mark
            self._data = None
        elif tag == f"{SPACE} Cell":
            self._column += self._skip


def _value(text: str, type_name: str) -> tuple[str, str]:
    if not text.strip() or type_name == "Error":
        return "", ""
    if type_name == "Number":
        try:
            return (text if text.strip("-").isdecimal() else number_text(float(text))), "n"
        except (ValueError, OverflowError):
            return text, "t"
    if type_name == "DateTime":
        day, _, hour = text.partition("T")
        hour = hour.removesuffix(".000")
        return (day if hour in ("", "00:00:00") else f"{day} {hour}"), "d"
    if type_name == "Boolean":
        return ("true" if text.strip() == "1" else "false"), "b"
    return text, "t"

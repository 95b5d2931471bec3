"""The process that opens a workbook, so that a hostile one can harm nothing but this process.

It is told on standard input what to read, and answers on standard output: one line of JSON per sheet.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import python_calamine as calamine

from tolok.errors import SourceError
from tolok.sources.files.cells import cell_text, is_rounded
from tolok.sources.files.grid import Row, write_grids
from tolok.sources.files.reading import Limits

Merges = dict[int, dict[int, tuple[int, int]]]  # row → column → the cell whose value it shows
MOST_MERGES = 200_000
HEADING_ROWS = 60


def main() -> None:
    """Read the workbook named on standard input, sheet by sheet."""
    order = json.load(sys.stdin)
    limits = Limits(max_columns=order["max_columns"])
    _bound(resource.RLIMIT_AS, order["memory"])
    _bound(resource.RLIMIT_CPU, order["seconds"])
    _bound(resource.RLIMIT_FSIZE, order["output"])
    _bound(resource.RLIMIT_CORE, 0)
    try:
        workbook = calamine.CalamineWorkbook.from_path(order["path"])
    except calamine.PasswordError:
        _answer(refused="locked")
        return
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError, ValueError):
        _answer(refused="damaged")
        return
    for number, about in enumerate(workbook.sheets_metadata):
        if number in order["skip"]:
            continue
        _answer(begin=number, name=about.name)
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            _answer(sheet=number, name=about.name, why="no table in it")
            continue
        notes = [] if about.visible == calamine.SheetVisibleEnum.Visible else ["the sheet is hidden"]
        try:
            sheet = workbook.get_sheet_by_index(number)
            answer = _read(sheet, Path(order["target"]) / f"{number}.csv", limits, notes)
        except SourceError as error:
            answer = {"why": error.message}
        except MemoryError:
            answer = {"why": "it needs more memory than a workbook may take"}
        except Exception:
            answer = {"why": "it is damaged"}
        _answer(sheet=number, name=about.name, **answer)


def _read(sheet: calamine.CalamineSheet, target: Path, limits: Limits, notes: list[str]) -> dict[str, Any]:
    if sheet.start is None or sheet.end is None:
        return {"why": "no table in it"}
    left, width = sheet.start[1], sheet.width
    if width > limits.max_columns:
        width = _used_width(sheet)
    merges, groups = _merges(sheet, left)
    rounded = [0]
    grids = write_grids(_rows(sheet, width, merges, rounded), width, target, limits, groups=groups)
    if not grids:
        return {"why": "no table in it"}
    if rounded[0]:
        notes.append(f"{rounded[0]:,} numbers are too long for a spreadsheet, which has rounded their last digits")
    return {"grids": [asdict(grid) for grid in grids], "notes": notes}


def _used_width(sheet: calamine.CalamineSheet) -> int:
    used = 1
    for row in sheet.iter_rows():
        for place in range(len(row) - 1, used - 1, -1):
            if row[place] != "":
                used = place + 1
                break
    return used


def _rows(sheet: calamine.CalamineSheet, width: int, merges: Merges, rounded: list[int]) -> Iterator[Row]:
    """The rows as text, numbered as the sheet numbers them; cells merged downwards repeat their value."""
    shown: dict[tuple[int, int], tuple[str, str]] = {}
    for number, values in enumerate(sheet.iter_rows()):
        cells: list[str] = []
        marks: list[str] = []
        for value in values[:width]:
            text, mark = cell_text(value)
            cells.append(text)
            marks.append(mark)
            if mark == "n" and is_rounded(value):
                rounded[0] += 1
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
            marks.extend([""] * (width - len(marks)))
        for column, origin in merges.get(number, {}).items():
            if column >= width:
                continue
            if origin == (number, column):
                shown[origin] = (cells[column], marks[column])
            elif not cells[column] and origin in shown:
                cells[column], marks[column] = shown[origin]
        yield Row(number + 1, cells, marks)


def _merges(sheet: calamine.CalamineSheet, left: int) -> tuple[Merges, frozenset[int]]:
    """Which cells show the value of another: all merged ones at the top, below only those merged downwards."""
    merges: Merges = {}
    groups: set[int] = set()
    count = 0
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or []:
        heading = top < HEADING_ROWS
        if heading and last > first:
            groups.add(top + 1)
        if not heading and last > first:
            continue
        for row in range(top, min(bottom, top + 10_000) + 1):
            for column in range(first, min(last, first + 2_000) + 1):
                count += 1
                if count > MOST_MERGES:
                    return merges, frozenset(groups)
                merges.setdefault(row, {})[column - left] = (top, first - left)
    return merges, frozenset(groups)


def _bound(what: int, most: int) -> None:
    """Take a limit, unless the system already sets a lower one."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, hard))


def _answer(**fields: object) -> None:
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS): each sheet a table, opened in a guarded process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from tolok.errors import SourceError
from tolok.sources.files.grid import Grid
from tolok.sources.files.reading import Limits, Reading
from tolok.sources.files.scratch import Scratch
from tolok.sources.table import RawTable

MOST_RESTARTS = 20


def read_workbook(
    path: Path, file: str, connection: duckdb.DuckDBPyConnection, scratch: Scratch, limits: Limits
) -> Reading:
    """The tables of a workbook, one per sheet that holds one."""
    target = scratch.new("sheets")
    target.mkdir()
    book = target / "book"  # without an ending, so that the content decides
    book.symlink_to(path.absolute())
    tables: list[RawTable] = []
    skipped: list[tuple[str, str]] = []
    done: set[int] = set()
    for _ in range(MOST_RESTARTS):
        answers, ended = _ask(book, target, done, limits)
        begun: dict[str, Any] | None = None
        for answer in answers:
            if "refused" in answer:
                raise _refusal(file, answer["refused"])
            if "begin" in answer:
                begun = answer
                continue
            begun = None
            done.add(answer["sheet"])
            if "why" in answer:
                skipped.append((f"{file} · {answer['name']}", answer["why"]))
            else:
                for grid in answer["grids"]:
                    tables.append(Grid(**grid).table(file, answer["name"], limits, answer["notes"]))
        if ended == "whole":
            break
        why = (
            f"it took longer than {limits.workbook_seconds} seconds"
            if ended == "slow"
            else f"it claims more cells than {limits.workbook_memory_bytes // 1024 // 1024:,} MB of memory hold"
        )
        if begun is None:
            raise SourceError(f"{file} cannot be opened: {why}.", next_step="Export the sheet as CSV.")
        done.add(begun["begin"])
        skipped.append((f"{file} · {begun['name']}", why))
        if ended == "slow":
            break
    if not tables:
        why = next((why for _, why in skipped if why != "no table in it"), "")
        raise SourceError(
            f"{file} has no sheet with a table in it{': ' + why.rstrip('.') if why else ''}.",
            next_step="Export the sheet as CSV." if why else "Check that the right workbook was given.",
        )
    if len(tables) == 1 and sum(1 for _, why in skipped if why != "no table in it") == 0:
        skipped = []
    return Reading(_with_markup(path, tables), tuple(skipped))


def _ask(path: Path, target: Path, done: set[int], limits: Limits) -> tuple[list[dict[str, Any]], str]:
    """Run the guarded process; its answers, and whether it ended "whole", "slow" or "broken"."""
    order = {
        "path": str(path.absolute()),
        "target": str(target.absolute()),
        "skip": sorted(done),
        "max_columns": limits.max_columns,
        "memory": limits.workbook_memory_bytes,
        "seconds": limits.workbook_seconds,
        "output": limits.workbook_output_bytes,
    }
    said = target / f"answers-{len(done)}.json"
    ended = "whole"
    with said.open("wb") as answers:
        try:
            process = subprocess.run(
                [sys.executable, "-P", "-m", "tolok.sources.files.workbook_child"],
                input=json.dumps(order).encode(),
                stdout=answers,
                stderr=subprocess.DEVNULL,
                cwd=target,
                timeout=limits.workbook_seconds,
                check=False,
            )
            if process.returncode:
                ended = "slow" if -process.returncode in (9, 24) else "broken"
        except subprocess.TimeoutExpired:
            ended = "slow"
    lines = said.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")], ended


def _refusal(file: str, reason: str) -> SourceError:
    if reason == "locked":
        return SourceError(f"{file} is locked with a password.", next_step="Save it without a password.")
    return SourceError(
        f"{file} is no workbook that can be read, or is damaged.", next_step="Open it and save it as XLSX or CSV."
    )


def _with_markup(path: Path, tables: list[RawTable]) -> tuple[RawTable, ...]:
    """The tables with notes of what only the markup of an XLSX tells: hidden columns, cells in error."""
    try:
        with zipfile.ZipFile(path) as archive:
            sheets = _sheet_parts(archive)
            return tuple(
                replace(table, notes=(*table.notes, *_markup_notes(archive, sheets[table.sheet])))
                if table.sheet in sheets
                else table
                for table in tables
            )
    except (zipfile.BadZipFile, KeyError, OSError, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        return tuple(tables)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Where the markup of each sheet lies, by the sheet's name."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    with archive.open("xl/workbook.xml") as part:
        book = part.read(4_000_000).decode("utf-8", errors="replace")
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        links = part.read(4_000_000).decode("utf-8", errors="replace")
    targets = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        key, to = re.search(r'\bId="([^"]*)"', link), re.search(r'\bTarget="([^"]*)"', link)
        if key and to:
            targets[key[1]] = to[1].lstrip("/") if to[1].startswith("/") else "xl/" + to[1]
    parts = {}
    for sheet in re.findall(r"<sheet [^>]*>", book):
        name, key = re.search(r'\bname="([^"]*)"', sheet), re.search(r'\br:id="([^"]*)"', sheet)
        if name and key and key[1] in targets:
            plain = name[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
            parts[plain] = targets[key[1]]
    return parts


def _markup_notes(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Notes on hidden columns and on cells in error, from the first 200 MB of a sheet's markup."""
    errors = hidden = 0
    before = b""
    with archive.open(part) as markup:
        for _ in range(200):
            chunk = markup.read(1024 * 1024)
            if not chunk:
                break
            text = before + chunk
            errors += text.count(b' t="e"')
            for column in re.findall(rb"<col [^>]*>", text):
                if b'hidden="1"' in column or b'hidden="true"' in column:
                    first, last = re.search(rb'min="(\d+)"', column), re.search(rb'max="(\d+)"', column)
                    hidden += int(last[1]) - int(first[1]) + 1 if first and last else 1
            before = text[-5:]
    notes = []
    if hidden:
        notes.append(f"{hidden:,} hidden columns read" if hidden > 1 else "1 hidden column read")
    if errors:
        notes.append(f"{errors:,} cells in error (such as #REF!) read as blank")
    return notes

"""Content as text that a job reads back: every cell comes back as what it was."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tolok.reports.content import Cell, Column, Content, Table

ASKED = "content.json"
"""What the file of a job's content is called."""


def as_text(content: Content) -> str:
    """The content as JSON.

    >>> content_of(as_text(Content("T", "O", (), (Table("A", (Column("D", "date"),), ((date(2026, 5, 3),),)),))))
    Content(title='T', organisation='O', asked=(), tables=(Table(title='A', columns=(Column(heading='D', unit='date'),), \
rows=((datetime.date(2026, 5, 3),),), currency=''),), charts=(), notes=(), language='en')
    """
    tables = [
        {**asdict(Table(table.title, table.columns, (), table.currency)), "rows": [_plain(row) for row in table.rows]}
        for table in content.tables
    ]
    about = asdict(Content(content.title, content.organisation, content.asked, (), (), content.notes, content.language))
    return json.dumps({**about, "tables": tables, "charts": content.charts}, ensure_ascii=False, default=str)


def content_of(text: str) -> Content:
    """The content that was written."""
    found = json.loads(text)
    tables = tuple(
        Table(
            table["title"],
            tuple(Column(**column) for column in table["columns"]),
            tuple(tuple(_cell(cell) for cell in row) for row in table["rows"]),
            table["currency"],
        )
        for table in found["tables"]
    )
    return Content(
        found["title"],
        found["organisation"],
        tuple(found["asked"]),
        tables,
        tuple(found["charts"]),
        tuple(found["notes"]),
        found["language"],
    )


def _plain(row: tuple[Cell, ...]) -> list[Any]:
    return [_written(cell) for cell in row]


def _written(cell: Cell) -> Any:
    """What JSON has no word for is a list of its kind and its text; no cell is a list."""
    if isinstance(cell, datetime):
        return ["moment", cell.isoformat()]
    if isinstance(cell, date):
        return ["day", cell.isoformat()]
    if isinstance(cell, Decimal):
        return ["decimal", str(cell)]
    return cell if cell is None or isinstance(cell, str | bool | int | float) else str(cell)


_KINDS = {"moment": datetime.fromisoformat, "day": date.fromisoformat, "decimal": Decimal}


def _cell(written: Any) -> Cell:
    if isinstance(written, list):
        kind, text = written
        cell: Cell = _KINDS[kind](text)  # type: ignore[operator]
        return cell
    found: Cell = written
    return found

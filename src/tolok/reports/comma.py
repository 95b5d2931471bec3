"""Content as CSV: numbers in full precision with a point, dates as 2026-10-31, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

from tolok.query.written import harmless
from tolok.reports.content import Cell, Content


def as_csv(content: Content) -> bytes:
    """All tables one below the other, in UTF-8 with a mark that makes spreadsheets read it as such."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for number, table in enumerate(content.tables):
        if number:
            writer.writerow([])
        if len(content.tables) > 1:
            writer.writerow([harmless(table.title)])
        writer.writerow([harmless(column.heading) for column in table.columns])
        writer.writerows([[_written(cell) for cell in row] for row in table.rows])
    return ("\ufeff" + out.getvalue()).encode()


def _written(cell: Cell) -> object:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return harmless(cell)

"""Content as a document or a picture, set by Typst: no browser is needed, and no network.

It takes a few tenths of a second, so it is made in a job and not while a page waits.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tolok.charts.picture import svg
from tolok.money import NO_ANSWER, format_number, format_value
from tolok.reports.content import Cell, Column, Content, Table

SHEET = Path(__file__).with_name("document.typ")
MOST_ROWS = 500
"""Rows of a table on paper; the workbook has all."""
WIDE = 7
"""Columns from which on the paper lies on its side."""
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
}
LEFT_OUT = {
    "en": "{n} more rows are in the workbook.",
    "id": "{n} baris lagi ada di buku kerja.",
}


def as_pdf(content: Content) -> bytes:
    """The document as PDF."""
    return _set(content, "pdf")


def as_png(content: Content) -> bytes:
    """The document's first page as a picture."""
    return _set(content, "png")


def _set(content: Content, form: str) -> bytes:
    import typst

    pages = typst.compile(
        SHEET.read_bytes(),
        format=form,
        ppi=160.0,
        sys_inputs={"content": json.dumps(_plain(content), ensure_ascii=False)},
    )
    return bytes(pages[0] if isinstance(pages, list) else pages)


def _plain(content: Content) -> dict[str, Any]:
    """What the sheet needs, as text: it decides about looks and nothing else."""
    return {
        "title": content.title,
        "organisation": content.organisation,
        "language": content.language,
        "asked": list(content.asked),
        "notes": list(content.notes),
        "charts": [svg({**chart, "width": 720, "height": 240, "background": "#ffffff"}) for chart in content.charts],
        "wide": any(len(table.columns) >= WIDE for table in content.tables),
        "tables": [_table(table, content.language) for table in content.tables],
    }


def _table(table: Table, language: str) -> dict[str, Any]:
    left_out = max(0, len(table.rows) - MOST_ROWS)
    return {
        "title": table.title,
        "columns": [{"heading": column.heading, "numeric": column.numeric} for column in table.columns],
        "rows": [
            [written(cell, column, table.currency, language) for cell, column in zip(row, table.columns, strict=True)]
            for row in table.rows[:MOST_ROWS]
        ],
        "left_out": left_out,
        "left_out_says": LEFT_OUT[language].format(n=left_out),
    }


def written(cell: Cell, column: Column, currency: str, language: str) -> str:
    """A cell as people read it in a language.

    >>> written(1500000, Column("Revenue", "money"), "IDR", "id"), written(None, Column("Won", "count"), "", "en")
    ('Rp 1.500.000', '–')
    >>> written(date(2026, 5, 3), Column("Closed", "date"), "", "id")
    '3 Mei 2026'
    """
    if cell is None:
        return NO_ANSWER if column.numeric else ""
    if isinstance(cell, datetime | date):
        return f"{cell.day} {MONTHS[language][cell.month - 1]} {cell.year}"
    if column.unit == "figure" and isinstance(cell, int | float | Decimal):
        decimals = 0 if Decimal(str(cell)) == int(cell) or abs(cell) >= 1000 else 2
        return format_number(cell, decimals, language)
    if column.numeric and isinstance(cell, int | float | Decimal):
        return format_value(cell, column.unit, currency, language, full=True)
    return str(cell)

"""Content as a workbook: real numbers and dates, one sheet per table, headings that stay, no formulas."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tolok.money import shown_decimals
from tolok.reports.content import Cell, Column, Content, Table

MOST_ROWS = 1_000_000
FIRST = 4
"""The row of the headings, below the title and what was asked."""


def as_xlsx(content: Content) -> bytes:
    """The workbook; text that looks like a formula stays text."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {**options, "nan_inf_to_errors": True})
    book.set_properties({"title": content.title, "company": content.organisation})
    names: set[str] = set()
    for table in content.tables or (Table(content.title, (), ()),):
        _sheet(book, content, table, names)
    book.close()
    return out.getvalue()


def _sheet(book: Any, content: Content, table: Table, names: set[str]) -> None:
    sheet = book.add_worksheet(_name(table.title, names))
    title, plain, head, head_right = (
        book.add_format({"bold": True, "font_size": 14}),
        book.add_format({"font_color": "#5F5D59"}),
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"}),
        book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"}),
    )
    sheet.write_string(0, 0, content.title if len(content.tables) < 2 else f"{content.title}: {table.title}", title)
    sheet.write_string(1, 0, " · ".join((content.organisation, *content.asked)), plain)
    for note, text in enumerate(content.notes[:1]):
        sheet.write_string(2 + note, 0, text, plain)
    forms = [
        book.add_format({"num_format": form}) if (form := _form(column, table.currency)) else None
        for column in table.columns
    ]
    for place, column in enumerate(table.columns):
        sheet.write_string(FIRST, place, column.heading, head_right if column.numeric else head)
        longest = max([len(column.heading), *(len(str(row[place] or "")) for row in table.rows[:200])])
        sheet.set_column(place, place, min(max(longest + 2, 10), 48))
    for line, row in enumerate(table.rows[:MOST_ROWS], start=FIRST + 1):
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, forms[place])
    if table.columns:
        sheet.freeze_panes(FIRST + 1, 1)
        sheet.autofilter(FIRST, 0, FIRST + max(len(table.rows), 1), len(table.columns) - 1)


def _write(sheet: Any, line: int, place: int, cell: Cell, form: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(line, place, cell)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(line, place, float(cell), form)
    elif isinstance(cell, datetime):
        sheet.write_datetime(line, place, cell.replace(tzinfo=None), form)
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), form)  # noqa: DTZ001 - a day
    else:
        sheet.write_string(line, place, cell[:32_767])


def _form(column: Column, currency: str) -> str:
    """The number format of a unit; percents are held as 0–100, as everywhere in Tolok."""
    decimals = shown_decimals(currency) if currency else 2
    return {
        "money": "#,##0" + ("." + "0" * decimals if decimals else ""),
        "count": "#,##0",
        "percent": '0.0"%"',
        "days": "0.0",
        "hours": "0.0",
        "ratio": "0.00",
        "score": "0.0",
        "figure": "#,##0.##",
        "date": "yyyy-mm-dd",
    }.get(column.unit, "")


def _name(title: str, taken: set[str]) -> str:
    """A sheet's name: 31 characters, none of those that spreadsheets forbid, none twice."""
    clean = re.sub(r"[\[\]:*?/\\]", " ", title).strip(" '")[:31] or "Tolok"
    name, number = clean, 2
    while name.casefold() in taken or name.casefold() == "history":
        name, number = f"{clean[:28]} {number}", number + 1
    taken.add(name.casefold())
    return name

"""The content of a page without its frame: a title, what was asked, tables of typed cells, charts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

Cell = str | int | float | Decimal | date | datetime | bool | None
"""What a cell holds; None is no answer, which is not zero."""


@dataclass(frozen=True)
class Column:
    """One column: its heading and the unit of its numbers, "" for text, "date" for days, "figure" for mixed units."""

    heading: str
    unit: str = ""

    @property
    def numeric(self) -> bool:
        return self.unit not in ("", "date")


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns. ``currency`` is that of its money columns."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    currency: str = ""


@dataclass(frozen=True)
class Content:
    """A page's content. ``asked`` says what it is about: period, team, comparison, until when the data reaches."""

    title: str
    organisation: str
    asked: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    language: str = "en"

    @property
    def file_name(self) -> str:
        """A name for the file, without an ending: letters and digits of the title and the first thing asked."""
        words = " ".join((self.title, *self.asked[:1])).casefold()
        return re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:80] or "tolok"

"""The forms that content may be had in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tolok.reports.comma import as_csv
from tolok.reports.content import Content
from tolok.reports.document import as_pdf, as_png
from tolok.reports.workbook import as_xlsx


@dataclass(frozen=True)
class Form:
    """One form: its name, the type that a browser is told, how it is made, and whether that takes long."""

    name: str
    type: str
    make: Callable[[Content], bytes]
    slow: bool = False


FORMS = {
    form.name: form
    for form in (
        Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        Form("csv", "text/csv; charset=utf-8", as_csv),
        Form("pdf", "application/pdf", as_pdf, slow=True),
        Form("png", "image/png", as_png, slow=True),
    )
}

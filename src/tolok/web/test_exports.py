"""Files hold the page's own figures as numbers and dates, of what the person may see, and nothing that runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from tolok.reports.content import Column, Content, Table
from tolok.reports.form import FORMS

PAGES = ["/scorecard/", "/kpi/revenue/?by=rep", "/kpi/deals_won/rows/?period=year", "/people/?period=year"]


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("form", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_every_page_comes_in_every_form(signed_in, page, form, begins):
    answer = signed_in("manager").get(page + ("&" if "?" in page else "?") + f"as={form}")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"].endswith(f'.{form}"')


def test_a_workbook_holds_numbers_that_add_up_to_the_page(signed_in):
    answer = signed_in("director").get("/kpi/deals_won/?period=year&by=rep&as=xlsx")
    trend, by_rep = sheets(answer.content).values()
    whole = [row for row in trend if isinstance(row[1], float)][-1][1]
    parts = [row[1] for row in by_rep[5:] if isinstance(row[1], float)]
    assert sum(parts) == whole


def test_rows_of_others_are_in_no_file(signed_in, people, organisation):
    whole = signed_in("director").get("/kpi/deals_won/rows/?period=year&as=csv").content.decode()
    own = signed_in("rep").get("/kpi/deals_won/rows/?period=year&as=csv").content.decode()
    mine = people["rep"].rep_id
    column = next(csv.reader(io.StringIO(whole))).index("owner_id")
    others = {row[column] for row in csv.reader(io.StringIO(whole))} - {mine, "owner_id"}
    assert len(others) > 3
    assert mine in own
    assert not [rep for rep in others if rep in own]
    names = {organisation.reps[rep].name for rep in others if rep in organisation.reps}
    listed = signed_in("rep").get("/people/?period=year&as=csv").content.decode()
    assert not [name for name in names if name in listed]


def test_a_form_that_does_not_exist_is_not_there(signed_in):
    assert signed_in("director").get("/scorecard/?as=exe").status_code == 404


HOSTILE = Content(
    'Title "x"/../..',
    "PT <b>",
    ("#set page(fill: red)",),
    (
        Table(
            "A/B:[c]*?" + "x" * 40,
            (Column("Name"), Column("Amount", "money"), Column("Day", "date")),
            (
                ('=HYPERLINK("http://evil","x")', 1.5, date(2026, 5, 3)),
                ("@SUM(A1)", None, None),
                ("#[*bold*] $x$ \\ <b>", -3, datetime(2026, 5, 4, 10, tzinfo=UTC)),
            ),
            "IDR",
        ),
        Table("A/B:[c]*?" + "x" * 40, (Column("=1+1"),), (("+1",),)),
    ),
    notes=("=1",),
    language="id",
)


def test_text_that_looks_like_a_formula_stays_text():
    rows = next(iter(sheets(FORMS["xlsx"].make(HOSTILE)).values()))
    assert rows[5] == ['=HYPERLINK("http://evil","x")', 1.5, date(2026, 5, 3)]
    written = list(csv.reader(io.StringIO(FORMS["csv"].make(HOSTILE).decode("utf-8-sig"))))
    assert [cell for row in written for cell in row if cell[:1] in "=+@" and cell] == []
    assert FORMS["pdf"].make(HOSTILE).startswith(b"%PDF")


def test_a_document_says_what_it_is_given_and_nothing_it_is_told():
    from pypdf import PdfReader

    text = PdfReader(io.BytesIO(FORMS["pdf"].make(HOSTILE))).pages[0].extract_text()
    assert "#set page(fill: red)" in text
    assert "#[*bold*] $x$ \\ <b>" in text
    assert "3 Mei 2026" in text
    assert HOSTILE.file_name == "title-x-set-page-fill-red"

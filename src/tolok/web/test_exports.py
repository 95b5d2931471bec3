"""Files hold the page's own figures as numbers and dates, of what the person may see, and nothing that runs."""

from __future__ import annotations

import csv
import io
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tolok.app import jobs, place, work
from tolok.app.models import Job, User
from tolok.reports.content import Column, Content, Table
from tolok.reports.form import FORMS
from tolok.reports.kept import ASKED, as_text, content_of
from tolok.reports.work import made
from tolok.web import exports


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def fetched(browser, address):
    """A file, made here as its job would make it where it is made in one."""
    answer = browser.get(address)
    if answer.status_code != 302:
        return answer
    job = Job.objects.get(pk=int(answer.headers["location"].split("/")[2]))
    if not job.over:
        work.main(place.folder(), job.pk, made)
    return browser.get(answer.headers["location"] + "download/")


@pytest.fixture(autouse=True)
def no_files_left():
    yield
    shutil.rmtree(place.folder() / "reports", ignore_errors=True)


PAGES = ["/scorecard/", "/kpi/revenue/?by=rep", "/kpi/deals_won/rows/?period=year", "/people/?period=year"]


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("form", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]
)
def test_every_page_comes_in_every_form(signed_in, page, form, begins):
    answer = fetched(signed_in("manager"), page + ("&" if "?" in page else "?") + f"as={form}")
    assert answer.status_code == 200
    assert content(answer).startswith(begins)
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


def asked_for(browser, address="/scorecard/?period=year&as=pdf") -> Job:
    answer = browser.get(address)
    assert answer.status_code == 302
    return Job.objects.get(pk=int(answer.headers["location"].split("/")[2]))


def test_a_document_is_made_in_a_job_and_comes_by_itself_once(signed_in):
    browser = signed_in("rep")
    job = asked_for(browser)
    page = f"/files/{job.pk}/"
    waiting = browser.get(page)
    assert "being made" in waiting.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in waiting.content.decode()
    assert "Refresh" not in waiting.headers
    assert browser.get(f"{page}download/").status_code == 404
    assert "HX-Refresh" not in browser.get(page, headers={"HX-Request": "true"}).headers
    work.main(place.folder(), job.pk, made)
    assert browser.get(page, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert browser.get(page).headers["Refresh"] == f"0; url={page}download/"
    answer = browser.get(f"{page}download/")
    assert content(answer).startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "Refresh" not in browser.get(page).headers
    assert "/scorecard/?period=year" in browser.get(page).content.decode()
    assert not (place.folder() / "reports" / job.arguments["folder"] / ASKED).exists()


def test_the_same_file_is_made_once_and_few_at_a_time(signed_in):
    browser = signed_in("director")
    first = asked_for(browser)
    assert asked_for(browser).pk == first.pk
    for page in ("/scorecard/?as=png", "/scorecard/?period=quarter&as=png", "/people/?as=png", "/pipeline/?as=png"):
        asked_for(browser, page)
    refused = browser.get("/people/?as=pdf")
    assert refused.status_code == 400
    assert "still being made" in refused.content.decode()


@pytest.mark.parametrize("who", ["manager", "stranger", "analyst", "administrator", "director"])
def test_a_file_is_there_for_nobody_else(signed_in, who):
    job = asked_for(signed_in("rep"))
    work.main(place.folder(), job.pk, made)
    other = signed_in(who)
    for address in (f"/files/{job.pk}/", f"/files/{job.pk}/download/", f"/data/jobs/{job.pk}/"):
        assert other.get(address).status_code == 404
    assert f"/data/jobs/{job.pk}/" not in other.get("/data/").content.decode()
    assert other.get("/files/999999/").status_code == 404


def test_a_file_made_for_rights_that_have_changed_is_not_there(signed_in, people):
    job = asked_for(signed_in("manager"))
    work.main(place.folder(), job.pk, made)
    User.objects.filter(pk=people["manager"].pk).update(rep_id=people["stranger"].rep_id)
    assert signed_in("manager").get(f"/files/{job.pk}/download/").status_code == 404


def test_a_big_workbook_is_made_in_a_job_and_a_small_one_at_once(signed_in, monkeypatch):
    assert signed_in("director").get("/people/?as=xlsx").status_code == 200
    monkeypatch.setattr(exports, "MOST_CELLS", 5)
    answer = fetched(signed_in("director"), "/people/?as=xlsx")
    assert content(answer).startswith(b"PK")


def test_files_that_are_old_go_and_one_that_fails_says_so(signed_in):
    browser = signed_in("director")
    job = asked_for(browser)
    (place.folder() / "reports" / job.arguments["folder"] / ASKED).write_text("{")
    work.main(place.folder(), job.pk, made)
    page = browser.get(f"/files/{job.pk}/").content.decode()
    assert "could not be made" in page
    assert "JSONDecodeError" not in page
    Job.objects.filter(pk=job.pk).update(asked_at=datetime.now(UTC) - timedelta(days=2))
    path = place.folder() / "reports" / job.arguments["folder"]
    os.utime(path, (0, 0))
    assert jobs.clear_reports() == 1
    assert not path.exists()


def test_content_comes_back_as_it_was():
    cells = (1, 1.5, Decimal("1.10"), "x", True, None, date(2026, 5, 3), datetime(2026, 5, 4, 10, 1, 2, 3, tzinfo=UTC))
    one = Content(
        "T", "O", ("a",), (Table("S", tuple(Column(str(n)) for n in range(8)), (cells,), "IDR"),), ({"a": [1]},)
    )
    back = content_of(as_text(one))
    assert back == one
    assert [type(cell) for cell in back.tables[0].rows[0]] == [type(cell) for cell in cells]

"""Times as people say them in English and Indonesian."""

from __future__ import annotations

from datetime import date

import pytest

from tolok.periods import Calendar
from tolok.targets.term import read_term

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("within the next quarter", "2027-01-01", "2027-03-31"),
        ("kuartal depan", "2027-01-01", "2027-03-31"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("bulan ini", "2026-11-01", "2026-11-30"),
        ("bulan lalu", "2026-10-01", "2026-10-31"),
        ("minggu depan", "2026-11-30", "2026-12-06"),
        ("by the end of next quarter", "2027-01-01", "2027-03-31"),
        ("by end of 2027", "2027-01-01", "2027-12-31"),
        ("pada akhir tahun", "2026-01-01", "2026-12-31"),
        ("akhir tahun 2027", "2027-01-01", "2027-12-31"),
        ("Q2 2027", "2027-04-01", "2027-06-30"),
        ("triwulan II 2027", "2027-04-01", "2027-06-30"),
        ("kuartal pertama 2027", "2027-01-01", "2027-03-31"),
        ("in Q1", "2027-01-01", "2027-03-31"),  # this year's is over
        ("semester 2 2027", "2027-07-01", "2027-12-31"),
        ("by December 2026", "2026-12-01", "2026-12-31"),
        ("sebelum Maret", "2027-03-01", "2027-03-31"),
        ("2027-02", "2027-02-01", "2027-02-28"),
        ("31 Maret 2027", "2026-11-23", "2027-03-31"),
        ("by March 31, 2027", "2026-11-23", "2027-03-31"),
        ("dalam 3 bulan", "2026-11-23", "2027-02-22"),
        ("tiga bulan ke depan", "2026-11-23", "2027-02-22"),
        ("within two weeks", "2026-11-23", "2026-12-07"),
        ("tahun 2028", "2028-01-01", "2028-12-31"),
    ],
)
def test_a_time_is_read(text: str, start: str, end: str) -> None:
    found = read_term(f"naikkan omzet {text} ya", TODAY, Calendar())
    assert found is not None
    assert (str(found.start), str(found.end)) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "to 45 days",
        "we may sell more",
        "reduce by 2 hours",
        "Q7 2027",
        "2027-13",
        "sales",
        "2027-02-30",
        "30 Februari 2027",
        "2027-02-30..2027-03-01",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_term(text, TODAY, Calendar()) is None


def test_quarters_are_those_of_the_fiscal_calendar() -> None:
    found = read_term("Q1 2028", TODAY, Calendar(fiscal_start=4))
    assert found is not None
    assert (str(found.start), str(found.end)) == ("2027-04-01", "2027-06-30")


def test_a_deadline_is_told_from_a_stretch() -> None:
    by, within = (read_term(text, TODAY, Calendar()) for text in ("by June 2027", "in June 2027"))
    assert by is not None
    assert within is not None
    assert by.by
    assert not within.by

"""Values written in many locales are read back exactly: numbers and dates against plain Python."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tolok.model import Column
from tolok.sources.mapping import ColumnMapping
from tolok.sources.table import RawTable
from tolok.sources.values import expression, propose_synonyms
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import MONTHS

MONEY, NUMBER, RATE = Column("amount", "money", ""), Column("n", "number", ""), Column("share", "rate", "")
DAY, MOMENT, WHOLE = Column("on", "date", ""), Column("at", "instant", ""), Column("n", "integer", "")
CONNECTION = duckdb.connect()


def read(cells, mapping, target, timezone="Asia/Jakarta"):
    """The values and whether they are bad, cell by cell."""
    typed = expression(mapping, "c0", target, timezone=timezone)
    CONNECTION.execute("CREATE OR REPLACE TABLE cells (place INTEGER, c0 VARCHAR)")
    CONNECTION.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(cells)))
    query = f"SELECT {typed.value}, {typed.bad} FROM cells ORDER BY place"
    return CONNECTION.execute(query).fetchall()


def infer(cells, currency="IDR", timezone="Asia/Jakarta", header="Amount"):
    """The reading of one column from all its cells."""
    CONNECTION.execute("CREATE OR REPLACE TABLE one (c0 VARCHAR)")
    CONNECTION.executemany("INSERT INTO one VALUES (?)", [[cell] for cell in cells])
    table = RawTable("one.csv", "", (header,), "one", len(cells))
    return TableReading(table, CONNECTION, timezone=timezone, currency=currency, today=date(2026, 6, 1))


def grouped(value: Decimal, decimal: str, group: str, places: int) -> str:
    text = f"{abs(value):,.{places}f}".replace(",", "\0").replace(".", decimal).replace("\0", group)
    return ("-" if value < 0 else "") + text


STYLES = {
    "english": (".", ",", "{}"),
    "german": (",", ".", "{}"),
    "french": (",", "\u202f", "{}"),
    "no-break": (",", "\u00a0", "{} €"),
    "swiss": (".", "'", "CHF {}"),
    "rupiah": (",", ".", "Rp {}"),
    "tight rupiah": (",", ".", "Rp{}"),
    "rupiah with a dot": (",", ".", "Rp. {}"),
    "dollar": (".", ",", "${} "),
    "code": (".", ",", "USD {}"),
    "reais": (",", ".", "R$ {}"),
    "plain dot": (".", "", "{}"),
    "plain comma": (",", "", "{}"),
}
AMOUNTS = st.decimals(min_value=-99_999_999_999, max_value=99_999_999_999, places=2)


@settings(max_examples=25, deadline=None)
@given(style=st.sampled_from(sorted(STYLES)), amounts=st.lists(AMOUNTS, min_size=1, max_size=30))
def test_amounts_written_in_a_style_are_inferred_and_read_back(style, amounts):
    decimal, group, frame = STYLES[style]
    cells = [frame.format(grouped(amount, decimal, group, 2)) for amount in amounts]
    reading = infer(cells)
    found = reading.number(reading.columns[0], money=True)
    assert found.decimal == decimal
    mapping = ColumnMapping("Amount", "amount", parse="money", decimal=found.decimal)
    assert read(cells, mapping, MONEY) == [(amount.quantize(Decimal("0.0001")), False) for amount in amounts]


CELLS = {
    ".": {
        "1,234.50": "1234.5", "1,23": None, "$1,234.00 ": "1234", "(1,234.00)": "-1234", "1 234.5": "1234.5",
        "1'234.50": "1234.5", "1.2E+05": "120000", "5K": "5000", "USD 5,000": "5000", "63 %": "63", "1e30": None,
        "abc": None, "-5": "-5", "$-5": "-5", "-$5": "-5", "5-": "-5", "1.5 jt": "1500000", "12,34,567.5": "1234567.5",
        "1,2,3": None, "999999999999999": None, "5.-": "5", "--5": None, "5 apples": None, "1.2.3": None, "(5": None,
        "+5": "5", "€ 5": "5", "5 kg": None, "2026-01-01": None, "NaN": "", "N/A": "", "-": "", "": "", "inf": None,
    },
    ",": {
        "1.234,50": "1234.5", "1,23": "1.23", "Rp 1.500.000,00": "1500000", "Rp1.500.000,-": "1500000",
        "1,5 jt": "1500000", "2 miliar": "2000000000", "500 rb": "500000", "1 234,50": "1234.5", "1.23": None,
        "1.500": "1500", "6,28E+12": "6280000000000", "(1.234,00)": "-1234", "Rp. 5.000": "5000", "1,234,567": None,
        "Rp -5.000": "-5000", "12.5": None, "1.234.56": None,
    },
}  # fmt: skip


@pytest.mark.parametrize("decimal", CELLS)
def test_a_cell_is_exactly_its_number_or_bad(decimal):
    cells = CELLS[decimal]
    mapping = ColumnMapping("Amount", "amount", parse="money", decimal=decimal)
    found = dict(zip(cells, read(list(cells), mapping, MONEY), strict=True))
    for cell, expected in cells.items():
        if expected == "":
            assert found[cell] == (None, False), cell
        elif expected is None:
            assert found[cell] == (None, True), cell
        else:
            assert found[cell] == (Decimal(expected).quantize(Decimal("0.0001")), False), cell


def test_units_of_the_column_multiply_every_cell():
    jt = ColumnMapping("Nilai (juta)", "amount", parse="money", decimal=",", unit="juta")
    assert read(["1,5", "1.000"], jt, MONEY) == [(Decimal("1500000.0000"), False), (Decimal("1000000000.0000"), False)]
    miliar = ColumnMapping("Nilai", "amount", parse="money", decimal=",", values={"M": "1000000000"})
    assert read(["2 M"], miliar, MONEY) == [(Decimal("2000000000.0000"), False)]
    half = ColumnMapping("p", "n", parse="percent", unit="fraction")
    assert read(["0.63"], half, NUMBER) == [(Decimal("63.0000"), False)]
    share = ColumnMapping("p", "share", parse="percent")
    assert read(["50%"], share, RATE)[0][0] == Decimal("0.5")
    assert read(["5", "5.0", "1,000", "5.6"], ColumnMapping("n", "n", parse="integer"), WHOLE) == [
        (5, False), (5, False), (1000, False), (None, True)]  # fmt: skip


DAYS = st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31))
DATE_STYLES = {
    "%Y-%m-%d": "iso",
    "%d/%m/%Y": "%d/%m/%Y",
    "%m/%d/%Y": "%m/%d/%Y",
    "%d.%m.%Y": "%d.%m.%Y",
    "%d-%m-%Y": "%d-%m-%Y",
    "%m/%d/%y": "%m/%d/%y",
    "%d %b %Y": "%d %b %Y",
    "%b %d, %Y": "%b %d, %Y",
    "%d-%b-%y": "%d-%b-%y",
    "%Y/%m/%d": "iso",
    "%Y.%m.%d": "%Y.%m.%d",
    "%Y-%m-%dT%H:%M:%S": "iso time",
    "%d/%m/%Y %H:%M": "%d/%m/%Y %H:%M",
    "%m/%d/%y %I:%M %p": "%m/%d/%y %I:%M %p",
}


@settings(max_examples=40, deadline=None)
@given(style=st.sampled_from(sorted(DATE_STYLES)), days=st.lists(DAYS, min_size=1, max_size=30))
def test_dates_written_in_a_style_are_inferred_and_read_back(style, days):
    # one day above 12 at half past three makes order and time certain
    moments = [datetime(day.year, day.month, day.day, 15, 30) for day in [*days, date(2024, 3, 25)]]  # noqa: DTZ001
    cells = [moment.strftime(style) for moment in moments]
    reading = infer(cells, header="Date")
    found = reading.date(reading.columns[0])
    assert found.format == DATE_STYLES[style]
    mapping = ColumnMapping("Date", "on", parse="date", format=found.format)
    assert read(cells, mapping, DAY) == [(moment.date(), False) for moment in moments]
    if found.time:
        utc = [m.replace(tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC).replace(tzinfo=None) for m in moments]
        assert [value for value, _ in read(cells, mapping, MOMENT)] == utc


@settings(max_examples=30, deadline=None)
@given(name=st.sampled_from(sorted(MONTHS)), day=st.integers(1, 28), year=st.integers(1970, 2068))
def test_months_in_every_language_are_read(name, day, year):
    cells = [f"{day} {name.capitalize()} {year}", f"{day} {name} {year}", f"{day} {name}. {year}"]
    mapping = ColumnMapping("Date", "on", parse="date", format="%d %b %Y")
    assert read(cells, mapping, DAY) == [(date(year, MONTHS[name], day), False)] * 3


@pytest.mark.parametrize(
    ("cell", "form", "expected"),
    [
        ("31 Des 2026", "%d %b %Y", date(2026, 12, 31)),
        ("Senin, 5 Januari 2026", "%d %b %Y", date(2026, 1, 5)),
        ("12 de diciembre de 2026", "%d %b %Y", date(2026, 12, 12)),
        ("1er août 2026", "%d %b %Y", date(2026, 8, 1)),
        ("3. März 2026", "%d. %b %Y", date(2026, 3, 3)),
        ("Agt 2026", "%b %Y", date(2026, 8, 1)),
        ("Q3 2026", "quarter", date(2026, 7, 1)),
        ("45631", "excel", date(2024, 12, 5)),
        ("45631.75", "excel time", date(2024, 12, 5)),
        ("20260131", "%Y%m%d", date(2026, 1, 31)),
        ("1700000000000", "epoch ms", date(2023, 11, 15)),
        ("2020-01-01T23:00:00Z", "iso zone", date(2020, 1, 2)),
        ("2020-01-01T23:00:00.000+0000", "iso zone", date(2020, 1, 2)),
        ("2020-01-01", "iso zone", date(2020, 1, 1)),
        ("0202-01-01", "iso", None),
        ("9999-12-31", "iso", None),
        ("1900-01-00", "iso", None),
        ("0", "excel", None),
        ("31/13/2026", "%d/%m/%Y", None),
        ("05/01/26", "%d/%m/%Y", None),
        ("30/02/2026", "%d/%m/%Y", None),
        ("25/01/2026", "%d/%m/%Y|iso", date(2026, 1, 25)),
        ("2026-01-25", "%d/%m/%Y|iso", date(2026, 1, 25)),
        ("tomorrow", "%d %b %Y", None),
    ],
)
def test_a_date_is_read_or_bad(cell, form, expected):
    assert read([cell], ColumnMapping("Date", "on", parse="date", format=form), DAY) == [(expected, expected is None)]


def test_a_date_without_a_time_is_no_moment():
    for form in ("iso", "iso time", "iso zone", "%d/%m/%Y|%d/%m/%Y %H:%M"):
        cell = "25/01/2026" if "%d" in form else "2026-01-25"
        assert read([cell], ColumnMapping("d", "at", parse="instant", format=form), MOMENT) == [(None, False)], form


def test_serial_numbers_are_dates_only_where_they_can_be():
    start = date(1899, 12, 30)
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(40)]
    reading = infer([str((day - start).days) for day in days], header="Close Date")
    found = reading.date(reading.columns[0])
    assert (found.format, found.bare) == ("excel", True)


def test_a_clean_column_of_iso_dates_costs_one_cast():
    typed = expression(ColumnMapping("d", "on", parse="date", format="iso"), "c0", DAY, timezone="UTC")
    assert "regexp" not in typed.value
    assert "TRY_CAST(c0 AS DATE)" in typed.value


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_no_text_makes_a_reading_fail(cells):
    safe = [cell.replace("\x00", "").encode("utf-8", "replace").decode() for cell in cells]
    for target in (MONEY, DAY, MOMENT, WHOLE, RATE, Column("b", "boolean", ""), Column("r", "ref", "", to="accounts"),
                   Column("status", "choice", "", values=("open", "won")), Column("currency", "text", "")):  # fmt: skip
        for decimal, form in ((".", "%d %b %Y"), (",", "iso zone"), (".", "quarter|excel|epoch")):
            read(safe, ColumnMapping("x", target.name, decimal=decimal, format=form), target)


def test_words_mean_what_the_mapping_says():
    status = Column("status", "choice", "", values=("open", "won", "lost"))
    mapping = ColumnMapping("s", "status", parse="choice", values={"Menang": "won", "^C[0-9]": "lost", "TRUE": ""})
    assert read([" menang ", "C12", "true", "huh", None, "open"], mapping, status) == [
        ("won", False), ("lost", False), (None, False), (None, True), (None, False), ("open", False)]  # fmt: skip
    rest = ColumnMapping("s", "status", parse="choice", values={"won": "won", "*": "open"})
    assert read(["won", "anything", ""], rest, status) == [("won", False), ("open", False), (None, False)]
    yes = Column("b", "boolean", "")
    assert read(["ya", "0", "TRUE", "x", "Nein", "maybe"], ColumnMapping("b", "b"), yes) == [
        (True, False), (False, False), (True, False), (True, False), (False, False), (None, True)]  # fmt: skip


def test_currencies_are_codes_symbols_or_names():
    currency = Column("currency", "text", "")
    cells = ["usd", "Euro", "Rp", "€", "US Dollar", "gold"]
    assert [v for v, _ in read(cells, ColumnMapping("c", "currency"), currency)] == [
        "USD", "EUR", "IDR", "EUR", "USD", None]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "names", "means"),
    [
        ("GTXPro", ["GTX Pro", "GTX Basic"], "GTX Pro"),
        ("technolgy", ["technology", "medical"], "technology"),
        ("PT. Maju  Jaya", ["PT Maju Jaya", "PT Maju"], "PT Maju Jaya"),
        ("Model 2", ["Model 1", "Model 3"], None),
        ("Ann", ["Anna", "Anne"], None),
        ("gtx pro", ["GTX Pro", "GTXPro"], None),
        ("Acme", ["Zeta"], None),
    ],
)
def test_near_spellings_are_proposed_and_never_confirmed(written, names, means):
    found = propose_synonyms("products", [written], names)
    assert [(s.means, s.confirmed) for s in found] == ([(means, False)] if means else [])


@pytest.mark.parametrize(("decimal", "written"), [(".", "1,234.5"), (",", "1.234,5")])
@pytest.mark.parametrize("around", ["{}- ", "\t({})\u200b", "\ufeff-{}\u2009", "−{}\n"])
def test_what_surrounds_a_number_does_not_hide_its_sign(decimal, written, around):
    cell = around.format(written)
    assert read([cell], ColumnMapping("x", "amount", decimal=decimal), MONEY) == [(Decimal("-1234.5"), False)]


def test_an_amount_with_a_decimal_comma_is_planned_as_fast_as_one_with_a_dot():
    for target in (MONEY, WHOLE, RATE):
        comma, dot = (expression(ColumnMapping("x", "n", decimal=mark), "c0", target, timezone="UTC") for mark in ",.")
        assert len(comma.value) < 1.1 * len(dot.value)

"""Whatever bytes are given: tables come back as they were written, and nothing but a SourceError is ever raised."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tolok.errors import SourceError
from tolok.sources.files import Limits, read

QUICK = Limits(workbook_memory_bytes=1_500_000_000, workbook_seconds=20)
ANY = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
LETTERS = st.text(alphabet="abcXYZ019 .-éß€'\"\n\r;,|\t#/", max_size=12)
FIRST = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


def rows_of(table, connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    found = connection.execute(f"SELECT * FROM {table.relation}").fetchall()
    return [row[1:] for row in found] if table.has_line else found


@ANY
@given(
    body=st.lists(st.tuples(FIRST, LETTERS, LETTERS, FIRST), min_size=3, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_a_table_written_in_any_dialect_and_encoding_reads_back_as_it_was(
    tmp_path: Path, body, delimiter: str, quoting: int, line_end: str, encoding: str
) -> None:
    header = ("deal name", "remark", "other remark", "owner")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
    quote_returns = [[cell.replace("\r", "") for cell in row] for row in body]
    writer.writerows([header, *quote_returns])
    path = tmp_path / "deals.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    connection = duckdb.connect()
    (table,) = read(path, connection, limits=QUICK).tables
    assert table.headers == header
    assert not table.rejects
    expected = [tuple(cell if cell else None for cell in row) for row in quote_returns]
    assert [tuple(cell or None for cell in row) for row in rows_of(table, connection)] == expected
    assert table.rows == len(expected)


@ANY
@given(content=st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_a_source_error(tmp_path: Path, content: bytes) -> None:
    _read_or_refuse(tmp_path / "any.csv", content)


STARTS = (
    b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"\x1f\x8b\x08", b"<html><table><tr><td>", b"{", b"[{",
    b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", b"\xff\xfe", b"\xfe\xff",
    b"sep=;\n", b'"', b"a,b\n1,", b"\xef\xbb\xbf", b"\x00" * 257 + b"ustar",
)  # fmt: skip


@ANY
@given(start=st.sampled_from(STARTS), content=st.binary(max_size=300))
def test_broken_files_of_every_kind_raise_nothing_but_a_source_error(
    tmp_path: Path, start: bytes, content: bytes
) -> None:
    if start.startswith(b"\xd0\xcf"):
        content = content[:40]
    _read_or_refuse(tmp_path / "any.bin", start + content)


def _read_or_refuse(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    connection = duckdb.connect()
    refusal = ""
    try:
        reading = read(path, connection, limits=QUICK)
    except SourceError as error:
        refusal = error.message
    if refusal:
        assert refusal.endswith(".")
        assert "\n" not in refusal
        return
    for table in reading.tables:
        assert len(connection.execute(f"SELECT * FROM {table.relation}").fetchall()) == table.rows


def _workbook(folder: Path) -> bytes:
    import xlsxwriter

    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Deals")
        for number in range(30):
            sheet.write_row(number, 0, ["id", "name", "amount"] if number == 0 else [number, f"deal {number}", 1.5])
    return path.read_bytes()


def _archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deals.csv", "id,amount\n" + "".join(f"{number},5\n" for number in range(50)))
    return target.getvalue()


@pytest.mark.parametrize("kind", ["workbook", "archive", "parquet"])
def test_a_file_with_bytes_changed_anywhere_raises_nothing_but_a_source_error(tmp_path: Path, kind: str) -> None:
    if kind == "workbook":
        whole = _workbook(tmp_path)
    elif kind == "archive":
        whole = _archive()
    else:
        duckdb.connect().sql("SELECT range AS id, 'deal ' || range AS name FROM range(100)").write_parquet(
            str(tmp_path / "w.parquet")
        )
        whole = (tmp_path / "w.parquet").read_bytes()
    chance = random.Random(7)
    for number in range(12):
        broken = bytearray(whole)
        for _ in range(chance.choice([1, 5, 50])):
            broken[chance.randrange(4, len(broken))] = chance.randrange(256)
        if number % 4 == 0:
            del broken[chance.randrange(10, len(broken)) :]
        _read_or_refuse(tmp_path / f"broken{number}", bytes(broken))

"""The shared data sets read whole, against row counts taken by Python's own csv module and by the publishers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

pytestmark = pytest.mark.data

PUBLISHED = {
    "maven_crm/sales_pipeline.csv": 8_800,
    "olist_funnel/olist_marketing_qualified_leads_dataset.csv": 8_000,
    "olist_funnel/olist_closed_deals_dataset.csv": 842,
    "online_retail/Online_Retail.csv.gz": 541_909,
    "cdnow/CDNOW_sample.txt": 6_919,
    "cdnow/cdnow_customers_summary.csv": 2_357,
    "lydia_pinkham_annual.csv": 54,
}


def test_every_shared_file_has_its_published_number_of_rows(files, data: Path) -> None:
    reading = files.read(data)
    rows = {table.file: table.rows for table in reading.tables}
    assert {name: rows[name] for name in PUBLISHED} == PUBLISHED
    assert not reading.rejects


def test_every_shared_csv_reads_cell_for_cell_as_pythons_csv_module_reads_it(files, data: Path) -> None:
    for table in files.read(data).tables:
        if not table.file.endswith(".csv"):
            continue
        with (data / table.file).open(encoding="utf-8-sig", newline="") as opened:
            header, *rows = csv.reader(opened)
        assert list(table.headers) == header, table.file
        seen = files.see(table)
        assert seen.rows == [tuple(cell or None for cell in row) for row in rows], table.file
        assert seen.lines == list(range(2, len(rows) + 2)), table.file


def test_a_file_without_header_separated_by_blanks_keeps_its_leading_zeros(files, data: Path) -> None:
    seen = files.one(data / "cdnow/CDNOW_sample.txt")
    assert seen.rows[0] == ("00004", "0001", "19970101", "2", "29.33")
    assert seen.lines[0] == 1

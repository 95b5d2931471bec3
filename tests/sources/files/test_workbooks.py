"""Workbooks of every make: headers below titles, merged cells, dates, long ids, several sheets, hostile claims."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tolok.errors import SourceError
from tolok.sources.files import Limits


def test_titles_totals_dates_and_numbers_of_a_sheet(files, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day, money = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": '"Rp" #,##0'})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("Deals")
        sheet.merge_range(0, 0, 0, 5, "Pipeline report")
        sheet.write(1, 0, "Printed by Budi")
        sheet.write_row(3, 0, ["ID", "Closed", "Amount", "Won", "Seen", "Phone"])
        for row, (key, amount) in enumerate([(45000.0, 1500000.0), (2.0, 0.1 + 0.2)], start=4):
            sheet.write(row, 0, key)
            sheet.write_datetime(row, 1, datetime.date(2024, 1, 2), day)
            sheet.write(row, 2, amount, money)
            sheet.write_boolean(row, 3, row == 4)
            sheet.write_datetime(row, 4, datetime.datetime(2024, 1, 2, 13, 5), moment)  # noqa: DTZ001
            sheet.write(row, 5, "0812")
        sheet.write(6, 0, "Total")
        sheet.write_formula(6, 2, "=SUM(C5:C6)", money, 1500000.3)
        sheet.set_column(3, 3, None, None, {"hidden": True})
    seen = files.one(path)
    assert seen.table.sheet == "Deals"
    assert seen.table.headers == ("ID", "Closed", "Amount", "Won", "Seen", "Phone")
    assert seen.rows == [
        ("45000", "2024-01-02", "1500000", "true", "2024-01-02 13:05:00", "0812"),
        ("2", "2024-01-02", "0.3", "false", "2024-01-02 13:05:00", "0812"),
    ]
    assert seen.lines == [5, 6]
    assert seen.table.types == ("number", "date", "number", "", "date", "text")
    assert "1 hidden column read" in seen.table.notes
    assert any("total row" in note for note in seen.table.notes)


def test_headings_merged_over_columns_join_the_row_below(files, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Plan")
        sheet.merge_range(0, 0, 1, 0, "Region")
        sheet.merge_range(0, 1, 0, 2, "Q1")
        sheet.merge_range(0, 3, 0, 4, "Q2")
        sheet.write_row(1, 1, ["Sales", "Cost", "Sales", "Cost"])
        sheet.merge_range(2, 0, 3, 0, "North")
        sheet.write_row(2, 1, [1, 2, 3, 4])
        sheet.write_row(3, 1, [5, 6, 7, 8])
    seen = files.one(path)
    assert seen.table.headers == ("Region", "Q1 Sales", "Q1 Cost", "Q2 Sales", "Q2 Cost")
    assert seen.rows == [("North", "1", "2", "3", "4"), ("North", "5", "6", "7", "8")]
    assert seen.lines == [3, 4]


def test_a_table_that_starts_far_from_the_corner_keeps_the_row_numbers_of_the_sheet(files, tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(5, 3, ["id", "name"])
        sheet.write_row(6, 3, [1, "A"])
        sheet.write_row(8, 3, [2, "B"])
    seen = files.one(path)
    assert (seen.table.headers, seen.rows, seen.lines) == (("id", "name"), [("1", "A"), ("2", "B")], [7, 9])


def test_ids_too_long_for_a_spreadsheet_and_cells_in_error_are_noted(files, tmp_path: Path) -> None:
    path = tmp_path / "ids.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["id", "ratio"])
        sheet.write(1, 0, 1234567890123456789)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write(2, 0, 1)
        sheet.write(2, 1, 0.5)
    seen = files.one(path)
    assert seen.rows[0][1] is None
    assert (seen.rows[0][0] or "").startswith("123456789012345")
    assert any("too long" in note for note in seen.table.notes)
    assert any("cells in error" in note for note in seen.table.notes)


def test_each_sheet_is_a_table_and_the_others_are_said(files, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Deals", "Accounts"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "name"])
            sheet.write_row(1, 0, [1, name])
        book.add_worksheet("Notes")
    reading = files.read(path)
    assert [table.sheet for table in reading.tables] == ["Deals", "Accounts"]
    assert reading.skipped == (("book.xlsx · Notes", "no table in it"),)


@pytest.mark.parametrize("name", ["deals.csv", "deals.xls", "deals.ods", "deals"])
def test_the_content_of_a_workbook_decides_not_its_name(files, tmp_path: Path, name: str) -> None:
    with xlsxwriter.Workbook(tmp_path / "book.xlsx") as book:
        sheet = book.add_worksheet("Deals")
        sheet.write_row(0, 0, ["id", "name"])
        sheet.write_row(1, 0, [1, "A"])
    assert files.one((tmp_path / "book.xlsx").read_bytes(), name).rows == [("1", "A")]


def test_old_excel_and_open_document_sheets_read_the_same(files, tmp_path: Path) -> None:
    import xlwt
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    old = xlwt.Workbook()
    sheet = old.add_sheet("Deals")
    for row, cells in enumerate([["id", "day"], [1, datetime.date(2024, 1, 2)], [2, datetime.date(2024, 2, 3)]]):
        for column, cell in enumerate(cells):
            style = xlwt.easyxf(num_format_str="DD/MM/YYYY") if isinstance(cell, datetime.date) else xlwt.easyxf()
            sheet.write(row, column, cell, style)
    old.save(str(tmp_path / "deals.xls"))
    document = OpenDocumentSpreadsheet()
    table = Table(name="Deals")
    for cells in [["id", "day"], [1, "2024-01-02"], [2, "2024-02-03"]]:
        row = TableRow()
        for cell in cells:
            if isinstance(cell, int):
                written = TableCell(valuetype="float", value=str(cell))
            elif cell.startswith("2024"):
                written = TableCell(valuetype="date", datevalue=cell)
            else:
                written = TableCell(valuetype="string")
            written.addElement(P(text=str(cell)))
            row.addElement(written)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "deals.ods"))
    for name in ("deals.xls", "deals.ods"):
        seen = files.one(tmp_path / name)
        assert seen.rows == [("1", "2024-01-02"), ("2", "2024-02-03")], name
        assert seen.table.types == ("number", "date"), name


def test_a_sheet_that_claims_a_billion_cells_harms_nothing_and_hides_no_other_sheet(files, tmp_path: Path) -> None:
    path = tmp_path / "huge.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Before", "Huge", "After"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "name"])
            sheet.write_row(1, 0, [1, name])
            if name == "Huge":
                sheet.write(1_048_575, 16_383, "far")
    reading = files.read(path, Limits(workbook_memory_bytes=1_500_000_000))
    assert [table.sheet for table in reading.tables] == ["Before", "After"]
    assert reading.skipped[0][0] == "huge.xlsx · Huge"
    assert "more cells than" in reading.skipped[0][1]


def test_a_workbook_that_takes_too_long_is_stopped(files, tmp_path: Path) -> None:
    path = tmp_path / "slow.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for row in range(60_000):
            sheet.write_row(row, 0, ["id"] * 20 if row == 0 else [row] * 20)
    with pytest.raises(SourceError, match="longer than 1 seconds"):
        files.read(path, Limits(workbook_seconds=1))


def test_documents_that_are_no_workbooks_are_named(files, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(SourceError, match=r"deals\.xlsx is a Word document, not a table"):
        files.one(packed.getvalue(), "deals.xlsx")
    with pytest.raises(SourceError, match="no workbook that can be read"):
        files.one(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "deals.xls")


def test_the_xml_workbook_of_excel_2003_is_read(files) -> None:
    seen = files.one(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Deals"><Table>'
        '<Row><Cell><Data ss:Type="String">id</Data></Cell><Cell><Data ss:Type="String">day</Data></Cell>'
        '<Cell><Data ss:Type="String">note</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="Number">45000</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">'
        'x &amp; y</Data></Cell></Row><Row ss:Index="4"><Cell><Data ss:Type="Number">2.50</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2024-01-02T00:00:00.000</Data></Cell></Row></Table></Worksheet></Workbook>',
        "deals.xls",
    )
    assert seen.table.headers == ("id", "day", "note")
    assert seen.rows == [("45000", None, "x & y"), ("2.5", "2024-01-02", None)]
    assert seen.lines == [2, 4]


def test_an_xml_workbook_with_entities_of_its_own_is_refused(files) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        files.one(
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "deals.xls",
        )

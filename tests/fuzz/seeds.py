"""Small exports of every kind of file that the readers know: what the mutations begin with."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tempfile
import zipfile
from pathlib import Path

import duckdb
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HEADER = ["Opportunity ID", "Owner", "Account", "Stage", "Created", "Close date", "Amount"]
ROWS = [
    [f"A{n}", f"Ann {n % 3}", f"Acme {n % 4}", ("Won", "Lost", "Demo")[n % 3], f"2026-01-{n % 28 + 1:02d}",
     "" if n % 3 == 2 else f"2026-03-{n % 28 + 1:02d}", "" if n % 3 == 2 else f"{n * 1037 % 9000}.50"]
    for n in range(24)
]  # fmt: skip
LINES = "No Faktur;Tanggal;Nama Pelanggan;Nama Barang;Qty;Harga;Jumlah\n" + "".join(
    f"F{n // 2};{n % 28 + 1:02d}/01/2026;Toko {n % 7};Barang {n % 5};{n % 4 + 1};Rp 1.500;Rp {(n % 4 + 1) * 1500:,}\n".replace(
        ",", "."
    )
    for n in range(24)
)


def text(delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in [HEADER, *ROWS])


def xlsx() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    deals, more = book.add_worksheet("Deals"), book.add_worksheet("Reps")
    deals.merge_range(0, 0, 0, 3, "Report")
    for place, row in enumerate([HEADER, *ROWS], start=2):
        for column, cell in enumerate(row):
            deals.write(place, column, float(cell) if column == 6 and place > 2 and cell else cell)
    deals.write_formula(30, 6, "=SUM(G3:G27)", value=12)
    for place, cells in enumerate([["Name", "Region"], ["Ann 0", "North"], ["Ann 1", "South"]]):
        more.write_row(place, 0, cells)
    book.close()
    return out.getvalue()


def xls() -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Deals")
    for place, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            sheet.write(place, column, cell)
    book.save(out)
    return out.getvalue()


def ods() -> bytes:
    book, out = OpenDocumentSpreadsheet(), io.BytesIO()
    sheet = Table(name="Deals")
    for row in [HEADER, *ROWS]:
        line = TableRow()
        for cell in row:
            box = TableCell(valuetype="string")
            box.addElement(P(text=cell))
            line.addElement(box)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "deals.csv"), Path(folder, "deals.parquet")
        source.write_text(text(), encoding="utf-8")
        with duckdb.connect() as engine:
            engine.execute(f"COPY (FROM read_csv('{source}', header=true)) TO '{target}' (FORMAT parquet)")
        return target.read_bytes()


def sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "crm.db")
        with sqlite3.connect(path) as database:
            database.execute(f"CREATE TABLE deals ({', '.join(chr(34) + name + chr(34) for name in HEADER)})")
            database.executemany(f"INSERT INTO deals VALUES ({', '.join('?' * len(HEADER))})", ROWS)
        database.close()
        return path.read_bytes()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("deals.csv", text())
        bundle.writestr("export/faktur.csv", LINES)
        bundle.writestr("book.xlsx", xlsx())
    return out.getvalue()


def html() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    head = "".join(f"<th colspan=1>{cell}</th>" for cell in HEADER)
    return f"<html><head><meta charset=utf-8></head><body><table><tr>{head}</tr>{rows}</table></body></html>"


def spreadsheet_ml() -> str:
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) + "</Row>"
        for row in [HEADER, *ROWS]
    )
    return (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Deals"><Table>'
        f"{rows}</Table></Worksheet></Workbook>"
    )


def seeds() -> dict[str, bytes]:
    """Every seed by its file's name."""
    records = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    return {
        "deals.csv": text().encode(),
        "faktur.csv": LINES.encode(),
        "deals.tsv": text("\t").encode("utf-16"),
        "western.csv": text(";").replace("Acme", "Söhne & Cié").encode("cp1252"),
        "deals.json": json.dumps({"data": records, "meta": {"count": len(records)}}).encode(),
        "deals.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "deals.xls": html().encode(),
        "deals.xml": spreadsheet_ml().encode(),
        "deals.csv.gz": gzip.compress(text().encode(), mtime=0),
        "deals.parquet": parquet(),
        "crm.db": sqlite(),
        "deals.xlsx": xlsx(),
        "old.xls": xls(),
        "deals.ods": ods(),
        "export.zip": archive(),
    }

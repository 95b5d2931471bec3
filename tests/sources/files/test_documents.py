"""Web pages, JSON and Parquet as tables."""

from __future__ import annotations

import json

import pytest

from tolok.errors import SourceError


def test_a_web_table_called_xls_is_read_with_its_spans(files) -> None:
    seen = files.one(
        "<html><head><meta charset=utf-8><style>td{color:red}</style></head><body><table><tr><td><table border=1>"
        '<tr><th rowspan=2>Rep</th><th colspan="2">Q1</th></tr><tr><th>Sales</th><th>Cost</th></tr>'
        "<tr><td>Siti&nbsp;A &amp; B</td><td>1.500<td>2</tr><tr><td rowspan=2>Épée</td><td>3</td><td></td></tr>"
        "<tr><td>4</td><td>5</td></tr></table></td></tr></table></body></html>",
        "report.xls",
    )
    assert seen.table.headers == ("Rep", "Q1 Sales", "Q1 Cost")
    assert seen.rows == [("Siti A & B", "1.500", "2"), ("Épée", "3", None), ("Épée", "4", "5")]


def test_a_page_without_a_table_is_refused(files) -> None:
    with pytest.raises(SourceError, match="web page without a table"):
        files.one("<html><body><p>Please log in</p></body></html>", "export.csv")


def test_json_lines_flatten_objects_and_split_references(files) -> None:
    records = [
        {"id": 1, "partner_id": [5, "Acme"], "money": {"amount": 2, "currency": "IDR"}, "active": True},
        {"id": 2, "partner_id": False, "tags": [1, "x", 2], "note": False, "active": False},
        {"id": 3, "partner_id": [6, "Budi, Ltd"], "note": 'said "hi"\nthere', "active": True},
    ]
    seen = files.one("\n".join(map(json.dumps, records)) + "\n{broken\n", "crm.lead.jsonl")
    rows = [dict(zip(seen.table.headers, row, strict=True)) for row in seen.rows]
    assert [row["partner_id"] for row in rows] == ["Acme", None, "Budi, Ltd"]
    assert [row["partner_id.id"] for row in rows] == ["5", None, "6"]
    assert rows[0]["money.currency"] == "IDR"
    assert rows[1]["tags"] == '[1, "x", 2]'
    assert [row["note"] for row in rows] == [None, None, 'said "hi"\nthere']
    assert [row["active"] for row in rows] == ["true", "false", "true"]
    assert [reject.line for reject in seen.table.rejects] == [4]


def test_json_numbers_keep_every_digit(files) -> None:
    seen = files.one('[{"id": 12345678901234567890, "amount": 1500000.10}]', "deals.json")
    assert seen.rows == [("12345678901234567890", "1500000.10")]
    assert seen.table.types == ("number", "number")


@pytest.mark.parametrize(
    "content",
    [
        '[{"id":1},{"id":2}]',
        '{"id":1}\n{"id":2}\n',
        '{"total":2,"results":[{"id":1},{"id":2}]}',
        '{\n "total": 2,\n "data": {"records": [\n {"id":1},\n {"id":2}]}\n}',
    ],
)
def test_json_records_are_found_in_any_wrapping(files, content: str) -> None:
    assert files.one(content, "x.json").rows == [("1",), ("2",)]


def test_a_large_json_array_is_read_in_pieces(files) -> None:
    records = [{"id": number, "text": "x" * 50} for number in range(60_000)]
    seen = files.one(json.dumps(records), "x.json")
    assert seen.table.rows == 60_000
    assert seen.rows[-1][0] == "59999"


@pytest.mark.parametrize("content", ['[{"id":1},{"id":', "[" * 100_000, '{"a":' * 50_000, '{"a": ["b"'])
def test_damaged_json_is_refused(files, content: str) -> None:
    with pytest.raises(SourceError):
        files.one(content, "x.json")


def test_parquet_keeps_types_and_long_numbers(files, tmp_path) -> None:
    files.connection.sql(
        "SELECT 12345678901234567 AS id, 45000::DOUBLE AS ratio, DATE '2024-01-02' AS day, '' AS blank, "
        "[1, 2] AS tags, 'it''s' AS \"odd \"\"name\""
    ).write_parquet(str(tmp_path / "d.parquet"))
    seen = files.one(tmp_path / "d.parquet")
    assert seen.table.headers == ("id", "ratio", "day", "blank", "tags", 'odd "name')
    assert seen.rows == [("12345678901234567", "45000", "2024-01-02", None, "[1,2]", "it's")]
    assert seen.table.types[:3] == ("number", "number", "date")

"""A mapping that a person changes keeps its place, its comments and everything that was not changed."""

from __future__ import annotations

from dataclasses import replace

from tolok.sources import mapping_file
from tolok.sources.mapping import ColumnMapping

TEXT = """connection = "crm"
timezone = "UTC"
currency = "EUR"

[[table]]
name = "deals"
fact = "deals"
columns = [
    {header = "Deal ID", to = "source_id"}, # 100%, “Deal ID” is a known heading; e.g. 1 | 2
    # the finance team's own column
    {header = "Value", to = "amount", parse = "money"}, # ask Ann
    {header = "Closed", to = "closed_on", parse = "date", format = "iso"}, # 99%, “Closed” is a known heading; e.g. 2026
    {header = "Odd }, # name", to = ""},
]
"""


def test_a_changed_column_stays_where_it_stood_and_loses_only_the_note_that_no_longer_holds():
    mapping = mapping_file.load_text(TEXT)
    table = mapping.tables[0]
    columns = list(table.columns)
    columns[1] = ColumnMapping("Value", "probability", "percent")
    columns[2] = ColumnMapping("Closed", "expected_close_on", "date", "%d/%m/%Y")
    changed = replace(mapping, tables=(replace(table, columns=tuple(columns)),))
    written = mapping_file.render(changed, TEXT)
    assert mapping_file.load_text(written) == changed
    lines = written.splitlines()
    assert lines[9:11] == [
        "    # the finance team's own column",
        '    {header = "Value", to = "probability", parse = "percent"}, # ask Ann',
    ]
    assert "known heading; e.g. 2026" not in written
    assert next(line for line in lines if "Closed" in line).endswith("# chosen by a person")
    assert written.count("\n") == TEXT.count("\n")


def test_why_a_column_is_read_so_is_found_beside_it():
    notes = mapping_file.notes(TEXT)
    assert notes["deals", "deals", "Deal ID", "source_id"] == "100%, “Deal ID” is a known heading"
    assert notes["deals", "deals", "Value", "amount"] == "ask Ann"
    assert len(notes) == 3

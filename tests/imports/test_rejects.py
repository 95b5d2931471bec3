"""Bad rows never stop an import and are never lost: each is named with file, record, column and reason."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from tolok.errors import ImportRefused

HEADER = ["Deal ID", "Deal Name", "Owner", "Stage", "Amount", "Created Date", "Close Date"]


def row(number: int, **changed: object) -> list[object]:
    values = {
        "id": f"D{number}",
        "name": f"Deal {number}",
        "owner": "Ana",
        "stage": "Proposal",
        "amount": 100 + number,
        "created": "2026-01-05",
        "closed": "",
    }
    return list({**values, **changed}.values())


GOOD = [row(number) for number in range(1, 31)]


def test_a_bad_row_is_rejected_by_record_column_and_reason(shop, write):
    bad = [
        row(31, amount="1e30"),
        row(32, created="0202-01-05"),
        row(33, amount="a lot"),
        row(34, id=""),
    ]
    result = shop.take(write("deals.csv", HEADER, [*GOOD, *bad]))
    assert (result.rows, result.imported, result.rejected) == (34, 30, 4)
    assert [(r.line, r.column) for r in result.rejects] == [
        (32, "Amount"),
        (33, "Created Date"),
        (34, "Amount"),
        (35, "Deal ID"),
    ]
    assert "a lot" in result.rejects[2].reason
    assert shop.one("SELECT sum(amount) FROM deals") == sum(Decimal(100 + n) for n in range(1, 31))
    with Path(result.rejects_file).open(newline="") as file:
        written = list(csv.DictReader(file))
    assert [int(line["line"]) for line in written] == [32, 33, 34, 35]
    assert "1e30" in written[0]["row"]


def test_a_cell_that_a_row_can_do_without_costs_the_cell_alone(shop, write):
    header = ["Account Name", "Industry", "Employees", "Country"]
    rows = [["Acme", "Tools", "12", "ID"], ["Borg", "Tools", "plenty", "ID"], ["Core", "Food", "7", "SG"]]
    result = shop.take(write("accounts.csv", header, rows))
    assert (result.imported, result.rejected) == (3, 0)
    assert [(r.line, r.column) for r in result.rejects] == [(3, "Employees")]
    assert shop.ask("SELECT employees FROM accounts WHERE name = 'Borg'") == [(None,)]


def test_a_table_of_which_most_is_lost_is_refused_with_the_commonest_reason(shop, write):
    path = write("deals.csv", HEADER, GOOD)
    shop.take(path)
    broken = write("deals.csv", HEADER, [row(n, amount="??") for n in range(1, 21)] + GOOD[20:])
    with pytest.raises(ImportRefused, match=r"20 of 30 records.*Amount"):
        shop.take(broken)
    assert shop.one("SELECT count(*) FROM deals") == 30
    assert sorted(path.name for path in (shop.folder / "imports").iterdir() if path.is_dir()) == [
        "000001",
        "files",
        "looks",
    ]


def test_the_same_record_twice_counts_once(shop, write):
    result = shop.take(write("deals.csv", HEADER, [*GOOD, GOOD[3]]))
    assert result.rejected == 0
    assert shop.one("SELECT count(*) FROM deals") == 30
    assert any("stand twice" in note for note in result.notes)


def test_the_same_id_with_other_data_is_settled_and_the_earlier_row_kept_in_the_rejects(shop, write):
    result = shop.take(write("deals.csv", HEADER, [*GOOD, row(4, amount=999)]))
    assert shop.ask("SELECT amount FROM deals WHERE source_id = 'D4'") == [(Decimal(999),)]
    assert [(r.line, r.column) for r in result.rejects] == [(5, "Deal ID")]
    assert "record 32" in result.rejects[0].reason


def test_hostile_headers_and_cells_are_only_text(shop, write):
    header = [*HEADER, "x'); DROP TABLE deals; --", 'a"b', "{text}"]
    rows = [[*r, "'; DELETE FROM deals; --", "$(rm -rf /)", "{0}"] for r in GOOD]
    shop.take(write("deals.csv", header, rows))
    extra = shop.one("SELECT extra FROM deals LIMIT 1")
    assert "DROP TABLE" in extra
    assert shop.one("SELECT count(*) FROM deals") == 30


def test_a_file_that_is_no_data_is_refused_in_one_sentence(shop, tmp_path):
    path = tmp_path / "deals.csv"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n")
    with pytest.raises(Exception, match=r"deals\.csv") as caught:
        shop.take(path)
    assert type(caught.value).__module__ == "tolok.errors"


def test_a_dry_run_shows_the_mapping_and_changes_nothing(shop, write):
    result = shop.take(write("deals.csv", HEADER, GOOD), dry_run=True)
    assert result.mapping is not None
    assert result.mapping.tables[0].column("source_id").samples
    assert result.as_json()["mapping"]["tables"]
    assert not list((shop.folder / "mappings").iterdir())
    assert shop.ask("SELECT 1 WHERE false") == []

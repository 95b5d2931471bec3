"""Whatever is done to an export: it is imported or refused in a sentence, and every record is counted once."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tolok
from tolok import settings as workspaces
from tolok.errors import TolokError
from tolok.imports import ImportResult, run

SAMPLES = {
    "deals.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
    + "".join(
        f"A{n},Ann {n % 4},GTX {n % 3},Acme {n % 5},{('Won', 'Lost', 'Engaging')[n % 3]},2016-10-{n % 28 + 1:02d},"
        f"{'' if n % 3 == 2 else f'2017-03-{n % 28 + 1:02d}'},{'' if n % 3 == 2 else n * 37}\n"
        for n in range(40)
    ),
    "faktur.csv": "No Faktur;Tanggal;Nama Pelanggan;Nama Barang;Qty;Harga;Jumlah\n"
    + "".join(  # lines of one invoice
        f"F{n // 2};{n % 28 + 1:02d}/01/2026;Toko {n % 7};Barang {n % 5};{n % 4 + 1};Rp 1.500;Rp {n % 4 + 1}.500\n"
        for n in range(40)
    ),
    "history.csv": "Deal ID,Old Stage,New Stage,Changed At,Changed By\n"
    + "".join(f"D{n % 9},Lead,{('Demo', 'Won')[n % 2]},2026-01-{n % 28 + 1:02d} 10:00,Ann\n" for n in range(40)),
    "target.csv": "Sales;Jan 2026;Feb 2026;Mar 2026\n" + "".join(f"Ann {n};{n}.000.000;{n}.500.000;0\n" for n in range(1, 12)),
}  # fmt: skip
FUZZ = settings(
    max_examples=int(os.environ.get("TOLOK_TEST_EXAMPLES", "8")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PIECES = [b"\x00", b'"', b"'", b"\n", b"\r", b";", b",", b"\t", b"\xff\xfe", b"\xef\xbb\xbf", b"1e30", b"-", b"0202-01-01",
          b"=1+1", b"\\", b"NULL", b"\xc3", b"{", b"<", b"Won", b"Total", b"2026-02-30", b"%", b"(",
          b"'; DROP TABLE deals; --"]  # fmt: skip


def broken(content: bytes, seed: int, changes: int) -> bytes:
    """The content with pieces put in, taken out, doubled, moved."""
    dice, data = random.Random(seed), bytearray(content)
    for _ in range(changes):
        place = dice.randrange(len(data) or 1)
        length = dice.choice([1, 1, 2, 8, 60])
        what = dice.randrange(5)
        if what == 0:
            data[place:place] = dice.choice(PIECES)
        elif what == 1:
            del data[place : place + length]
        elif what == 2:
            data[place:place] = data[place : place + length]
        elif what == 3 and place < len(data):
            data[place] = dice.randrange(256)
        else:
            line = bytes(data).split(b"\n")
            dice.shuffle(line) if dice.random() < 0.1 else line.insert(dice.randrange(len(line)), dice.choice(line))
            data = bytearray(b"\n".join(line))
    return bytes(data)


def taken(shop: Path, path: Path) -> tuple[ImportResult | None, str]:
    """An import's result, or the sentence with which it was refused."""
    try:
        return run(shop, [path]), ""
    except TolokError as error:
        return None, error.message


@pytest.mark.parametrize("name", SAMPLES)
@FUZZ
@given(seed=st.integers(0, 10**9), changes=st.sampled_from([1, 2, 5, 20, 100]))
def test_a_broken_export_is_imported_or_refused(name: str, seed: int, changes: int, tmp_path: Path) -> None:
    folder = tmp_path / f"{seed}-{changes}"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(broken(SAMPLES[name].encode(), seed, changes))
    shop = folder / "shop"
    if not shop.exists():
        workspaces.create(shop, currency="IDR", timezone="Asia/Jakarta")
    result, said = taken(shop, path)
    if result is None:
        assert said.endswith((".", "!", "?"))
        return
    for file in result.files:
        assert 0 <= file.rejected <= file.rows
        turned = file.table in ("targets", "observations")  # a row of these is a cell
        assert file.table == "" or turned or file.imported >= file.rows - file.rejected
    assert run(shop, [path]).changed == 0


def test_a_file_and_a_sheet_of_one_name_are_read_by_their_own_mappings_again(tmp_path: Path) -> None:
    text = SAMPLES["deals.csv"]
    export, shop = tmp_path / "export", tmp_path / "shop"
    export.mkdir()
    (export / "deals.csv").write_text(text, encoding="utf-8")
    (export / "Deals.csv").write_text(text.replace("A", "B").replace("close_value", "amount"), encoding="utf-8")
    workspaces.create(shop, currency="USD")
    first = run(shop, [export])
    again = run(shop, [export])
    assert [(file.rows, file.imported, file.rejected) for file in first.files] == [(40, 40, 0)] * 2
    assert [(file.rows, file.imported, file.rejected) for file in again.files] == [(40, 40, 0)] * 2
    assert again.changed == 0


def test_two_files_of_one_name_with_other_headings_are_read_alike_every_time(tmp_path: Path) -> None:
    text = SAMPLES["deals.csv"]
    export, shop = tmp_path / "export", tmp_path / "shop"
    other = text.replace("A", "B").replace("close_value", "amount").replace("close_date", "closed on")
    for folder, content in (("jan", text), ("feb", other)):
        (export / folder).mkdir(parents=True)
        (export / folder / "deals.csv").write_text(content, encoding="utf-8")
    workspaces.create(shop, currency="USD")
    run(shop, [export])
    assert run(shop, [export]).changed == 0
    workspace = tolok.open(shop)
    assert workspace.ask("revenue").value() == 2 * sum(n * 37 for n in range(0, 40, 3))

"""Hostile files through the command itself: one sentence or rejects, the right exit code, no traceback, bounded cost."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import resource
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlsxwriter

from tolok import settings

HEADER = "Deal ID,Owner,Stage,Status,Amount,Created Date,Close Date"
GOOD = [f"D{n},Ann,Proposal,Won,{n * 100},2026-01-{n % 28 + 1:02d},2026-02-{n % 28 + 1:02d}" for n in range(1, 31)]
DEALS = "\n".join([HEADER, *GOOD]) + "\n"


@dataclass(frozen=True)
class Told:
    """What a command came to: exit code, what it printed, and its memory at most in MB."""

    code: int
    out: str
    err: str
    memory: float

    @property
    def json(self) -> dict:
        return json.loads(self.out)


class Desk:
    """A workspace, and the command line to import into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given = folder / "given"
        self.given.mkdir()
        settings.create(folder / "shop", currency="USD")
        self.before = self.elsewhere()

    def tolok(self, *arguments: object, seconds: int = 60) -> Told:
        code = (
            "import resource, sys; sys.argv = ['tolok', *sys.argv[1:]]\n"
            "from tolok.cli import main\n"
            "try: main()\n"
            "finally: print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)"
        )

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, timeout=2 * seconds,
            preexec_fn=limit, check=False, env={**os.environ, "TOLOK_TRACE": ""},
        )  # fmt: skip
        *said, peak = done.stderr.rstrip("\n").split("\n")
        return Told(done.returncode, done.stdout, "\n".join(said), float(peak.split()[-1]))

    def take(self, path: Path, *options: object, seconds: int = 60) -> Told:
        told = self.tolok("import", path, "-w", self.folder / "shop", "--json", *options, seconds=seconds)
        assert "Traceback" not in told.out + told.err
        assert "fault of ours" not in told.err, told.err
        assert self.elsewhere() == self.before
        return told

    def refused(self, path: Path) -> str:
        """The one sentence, and the next step, with which a file is refused."""
        told = self.take(path)
        assert told.code == 2, told
        assert told.out == ""
        assert len(told.err.splitlines()) == 1, told.err
        assert told.err.startswith("tolok: ")
        assert told.memory < 700
        return told.err

    def taken(self, path: Path) -> dict:
        told = self.take(path)
        assert told.code == 0, told.err
        assert told.memory < 1200
        return told.json

    def elsewhere(self) -> set[Path]:
        """What lies beside the workspace and the given files."""
        return set(self.folder.iterdir())

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.given / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def value(self, kpi: str) -> object:
        told = self.tolok("kpi", kpi, "-w", self.folder / "shop", "--format", "json")
        return told.json["rows"][0]["value"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def zipped(**members: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deals.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 50),
        ("deals.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("deals.csv", b""),
        ("deals.csv", b"\x00" * 5000),
        ("deals.xlsx", b"PK\x03\x04" + b"\x00" * 400),
        ("deals.json", b'[{"a": 1}, {"a": '),
        ("deals.parquet", b"PAR1" + b"\x15" * 200 + b"PAR1"),
        ("deals.csv.gz", gzip.compress(DEALS.encode() * 200)[:-60]),
        ("deals.html", b"<html><body><p>Please sign in</p></body></html>"),
        ("deals.csv", b"<!DOCTYPE html><html><body>502 Bad gateway</body></html>"),
        ("deals.csv", b"Dear colleague, the export is attached.\nRegards, Ann\n"),
    ],
)
def test_what_holds_no_data_is_refused_in_one_sentence(name: str, content: bytes, desk: Desk) -> None:
    assert name in desk.refused(desk.write(name, content))


def test_a_zip_whose_members_lead_outside_writes_nothing_there(desk: Desk) -> None:
    content = zipped(
        **{"../../evil.csv": DEALS, "/tmp/tolok-evil.csv": DEALS, "..\\..\\evil2.csv": DEALS, "deals.csv": DEALS}  # noqa: S108
    )
    told = desk.taken(desk.write("export.zip", content))
    assert not Path("/tmp/tolok-evil.csv").exists()  # noqa: S108
    assert told["imported"] == 30
    assert any("outside" in note for note in told["notes"]), told["notes"]


def test_archives_in_archives_in_archives(desk: Desk) -> None:
    content: bytes = DEALS.encode()
    for depth in range(6):
        content = zipped(**{f"level{depth}.{'zip' if depth else 'csv'}": content})
    told = desk.take(desk.write("export.zip", content))
    assert told.code in (0, 2)
    assert told.memory < 700


def test_an_archive_that_would_unpack_to_far_too_much(desk: Desk) -> None:
    big = b"0" * 2**20
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("a.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(130):
            member.write(big)
    assert len(made.getvalue()) < 3 * 2**20
    desk.refused(desk.write("bomb.zip", made.getvalue()))


def test_a_gzip_that_would_unpack_to_far_too_much(desk: Desk) -> None:
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=9) as archive:
        for _ in range(130):
            archive.write(b"a,b\n1,2\n" * 2**17)
    desk.refused(desk.write("bomb.csv.gz", made.getvalue()))


def test_ten_thousand_columns(desk: Desk) -> None:
    header = ",".join([HEADER, *(f"field {n}" for n in range(10_000))])
    rows = [",".join([row, *(str(n % 7) for n in range(10_000))]) for row in GOOD]
    told = desk.take(desk.write("deals.csv", "\n".join([header, *rows])))
    assert told.code in (0, 2)
    assert told.memory < 2000
    if told.code == 0:
        assert desk.value("deals_won") == 30


def test_a_sheet_that_claims_a_billion_cells(desk: Desk) -> None:
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Deals")
        for place, line in enumerate([HEADER, *GOOD]):
            sheet.write_row(place, 0, line.split(","))
    hostile = io.BytesIO()
    with zipfile.ZipFile(plain) as read, zipfile.ZipFile(hostile, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'<dimension ref="A1:G31"/>', b'<dimension ref="A1:XFD1048576"/>')
                content = content.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            written.writestr(name, content)
    told = desk.take(desk.write("deals.xlsx", hostile.getvalue()))
    assert told.code in (0, 2)
    assert told.memory < 1200


def test_formulas_are_values_and_never_run(desk: Desk) -> None:
    rows = [
        "D101,\"=cmd|' /C calc'!A0\",Proposal,Won,100,2026-01-05,2026-02-05",
        "D102,+SUM(1+1),Proposal,Won,100,2026-01-05,2026-02-05",
        "D103,@Ann,Proposal,Won,=1+1,2026-01-05,2026-02-05",
        'D104,"=HYPERLINK(""http://x"",""y"")",Proposal,Won,100,2026-01-05,2026-02-05',
    ]
    told = desk.taken(desk.write("deals.csv", DEALS + "\n".join(rows)))
    assert [(reject["line"], reject["column"]) for reject in told["rejects"]] == [(34, "Amount")]
    assert desk.value("deals_won") == 33


def test_a_formula_in_a_workbook_counts_as_its_value(desk: Desk) -> None:
    with xlsxwriter.Workbook(desk.given / "deals.xlsx") as book:
        sheet = book.add_worksheet("Deals")
        for place, line in enumerate([HEADER, *GOOD]):
            sheet.write_row(place, 0, line.split(","))
            if place:
                sheet.write_formula(place, 4, f"=A{place}*0+{place * 100}", None, place * 100)
    assert desk.taken(desk.given / "deals.xlsx")["rejected"] == 0
    assert desk.value("revenue") == sum(n * 100 for n in range(1, 31))


def test_nul_bytes_and_control_letters(desk: Desk) -> None:
    content = DEALS.replace("Ann", "A\x00nn").replace("Proposal", "Pro\x07posal", 1)
    desk.taken(desk.write("deals.csv", content))
    assert desk.value("deals_won") == 30


def test_impossible_years_amounts_and_numbers_are_rejects(desk: Desk) -> None:
    odd = [
        "D201,Ann,Proposal,Won,100,0202-01-05,2026-02-05",
        "D202,Ann,Proposal,Won,1e30,2026-01-05,2026-02-05",
        "D203,Ann,Proposal,Won,NaN,2026-01-05,2026-02-05",
        "D204,Ann,Proposal,Won,inf,2026-01-05,2026-02-05",
        "D205,Ann,Proposal,Won,100,2026-02-30,2026-03-05",
        "D206,Ann,Proposal,Won,99999999999999999999,2026-01-05,2026-02-05",
        "D207,Ann,Proposal,Won,100,20260-01-05,2026-02-05",
        "D208,Ann,Proposal,Won,0x10,2026-01-05,2026-02-05",
        "D209,Ann,Proposal,Won,1.5,9999-12-31,2026-02-05",
        "D210,Ann,Proposal,Won,1;2,2026-01-05,2026-02-05",
    ]
    told = desk.taken(desk.write("deals.csv", DEALS + "\n".join(odd)))
    refused = {reject["line"] for reject in told["rejects"]}
    # a cell that says NaN says nothing: the deal is kept, without an amount
    assert refused == {32, 33, 35, 36, 37, 38, 39, 40, 41}, told["rejects"]
    assert desk.value("revenue") == sum(n * 100 for n in range(1, 31))


def test_one_id_twice_with_other_data_and_one_column_twice(desk: Desk) -> None:
    told = desk.taken(desk.write("deals.csv", DEALS + "D1,Bob,Proposal,Won,7,2026-01-05,2026-02-05\n"))
    assert [reject["line"] for reject in told["rejects"]] == [2]
    assert desk.value("revenue") == sum(n * 100 for n in range(1, 31)) - 100 + 7
    header = HEADER + ",Amount"
    rows = [f"{row},{place}" for place, row in enumerate(GOOD)]
    desk.taken(desk.write("twice.csv", "\n".join([header, *rows])))


def test_headings_and_cells_that_are_sql(desk: Desk) -> None:
    header = HEADER + ""","x""; DROP TABLE deals; --",'); SELECT 1; --,$(id),{0},%s,\\"""
    rows = [row + ',\'; DROP TABLE deals; --,""" OR 1=1",`id`,{1},%d,\\' for row in GOOD]
    assert desk.taken(desk.write("x'; DROP TABLE deals; --.csv", "\n".join([header, *rows])))["rejected"] == 0
    assert desk.value("deals_won") == 30


def test_lines_that_are_far_too_long(desk: Desk) -> None:
    long = "D301,Ann,Proposal,Won,100,2026-01-05,2026-02-05" + "x" * 30_000_000
    told = desk.take(desk.write("deals.csv", DEALS + long + "\n"))
    assert told.code in (0, 2)
    assert told.memory < 1500


def test_a_million_quotes(desk: Desk) -> None:
    told = desk.take(desk.write("deals.csv", DEALS + '"' * 1_000_001 + "\n"))
    assert told.code in (0, 2)


def test_a_file_that_changes_its_mind_is_refused_or_rejected(desk: Desk) -> None:
    """Half a CSV, half random bytes: what can be read is read, the rest is counted."""
    noise = random.Random(1).randbytes(20_000)
    told = desk.take(desk.write("deals.csv", DEALS.encode() + noise))
    assert told.code in (0, 2)
    if told.code == 0:
        assert told.json["rejected"] > 0


def test_an_export_with_most_rows_wrong_is_refused_and_says_why(desk: Desk) -> None:
    rows = [f"E{n},Ann,Proposal,Won,100,2026-02-30,2026-03-05" for n in range(50)]
    said = desk.refused(desk.write("deals.csv", DEALS + "\n".join(rows)))
    assert "50 of 80 records" in said
    assert "Created Date" in said


def test_a_column_that_is_called_an_amount_but_holds_words_is_said(desk: Desk) -> None:
    rows = [f"E{n},Ann,Proposal,Won,much,2026-02-20,2026-03-05" for n in range(50)]
    told = desk.taken(desk.write("deals.csv", DEALS + "\n".join(rows)))
    assert any("Amount" in said and "38% of its cells are numbers" in said for said in told["assumptions"]), told


def test_a_link_to_elsewhere_and_a_device_are_not_followed_for_ever(desk: Desk) -> None:
    assert desk.take(Path("/dev/zero"), seconds=20).code == 2
    folder = desk.given / "loop"
    folder.mkdir()
    (folder / "deals.csv").write_text(DEALS)
    (folder / "again").symlink_to(folder)
    assert desk.taken(folder)["imported"] == 30

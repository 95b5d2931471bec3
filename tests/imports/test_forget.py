"""A forgotten person is nowhere in the workspace, figures stay, and no later import brings them back."""

from __future__ import annotations

import gzip
import json
import sqlite3
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tolok import imports
from tolok.errors import QuestionError
from tolok.imports.forget import forget
from tolok.imports.forgotten import Forgotten
from tolok.settings import create
from tolok.workspace import open_workspace

TODAY = date(2026, 6, 1)
DEALS = "Deal ID,Deal name,Owner,Account Name,Stage,Amount,Created,Closed,Next step\n"
NAMES = (b"ratna", b"Ratna", b"wulandari", b"Wulandari", b"WULANDARI", b"ratna.w@", b"0812-3456-7890", b"081234567890")


def exports(folder: Path, *, more: int = 0) -> Path:
    """A CRM's folder: reps and contacts with addresses, deals and calls that name them, one row that is rejected."""
    folder.mkdir(exist_ok=True)
    deals = "".join(
        f"{n},Deal {n},{('Ratna Wulandari', 'Budi Hartono')[n % 2]},Toko {n % 3},{('Won', 'Lost')[n % 5 == 0]},{n * 100},"
        f"2026-01-{n:02},{'soon, says Ratna Wulandari' if n == 7 else f'2026-02-{n:02}'},call Ratna Wulandari back\n"
        for n in range(1, 21 + more)
    )
    (folder / "deals.csv").write_text(DEALS + deals)
    (folder / "users.csv").write_text(
        "User ID,First Name,Last Name,Email,Team\n"
        "1,Ratna,Wulandari,ratna.w@toko.co.id,West\n2,Budi,Hartono,budi@toko.co.id,East\n"
    )
    (folder / "contacts.csv").write_text(
        "Contact ID,First Name,Last Name,Email,Phone,Account Name\n"
        "c1,Ratna,Wulandari,ratna.w@toko.co.id,0812-3456-7890,Toko 1\nc2,Siti,Aminah,siti@x.id,0811-1111-1111,Toko 2\n"
    )
    (folder / "leads.csv").write_text(
        "Full Name,Company,Email,Created Date,Lead Source,Status\n"
        "Ratna Wulandari,Toko 9,ratna.w@toko.co.id,2026-01-03,Web,New\nJoko Susilo,Toko 8,j@x.id,2026-01-04,Fair,New\n"
    )
    return folder


def figures(workspace: Path) -> dict[str, object]:
    shop = open_workspace(workspace)
    asked = ["revenue", "deals_won", "deals_lost", "win_rate", "average_deal_size", "new_leads", "sales_cycle_length"]
    found: dict[str, object] = {kpi: shop.ask(kpi).value() for kpi in asked}
    found["by rep"] = sorted(str(row.value) for row in shop.ask("revenue", by="rep").rows())
    found["rows"] = {name: stored.rows for name, stored in shop.snapshot().facts.items()}
    return found


def left(workspace: Path) -> list[str]:
    """Every file of the workspace, packed ones unpacked, in which the person's name, address or number still stands."""
    found = []
    for path in sorted(workspace.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data += gzip.decompress(data)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                data += b"".join(packed.read(name) for name in packed.namelist())
        if path.suffix == ".duckdb":  # the bytes may be compressed
            with duckdb.connect(str(path), read_only=True) as stored:
                for (table,) in stored.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                    data += repr(stored.execute(f'SELECT * FROM "{table}"').fetchall()).encode()
        found += [f"{path.relative_to(workspace)}: {name!r}" for name in NAMES if name in data]
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="IDR")
    imports.run(tmp_path / "w", [exports(tmp_path / "crm")], today=TODAY)
    return tmp_path / "w"


def test_no_byte_of_the_workspace_names_them_and_figures_stay(workspace):
    assert left(workspace)
    before = figures(workspace)
    report = forget(workspace, "ratna  wulandari")
    assert {one.fact for one in report.records} >= {"reps", "contacts", "leads"}
    assert left(workspace) == []
    assert figures(workspace) == before
    reps = {row.members["rep"] for row in open_workspace(workspace).ask("revenue", by="rep").rows()}
    assert reps == {"Budi Hartono", report.pseudonym}


def test_importing_the_same_again_changes_nothing_and_brings_nobody_back(workspace, tmp_path):
    forget(workspace, "Ratna Wulandari")
    before = figures(workspace)
    again = imports.run(workspace, [exports(tmp_path / "crm")], today=TODAY)
    assert again.changed == 0
    assert figures(workspace) == before
    assert left(workspace) == []


def test_a_later_export_keeps_them_forgotten(workspace, tmp_path):
    before = open_workspace(workspace).ask("deals_won").value()
    report = forget(workspace, "ratna.w@toko.co.id")
    imports.run(workspace, [exports(tmp_path / "crm", more=8)], today=TODAY)
    shop = open_workspace(workspace)
    assert shop.ask("deals_won").value() > before
    assert left(workspace) == []
    assert report.pseudonym in {row.members["rep"] for row in shop.ask("revenue", by="rep").rows()}


def test_a_row_about_them_is_known_by_its_id_whatever_they_are_called_later(workspace, tmp_path):
    forget(workspace, "Ratna Wulandari")
    folder = exports(tmp_path / "crm")
    (folder / "users.csv").write_text(
        "User ID,First Name,Last Name,Email,Team\n1,Dewi,Lestari,dewi@new.id,West\n2,Budi,Hartono,budi@toko.co.id,East\n"
    )
    imports.run(workspace, [folder], today=TODAY)
    facts = b"".join(path.read_bytes() for path in (workspace / "facts").glob("*.duckdb"))
    assert b"Lestari" not in facts
    assert b"dewi@new.id" not in facts


def test_older_snapshots_are_reached_too(workspace, tmp_path):
    imports.run(workspace, [exports(tmp_path / "crm", more=5)], today=TODAY)
    forget(workspace, "Ratna Wulandari")
    assert left(workspace) == []
    snapshots = open_workspace(workspace).snapshots
    assert len(snapshots.list()) == 2


def test_a_workbook_or_archive_that_holds_them_is_removed(tmp_path):
    create(tmp_path / "w", name="w", currency="IDR")
    folder = exports(tmp_path / "crm")
    with zipfile.ZipFile(tmp_path / "crm.zip", "w") as packed:
        for path in folder.iterdir():
            packed.write(path, path.name)
    with gzip.open(tmp_path / "deals.csv.gz", "wt") as file:
        file.write((folder / "deals.csv").read_text())
    imports.run(tmp_path / "w", [tmp_path / "crm.zip"], today=TODAY)
    imports.run(tmp_path / "w", [tmp_path / "deals.csv.gz"], today=TODAY)
    report = forget(tmp_path / "w", "Ratna Wulandari", namesakes=True)
    assert any(name.endswith(".zip") for name in report.removed)
    assert any(name.endswith(".gz") for name in report.cleaned)
    assert left(tmp_path / "w") == []
    imports.run(tmp_path / "w", [tmp_path / "crm.zip"], today=TODAY)
    assert left(tmp_path / "w") == []


def test_an_upload_that_waits_is_reached(workspace, tmp_path):
    (workspace / "uploads" / "7").mkdir(parents=True)
    with zipfile.ZipFile(workspace / "uploads" / "7" / "crm.zip", "w") as packed:
        packed.write(tmp_path / "crm" / "users.csv", "users.csv")
    forget(workspace, "Ratna Wulandari")
    assert left(workspace) == []


def test_what_people_entered_is_reached_and_their_account_locked(workspace):
    path = workspace / "app.sqlite3"
    with sqlite3.connect(path) as app:
        app.execute("CREATE TABLE user (id INTEGER, email TEXT UNIQUE, name TEXT, password TEXT, is_active INTEGER)")
        app.execute(
            "INSERT INTO user VALUES (1, 'ratna.w@toko.co.id', 'Ratna Wulandari', 'hash', 1), (2, 'b@x', 'B', 'h', 1)"
        )
        app.execute("CREATE TABLE audit (actor TEXT, details TEXT)")
        app.execute("INSERT INTO audit VALUES ('Ratna Wulandari', '{\"to\": \"ratna.w@toko.co.id\"}')")
    app.close()
    report = forget(workspace, "Ratna Wulandari")
    assert left(workspace) == []
    with sqlite3.connect(path) as app:
        assert app.execute("SELECT password, is_active FROM user ORDER BY id").fetchall() == [("!", 0), ("h", 1)]
        assert app.execute("SELECT actor FROM audit").fetchall() == [(report.pseudonym,)]


def test_several_people_of_one_name_are_listed(tmp_path):
    create(tmp_path / "w", name="w", currency="IDR")
    (tmp_path / "users.csv").write_text(
        "User ID,Name,Email\n1,Andi Wijaya,a@x.id\n2,Andi Wijaya,b@x.id\n3,Budi,c@x.id\n"
    )
    imports.run(tmp_path / "w", [tmp_path / "users.csv"], today=TODAY)
    with pytest.raises(QuestionError, match=r"a@x\.id.*b@x\.id"):
        forget(tmp_path / "w", "Andi Wijaya")
    assert not (tmp_path / "w" / "forgotten.json").exists()
    assert len(forget(tmp_path / "w", "Andi Wijaya", namesakes=True).records) == 2


def test_nobody_of_that_name_is_said_with_the_nearest(workspace):
    with pytest.raises(QuestionError, match="Did you mean Ratna Wulandari"):
        forget(workspace, "Ratna Wulandary")


def test_the_command_shows_asks_and_does(workspace):
    def run(*words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tolok", "forget", "Ratna Wulandari", "-w", str(workspace), *words],
            capture_output=True, text=True, input=answer, timeout=120,
        )  # fmt: skip

    dry = run("--dry-run")
    assert "would be" in dry.stdout
    assert left(workspace)
    assert run(answer="n\n").returncode == 130
    assert left(workspace)
    done = json.loads(run("--yes", "--json").stdout)
    assert done["pseudonym"].startswith("Forgotten ")
    assert left(workspace) == []
    assert run("--yes").returncode == 0  # again: finishes what a crash may have left


def _list(*people: tuple[str, str]) -> Forgotten:
    empty = Forgotten("salt")
    from datetime import UTC, datetime

    return empty.having(empty.person(people, (), datetime(2026, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call Andi Wijaya.", "Call {}."),
        ("ANDI   WIJAYA", "{}"),
        ("Wijaya, Andi", "{}"),
        ("andi.wijaya", "{}"),
        ("crm:Andi Wijaya", "crm:{}"),
        ("Andi Wijayanto", "Andi Wijayanto"),
        ("Sandi Wijaya", "Sandi Wijaya"),
        ("Andi and Wijaya", "Andi and Wijaya"),
    ],
)
def test_a_name_is_found_by_its_words(text, expected):
    people = _list(("Andi Wijaya", "name"))
    assert people.cleaned(text) == expected.format(people.people[0].pseudonym)


def test_a_single_word_is_replaced_only_where_it_stands_alone():
    people = _list(("Andi", "name"))
    name = people.people[0].pseudonym
    assert people.cleaned("Andi") == name
    assert people.cleaned("call Andi Pratama") == "call Andi Pratama"
    assert people.cleaned_lines('1,"Andi",x\nAndi;2\n') == f'1,"{name}",x\n{name};2\n'


def test_names_in_two_cells_side_by_side_keep_their_delimiters():
    people = _list(("Siti Nur Haliza", "name"))
    name, code = people.people[0].pseudonym.split()
    assert people.cleaned_lines('7;"Siti";"Nur Haliza";x') == f'7;"{name}";"{code} ";x'
    assert people.cleaned_lines("Haliza\tSiti Nur\n") == f"{name}\t{code} \n"

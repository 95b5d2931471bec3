"""A backup holds everything, and comes back as it was or not at all."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import tarfile
import threading
from pathlib import Path

import pytest

from tolok import imports
from tolok.backup import CONTENTS, backup, restore
from tolok.errors import WorkspaceError
from tolok.settings import create
from tolok.workspace import open_workspace

DEALS = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n"


def export(path: Path, count: int) -> Path:
    rows = "".join(
        f"{n},D{n},Ann,Won,{n},2026-01-{n % 28 + 1:02},2026-02-{n % 28 + 1:02}\n" for n in range(1, count + 1)
    )
    path.write_text(DEALS + rows)
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="Toko", currency="EUR")
    imports.run(tmp_path / "w", [export(tmp_path / "deals.csv", 50)])
    imports.run(tmp_path / "w", [export(tmp_path / "deals.csv", 60)])
    with sqlite3.connect(tmp_path / "w" / "app.sqlite3") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE targets (value int)")
        connection.execute("INSERT INTO targets VALUES (7)")
    return tmp_path / "w"


def test_what_comes_back_answers_the_same(workspace, tmp_path):
    backup(workspace, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "again")
    before, after = open_workspace(workspace), open_workspace(tmp_path / "again")
    assert after.ask("revenue").value() == before.ask("revenue").value() == sum(range(1, 61))
    assert [s.id for s in after.snapshots.list()] == [s.id for s in before.snapshots.list()]
    with sqlite3.connect(tmp_path / "again" / "app.sqlite3") as connection:
        assert connection.execute("SELECT value FROM targets").fetchall() == [(7,)]
    imports.run(tmp_path / "again", [export(tmp_path / "deals.csv", 61)])
    assert open_workspace(tmp_path / "again").ask("deals_won").value() == 61


def test_rows_that_are_being_written_are_all_there_or_not(workspace, tmp_path):
    """The copy of app rows is of one moment, with a writer at work."""
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(workspace / "app.sqlite3", timeout=30)
        while not stop.is_set():
            with connection:
                connection.executemany("INSERT INTO targets VALUES (?)", [(1,)] * 10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            backup(workspace, tmp_path / f"{number}.tar.gz")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        restore(tmp_path / f"{number}.tar.gz", tmp_path / f"r{number}")
        with sqlite3.connect(tmp_path / f"r{number}" / "app.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("SELECT count(*) % 10 FROM targets").fetchone() == (1,)


def test_a_backup_while_an_import_runs_is_whole(workspace, tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-m", "tolok", "import", str(export(tmp_path / "deals.csv", 20_000)), "-w", str(workspace)],
        stdout=subprocess.DEVNULL,
    )
    made = []
    while running.poll() is None and len(made) < 5:
        made.append(tmp_path / f"b{len(made)}.tar.gz")
        backup(workspace, made[-1])
    running.wait(timeout=120)
    assert made
    for number, path in enumerate(made):
        restore(path, tmp_path / f"x{number}")
        assert open_workspace(tmp_path / f"x{number}").ask("deals_won").value() in (60, 20_000)


def test_nothing_is_overwritten(workspace, tmp_path):
    backup(workspace, tmp_path / "b.tar.gz")
    with pytest.raises(WorkspaceError, match="exists already"):
        backup(workspace, tmp_path / "b.tar.gz")
    with pytest.raises(WorkspaceError, match="inside its own"):
        backup(workspace, workspace / "b.tar.gz")
    with pytest.raises(WorkspaceError, match="not empty"):
        restore(tmp_path / "b.tar.gz", workspace)
    with pytest.raises(WorkspaceError, match="does not exist"):
        restore(tmp_path / "none.tar.gz", tmp_path / "n")


def forged(path: Path, *members: tuple[str, bytes, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content, kind in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = len(content) if kind == tarfile.REGTYPE else 0
            info.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "members",
    [
        [("../out.txt", b"x", tarfile.REGTYPE)],
        [("/tmp/out.txt", b"x", tarfile.REGTYPE)],  # noqa: S108
        [("tolok.toml", b"", tarfile.SYMTYPE)],
        [("tolok.toml", b"", tarfile.LNKTYPE)],
        [("a", b"1", tarfile.REGTYPE), ("a", b"2", tarfile.REGTYPE)],
        [("a", b"1", tarfile.REGTYPE)],
        [("a", b"1", tarfile.REGTYPE), (CONTENTS, b"{}", tarfile.REGTYPE)],
        [("a", b"1", tarfile.REGTYPE), (CONTENTS, json.dumps({"form": 1, "files": {}}).encode(), tarfile.REGTYPE)],
        [(CONTENTS, json.dumps({"form": 99, "files": {}}).encode(), tarfile.REGTYPE)],
    ],
)
def test_a_forged_backup_leaves_nothing_behind(members, tmp_path):
    path = forged(tmp_path / "b.tar.gz", *members)
    with pytest.raises(WorkspaceError) as refusal:
        restore(path, tmp_path / "new")
    assert refusal.value.next_step
    assert sorted(item.name for item in tmp_path.iterdir()) == ["b.tar.gz"]


def test_a_damaged_backup_is_refused(workspace, tmp_path):
    backup(workspace, tmp_path / "b.tar.gz")
    whole = (tmp_path / "b.tar.gz").read_bytes()
    for number, damaged in enumerate((whole[: len(whole) // 2], b"", whole[:500] + b"\x00" * 50 + whole[550:])):
        (tmp_path / "d.tar.gz").write_bytes(damaged)
        with pytest.raises(WorkspaceError):
            restore(tmp_path / "d.tar.gz", tmp_path / f"d{number}")
        assert not (tmp_path / f"d{number}").exists()


def test_the_commands(workspace, tmp_path):
    run = [sys.executable, "-m", "tolok"]
    made = subprocess.run([*run, "backup", "b.tgz", "-w", str(workspace)], cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "b.tgz").stat().st_mode & 0o077 == 0
    back = subprocess.run([*run, "restore", "b.tgz", "-w", "new"], cwd=tmp_path, capture_output=True, text=True)
    assert back.returncode == 0, back.stderr
    again = subprocess.run([*run, "restore", "b.tgz", "-w", "new"], cwd=tmp_path, capture_output=True, text=True)
    assert (again.returncode, "Traceback" in again.stderr) == (2, False)


def test_snapshots_that_are_let_go_of_while_it_is_written_are_whole_in_it(workspace, tmp_path, monkeypatch):
    """All files of the facts vanish as soon as the first is archived: the backup still holds every one."""
    import tolok.backup as module

    facts = sorted(path.name for path in (workspace / "facts").iterdir() if path.suffix in (".json", ".duckdb"))
    first = module._add

    def add(archive, path, name):
        for file in (workspace / "facts").glob("*.duckdb"):
            file.unlink()
        return first(archive, path, name)

    monkeypatch.setattr(module, "_add", add)
    backup(workspace, tmp_path / "b.tar.gz")
    restore(tmp_path / "b.tar.gz", tmp_path / "back")
    assert facts == sorted(p.name for p in (tmp_path / "back" / "facts").iterdir() if p.suffix in (".json", ".duckdb"))
    assert open_workspace(tmp_path / "back").snapshot().id
    assert not list(workspace.glob(".backup-*"))


def test_another_kind_of_archive_is_refused(workspace, tmp_path):
    with pytest.raises(WorkspaceError, match=r"ends in \.tar\.gz"):
        backup(workspace, tmp_path / "b.tar.zst")

"""A workspace of an older form is upgraded after a backup; one of a newer form is refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tolok.backup import restore
from tolok.errors import WorkspaceError
from tolok.settings import create, load
from tolok.settings.form import form_of
from tolok.upgrade import Step, upgrade


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="EUR")
    return tmp_path / "w"


def tolok(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tolok", *words], capture_output=True, text=True, timeout=120)


def rename(folder: Path) -> None:
    (folder / "kpis" / "new.txt").write_text("second form")


def fail(folder: Path) -> None:
    (folder / "kpis" / "half.txt").write_text("half")
    raise OSError("no space left")


def test_a_new_workspace_is_of_todays_form_and_nothing_is_due(workspace, tmp_path):
    assert form_of(workspace) == 1
    assert upgrade(workspace).backup is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w"]


def test_a_folder_without_a_number_is_of_the_first_form(workspace):
    (workspace / "format").unlink()
    assert form_of(workspace) == 1
    assert upgrade(workspace).after == 1
    assert (workspace / "format").read_text() == "1\n"


def test_steps_run_in_order_after_a_backup_of_what_was(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr("tolok.settings.form.FORM", 3)
    order: list[int] = []
    steps = [Step(3, "third", lambda folder: order.append(3)), Step(2, "second", rename)]
    done = upgrade(workspace, steps=steps)
    assert (done.before, done.after, done.steps, order) == (1, 3, ("second", "third"), [3])
    assert form_of(workspace) == 3
    assert done.backup is not None
    restore(done.backup, tmp_path / "as-it-was")
    assert form_of(tmp_path / "as-it-was") == 1
    assert not (tmp_path / "as-it-was" / "kpis" / "new.txt").exists()


def test_a_step_that_fails_names_the_backup_and_leaves_the_form(workspace, monkeypatch):
    monkeypatch.setattr("tolok.settings.form.FORM", 3)
    with pytest.raises(WorkspaceError, match=r"no space left.*before-upgrade.*tolok restore"):
        upgrade(workspace, steps=[Step(2, "second", rename), Step(3, "third", fail)])
    assert form_of(workspace) == 2


@pytest.mark.parametrize("command", [("kpi", "revenue"), ("upgrade",), ("snapshots",), ("backup", "x.tar.gz")])
def test_a_newer_form_is_refused_by_every_command(workspace, command, tmp_path):
    (workspace / "format").write_text("2\n")
    refused = tolok(*[str(tmp_path / word) if "." in word else word for word in command], "-w", str(workspace))
    assert refused.returncode == 2
    assert "newer Tolok" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_form_that_is_no_number_is_said(workspace):
    (workspace / "format").write_text("old\n")
    with pytest.raises(WorkspaceError, match="does not say"):
        load(workspace)


def test_what_people_entered_is_brought_up_to_date_after_a_backup(workspace, tmp_path):
    with closing(sqlite3.connect(workspace / "app.sqlite3")) as app:
        app.execute("PRAGMA user_version = 1")  # a database without any of the app's tables
        app.commit()
    done = tolok("upgrade", "-w", str(workspace))
    assert done.returncode == 0, done.stderr
    assert "before-upgrade" in done.stdout
    with closing(sqlite3.connect(workspace / "app.sqlite3")) as app:
        tables = {name for (name,) in app.execute("SELECT name FROM sqlite_master")}
    assert "app_user" in tables
    assert "up to date" in tolok("upgrade", "-w", str(workspace)).stdout
    assert len(list(tmp_path.glob("w-before-upgrade-*.tar.gz"))) == 1

"""Sources that were imported once are listed, and brought up to date by name or by schedule."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tolok.errors import WorkspaceError
from tolok.imports.refresh import due, last_refreshed, listed, refresh, refresh_due
from tolok.settings import Source, add_source, create, load
from tolok.workspace import open_workspace

DEALS = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n"


def export(folder: Path, count: int) -> None:
    rows = "".join(f"{n},D{n},Ann,Won,{n * 10},2026-01-{n:02},2026-02-{n:02}\n" for n in range(1, count + 1))
    folder.mkdir(exist_ok=True)
    (folder / "deals.csv").write_text(DEALS + rows)


def tolok(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "tolok", *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="EUR")
    return tmp_path / "w"


def test_a_folder_is_listed_by_its_first_import_and_refreshed(workspace, tmp_path):
    export(tmp_path / "crm", 10)
    first = tolok("import", str(tmp_path / "crm"), "-w", str(workspace))
    assert "tolok refresh" in first.stdout
    assert load(workspace).sources == (Source(name="crm", path="../crm"),)
    assert "nothing changed" in tolok("refresh", "-w", str(workspace)).stdout
    export(tmp_path / "crm", 14)
    again = json.loads(tolok("refresh", "-w", str(workspace), "--json").stdout)
    assert (again["sources"][0]["source"], again["sources"][0]["changed"]) == ("crm", 4)
    assert open_workspace(workspace).ask("deals_won").value() == 14
    assert len(load(workspace).sources) == 1


def test_a_file_alone_is_not_listed(workspace, tmp_path):
    export(tmp_path, 5)
    tolok("import", str(tmp_path / "deals.csv"), "-w", str(workspace))
    assert load(workspace).sources == ()
    assert "No sources are listed" in tolok("refresh", "-w", str(workspace)).stderr


def test_a_source_that_fails_does_not_stop_the_others(workspace, tmp_path):
    export(tmp_path / "crm", 5)
    add_source(workspace / "tolok.toml", Source(name="gone", path="../gone"))
    add_source(workspace / "tolok.toml", Source(name="crm", path="../crm"))
    done = {one.name: one for one in refresh(workspace, today=date(2026, 6, 1))}
    assert "does not exist" in done["gone"].error
    assert done["crm"].changed
    ran = tolok("refresh", "-w", str(workspace))
    assert ran.returncode == 2
    assert "does not exist" in ran.stderr
    assert "crm: nothing changed" in ran.stdout
    with pytest.raises(WorkspaceError, match="Did you mean crm"):
        refresh(workspace, ["crn"])


def test_a_database_is_listed_without_its_password(workspace, tmp_path):
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.execute("CREATE TABLE deals (deal_id int, deal_name, owner, stage, amount, created, closed)")
        connection.executemany(
            "INSERT INTO deals VALUES (?, ?, 'Ann', 'Won', 5, '2026-01-01', '2026-02-01')",
            [(n, f"D{n}") for n in range(20)],
        )
    tolok("import", str(tmp_path / "crm.db"), "-w", str(workspace))
    assert load(workspace).sources == (Source(name="crm", path="../crm.db"),)
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.execute("INSERT INTO deals VALUES (99, 'D99', 'Ann', 'Won', 5, '2026-01-01', '2026-02-01')")
    assert [one.changed for one in refresh(workspace, today=date(2026, 6, 1))] == [True]
    noted = listed(workspace, load(workspace), "postgresql://ana:hush-9@db/sales", "erp", "select 1 from deals")
    assert noted is not None
    assert noted.url == "postgresql://ana:${TOLOK_ERP_PASSWORD}@db/sales"
    assert "hush-9" not in (workspace / "tolok.toml").read_text()
    failed = tolok("refresh", "erp", "-w", str(workspace))
    assert "TOLOK_ERP_PASSWORD is not set" in failed.stderr
    unreached = tolok("refresh", "erp", "-w", str(workspace), TOLOK_ERP_PASSWORD="hush-9")  # noqa: S106
    assert "cannot be opened" in unreached.stderr
    assert "hush-9" not in unreached.stderr


NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "ago", "expected"),
    [
        ("", timedelta(days=99), False),
        ("hourly", timedelta(minutes=59), False),
        ("hourly", timedelta(minutes=60), True),
        ("every 15 minutes", timedelta(minutes=15), True),
        ("every 15 minutes", timedelta(minutes=14), False),
        ("every 2 hours", timedelta(minutes=119), False),
        ("weekly", timedelta(days=7), True),
        ("daily 18:30", timedelta(minutes=29), False),  # 18:30 in Jakarta is 11:30 UTC
        ("daily 18:30", timedelta(minutes=31), True),
        ("daily 20:00", timedelta(hours=22), False),  # not yet today, and done after yesterday's
        ("daily 20:00", timedelta(hours=24), True),
    ],
)
def test_schedules(schedule, ago, expected):
    source = Source(name="crm", path="x", schedule=schedule)
    assert bool(due([source], {"crm": NOON - ago}, NOON, "Asia/Jakarta")) is expected
    assert bool(due([source], {}, NOON, "Asia/Jakarta")) is bool(schedule)


def test_only_what_is_due_is_refreshed(workspace, tmp_path):
    export(tmp_path / "crm", 5)
    add_source(workspace / "tolok.toml", Source(name="crm", path="../crm", schedule="hourly"))
    add_source(workspace / "tolok.toml", Source(name="other", path="../crm"))
    assert [one.name for one in refresh_due(workspace, now=NOON)] == ["crm"]
    assert refresh_due(workspace, now=NOON + timedelta(minutes=30)) == []
    assert [one.name for one in refresh_due(workspace, now=NOON + timedelta(minutes=61))] == ["crm"]
    assert last_refreshed(workspace) == {"crm": NOON + timedelta(minutes=61)}

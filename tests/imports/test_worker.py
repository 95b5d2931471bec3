"""The worker refreshes what is due, survives what cannot be read, and stops when it is told."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from tolok.errors import WorkspaceError
from tolok.imports.worker import work
from tolok.settings import FILE, Source, add_source, create
from tolok.workspace import open_workspace

HEAD = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n"
START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


def export(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    rows = "".join(f"{n},D{n},Ann,Won,{n * 10},2026-01-{n:02},2026-02-{n:02}\n" for n in range(1, count + 1))
    (folder / "deals.csv").write_text(HEAD + rows)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="EUR")
    export(tmp_path / "crm", 5)
    add_source(tmp_path / "w" / FILE, Source(name="crm", path="../crm", schedule="hourly"))
    return tmp_path / "w"


def run(workspace: Path, *moments: datetime) -> list[str]:
    """What the worker says when it looks at these moments."""
    stop = Event()
    left = list(moments)
    said: list[str] = []

    def clock() -> datetime:
        if len(left) == 1:
            stop.set()  # what is begun now is the last
        return left.pop(0)

    def tell(words: str) -> None:
        said.append(words)

    work(workspace, _StopsAfter(stop), tell=tell, every=0, clock=clock)
    return said


class _StopsAfter(Event):
    """An event that is set for the loop, but not for the refresh that is under way."""

    def __init__(self, other: Event) -> None:
        super().__init__()
        self.other = other

    def wait(self, timeout: float | None = None) -> bool:
        if self.other.is_set():
            self.set()
        return super().is_set()


def test_a_source_is_refreshed_when_it_is_due_and_only_then(workspace, tmp_path):
    assert run(workspace, START, START + timedelta(minutes=10)) == ["crm: 5 rows new or changed, snapshot 000001."]
    export(tmp_path / "crm", 8)
    assert run(workspace, START + timedelta(minutes=50)) == []
    assert run(workspace, START + timedelta(minutes=61)) == ["crm: 3 rows new or changed, snapshot 000002."]
    assert open_workspace(workspace).ask("deals_won").value() == 8


def test_a_source_that_cannot_be_read_is_told_and_tried_again_after_a_while(workspace, tmp_path):
    (tmp_path / "crm" / "deals.csv").unlink()
    first = run(workspace, START, START + timedelta(minutes=1))
    assert len(first) == 1
    assert "crm: " in first[0]
    export(tmp_path / "crm", 5)
    assert run(workspace, START + timedelta(minutes=14)) == []
    assert run(workspace, START + timedelta(minutes=16)) == ["crm: 5 rows new or changed, snapshot 000001."]


def test_settings_that_are_being_edited_do_not_end_it(workspace):
    good = (workspace / FILE).read_text()
    said: list[str] = []
    stop = Event()
    looks = 0

    def clock() -> datetime:
        nonlocal looks
        looks += 1
        (workspace / FILE).write_text(good + "nonsense = [" if looks < 3 else good)
        return START

    def tell(words: str) -> None:
        said.append(words)
        if "rows new" in words:
            stop.set()

    work(workspace, stop, tell=tell, every=0, clock=clock)
    assert looks == 3
    assert len(said) == 2  # the fault is said once
    assert "tolok.toml" in said[0]


def test_the_command_stops_cleanly_and_is_alone(workspace):
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "tolok", "worker", "-w", str(workspace)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert running.stdout is not None
        assert "crm (hourly)" in running.stdout.readline()
        assert "5 rows new" in running.stdout.readline()
        with pytest.raises(WorkspaceError, match="Another worker"):
            work(workspace, Event(), tell=print)
        started = time.monotonic()
        running.send_signal(signal.SIGTERM)
        rest, _ = running.communicate(timeout=20)
        assert running.returncode == 0
        assert rest.endswith("Stopped.\n")
        assert time.monotonic() - started < 10
    finally:
        running.kill()


def test_once_refreshes_and_ends_with_the_exit_code(workspace, tmp_path):
    command = [sys.executable, "-m", "tolok", "worker", "--once", "-w", str(workspace)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "5 rows new" in done.stdout) == (0, True)
    assert subprocess.run(command, capture_output=True, text=True, timeout=60).stdout == ""
    add_source(workspace / FILE, Source(name="gone", path="../nowhere", schedule="hourly"))
    failed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert failed.returncode == 2
    assert "gone: " in failed.stdout

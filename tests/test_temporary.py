"""Temporary folders go with their process, and what a killed one left goes with time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tolok import temporary

MAKE = "import sys, time; from tolok import temporary; print(temporary.folder('trial'), flush=True); {then}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(temporary, "_made", {})  # what others of this process hold is not this test's to remove
    return tmp_path


def old(folder: Path) -> None:
    long_ago = folder.stat().st_mtime - temporary.OLD - 60
    os.utime(folder, (long_ago, long_ago))


def left_by_a_killed_process() -> Path:
    process = subprocess.Popen(
        [sys.executable, "-c", MAKE.format(then="time.sleep(60)")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    made = Path(process.stdout.readline().strip())
    (made / "rows.csv").write_text("Ayu,1\n", encoding="utf-8")
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    return made


def test_a_folder_goes_with_its_process(place: Path) -> None:
    line = [sys.executable, "-c", MAKE.format(then="pass")]
    made = Path(subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip())
    assert made.parent == place
    assert not made.exists()


def test_what_a_killed_process_left_is_removed_after_a_day(place: Path) -> None:
    made = left_by_a_killed_process()
    temporary.folder("trial")
    assert made.exists()
    old(made)
    temporary.folder("trial")
    assert not made.exists()


def test_what_is_in_use_or_not_ours_stays(place: Path) -> None:
    mine = temporary.folder("trial")
    gone = left_by_a_killed_process()
    others = [place / "tolok-notes-of-mine", place / "tolok-trial-x-y", place / f"tolok-trial-{os.getpid()}"]
    for other in others:
        other.mkdir()
        old(other)
    kept = place / "kept"
    kept.mkdir()
    link = place / gone.name.replace("trial", "link")
    link.symlink_to(kept)
    old(mine)
    temporary.folder("trial")
    assert mine.exists()
    assert all(other.exists() for other in others)
    assert link.is_symlink()
    assert kept.exists()
    temporary.clear()
    assert not mine.exists()

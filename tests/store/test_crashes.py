"""Writers that are killed, at random and at every step, and writers at the same time."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import sqlglot

from tolok.store.duckdb import DuckDBEngine
from tolok.store.manifest import Snapshot
from tolok.store.retention import Retention
from tolok.store.snapshots import Snapshots

WRITER = """
    import sys
    from pathlib import Path
    from tolok.store.retention import Retention
    from tolok.store.snapshots import Snapshots

    snapshots = Snapshots(Path(sys.argv[1]), keep=Retention(last=3, months=0))
    for _ in range(int(sys.argv[2])):
        with snapshots.write() as draft:
            done = draft.connection.execute("SELECT coalesce(max(value), 0) FROM now.observations").fetchone()[0]
            number = int(done) + 1
            print("writing", number, flush=True)
            draft.put("observations", f"SELECT 'o' || range AS id, {number} AS value FROM range({number * 500})")
            draft.put("leads", f"SELECT 'l' || range AS id, md5(range::VARCHAR) AS name FROM range({number * 500})")
            draft.publish("import", {"number": number})
"""

KILLED_AT = """
    import os, signal, sys
    from pathlib import Path

    left = int(sys.argv[3])

    def counted(step):
        def run(*arguments, **named):
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*arguments, **named)
        return run

    os.fsync = counted(os.fsync)
    Path.rename, Path.replace, Path.unlink = counted(Path.rename), counted(Path.replace), counted(Path.unlink)
    Path.mkdir = counted(Path.mkdir)
"""


def script(*parts: str) -> str:
    return "\n".join(textwrap.dedent(part) for part in parts)


def whole(snapshots: Snapshots) -> Snapshot | None:
    """The current snapshot, after checking that all of its facts are those of one import."""
    current = snapshots.current()
    if current is None:
        return None
    number = current.about["number"]
    with DuckDBEngine(current) as engine:
        query = "SELECT COUNT(*) AS n, MIN(value) AS low, MAX(value) AS high FROM observations"
        _, rows = engine.rows(sqlglot.parse_one(query))
        _, leads = engine.rows(sqlglot.parse_one("SELECT COUNT(DISTINCT name) AS n FROM leads"))
    assert rows == [(number * 500, number, number)]
    assert leads == [(number * 500,)]
    return current


def clean(snapshots: Snapshots) -> None:
    """After the next writer nothing lies about that no snapshot names."""
    with snapshots.write():
        pass
    named = {file for snapshot in snapshots.list() for file in (*snapshot.files, f"{snapshot.id}.json")}
    there = {path.name for path in snapshots.folder.iterdir()} - {"writer.lock", "removed.jsonl"}
    assert there == named


@pytest.fixture
def snapshots(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "facts", keep=Retention(last=3, months=0))


def test_a_writer_killed_at_any_moment_leaves_the_last_snapshot_whole(snapshots: Snapshots) -> None:
    chance = random.Random(20261123)
    reached, killed = "", 0
    for _ in range(16):
        command = [sys.executable, "-c", script(WRITER), str(snapshots.folder), "1000"]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline().startswith("writing"), "the writer did not start"
        time.sleep(chance.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        killed += child.wait(timeout=20) == -signal.SIGKILL
        child.stdout.close()
        current = whole(snapshots)
        assert (current.id if current else "") >= reached
        reached = current.id if current else ""
    assert killed == 16
    assert reached, "no writer lived long enough to publish"
    clean(snapshots)
    assert whole(snapshots)


def test_a_writer_killed_at_each_step_leaves_the_snapshot_before_or_after(snapshots: Snapshots) -> None:
    command = [sys.executable, "-c", script(WRITER), str(snapshots.folder), "4"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)
    outcomes = []
    for step in range(60):
        before = whole(snapshots)
        assert before is not None
        command = [sys.executable, "-c", script(KILLED_AT, WRITER), str(snapshots.folder), "1", str(step)]
        ended = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=60)
        after = whole(snapshots)
        assert after is not None
        assert after.about["number"] - before.about["number"] in (0, 1)
        outcomes.append((ended.returncode, after.id != before.id))
        if ended.returncode == 0:
            break
    assert outcomes[-1] == (0, True)
    assert (-signal.SIGKILL, False) in outcomes, "some were killed before publishing"
    assert (-signal.SIGKILL, True) in outcomes, "some were killed after publishing, while cleaning up"
    clean(snapshots)


def test_writers_at_the_same_time_take_turns(snapshots: Snapshots) -> None:
    command = [sys.executable, "-c", script(WRITER), str(snapshots.folder), "5"]
    children = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0]
    current = whole(snapshots)
    assert current is not None
    assert current.about["number"] == 15
    assert current.id == "000015"
    clean(snapshots)


def test_readers_never_wait_and_keep_what_they_opened(snapshots: Snapshots) -> None:
    command = [sys.executable, "-c", script(WRITER), str(snapshots.folder), "1"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=60)
    query = sqlglot.parse_one("SELECT COUNT(*) AS n FROM leads")
    with DuckDBEngine(snapshots.current()) as reader:
        assert reader.run(query)["n"].tolist() == [500]
        with snapshots.write() as draft:
            with DuckDBEngine(snapshots.current()) as other:
                assert other.run(query)["n"].tolist() == [500]
            draft.put("leads", "SELECT 'l' AS id")
            draft.publish("edit", {"number": 1})
        assert reader.run(query)["n"].tolist() == [500]
    with DuckDBEngine(snapshots.current()) as reader:
        assert reader.run(query)["n"].tolist() == [1]

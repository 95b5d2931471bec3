"""The worker: refreshes each listed source when its schedule says so, until it is stopped."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from tolok.errors import TolokError, WorkspaceError
from tolok.imports.refresh import Refreshed, refresh_due
from tolok.settings import load

EVERY = 20.0
"""Seconds between two looks at the schedules."""

LOCK = "worker.lock"


def work(
    workspace: Path,
    stop: Event,
    *,
    tell: Callable[[str], object],
    every: float = EVERY,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Refresh what is due, again and again; a source that was begun is finished before it stops.

    Settings are read anew each time. What cannot be read is told and tried again later.
    """
    load(workspace)
    with _alone(workspace):
        said = ""
        while not stop.is_set():
            try:
                for done in refresh_due(workspace, now=clock(), stopped=stop.is_set):
                    tell(sentence(done))
                said = ""
            except TolokError as error:  # tolok.toml is being edited, the disk is full: the next look may go better
                if str(error) != said:
                    said = str(error)
                    tell(said)
            stop.wait(every)


def sentence(done: Refreshed) -> str:
    """What came of one source."""
    if done.result is None:
        return f"{done.name}: {done.error}"
    rejected = f"; {done.result.rejected:,} rejected, in {done.result.rejects_file}" if done.result.rejected else ""
    if not done.changed:
        return f"{done.name}: nothing changed{rejected}."
    return f"{done.name}: {done.result.changed:,} rows new or changed, snapshot {done.result.snapshot}{rejected}."


@contextmanager
def _alone(workspace: Path) -> Iterator[None]:
    """One worker at a time; the operating system gives the lock back when its holder dies."""
    folder = workspace / "imports"
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkspaceError(
                f"Another worker refreshes {workspace.name} already.", next_step="Stop that one to start another."
            ) from None
        yield
    finally:
        os.close(handle)

"""One writer at a time: a lock that the operating system gives back when its holder dies."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tolok.errors import WorkspaceError

LOCK = "writer.lock"


@contextmanager
def only_writer(folder: Path, *, wait: bool, tell: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the writer's lock of a facts folder.

    Where another process has it, ``tell`` is given a sentence and the call waits; without ``wait`` it is refused.
    """
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = f"Another import is writing to this workspace{_holder(handle)}"
            if not wait:
                raise WorkspaceError(f"{sentence}.", next_step="Try again when it has finished.") from None
            if tell:
                tell(f"{sentence}; waiting for it to finish.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.ftruncate(handle, 0)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        os.pwrite(handle, json.dumps({"process": os.getpid(), "since": started}).encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        written = json.loads(os.pread(handle, 200, 0))
        return f" (process {int(written['process'])}, since {written['since']})"
    except (ValueError, KeyError, TypeError, OSError):
        return ""

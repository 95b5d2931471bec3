"""The process that listens: it holds little itself, starts the one that answers, and the worker beside them.

    python -m tolok.web.listen HOST PORT [FOLDER]

``tolok serve`` prepares the workspace and then becomes this; with a folder it keeps a worker for it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

THREADS = 8
"""Requests that are worked on at once; more wait their turn."""


def main(host: str, port: int, folder: str = "") -> None:
    """Listen until stopped: one process that answers, several threads."""
    from granian import Granian
    from granian.constants import Interfaces

    with _worker(folder):
        Granian(
            "tolok.web.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=THREADS,
            log_level="error",  # type: ignore[arg-type]
        ).serve()


@contextmanager
def _worker(folder: str) -> Iterator[None]:
    """A worker beside the server, for as long as it serves; without a folder another one does the work already."""
    if not folder:
        yield
        return
    line = [sys.executable, "-m", "tolok", "worker", "-w", folder]
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])

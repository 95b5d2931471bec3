"""The server of one workspace: app rows brought up to date, then the pages."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from tolok.errors import WorkspaceError

THREADS = 8
"""Requests that are worked on at once; more wait their turn."""


def prepare(folder: Path) -> None:
    """Configure Django and bring the app's tables up to date."""
    from tolok.app.configure import configure

    configure(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def serve(folder: Path, host: str, port: int, *, tell: Callable[[str], object]) -> None:
    """Serve until stopped. One process, several threads; a port that is taken is refused before anything starts."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            free.bind((host, port))
        except OSError as error:
            raise WorkspaceError(
                f"Nothing can listen on {host}:{port}: {error.strerror}.", next_step="Choose another with --port."
            ) from error
    prepare(folder)
    os.environ["TOLOK_WORKSPACE"] = str(folder.resolve())
    from granian import Granian
    from granian.constants import Interfaces

    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104 - a comparison
    tell(f"Tolok serves {folder} at http://{shown}:{port}/ (Ctrl-C stops it)")
    Granian(
        "tolok.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()

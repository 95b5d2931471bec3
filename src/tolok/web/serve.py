"""The server of one workspace: app rows brought up to date, then the pages."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tolok import temporary
from tolok.errors import WorkspaceError

SETUP_CODE = "TOLOK_SETUP_CODE"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104 - names, nothing is bound here


def prepare(folder: Path) -> None:
    """Configure Django, and make the app's tables where there are none; those of an older version are upgraded first."""
    from tolok.app.configure import configure, in_words

    configure(folder)
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with in_words():
        executor = MigrationExecutor(connection)
        due = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if due and executor.loader.applied_migrations:
            raise WorkspaceError(
                "What people entered has the tables of an older Tolok.",
                next_step=f"Back it up and bring it up to date with: tolok upgrade -w {folder}",
            )
        if due:
            call_command("migrate", verbosity=0, interactive=False)
        connection.close()


def serve(folder: Path, host: str, port: int, *, tell: Callable[[str], object]) -> None:
    """Serve until stopped; a port that is taken is refused before anything starts.

    What was needed to prepare is let go of: this process becomes the light one that listens.
    """
    from tolok.app.jobs import worker_is_running

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
    os.environ["TOLOK_HOSTS"] = ",".join(names_of(host))
    _ask_for_code(folder, host, tell)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104 - a comparison
    tell(f"Tolok serves {folder} at http://{shown}:{port}/ (Ctrl-C stops it)")
    sys.stdout.flush()
    temporary.clear()  # what ends by becoming another program leaves by no other door
    line = [sys.executable, "-m", "tolok.web.listen", host, str(port)]
    os.execv(sys.executable, line if worker_is_running() else [*line, str(folder)])  # noqa: S606 - this very program


def names_of(host: str) -> tuple[str, ...]:
    """The names under which an address that is listened on may be asked for; of all addresses, this machine's own."""
    if host not in EVERY_ADDRESS:
        return (f"[{host}]" if ":" in host else host,)
    name = socket.gethostname()
    found = {name, socket.getfqdn()}
    with suppress(OSError):  # a machine that cannot find itself by name has the names above
        found |= {str(info[4][0]) for info in socket.getaddrinfo(name, None, socket.AF_INET)}
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
        way_out.connect(("192.0.2.1", 9))  # sends nothing; it tells which own address others are met from
        found.add(way_out.getsockname()[0])
    return tuple(sorted(found))


def _ask_for_code(folder: Path, host: str, tell: Callable[[str], object]) -> None:
    """Where others can reach the first visit too, only who started the server may become its administrator."""
    from tolok.app.models import User
    from tolok.settings import load

    public = load(folder).public_url
    if (host in LOOPBACK and not public) or User.objects.exists():
        os.environ.pop(SETUP_CODE, None)
        return
    os.environ[SETUP_CODE] = secrets.token_hex(8)
    tell(f"The first visit asks for this code: {os.environ[SETUP_CODE]}")

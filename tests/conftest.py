"""What every test may ask for: the shared data sets, and servers that the tests start themselves."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

REQUIRE_ALL = os.environ.get("TOLOK_REQUIRE_ALL") == "1"


def missing(what: str) -> None:
    """Skip on a stranger's machine; fail where everything must be there."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is required here (TOLOK_REQUIRE_ALL=1)")
    pytest.skip(f"{what} is not here")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the shared data sets, from TOLOK_TEST_DATA."""
    folder = os.environ.get("TOLOK_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        missing("TOLOK_TEST_DATA (the folder of shared data sets)")
    return Path(str(folder))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database: TOLOK_TEST_POSTGRES, or a server that runs for these tests alone.

    The server listens on the loopback address only, and runs as an unprivileged user where the tests run as root.
    """
    given = os.environ.get("TOLOK_TEST_POSTGRES")
    if given:
        yield given
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    initdb = str(found[-1]) if found else shutil.which("initdb")
    if initdb is None:
        missing("A PostgreSQL server")
    binaries = Path(str(initdb)).parent
    folder = Path(tempfile.mkdtemp(prefix="tolok-postgres-"))
    as_user: list[str] = []
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, str(binaries / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            timeout=120,
        )

    cluster = str(folder / "cluster")
    run("initdb", "-D", cluster, "-U", "tolok", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off -c max_connections=40"
    run("pg_ctl", "-D", cluster, "-l", str(folder / "log"), "-o", options, "-w", "start")
    try:
        yield f"postgresql://tolok@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)

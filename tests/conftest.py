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


@pytest.fixture(scope="session")
def mysql_url() -> Iterator[str]:
    """The address of an empty MySQL or MariaDB database: TOLOK_TEST_MYSQL, or a server that runs for these tests alone."""
    given = os.environ.get("TOLOK_TEST_MYSQL")
    if given:
        yield given
        return
    server, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if server is None or install is None:
        missing("A MariaDB server")
    folder = Path(tempfile.mkdtemp(prefix="tolok-mysql-"))
    owner = "mysql" if os.getuid() == 0 else ""
    if owner:
        shutil.chown(folder, owner)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = [f"--datadir={folder}/data", *([f"--user={owner}"] if owner else [])]
    subprocess.run(
        [str(install), "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *place],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )
    options = [
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--socket={folder}/socket",
        f"--pid-file={folder}/pid",
        "--innodb-flush-log-at-trx-commit=0",
        "--skip-name-resolve",
    ]
    running = subprocess.Popen(
        [str(server), "--no-defaults", *place, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for_mysql(port, running)
        yield f"mysql://root@127.0.0.1:{port}/tolok"
    finally:
        running.kill()
        running.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_mysql(port: int, running: subprocess.Popen[bytes]) -> None:
    import time

    import pymysql

    for _ in range(300):
        if running.poll() is not None:
            pytest.fail("The MariaDB server ended before it answered.")
        try:
            connection = pymysql.connect(host="127.0.0.1", port=port, user="root")
        except pymysql.MySQLError:
            time.sleep(0.1)
            continue
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE IF NOT EXISTS tolok CHARACTER SET utf8mb4")
        return
    pytest.fail("The MariaDB server did not answer in 30 seconds.")

"""Empty databases to fill, on the servers that the tests start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tolok.settings import create

Run = Callable[[str], list[tuple[object, ...]]]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="EUR", timezone="Asia/Jakarta")
    return tmp_path / "w"


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[tuple[str, Run]]:
    """An empty database of its own, and a way to run statements there."""
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS source")
        server.execute("CREATE DATABASE source")
    url = postgres_url.rsplit("/", 1)[0] + "/source"
    with psycopg.connect(url, autocommit=True) as connection:

        def run(statement: str) -> list[tuple[object, ...]]:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

        yield url, run


@pytest.fixture
def mysql(mysql_url: str) -> Iterator[tuple[str, Run]]:
    import pymysql

    parts = urlsplit(mysql_url)
    with pymysql.connect(host=parts.hostname, port=parts.port, user=parts.username, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS source")
            cursor.execute("CREATE DATABASE source CHARACTER SET utf8mb4")
            cursor.execute("USE source")

        def run(statement: str) -> list[tuple[object, ...]]:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall())

        yield mysql_url.rsplit("/", 1)[0] + "/source", run

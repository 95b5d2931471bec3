"""A workspace to import into, and plain SQL over what it published."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tolok import settings
from tolok.imports import ImportResult, run
from tolok.imports.run import snapshots_of

TODAY = date(2026, 3, 15)


class Shop:
    """One workspace in a test: import into it, ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings.create(folder, currency="USD", timezone="UTC")

    def take(self, *paths: Path | str, **options: object) -> ImportResult:
        options.setdefault("today", TODAY)
        return run(self.folder, paths, **options)

    def ask(self, query: str, snapshot: str = "") -> list[tuple]:
        snapshots = snapshots_of(self.folder, settings.load(self.folder))
        found = snapshots.get(snapshot) if snapshot else snapshots.current()
        connection = duckdb.connect()
        try:
            for fact in found.facts if found else ():
                connection.execute(f"ATTACH '{found.path(fact)}' AS \"f_{fact}\" (READ_ONLY)")
                connection.execute(f'CREATE VIEW "{fact}" AS SELECT * FROM "f_{fact}"."{fact}"')
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def one(self, query: str, snapshot: str = "") -> object:
        return self.ask(query, snapshot)[0][0]

    def facts(self) -> dict[str, list[tuple]]:
        """Every fact's rows without what names the connection's own order."""
        found = {}
        snapshots = snapshots_of(self.folder, settings.load(self.folder))
        current = snapshots.current()
        for fact in current.facts if current else ():
            found[fact] = sorted(
                self.ask(
                    f'SELECT * EXCLUDE (_hash) FROM "{fact}"' if self._hashed(fact) else f'SELECT * FROM "{fact}"'
                ),
                key=repr,
            )
        return found

    def _hashed(self, fact: str) -> bool:
        return any(row[0] == "_hash" for row in self.ask(f'DESCRIBE "{fact}"'))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


@pytest.fixture
def another(tmp_path: Path) -> Callable[[str], Shop]:
    return lambda name: Shop(tmp_path / name)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV from a header and rows."""

    def written(name: str, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> Path:
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(header)
            writer.writerows(rows)
        return path

    return written

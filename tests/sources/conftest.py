"""Tables of text made in DuckDB, as a reader would give them, and the proposal for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import date

import duckdb
import pytest

from tolok.sources.mapping import Mapping
from tolok.sources.recognise import Proposal, propose
from tolok.sources.table import RawTable

TODAY = date(2026, 6, 1)


class Desk:
    """A scratch connection with tables laid out on it."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self._numbers = itertools.count()

    def table(
        self, headers: Sequence[str], rows: Iterable[Sequence[str | None]], file: str = "data.csv", sheet: str = ""
    ) -> RawTable:
        name = f"raw{next(self._numbers)}"
        columns = ", ".join(f"c{i} VARCHAR" for i in range(len(headers)))
        self.connection.execute(f"CREATE TABLE {name} ({columns})")
        found = [[cell or None for cell in row] for row in rows]
        if found:
            marks = ", ".join("?" for _ in headers)
            self.connection.executemany(f"INSERT INTO {name} VALUES ({marks})", found)
        return RawTable(file=file, sheet=sheet, headers=tuple(headers), relation=name, rows=len(found))

    def propose(
        self,
        *tables: RawTable,
        timezone: str = "Asia/Jakarta",
        currency: str = "IDR",
        known: Mapping | None = None,
    ) -> Proposal:
        return propose(
            tables,
            self.connection,
            connection_name="shop",
            timezone=timezone,
            currency=currency,
            known=known,
            today=TODAY,
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def read_as(desk: Desk) -> Callable[..., dict[str, str]]:
    """For one table: its fact under "", and each column of the fact with the heading that was given to it."""

    def shown(text: str, file: str = "data.csv", **settings: str) -> dict[str, str]:
        lines = [line.strip() for line in text.strip().splitlines()]
        headers, *rows = [line.split(";") for line in lines]
        proposal = desk.propose(desk.table(headers, rows, file), **settings)
        if not proposal.mapping.tables:
            return {"": ""}
        mapping = proposal.mapping.tables[0]
        return {"": mapping.fact} | {c.to: c.header for c in mapping.columns if c.to not in ("", "-")}

    return shown

"""One import at work: the draft it writes to, the rows that stand, and what it has found so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb

from tolok.imports.forgotten import Forgotten
from tolok.sources.mapping import Mapping
from tolok.sources.values.quoting import identifier, literal
from tolok.store.draft import Draft


@dataclass
class Work:
    """One import. Tables that it makes live in the draft's scratch database and go with it."""

    draft: Draft
    source: str
    mapping: Mapping
    currency: str
    today: date
    moment: datetime
    notes: list[str] = field(default_factory=list)
    forgotten: Forgotten = field(default_factory=Forgotten)
    _numbers: int = 0

    def run(self, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, parameters) if parameters else self.connection.execute(sql)

    def one(self, sql: str) -> tuple[Any, ...]:
        """The single row of a query."""
        row = self.run(sql).fetchone()
        assert row is not None
        return tuple(row)

    def count(self, relation: str) -> int:
        return int(self.one(f"SELECT count(*) FROM {relation}")[0])

    def name(self, stem: str) -> str:
        """A name for a scratch table that nothing else has."""
        self._numbers += 1
        return identifier(f"{stem}_{self._numbers}")

    def table(self, stem: str, select: str) -> str:
        """The rows of a query, kept in a scratch table."""
        name = self.name(stem)
        self.run(f"CREATE TABLE {name} AS {select}")
        return name

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        return self.draft.connection

    def now(self, fact: str) -> str:
        """The rows of a fact that stand before this import, as a relation."""
        return f"now.{identifier(fact)}"

    def next(self, fact: str) -> str:
        """The rows of a fact as this import would publish them."""
        return f"next.{identifier(fact)}"

    def stands(self, fact: str) -> bool:
        """Whether the current snapshot has rows of a fact."""
        current = self.draft.current
        return bool(current and fact in current.facts and current.facts[fact].rows)

    @property
    def prefix(self) -> str:
        """What every id of this connection begins with, as a SQL literal."""
        return literal(self.source + ":")

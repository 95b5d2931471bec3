"""A simulated company as tables of facts, and how they are handed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tolok.demo.truth import Truth
from tolok.model import FACTS, Column, Fact

CONNECTION = "demo"
SCALES = {"money": 100, "number": 100, "rate": 10_000}
"""Exact numbers are kept as whole multiples: money and numbers in hundredths, rates in ten-thousandths."""

Array = NDArray[Any]
Table = dict[str, Array]


@dataclass(frozen=True)
class Company:
    """One simulated company.

    ``tables`` holds per fact its columns: text as objects with None, dates and instants as datetime64 with NaT,
    exact numbers as whole multiples by ``SCALES``, numbers that may be missing as masked arrays. References and ids
    are source ids; ``facts`` puts the connection's name before them.
    """

    name: str
    currency: str
    timezone: str
    start: date
    end: date
    truth: Truth
    tables: Mapping[str, Table]

    def rows(self, fact: str) -> int:
        """How many rows a fact has."""
        return len(self.tables[fact]["source_id"]) if fact in self.tables else 0


def facts(company: Company) -> dict[str, dict[str, list[Any]]]:
    """Every fact with exactly the model's columns, as plain values: str, Decimal, date, datetime, int, bool, None."""
    return {
        name: {column.name: _plain(company, FACTS[name], column) for column in FACTS[name].columns}
        for name in company.tables
    }


class Connection(Protocol):
    """What loading needs of a DuckDB connection."""

    def execute(self, query: str) -> Any: ...

    def register(self, view_name: str, python_object: Any) -> Any: ...

    def unregister(self, view_name: str) -> Any: ...


def load(company: Company, connection: Connection) -> None:
    """Create one DuckDB table per fact with the model's exact types; facts that the company lacks are not made."""
    for name, table in company.tables.items():
        fact, view = FACTS[name], f"demo_{name}"
        connection.register(view, {column: _scannable(values) for column, values in table.items()})
        chosen = ", ".join(f'{_sql(table, column)} AS "{column.name}"' for column in fact.columns)
        connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT {chosen} FROM {view}')
        connection.unregister(view)


def _sql(table: Table, column: Column) -> str:
    """The column of the model from a scanned array; identity columns get the connection's name."""
    if column.name == "source":
        return f"'{CONNECTION}'"
    if column.name == "id":
        return f"'{CONNECTION}:' || \"source_id\""
    if column.name not in table:
        return f"CAST(NULL AS {column.sql_type})"
    if column.type == "ref":
        return f"'{CONNECTION}:' || \"{column.name}\""
    if column.type in SCALES:
        digits = len(str(SCALES[column.type])) - 1
        return f'CAST("{column.name}" * CAST({10**-digits:.{digits}f} AS DECIMAL(9,{digits})) AS {column.sql_type})'
    return f'CAST("{column.name}" AS {column.sql_type})'


def _scannable(values: Array) -> Array:
    """DuckDB reads no days, only seconds and finer."""
    return values.astype("datetime64[s]") if values.dtype == np.dtype("datetime64[D]") else values


def _plain(company: Company, fact: Fact, column: Column) -> list[Any]:
    table = company.tables[fact.name]
    length = len(table["source_id"])
    if column.name == "source":
        return [CONNECTION] * length
    if column.name == "id":
        return [f"{CONNECTION}:{value}" for value in table["source_id"]]
    if column.name not in table:
        return [None] * length
    values: list[Any] = table[column.name].tolist()
    if column.type == "ref":
        return [None if value is None else f"{CONNECTION}:{value}" for value in values]
    if column.type in SCALES:
        return list(decimals(values, SCALES[column.type]))
    return values


def decimals(values: Iterable[int | None], scale: int) -> Iterable[Decimal | None]:
    """Whole multiples as exact decimals."""
    places = len(str(scale)) - 1
    return (None if value is None else Decimal(value).scaleb(-places) for value in values)


def maybe(values: Array, known: NDArray[np.bool_]) -> Array:
    """Whole numbers of which some are missing."""
    return np.ma.masked_array(values, mask=~known)


def keep(table: Table, rows: NDArray[np.bool_]) -> Table:
    """The rows of a table for which a condition holds."""
    return {name: values[rows] for name, values in table.items()}


def when(days: Array, known: NDArray[np.bool_]) -> Array:
    """Dates or instants where they are known, else nothing."""
    found = days.copy()
    found[~known] = np.datetime64("NaT")
    return found

"""Results of DuckDB as columns of the one form that all engines give (see ``engine``)."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

Array = np.ndarray[Any, Any]

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "UBIGINT", "UINTEGER", "USMALLINT")


def fetch(result: duckdb.DuckDBPyConnection) -> dict[str, Array]:
    """All columns of a result, by name, in order."""
    types = [(str(column[0]), str(column[1])) for column in result.description or ()]
    raw: dict[str, Array] = result.fetchnumpy()
    return {name: column(raw[name], kind) for name, kind in types}


def column(values: Array, kind: str) -> Array:
    """One column in our form, from DuckDB's array (masked where something is missing) and the name of its type."""
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    data: Array = np.ma.getdata(values) if mask is not None else values
    missing = mask is not None and bool(mask.any())
    if kind in WHOLE:
        return blank(data.astype(np.float64), mask, np.nan) if missing else data.astype(np.int64, copy=False)
    if kind == "DATE":
        return blank(data.astype("datetime64[D]"), mask, np.datetime64("NaT"))
    if kind.startswith("TIMESTAMP"):
        return blank(data.astype("datetime64[us]"), mask, np.datetime64("NaT"))
    if kind == "BOOLEAN":
        return blank(data.astype(object), mask, None) if missing else data.astype(np.bool_, copy=False)
    if kind in ("HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE") or kind.startswith("DECIMAL"):
        return blank(data.astype(np.float64, copy=False), mask, np.nan)
    return blank(data.astype(object, copy=False), mask, None)


def blank(data: Array, mask: Array | None, nothing: object) -> Array:
    """The column with what is missing marked as such."""
    if mask is None or not mask.any():
        return data
    if not data.flags.writeable:
        data = data.copy()
    data[mask] = nothing
    return data

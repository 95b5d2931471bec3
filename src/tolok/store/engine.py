"""Where a query runs: the few things that every engine can do.

What comes back from :meth:`Engine.run` has one form on all engines:

- counts and other whole numbers (up to 64 bits): ``int64``; ``float64`` where any is missing;
- every other number: ``float64``. A missing number is NaN;
- text: ``object`` with ``str``; missing text is None;
- dates: ``datetime64[D]``; moments: ``datetime64[us]`` in UTC. A missing one is NaT;
- booleans: ``bool``; ``object`` with None where any is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from sqlglot import exp

from tolok.model.coverage import Coverage

Columns = Mapping[str, "np.ndarray[Any, Any]"]
"""The columns of a result, in the order of the query's SELECT."""


class Engine(Protocol):
    """One place where facts live and plans run. Every fact of the model can be named; those without data are empty."""

    @property
    def name(self) -> str:
        """What the engine is called: ``duckdb``, ``postgres``."""

    @property
    def dialect(self) -> str:
        """The SQLGlot dialect in which plans are printed for it."""

    @property
    def coverage(self) -> Coverage:
        """What the facts here hold."""

    def has(self, fact: str) -> bool:
        """Whether the fact has any row."""

    def run(self, query: exp.Expr) -> Columns:
        """The result's columns; raises EngineError, or Unsupported where the engine has no form of something."""

    def rows(self, query: exp.Expr, limit: int | None = None) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Names and rows with exact values (Decimal, date, datetime), at most ``limit`` of them."""

    def sql(self, query: exp.Expr) -> str:
        """The statement as the engine runs it, laid out for reading."""

    def close(self) -> None:
        """Give back connections and files."""

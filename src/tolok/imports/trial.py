"""A trial: every cell read as the mapping says, and counted, without a snapshot. What an import would reject shows here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import duckdb

from tolok.errors import ImportRefused
from tolok.imports.rejects import Rejects
from tolok.imports.result import FileResult
from tolok.imports.staging import Staged
from tolok.imports.work import Work
from tolok.sources.table import Reject


@dataclass(frozen=True)
class Beside:
    """A connection in place of a draft, where nothing stands and nothing is published."""

    connection: duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class Tried:
    """What each table would give: rows read and rejected, why, and the sentence where it would be refused as a whole."""

    files: tuple[FileResult, ...]
    rejects: tuple[Reject, ...]
    by_column: tuple[dict[str, Any], ...]
    refused: str = ""


def tried(work: Work, stage: Callable[[Rejects], list[Staged]], shown: int) -> Tried:
    """Stage all tables and throw them away again. Rows that only a comparison with others loses are not counted."""
    rejects, refused = Rejects(work), ""
    staged = stage(rejects)
    try:
        rejects.refuse_most(
            (one.number, one.table, one.table.rows + len(one.table.rejects)) for one in staged if one.primary
        )
    except ImportRefused as error:
        refused = str(error)
    files: list[FileResult] = []
    told: set[int] = set()
    for one in staged:
        if one.primary:
            lost = rejects.lost[one.number] if one.number not in told else 0
            told.add(one.number)
            rows = one.table.rows + len(one.table.rejects)
            taken = work.count(one.relation)
            files.append(FileResult(one.table.title, one.mapping.system, one.mapping.fact, rows, taken, lost))
    return Tried(tuple(files), rejects.listed(shown), tuple(rejects.by_column()), refused)

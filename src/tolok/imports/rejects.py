"""Rejects: rows and cells that could not be taken, each with file, record number, column and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tolok.errors import ImportRefused
from tolok.imports.staging import Staged
from tolok.imports.work import Work
from tolok.sources.table import RawTable, Reject
from tolok.sources.values.quoting import literal

KEPT = " The row is kept without it."
MOST = 0.5


class Rejects:
    """All rejects of one import, in a scratch table, and how many records of each table were lost."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.name = work.name("rejects")
        self.lost: Counter[int] = Counter()
        self.later: Counter[tuple[int, str]] = Counter()  # of those, rows that were lost after they were staged
        work.run(
            f'CREATE TABLE {self.name} (file VARCHAR, line BIGINT, "column" VARCHAR, reason VARCHAR, row VARCHAR, '
            f"number INTEGER, lost BOOLEAN)"
        )

    def add_read(self, table: RawTable, number: int) -> None:
        """The records that were no records: too short, an open quote."""
        if table.rejects:
            self.work.connection.executemany(
                f"INSERT INTO {self.name} VALUES (?, ?, ?, ?, ?, ?, true)",
                [[r.file, r.line, r.column, r.reason, r.row, number] for r in table.rejects],
            )
            self.lost[number] += len({reject.line for reject in table.rejects})

    def add_staged(self, staged: Staged, known: frozenset[str] = frozenset()) -> None:
        """The cells of a staged table that could not be read; ``known`` are cells that another fact has reported."""
        position, work = staged.position, self.work
        file = literal(staged.table.title)
        cases = " ".join(
            f"WHEN {place} THEN replace({literal(reading.reason)}, '{{text}}', left(entry[instr(entry, ':') + 1:], 60))"
            for place, reading in enumerate(staged.readings)
        )
        headers = " ".join(
            f"WHEN {place} THEN {literal(reading.header)}" for place, reading in enumerate(staged.readings)
        )
        kept = [place for place, reading in enumerate(staged.readings) if reading.text not in known]
        if not kept:
            return
        lost = f"f{position} OR a{position} IS NOT NULL"
        ending = f"CASE WHEN {lost} THEN '' ELSE {literal(KEPT)} END"
        if staged.primary:
            count = int(
                work.one(f"SELECT count(DISTINCT {staged.line}) FROM {staged.staged} WHERE t{position} AND ({lost})")[0]
            )
            self.lost[staged.number] += count
        if cases:
            work.run(
                f"INSERT INTO {self.name} SELECT {file}, line, CASE place {headers} END, "
                f"(CASE place {cases} END) || ending, raw, {staged.number}, lost FROM (SELECT *, "
                f"CAST(split_part(entry, ':', 1) AS INTEGER) AS place FROM (SELECT {staged.line} AS line, "
                f"unnest(b{position}) AS entry, _raw AS raw, {ending} AS ending, ({lost}) AS lost "
                f"FROM {staged.staged} WHERE t{position} AND b{position} IS NOT NULL) WHERE entry IS NOT NULL) "
                f"WHERE place IN ({', '.join(map(str, kept))})"
            )
        if staged.primary:
            names = {reading.to.name: reading.header for reading in reversed(staged.readings)}
            shown = " ".join(f"WHEN {literal(name)} THEN {literal(header)}" for name, header in names.items())
            work.run(
                f"INSERT INTO {self.name} SELECT {file}, {staged.line}, CASE a{position} {shown} ELSE a{position} END, "
                f"'The cell is blank, and without it the row says nothing.', _raw, {staged.number}, true "
                f"FROM {staged.staged} WHERE t{position} AND a{position} IS NOT NULL AND NOT f{position}"
            )

    def add_rows(self, select: str, number: int, fact: str) -> None:
        """Rows that were lost later; the query gives file, line, column, reason and the row as text."""
        rows = self.work.run(
            f"INSERT INTO {self.name} SELECT *, {number}, true FROM ({select}) RETURNING line"
        ).fetchall()
        self.lost[number] += len(rows)
        self.later[number, fact] += len(rows)

    def refuse_most(self, tables: Iterable[tuple[int, RawTable, int]]) -> None:
        """Stop where most records of a table would be lost, naming the commonest reason."""
        for number, table, rows in tables:
            lost = self.lost[number]
            if rows and lost > rows * MOST:
                reason, column, line, count = self.work.one(
                    f'SELECT any_value(reason ORDER BY line), "column", min(line), count(*) FROM {self.name} '
                    f'WHERE number = {number} AND lost GROUP BY "column" ORDER BY count(*) DESC, "column" LIMIT 1'
                )
                raise ImportRefused(
                    f"{lost:,} of {rows:,} records of {table.title} cannot be read, so nothing was imported; "
                    f"most often ({count:,} times) because of {column!r}, first in record {line}: {reason.rstrip('.')}.",
                    next_step="Correct the mapping with --map, or the export, and import it again.",
                )

    def listed(self, limit: int) -> tuple[Reject, ...]:
        rows = self.work.run(
            f'SELECT file, line, "column", reason, row FROM {self.name} ORDER BY number, line, "column" LIMIT {limit}'
        ).fetchall()
        return tuple(
            Reject(file, line or 0, column or "", reason, row or "") for file, line, column, reason, row in rows
        )

    def count(self) -> int:
        return self.work.count(self.name)

    def by_column(self) -> list[dict[str, object]]:
        """How often each column of each file made a reject, with an example: for ``tolok check``."""
        rows = self.work.run(
            f'SELECT file, "column", count(*), any_value(reason ORDER BY line) FROM {self.name} GROUP BY ALL '
            f"ORDER BY 3 DESC, 1, 2 LIMIT 200"
        ).fetchall()
        return [{"file": f, "column": c, "count": n, "reason": r} for f, c, n, r in rows]

    def write(self, path: Path) -> None:
        """All rejects as CSV, in the order of the files."""
        self.work.run(
            f'COPY (SELECT file, line, "column", reason, row FROM {self.name} ORDER BY number, line, "column") '
            f"TO {literal(str(path))} (FORMAT csv, HEADER)"
        )

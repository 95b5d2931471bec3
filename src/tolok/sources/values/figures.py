"""What a column's cells look like: counts, shapes, words, collected by set-based scans over the whole column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb

from tolok.sources.table import RawTable
from tolok.sources.values.cells import cleaned, trimmed
from tolok.sources.values.quoting import literal

LARGE = 1_000_000
"""Tables with more rows have their shapes counted on the first ``SAMPLE`` rows; date order always on all of them."""
SAMPLE = 200_000
FEW = 300
"""Columns with at most so many different values have them listed."""
WIDEST = 3_000
"""Columns beyond this are kept but not looked at."""


@dataclass(frozen=True)
class Figures:
    """The figures of one column; ``shapes`` counts cells with every digit written as 0."""

    header: str
    index: int
    rows: int
    filled: int
    distinct: int
    longest: int
    numbers: int = 0
    low: float | None = None
    high: float | None = None
    samples: tuple[str, ...] = ()
    shapes: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    container: str = ""

    @property
    def sql(self) -> str:
        return f"c{self.index}"

    @property
    def unique(self) -> bool:
        """Every filled cell differs, as far as an approximate count can tell."""
        return self.filled > 0 and self.distinct >= 0.93 * self.filled

    def share(self, count: int) -> float:
        return count / self.filled if self.filled else 0.0


def collect(table: RawTable, connection: duckdb.DuckDBPyConnection) -> list[Figures]:
    """The figures of every column of a table, in at most three scans."""
    width = min(len(table.headers), WIDEST)
    if width == 0:
        return []
    relation, temporary = table.relation, ""
    if table.rows > LARGE:
        temporary = "tolok_sample"
        columns = ", ".join(f"c{i}" for i in range(width))
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {temporary} AS SELECT {columns} FROM {table.relation} LIMIT {SAMPLE}"
        )
        relation = temporary
    try:
        first = _first_rows(relation, width, connection)
        figures = _counts(table, relation, width, first, connection)
        return _listings(figures, relation, first, connection)
    finally:
        if temporary:
            connection.execute(f"DROP TABLE IF EXISTS {temporary}")


def _first_rows(relation: str, width: int, connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """The first filled cells of each column, for samples and for choosing what to count."""
    columns = ", ".join(cleaned(f"c{i}") for i in range(width))
    rows = connection.execute(f"SELECT {columns} FROM (SELECT * FROM {relation} LIMIT 1000)").fetchall()
    return [[row[i] for row in rows if row[i] is not None] for i in range(width)]


def _counts(
    table: RawTable, relation: str, width: int, first: list[list[str]], connection: duckdb.DuckDBPyConnection
) -> list[Figures]:
    found: list[Figures] = []
    step = 150  # columns in one statement, so that a very wide table stays a small plan
    for start in range(0, width, step):
        parts = ["count(*)"]
        indexes = range(start, min(start + step, width))
        for i in indexes:
            number = f"TRY_CAST(x{i} AS DOUBLE)"
            parts += [
                f"count(x{i})",
                f"approx_count_distinct(x{i})",
                f"max(length(x{i}))",
                f"count({number})",
                f"min({number}) FILTER (isfinite({number}))",
                f"max({number}) FILTER (isfinite({number}))",
            ]
        inner = ", ".join(f"{cleaned(f'c{i}')} AS x{i}" for i in indexes)
        row = connection.execute(f"SELECT {', '.join(parts)} FROM (SELECT {inner} FROM {relation})").fetchone()
        assert row is not None
        for position, i in enumerate(indexes):
            filled, distinct, longest, numbers, low, high = row[1 + position * 6 : 7 + position * 6]
            samples = tuple(dict.fromkeys(text[:80] for text in first[i]))[:5]
            found.append(
                Figures(
                    header=table.headers[i],
                    index=i,
                    rows=row[0],
                    filled=filled,
                    distinct=min(distinct, filled),
                    longest=longest or 0,
                    numbers=numbers,
                    low=low,
                    high=high,
                    samples=samples,
                    container=table.types[i] if i < len(table.types) else "",
                )
            )
    return found


def shape_sql(cell: str) -> str:
    """The cell with every digit written as 0."""
    return f"translate({trimmed(cell)}, '123456789', '000000000')"


def _listings(
    figures: list[Figures], relation: str, first: list[list[str]], connection: duckdb.DuckDBPyConnection
) -> list[Figures]:
    """Shapes where digits dominate, words where there are few."""
    parts: list[str] = []
    wanted: list[tuple[int, str]] = []
    for column in figures:
        cells = first[column.index]
        if _digits_dominate(cells):
            parts.append(f"histogram(left({shape_sql(f'x{column.index}')}, 40))")
            wanted.append((column.index, "shapes"))
        if column.distinct <= FEW and column.longest <= 300:
            parts.append(f"histogram(x{column.index})")
            wanted.append((column.index, "words"))
    listed = list(figures)
    for start in range(0, len(parts), 300):
        chunk = wanted[start : start + 300]
        inner = ", ".join(f"{cleaned(f'c{i}')} AS x{i}" for i in sorted({i for i, _ in chunk}))
        query = f"SELECT {', '.join(parts[start : start + 300])} FROM (SELECT {inner} FROM {relation})"
        row = connection.execute(query).fetchone()
        assert row is not None
        for (i, what), value in zip(chunk, row, strict=True):
            counted = dict(sorted((value or {}).items(), key=lambda item: -item[1]))
            listed[i] = replace(listed[i], shapes=counted) if what == "shapes" else replace(listed[i], words=counted)
    return listed


def _digits_dominate(cells: Sequence[str]) -> bool:
    """Whether a column may hold dates or numbers, and not hashes, names or prose."""
    if not cells:
        return False
    with_digits = sum(any(letter.isdigit() for letter in cell) for cell in cells)
    if with_digits < 0.5 * len(cells):
        return False
    shapes = {"".join("0" if letter.isdigit() else letter for letter in cell) for cell in cells}
    return len(shapes) <= max(120, 0.3 * len(cells))


def parts_of_dates(
    table: RawTable, columns: Sequence[tuple[Figures, str]], connection: duckdb.DuckDBPyConnection
) -> dict[int, tuple[int, int, int, int]]:
    """For columns of dates with a separator: the largest first, second and third number, and cells with a time.

    Looks at every row of the table, whatever its size: one 31 decides the order of a column. Returned per column:
    (cells whose first number is above 12, second above 12, third above 31 or first above 31, not midnight).
    """
    if not columns:
        return {}
    parts, inner = [], []
    for column, separator in columns:
        name = f"x{column.index}"
        inner.append(f"{cleaned(column.sql)} AS {name}")
        numbers = [
            f"TRY_CAST(regexp_extract(split_part({name}, {literal(separator)}, {place}), '^[0-9]+') AS BIGINT)"
            for place in (1, 2, 3)
        ]
        parts += [
            f"count_if({numbers[0]} BETWEEN 13 AND 31)",
            f"count_if({numbers[1]} BETWEEN 13 AND 31)",
            f"count_if({numbers[0]} > 31 OR {numbers[0]} = 0)",
            f"count_if(regexp_matches({name}, '[0-9][:.][0-9]{{2}}') AND "
            f"NOT regexp_matches({name}, '[ T](00:00(:00(\\.0+)?)?|12:00(:00)? ?[Aa][Mm])( ?Z|[+-]00:?00)?$'))",
        ]
    row = connection.execute(
        f"SELECT {', '.join(parts)} FROM (SELECT {', '.join(inner)} FROM {table.relation})"
    ).fetchone()
    assert row is not None
    return {column.index: tuple(row[4 * n : 4 * n + 4]) for n, (column, _) in enumerate(columns)}

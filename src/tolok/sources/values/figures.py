"""What a column's cells look like: counts, shapes, words, collected by set-based scans over the whole column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import duckdb

from tolok.sources.table import RawTable
from tolok.sources.values.cells import cleaned, trimmed
from tolok.sources.values.quoting import literal
from tolok.sources.values.words import BLANKS, NOT_YET, NOTHING

LARGE = 250_000
"""Tables with more rows are counted on a sample; the order of dates, and which words there are, on all of them."""
SAMPLE = 200_000
"""Rows of the sample: half from the top of the table, half from all over it, for many exports are sorted."""
PERHAPS_UNIQUE = 0.75
"""The part of a column's cells that must be different, by estimate, for them to be counted exactly."""
FIRST = 1_000
FEW = 300
"""Columns with at most so many different values have them listed."""
LONGEST = 300
ADDED = 20_000
"""Rows that a sample gets at most for words that it has missed."""
_NOTHING = frozenset(NOTHING)
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
    """The figures of every column of a table."""
    width = min(len(table.headers), WIDEST)
    if width == 0:
        return []
    sampled = table.rows > LARGE
    relation = _sample(table, width, connection) if sampled else table.relation
    try:
        first = _first_rows(relation, width, connection)
        figures = _counts(table, relation, width, first, connection)
        if sampled and _completed(table, relation, figures, connection):
            figures = _counts(table, relation, width, first, connection)
        return _listings(figures, relation, first, connection)
    finally:
        if sampled:
            connection.execute(f"DROP TABLE IF EXISTS {relation}")


def _sample(table: RawTable, width: int, connection: duckdb.DuckDBPyConnection) -> str:
    """Some rows of a large table, as a temporary table of its columns."""
    name = "tolok_sample"
    columns = ", ".join(f"c{i}" for i in range(width))
    part, some = SAMPLE // 2, ", ".join(f"c{i}" for i in range(min(width, 6)))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS (SELECT {columns} FROM {table.relation} LIMIT {part}) UNION ALL "
        f"SELECT {columns} FROM {table.relation} WHERE hash({some}) % {max(1, table.rows // part)} = 0"
    )
    return name


def _completed(table: RawTable, sample: str, figures: Sequence[Figures], connection: duckdb.DuckDBPyConnection) -> bool:
    """Add the rows whose words the sample has missed in columns of few words: one deal in a million may be “Batal”."""
    places = [column.index for column in figures if _worded(column)]
    if not places:
        return False
    cells, numbers = ", ".join(f"c{place}" for place in places), ", ".join(map(str, places))
    said = (
        "SELECT DISTINCT place, cell FROM (SELECT unnest([{}]) AS place, unnest([{}]) AS cell FROM {}) WHERE cell <> ''"
    )
    missed: dict[int, list[str]] = {}
    for place, cell in connection.execute(
        f"{said.format(numbers, cells, table.relation)} EXCEPT {said.format(numbers, cells, sample)}"
    ).fetchall():
        missed.setdefault(place, []).append(cell)
    tests = [f"c{place} IN ({', '.join(map(literal, words))})" for place, words in missed.items() if len(words) <= FEW]
    if not tests:
        return False
    columns = ", ".join(f"c{column.index}" for column in figures)
    connection.execute(
        f"INSERT INTO {sample} SELECT {columns} FROM {table.relation} WHERE {' OR '.join(tests)} LIMIT {ADDED}"
    )
    return True


def _first_rows(relation: str, width: int, connection: duckdb.DuckDBPyConnection) -> list[list[str]]:
    """The first filled cells of each column, for samples and for choosing what to count.

    A column that is blank in the first rows gives cells from anywhere: many exports begin with what is still open.
    """
    columns = ", ".join(f"c{i}" for i in range(width))
    rows = connection.execute(f"SELECT {columns} FROM {relation} LIMIT {FIRST}").fetchall()
    cells = [[row[i].strip(BLANKS) for row in rows if row[i] is not None] for i in range(width)]
    said = [[cell for cell in column if cell and cell not in _NOTHING] for column in cells]
    found = [[cell for cell in column if cell.casefold() not in NOT_YET] for column in said]
    blank = [place for place, column in enumerate(found) if not column] if len(rows) == FIRST else []
    if blank:
        nothing, not_yet = (", ".join(map(literal, sorted(words))) for words in (NOTHING, NOT_YET))
        query = (
            f"SELECT place, arg_min(cell, hash(cell), 200) FROM {_unnested(blank, relation)} "
            f"WHERE cell NOT IN ({nothing}) AND lower(cell) NOT IN ({not_yet}) GROUP BY place"
        )
        for place, some in connection.execute(query).fetchall():
            found[place] = list(some)
    return [dated or words for dated, words in zip(found, said, strict=True)]


def _unnested(places: Sequence[int], relation: str) -> str:
    """The filled cells of several columns as rows of (place, cell).

    One plan for any number of columns: with an aggregate for each column, 2,000 columns take half a minute to plan.
    Words for nothing are taken out of what was counted, once for each word and not for each cell.
    """
    cells = ", ".join(trimmed(f"c{place}") for place in places)
    numbers = ", ".join(map(str, places))
    return f"(SELECT * FROM (SELECT unnest([{numbers}]) AS place, unnest([{cells}]) AS cell FROM {relation}) WHERE cell <> '')"


def _counts(
    table: RawTable, relation: str, width: int, first: list[list[str]], connection: duckdb.DuckDBPyConnection
) -> list[Figures]:
    number = "TRY_CAST(cell AS DOUBLE)"
    counted = connection.execute(
        f"SELECT place, count(*), approx_count_distinct(cell), max(length(cell)), count({number}), "
        f"min({number}) FILTER (isfinite({number})), max({number}) FILTER (isfinite({number})) "
        f"FROM {_unnested(range(width), relation)} GROUP BY place"
    ).fetchall()
    rows = table.rows if relation == table.relation else _rows(relation, connection)
    by_place = {row[0]: row[1:] for row in counted}
    exactly = _exactly(relation, [row[0] for row in counted if row[2] >= PERHAPS_UNIQUE * row[1]], connection)
    found: list[Figures] = []
    for i in range(width):
        filled, distinct, longest, numbers, low, high = by_place.get(i, (0, 0, 0, 0, None, None))
        found.append(
            Figures(
                header=table.headers[i],
                index=i,
                rows=rows,
                filled=filled,
                distinct=exactly.get(i, min(distinct, filled)),
                longest=longest,
                numbers=numbers,
                low=low,
                high=high,
                samples=tuple(dict.fromkeys(text[:80] for text in first[i]))[:5],
                container=table.types[i] if i < len(table.types) else "",
            )
        )
    return found


def _rows(relation: str, connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def _exactly(relation: str, places: Sequence[int], connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    """How many different cells columns have: an estimate errs by a tenth, and would pass over an id that is unique."""
    if not places:
        return {}
    query = f"SELECT place, count(DISTINCT cell) FROM {_unnested(places, relation)} GROUP BY place"
    return dict(connection.execute(query).fetchall())


def _listings(
    figures: list[Figures], relation: str, first: list[list[str]], connection: duckdb.DuckDBPyConnection
) -> list[Figures]:
    """Shapes where digits dominate, words where there are few."""
    listed = list(figures)
    shaped = [column.index for column in figures if _digits_dominate(first[column.index])]
    worded = [column.index for column in figures if _worded(column)]
    shape = "left(translate(cell, '123456789', '000000000'), 40)"
    for what, places, text in (("shapes", shaped, shape), ("words", worded, "cell")):
        if not places:
            continue
        query = f"SELECT place, {text} AS said, count(*) FROM {_unnested(places, relation)} GROUP BY ALL"
        counts: dict[int, dict[str, int]] = {}
        for place, said, count in connection.execute(query).fetchall():
            counts.setdefault(place, {})[said] = count
        for place in places:
            listed[place] = _counted(listed[place], what, counts.get(place, {}))
    return listed


def _counted(column: Figures, what: str, counts: dict[str, int]) -> Figures:
    """The column with its shapes or words, most frequent first, and without the words for nothing."""
    said = {word: count for word, count in counts.items() if word not in _NOTHING}
    ordered = dict(sorted(said.items(), key=lambda item: -item[1]))
    filled = sum(said.values())
    if what == "words":
        return replace(column, words=ordered, filled=filled, distinct=len(ordered))
    return replace(column, shapes=ordered, filled=filled)


def _worded(column: Figures) -> bool:
    """Whether a column has so few and short words that they are listed."""
    return 0 < column.distinct <= FEW and column.longest <= LONGEST


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
) -> dict[int, tuple[int, int, int]]:
    """For columns of dates whose order is open, with their separator: how many cells begin with a large number.

    Looks at every row of the table, whatever its size: one 31 decides the order of a column. Returned per column:
    (cells whose first number is above 12, second above 12, first above 31 or 0).
    """
    if not columns:
        return {}
    parts, inner = [], []
    for column, separator in columns:
        name = f"x{column.index}"
        inner.append(f"{cleaned(column.sql)} AS {name}")
        first, second = (
            f"TRY_CAST(regexp_extract(split_part({name}, {literal(separator)}, {place}), '^[0-9]+') AS BIGINT)"
            for place in (1, 2)
        )
        parts += [
            f"count_if({first} BETWEEN 13 AND 31)",
            f"count_if({second} BETWEEN 13 AND 31)",
            f"count_if({first} > 31 OR {first} = 0)",
        ]
    row = connection.execute(
        f"SELECT {', '.join(parts)} FROM (SELECT {', '.join(inner)} FROM {table.relation})"
    ).fetchone()
    assert row is not None
    return {column.index: tuple(row[3 * n : 3 * n + 3]) for n, (column, _) in enumerate(columns)}


def only_midnight(table: RawTable, column: Figures, connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether no cell of a column of moments tells another time than midnight; stops at the first that does."""
    cell = cleaned(column.sql)
    told = f"regexp_matches({cell}, '[0-9][:.][0-9]{{2}}')"
    midnight = f"regexp_matches({cell}, '[ T](00:00(:00(\\.0+)?)?|12:00(:00)? ?[Aa][Mm])( ?Z|[+-]00:?00)?$')"
    found = connection.execute(f"SELECT 1 FROM {table.relation} WHERE {told} AND NOT {midnight} LIMIT 1").fetchone()
    return found is None

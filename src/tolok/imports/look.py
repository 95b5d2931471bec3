"""A look at what was read: each table's columns with some of their cells, kept so that a mapping can be edited beside them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from tolok.sources import mapping_file
from tolok.sources.mapping import Mapping, TableMapping
from tolok.sources.recognise import Proposal
from tolok.sources.recognise.single import table_name
from tolok.sources.table import RawTable
from tolok.sources.values.cells import cleaned

LOOKS = "looks"
FIRST = 5_000
"""So many rows of a table are looked at for samples."""
SAMPLES = 5
ROWS = 80
WORDS = 40
"""A column of words shows them all, with how often each stands there, where they are no more than these."""
LONGEST = 80
_WORDED = ("choice", "boolean")


@dataclass(frozen=True)
class TableLook:
    """One table of a source, with rows that between them show some different cells of every column.

    Whole rows are kept, so that who is forgotten is found in them also where a name is written in two columns. ``name``
    is what a mapping calls the table; ``words`` are those of its columns of words; ``why`` says why nobody knew it.
    """

    title: str
    name: str
    rows: int
    headers: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...] = ()
    words: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    why: str = ""

    def samples(self, header: str) -> tuple[str, ...]:
        """Different cells of a column, the first first."""
        if header not in self.headers:
            return ()
        place = self.headers.index(header)
        return tuple(dict.fromkeys(row[place] for row in self.cells if row[place]))


@dataclass(frozen=True)
class Look:
    """What a source held when it was last read, and the mapping that it was read by."""

    connection: str
    tables: tuple[TableLook, ...]
    mapping: Mapping


def look(connection: duckdb.DuckDBPyConnection, name: str, tables: Sequence[RawTable], proposal: Proposal) -> Look:
    """Look at every table that was read, also at those that nobody knew."""
    found: dict[str, TableLook] = {}
    reasons = dict(proposal.unrecognised)
    for table in (*(table for table, _ in proposal.pairs), *tables):
        if table.title in found or not table.headers:
            continue
        mappings = [mapping for other, mapping in proposal.pairs if other is table]
        if mappings or table.title in reasons:
            found[table.title] = _table(connection, table, mappings, reasons.get(table.title, ""))
    return Look(name, tuple(found.values()), proposal.mapping)


def _table(
    connection: duckdb.DuckDBPyConnection, table: RawTable, mappings: Sequence[TableMapping], why: str
) -> TableLook:
    cells = ", ".join(f"c{place}" for place in range(len(table.headers)))
    rows = connection.execute(f"SELECT {cells} FROM {table.relation} LIMIT {FIRST}").fetchall()
    worded = {c.header for m in mappings for c in m.columns if c.parse in _WORDED or c.to.endswith("stage_id")}
    found = _words(connection, table, [place for place, header in enumerate(table.headers) if header in worded])
    words = {header: found[place] for place, header in enumerate(table.headers) if place in found}
    name = mappings[0].table if mappings else table_name(table)
    return TableLook(table.title, name, table.rows, table.headers, _telling(rows), words, why)


def _telling(rows: Sequence[tuple[str | None, ...]]) -> tuple[tuple[str, ...], ...]:
    """The rows that show something new of a column of which little is shown yet."""
    chosen: list[tuple[str, ...]] = []
    shown: dict[int, set[str]] = {}
    for row in rows:
        if len(chosen) == ROWS:
            break
        cells = tuple((cell or "").strip()[:LONGEST] for cell in row)
        new = [
            place
            for place, cell in enumerate(cells)
            if cell and len(shown.get(place, ())) < SAMPLES and cell not in shown.get(place, ())
        ]
        if new:
            chosen.append(cells)
            for place in new:
                shown.setdefault(place, set()).add(cells[place])
    return tuple(chosen)


def _words(
    connection: duckdb.DuckDBPyConnection, table: RawTable, places: Sequence[int]
) -> dict[int, tuple[tuple[str, int], ...]]:
    """All different words of columns, the most frequent first, in one scan; none of a column with many or long ones."""
    if not places:
        return {}
    # cells as they stand are counted first, so that each spelling is cleaned once and not once for every row
    cells, numbers = ", ".join(f"c{place}" for place in places), ", ".join(map(str, places))
    said = f"SELECT unnest([{numbers}]) AS place, unnest([{cells}]) AS cell FROM {table.relation}"
    word = cleaned("cell")
    found = connection.execute(
        f"SELECT place, word, times FROM (SELECT place, {word} AS word, sum(cells)::BIGINT AS times FROM (SELECT place, "
        f"cell, count(*) AS cells FROM ({said}) GROUP BY ALL) GROUP BY ALL) WHERE word IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY place ORDER BY times DESC, word) <= {WORDS + 1} ORDER BY 1, 3 DESC, 2"
    ).fetchall()
    listed: dict[int, tuple[tuple[str, int], ...]] = {}
    for place in places:
        words = tuple((text, int(count)) for at, text, count in found if at == place)
        few = len(words) <= WORDS and all(len(text) <= LONGEST for text, _ in words)
        listed[place] = words if few else ()
    return listed


def keep(imports: Path, seen: Look) -> tuple[Path, Path]:
    """Write a look for the editor of the mapping; of each source the last one is kept."""
    folder = imports / LOOKS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{seen.connection}.json"
    proposed = path.with_suffix(".toml")
    proposed.unlink(missing_ok=True)
    mapping_file.save(seen.mapping, proposed)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps([asdict(table) for table in seen.tables], ensure_ascii=False), encoding="utf-8")
    beside.replace(path)
    return path, proposed


def kept(imports: Path, source: str) -> tuple[TableLook, ...]:
    """The tables of the last look at a source; none where it was never looked at."""
    try:
        found = json.loads((imports / LOOKS / f"{source}.json").read_text(encoding="utf-8"))
        return tuple(
            TableLook(
                one["title"],
                one["name"],
                one["rows"],
                tuple(one["headers"]),
                tuple(tuple(row) for row in one["cells"]),
                {header: tuple((word, count) for word, count in words) for header, words in one["words"].items()},
                one["why"],
            )
            for one in found
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()

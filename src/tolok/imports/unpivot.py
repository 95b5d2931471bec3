"""Tables whose headers are values ("Jan 2026", "Feb 2026", …), turned so that each cell below them makes a row."""

from __future__ import annotations

from dataclasses import replace

from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.mapping import ColumnMapping, Parse, TableMapping
from tolok.sources.table import RawTable
from tolok.sources.values.cells import present
from tolok.sources.values.quoting import literal

HEADER = "@header"
CELL = "@cell"
"""What the two columns of a turned table are called: the header that a cell stood under, and the cell."""


def unpivoted(work: Work, table: RawTable, mapping: TableMapping) -> tuple[RawTable, TableMapping]:
    """The turned table and the mapping that reads it. Blank cells make no row."""
    taken = [(place, header) for place, header in enumerate(table.headers) if header in mapping.unpivot]
    kept = [(place, header) for place, header in enumerate(table.headers) if header not in mapping.unpivot]
    read = work.table("text", f"SELECT * FROM {table.relation}")
    line = '"line"' if table.has_line else f"rowid + {table.first_line}"
    headers = ", ".join(literal(header) for _, header in taken)
    cells = ", ".join(f"c{place}" for place, _ in taken)
    chosen = "".join(f"c{place} AS c{new}, " for new, (place, _) in enumerate(kept))
    width = len(kept)
    relation = (
        f'(SELECT * FROM (SELECT {line} AS "line", {chosen}unnest([{headers}]) AS c{width}, '
        f"unnest([{cells}]) AS c{width + 1} FROM {read}) WHERE {present(f'c{width + 1}')})"
    )
    names = (*(header for _, header in kept), HEADER, CELL)
    turned = replace(table, headers=names, relation=relation, has_line=True, rows=table.rows * max(len(taken), 1))
    return turned, replace(mapping, columns=_columns(mapping))


def _columns(mapping: TableMapping) -> tuple[ColumnMapping, ...]:
    """The mapping's columns, with those of the headers and cells under their new names."""
    found = []
    for name, to in zip((HEADER, CELL), mapping.unpivot_to, strict=True):
        like = [column for column in mapping.columns if column.to == to or column.header == name]
        under = [column for column in mapping.columns if column.header in mapping.unpivot]
        model = (like or (under if name == CELL else []) or [ColumnMapping(name, to, _parse(mapping.fact, to))])[0]
        found.append(replace(model, header=name, to=to))
    rest = [
        column
        for column in mapping.columns
        if column.header not in mapping.unpivot
        and column.to not in mapping.unpivot_to
        and column.header not in (HEADER, CELL)
    ]
    return (*rest, *found)


def _parse(fact: str, to: str) -> Parse:
    column = FACTS[fact].column(to)
    kinds: dict[str, Parse] = {"date": "date", "instant": "instant", "money": "money", "number": "number"}
    return kinds.get(column.type, "text") if column else "text"

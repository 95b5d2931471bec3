"""Editing how a table is read: what a person chose for its columns, and what of that cannot be, tried on kept samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from tolok.imports.look import TableLook
from tolok.model import FACTS, Column
from tolok.sources.mapping import BESIDE, ColumnMapping, TableMapping
from tolok.sources.recognise.columns import instant_beside, map_column
from tolok.sources.recognise.rules import complete
from tolok.sources.recognise.single import with_extra
from tolok.sources.recognise.tables import Assigned, assign
from tolok.sources.table import RawTable
from tolok.sources.values import expression
from tolok.sources.values.inference import TableReading
from tolok.sources.values.quoting import literal
from tolok.store.connection import Limits, connect

EXTRA = ""
LEFT_OUT = "-"
MOST_BAD = 0.5
NOT_CHOSEN = ("id", "source", "extra")
"""Columns of a fact that Tolok fills itself."""


@dataclass(frozen=True)
class Choice:
    """What a person says of one column: ``was`` and ``to`` name the fact's column; None leaves a way of reading alone."""

    header: str
    was: str
    to: str
    format: str | None = None
    decimal: str | None = None
    by: str | None = None
    values: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Fault:
    """Why a column cannot be read so: ``twice`` as another column is, or a ``text`` in it with the engine's ``reason``."""

    header: str
    to: str
    twice: str = ""
    reason: str = ""


def target_of(fact: str, to: str) -> Column | None:
    """The column of a fact, or beside it, that a mapping means."""
    if fact == "deal_events" and to.startswith("new:"):
        return FACTS["deals"].column(to.removeprefix("new:"))
    return FACTS[fact].column(to) or BESIDE.get(to)


def choosable(fact: str) -> tuple[str, ...]:
    """What a column of a table may become."""
    return (*(name for name in FACTS[fact].column_names if name not in NOT_CHOSEN), *BESIDE)


def sibling(fact: str, column: ColumnMapping, others: Sequence[ColumnMapping]) -> ColumnMapping | None:
    """The moment beside a date that is read out of the same cells."""
    name = instant_beside(fact, column.to) if column.parse == "date" else ""
    return next((one for one in others if name and one.to == name and one.header == column.header), None)


class Editing:
    """One table under the hands of a person, with samples to try on. Close it when done."""

    def __init__(self, seen: TableLook, *, timezone: str, currency: str, today: date) -> None:
        self.seen = seen
        self.timezone = timezone
        self._connection = connect(None, Limits("500MB", 1))
        columns = ", ".join(f"c{place} VARCHAR" for place in range(len(seen.headers)))
        self._connection.execute(f"CREATE TABLE seen ({columns})")
        if seen.cells:
            marks = ", ".join("?" for _ in seen.headers)
            rows = [[cell or None for cell in row] for row in seen.cells]
            self._connection.executemany(f"INSERT INTO seen VALUES ({marks})", rows)
        table = RawTable(seen.title, "", seen.headers, "seen", len(seen.cells))
        self._reading = TableReading(table, self._connection, timezone=timezone, currency=currency, today=today)

    def proposed(self, fact: str) -> TableMapping:
        """How the table would be read if it held this fact, by its headings and samples."""
        columns: list[ColumnMapping] = []
        for assigned in assign(self._reading, fact):
            mapped = map_column(self._reading, assigned, fact)
            columns += [one for one in mapped if one.to not in {other.to for other in columns}]
        mapping = TableMapping(self.seen.name, fact, tuple(columns), system="plain")
        return replace(with_extra(self._reading, complete(self._reading, mapping)), table=self.seen.name)

    def read_as(self, header: str, fact: str, to: str) -> ColumnMapping:
        """How a column would be read as a column of the fact."""
        if to in (EXTRA, LEFT_OUT):
            return ColumnMapping(header, to)
        figures = next((one for one in self._reading.columns if one.header == header), None)
        target = target_of(fact, to)
        if figures is None or target is None or (target.name not in FACTS[fact].column_names and "new:" not in to):
            parse = "number" if target is not None and target.type in ("money", "number") else "text"
            return ColumnMapping(header, to, parse=parse)  # type: ignore[arg-type]
        return map_column(self._reading, Assigned(figures, to, 1.0, ""), fact)[0]

    def edited(self, table: TableMapping, choices: Sequence[Choice]) -> TableMapping:
        """The table as the person wants it read."""
        columns = list(table.columns)
        for choice in choices:
            place = next(
                (n for n, one in enumerate(columns) if (one.header, one.to) == (choice.header, choice.was)), None
            )
            if choice.to != choice.was:
                beside = sibling(table.fact, columns[place], columns) if place is not None else None
                new = self.read_as(choice.header, table.fact, choice.to)
                if place is None:
                    columns.append(new)
                else:
                    columns[place] = new
                columns = [one for one in columns if one is not beside]
            elif place is not None:
                beside = sibling(table.fact, columns[place], columns)
                columns[place] = _as_chosen(columns[place], choice)
                if beside is not None and choice.format is not None:
                    columns[columns.index(beside)] = replace(beside, format=choice.format)
        once = {(one.header, one.to): one for one in reversed(columns)}
        return replace(table, columns=tuple(one for one in columns if once[one.header, one.to] is one))

    def faults(self, table: TableMapping, before: TableMapping | None = None) -> list[Fault]:
        """What of an edited table cannot be: two columns for one field, cells that cannot be read so."""
        found = []
        first: dict[str, str] = {}
        had = {(one.header, one.to) for one in before.columns} if before else set()
        known = before.columns if before else ()
        for column in table.columns:
            if column.to in (EXTRA, LEFT_OUT):
                continue
            other = first.setdefault(column.to, column.header)
            if other != column.header and not {(other, column.to), (column.header, column.to)} <= had:
                found.append(Fault(column.header, column.to, twice=other))
            elif column not in known and (reason := self._unread(table.fact, column)):
                found.append(Fault(column.header, column.to, reason=reason))
        return found

    def _unread(self, fact: str, column: ColumnMapping) -> str:
        """The engine's sentence about a cell, where most of the samples cannot be read; else nothing."""
        samples = self.seen.samples(column.header)
        target = target_of(fact, column.to)
        if not samples or target is None or column.joined:
            return ""
        written = expression(column, "cell", target, timezone=self.timezone)
        cells = ", ".join(f"({literal(sample)})" for sample in samples)
        bad = self._connection.execute(f"SELECT cell FROM (VALUES {cells}) AS s(cell) WHERE {written.bad}").fetchall()
        if len(bad) <= MOST_BAD * len(samples):
            return ""
        return written.reason.replace("{text}", str(bad[0][0])[:60])

    def close(self) -> None:
        self._connection.close()


@contextmanager
def editing(seen: TableLook, *, timezone: str, currency: str, today: date) -> Iterator[Editing]:
    """A table to edit, let go of at the end."""
    at_work = Editing(seen, timezone=timezone, currency=currency, today=today)
    try:
        yield at_work
    finally:
        at_work.close()


def _as_chosen(column: ColumnMapping, choice: Choice) -> ColumnMapping:
    changes: dict[str, object] = {}
    if choice.format is not None:
        changes["format"] = choice.format
        if choice.format != column.format:
            changes["assumption"] = ""
    if choice.decimal is not None:
        changes["decimal"] = choice.decimal
    if choice.by is not None:
        changes["by"] = choice.by
    if choice.values is not None:
        changes["values"] = dict(choice.values)
    return replace(column, **changes)  # type: ignore[arg-type]

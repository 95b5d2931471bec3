"""Typed staging: one CREATE TABLE AS per source table, straight from its text, with what could not be read beside it.

The staged table keeps the file's order, so the record number of a row is its rowid; nothing is joined here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from tolok.errors import DefinitionError
from tolok.imports.unpivot import unpivoted
from tolok.imports.weight import REQUIRED, is_fatal
from tolok.imports.work import Work
from tolok.model import FACTS, Column, Fact
from tolok.sources.mapping import BESIDE, ColumnMapping, TableMapping
from tolok.sources.table import RawTable
from tolok.sources.values import expression
from tolok.sources.values.cells import cleaned, present
from tolok.sources.values.dates import has_time
from tolok.sources.values.quoting import identifier, literal, literals
from tolok.sources.values.typed import source_of

ORDER_BITS = 36
"""Room for the record number below the table's number in the order of all rows of an import."""

STATE = "new:"
"""A deal's column after a change, in a table whose rows are states of deals."""


@dataclass(frozen=True)
class Reading:
    """One cell to read: where it stands, what it becomes, and the SQL for it."""

    header: str
    to: Column
    value: str
    suspect: str
    reason: str
    text: str
    fatal: bool


@dataclass(frozen=True)
class Staged:
    """The rows of one source table for one fact, typed, as a query over the staged table."""

    table: RawTable
    mapping: TableMapping
    relation: str  # the rows that could be read: columns of ``provides``, ``_row``, ``_line``, ``_table``
    number: int
    provides: tuple[str, ...]
    readings: tuple[Reading, ...]
    staged: str
    position: int
    primary: bool
    deleted: str = ""  # a query of the ids that the source says are deleted

    @property
    def line(self) -> str:
        """SQL of the record number, over the staged table."""
        return "_line" if self.table.has_line else f"rowid + {self.table.first_line}"


def stage(work: Work, table: RawTable, mappings: tuple[TableMapping, ...], number: int) -> tuple[Staged, ...]:
    """Read one source table for all the facts that it carries, in one pass over its text."""
    if any(mapping.unpivot for mapping in mappings):
        turned = [unpivoted(work, table, mapping) if mapping.unpivot else (table, mapping) for mapping in mappings]
        return tuple(_stage_alone(work, *pair, number + position) for position, pair in enumerate(turned))
    plans = [_plan(work, table, mapping) for mapping in mappings]
    name = _create(work, table, mappings, plans, table.relation)
    return tuple(
        _view(table, mapping, readings, name, number, position)
        for position, (mapping, readings) in enumerate(zip(mappings, plans, strict=True))
    )


def _stage_alone(work: Work, table: RawTable, mapping: TableMapping, number: int) -> Staged:
    readings = _plan(work, table, mapping)
    name = _create(work, table, (mapping,), [readings], table.relation)
    return _view(table, mapping, readings, name, number, 0)


def _plan(work: Work, table: RawTable, mapping: TableMapping) -> list[Reading]:
    fact = FACTS.get(mapping.fact)
    if fact is None:
        raise DefinitionError(f"There is no fact {mapping.fact!r}.", file=f"mappings/{work.source}.toml")
    cells = {header: f"c{place}" for place, header in enumerate(table.headers)}
    readings: list[Reading] = []
    named = {column.to for column in mapping.columns}
    for column in mapping.columns:
        if column.to in ("", "-") or column.header not in cells:
            continue
        target = _target(fact, column, work.source)
        for one in (target, *_siblings(fact, target, column, named)):
            text = source_of(column, table.headers)
            written = expression(column, text, one, timezone=work.mapping.timezone)
            readings.append(
                Reading(
                    column.header,
                    one,
                    written.value,
                    written.suspect if one is target else "false",
                    written.reason,
                    text,
                    is_fatal(fact, one.name),
                )
            )
    return _said_once(readings)


def _said_once(readings: list[Reading]) -> list[Reading]:
    """A cell that is read twice is faulted once, and by the reading that the row cannot do without."""
    judge: dict[str, int] = {}
    for place, reading in enumerate(readings):
        first = reading.text not in judge
        graver = not first and reading.fatal and not readings[judge[reading.text]].fatal
        if reading.suspect != "false" and (first or graver):
            judge[reading.text] = place
    return [
        reading if judge.get(reading.text, place) == place else replace(reading, suspect="false")
        for place, reading in enumerate(readings)
    ]


def _target(fact: Fact, column: ColumnMapping, source: str) -> Column:
    found = fact.column(column.to) or BESIDE.get(column.to)
    if found is None and fact.name == "deal_events" and column.to.startswith(STATE):
        state = FACTS["deals"].column(column.to.removeprefix(STATE))
        found = replace(state, name=column.to) if state else None
    if found is None:
        raise DefinitionError(
            f"{column.header!r} is mapped to {column.to!r}, which {fact.name} does not have.",
            file=f"mappings/{source}.toml",
            next_step=f"Use one of: {', '.join(fact.column_names)}.",
        )
    return found


def _siblings(fact: Fact, target: Column, column: ColumnMapping, named: set[str]) -> list[Column]:
    """The local date beside a moment, and the moment beside a date whose cells tell the time."""
    if target.type == "instant":
        other = fact.column(_date_of(fact, target.name))
    elif target.type == "date" and has_time(column.format):
        other = fact.column(_moment_of(fact, target.name))
    else:
        return []
    return [other] if other is not None and other.name not in named else []


def _date_of(fact: Fact, moment: str) -> str:
    if fact.name == "activities" and moment == "started_at":
        return "happened_on"
    return moment.removesuffix("_at") + "_on" if moment != "at" else "on"


def _moment_of(fact: Fact, day: str) -> str:
    if fact.name == "activities" and day == "happened_on":
        return "started_at"
    return day.removesuffix("_on") + "_at" if day != "on" else "at"


def _create(
    work: Work, table: RawTable, mappings: tuple[TableMapping, ...], plans: list[list[Reading]], relation: str
) -> str:
    """The staged table: typed values ``v<mapping>_<reading>``, and what was wrong with a row.

    In three layers: the values; ``w…``, where a value is missing and should not be; what follows for the row.
    Every test stands once, for an expression that stands twice is computed for every row.
    """
    cells = [f"c{place}" for place in range(len(table.headers))]
    line = ['"line" AS _line'] if table.has_line else []
    inner, middle, outer = [*cells, *line], ["*"], ["_line"] if line else []
    for position, (mapping, readings) in enumerate(zip(mappings, plans, strict=True)):
        names = [f"v{position}_{place}" for place in range(len(readings))]
        inner += [f"{reading.value} AS {name}" for reading, name in zip(readings, names, strict=True)]
        middle += [
            f"CASE WHEN {name} IS NULL THEN {reading.suspect} ELSE false END AS w{name[1:]}"
            for reading, name in zip(readings, names, strict=True)
            if reading.suspect != "false"
        ]
        outer += names
        outer += _faults(position, mapping, readings, names)
        outer.append(f"{_extra(table, mapping, mappings, position)} AS x{position}")
        outer.append(f"({_taken(table, mapping)}) AS t{position}")
        outer.append(f"({_deleted(table, mapping)}) AS d{position}")
    written = ", ".join(f"coalesce({cell}, '')" for cell in cells)
    faulty = " OR ".join(f"b{position} IS NOT NULL OR a{position} IS NOT NULL" for position in range(len(mappings)))
    outer.append(f"CASE WHEN {faulty} THEN left(concat_ws(',', {written}), 2000) END AS _raw")
    name = work.name("staged")
    with _in_file_order(work):
        work.run(
            f"CREATE TEMP TABLE {name} AS SELECT {', '.join(outer)} FROM (SELECT {', '.join(middle)} FROM "
            f"(SELECT {', '.join(inner)} FROM {relation}))"
        )
    return name


@contextmanager
def _in_file_order(work: Work) -> Iterator[None]:
    """DuckDB turns a test against many words into a join, after which rows no longer come in the file's order."""
    work.run("SET disabled_optimizers = 'in_clause'")
    try:
        yield
    finally:
        work.run("RESET disabled_optimizers")


def _faults(position: int, mapping: TableMapping, readings: list[Reading], names: list[str]) -> list[str]:
    """``b``: the cells that cannot be read, as a list of place and text; ``f``: whether the row is lost by one."""
    tests, fatal = [], []
    for place, (reading, name) in enumerate(zip(readings, names, strict=True)):
        if reading.suspect == "false":
            continue
        wrong = f"w{name[1:]}"
        tests.append((wrong, f"CASE WHEN {wrong} THEN '{place}:' || left({reading.text}, 200) END"))
        if reading.fatal:
            fatal.append(wrong)
    required = _required(mapping, readings, names)
    if not tests:
        listed = "CAST(NULL AS VARCHAR[])"
    else:
        any_wrong = " OR ".join(wrong for wrong, _ in tests)
        listed = f"CASE WHEN {any_wrong} THEN [{', '.join(text for _, text in tests)}] END"
    lost = " OR ".join(fatal) or "false"
    missing = " ".join(f"WHEN {test} THEN {literal(column)}" for column, test in required)
    absent = f"CASE {missing} END" if missing else "CAST(NULL AS VARCHAR)"
    return [f"{listed} AS b{position}", f"({lost}) AS f{position}", f"{absent} AS a{position}"]


def _required(mapping: TableMapping, readings: list[Reading], names: list[str]) -> list[tuple[str, str]]:
    """The columns without which a row says nothing, with the test for their absence."""
    by_target: dict[str, list[str]] = {}
    for reading, name in zip(readings, names, strict=True):
        by_target.setdefault(reading.to.name, []).append(name)
    fact = FACTS[mapping.fact]
    found = []
    wanted = [("source_id",)] if "source_id" in by_target else []
    if not wanted and fact.by_name in by_target:
        wanted = [(fact.by_name,)] if fact.name not in ("deals",) else []
    for alternatives in (*wanted, *REQUIRED.get(fact.name, ())):
        given = [name for column in alternatives for name in by_target.get(column, [])]
        if given and not any(column in mapping.constants for column in alternatives):
            found.append((alternatives[0], " AND ".join(f"{name} IS NULL" for name in given)))
    return found


def _extra(table: RawTable, mapping: TableMapping, mappings: tuple[TableMapping, ...], position: int) -> str:
    """A JSON object of the cells that map to nothing; only the table's first fact keeps them."""
    if FACTS[mapping.fact].column("extra") is None:
        return "CAST(NULL AS VARCHAR)"
    own = [column.header for column in mapping.columns if column.to == ""]
    if not mapping.carried:
        known = {header for other in mappings for column in other.columns for header in (column.header, *column.joined)}
        own += [header for header in table.headers if header not in known and header not in mapping.unpivot]
    places = {header: f"c{place}" for place, header in enumerate(table.headers)}
    cells = [(header, places[header]) for header in dict.fromkeys(own) if header in places]
    if not cells:
        return "CAST(NULL AS VARCHAR)"
    pairs = ", ".join(
        f"CASE WHEN {present(cell)} THEN to_json({literal(header)}) || ':' || to_json({cleaned(cell)}) END"
        for header, cell in cells
    )
    return f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')"


def _taken(table: RawTable, mapping: TableMapping) -> str:
    """True for the rows that are of this fact, where a table holds several kinds."""
    places = {header: f"c{place}" for place, header in enumerate(table.headers)}
    tests = [
        _filter(places[header], header, words) for header, words in mapping.filter.items() if header in places and words
    ]
    return " AND ".join(tests) or "true"


def _filter(cell: str, header: str, words: tuple[str, ...]) -> str:
    blank = [""] if is_deletion(header) else []
    return f"coalesce(lower({cleaned(cell)}), '') IN ({literals([*blank, *(word.casefold() for word in words)])})"


def is_deletion(header: str) -> bool:
    """Whether a column says of rows that they were deleted.

    >>> is_deletion("IsDeleted"), is_deletion("deleted"), is_deletion("type")
    (True, True, False)
    """
    return header.casefold().replace("_", "").replace(" ", "") in ("isdeleted", "deleted", "deletedat", "deletedon")


def _deleted(table: RawTable, mapping: TableMapping) -> str:
    """True for the rows of this fact that the source says are deleted."""
    places = {header: f"c{place}" for place, header in enumerate(table.headers)}
    said = [(header, words) for header, words in mapping.filter.items() if header in places and words]
    gone = [f"NOT ({_filter(places[header], header, words)})" for header, words in said if is_deletion(header)]
    rest = [_filter(places[header], header, words) for header, words in said if not is_deletion(header)]
    return " AND ".join([f"({' OR '.join(gone)})", *rest]) if gone else "false"


def _view(
    table: RawTable, mapping: TableMapping, readings: list[Reading], name: str, number: int, position: int
) -> Staged:
    by_target: dict[str, list[str]] = {}
    for place, reading in enumerate(readings):
        by_target.setdefault(reading.to.name, []).append(f"v{position}_{place}")
    fact = FACTS[mapping.fact]
    columns = {
        target: names[0] if len(names) == 1 else f"coalesce({', '.join(names)})" for target, names in by_target.items()
    }
    for target, text in mapping.constants.items():
        column = fact.column(target)
        if column is None:
            continue
        constant = _constant(column, text, columns)
        columns[target] = f"coalesce({columns[target]}, {constant})" if target in columns else constant
    if fact.column("extra") is not None:
        columns["extra"] = f"x{position}"
    chosen = ", ".join(f"{value} AS {identifier(target)}" for target, value in columns.items())
    staged = Staged(table, mapping, "", number, tuple(columns), tuple(readings), name, position, not mapping.carried)
    relation = (
        f"(SELECT {chosen + ', ' if chosen else ''}{number << ORDER_BITS} + rowid AS _row, {staged.line} AS _line, "
        f"{number} AS _table FROM {name} WHERE t{position} AND NOT f{position} AND a{position} IS NULL)"
    )
    gone = ""
    if "source_id" in columns and any(is_deletion(header) for header in mapping.filter):
        gone = f"SELECT {columns['source_id']} AS source_id FROM {name} WHERE d{position}"
    return replace(staged, relation=relation, deleted=gone)


def _constant(column: Column, text: str, columns: dict[str, str]) -> str:
    """A value that the table does not have. The end of a period follows from its beginning."""
    if column.name == "to_on" and text in ("day", "week", "month", "quarter", "year") and "from_on" in columns:
        return f"CAST({columns['from_on']} + INTERVAL 1 {text} - INTERVAL 1 DAY AS DATE)"
    return f"CAST({literal(text)} AS {column.sql_type})"

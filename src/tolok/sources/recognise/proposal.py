"""What a person is shown before the first import: how each table would be read, what was assumed, what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb

from tolok.model import FACTS
from tolok.sources import systems
from tolok.sources.headings import normal
from tolok.sources.mapping import Mapping, StageMapping, TableMapping
from tolok.sources.recognise import dictionary, first_lines, groups, headed, references
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.recognise.single import recognise, table_name
from tolok.sources.recognise.stages import stages_of
from tolok.sources.table import RawTable
from tolok.sources.values import expression
from tolok.sources.values.cells import cleaned
from tolok.sources.values.inference import TableReading
from tolok.sources.values.quoting import literals


@dataclass(frozen=True)
class Assumption:
    """Something that was decided without proof; a person may settle it in the mapping."""

    file: str
    column: str
    text: str


@dataclass(frozen=True)
class Proposal:
    """A mapping for all tables given, with what was assumed, what is not known, and what might be something else."""

    mapping: Mapping
    assumptions: tuple[Assumption, ...] = ()
    unrecognised: tuple[tuple[str, str], ...] = ()  # title of the table, why
    ambiguous: tuple[tuple[str, str], ...] = ()  # title of the table, "leads, or accounts"
    pairs: tuple[tuple[RawTable, TableMapping], ...] = ()  # which table is read by which mapping


def propose(
    tables: Sequence[RawTable],
    connection: duckdb.DuckDBPyConnection,
    *,
    connection_name: str,
    timezone: str,
    currency: str,
    known: Mapping | None = None,
    today: date,
) -> Proposal:
    """Recognise every table and say how it maps onto the facts.

    What ``known`` decides is kept as it is, and its tables are not looked at again; only new tables, new columns and
    new stages are proposed.
    """
    zone = known.timezone if known else timezone
    money = known.currency if known else currency
    ignored = list(known.ignored) if known else []
    settled: list[_Read] = []
    fresh: list[_Read] = []
    unrecognised: list[tuple[str, str]] = []
    ambiguous: list[tuple[str, str]] = []
    described = dictionary.descriptions(list(tables), connection)
    whole = headed.joined(first_lines.filled(groups.repeated(tables, connection), connection), connection)
    unrecognised += [
        (title, f"it holds the heads of the orders in {lines}, and is read with them") for title, lines in whole.heads
    ]
    for table in whole.tables:
        name = table_name(table)
        decided = [m for m in known.tables if normal(m.table) == normal(name)] if known else []
        decided = [m for m in decided if _fits(table, m)]
        called = name if any(m.table == name for m in decided) else decided[0].table if decided else name
        decided = [m for m in decided if m.table == called]  # “deals” of a file and “Deals” of a sheet are two
        if any(_missing(table, m) and _made_for_another(m, table, whole.tables) for m in decided):
            decided = []  # two files of one name with other headings: the mapping was made for the other
        if decided:
            settled += [_Read(table, mapping) for mapping in decided]
            continue
        why = "" if name in ignored else dictionary.why_no_data(table) or systems.why_ignored(table.headers)
        if why or name in ignored:
            if why:
                ignored.append(name)
                unrecognised.append((table.title, why))
            continue
        if not table.headers or table.rows == 0:
            unrecognised.append((table.title, "it has no rows"))
            continue
        reading = TableReading(table, connection, timezone=zone, currency=money, today=today)
        found = recognise(reading, described, today)
        if not found.mappings:
            unrecognised.append((table.title, found.why))
        fresh += [_Read(table, mapping, found.flags) for mapping in found.mappings]
        if found.also:
            ambiguous.append((table.title, found.also))
    fresh = _referred(fresh, settled, connection)
    everything = [*settled, *fresh]
    stages = _stages(everything, known, connection, zone)
    pairs = tuple((read.table, read.mapping) for read in everything)
    kept = {(s.fact, s.written) for s in known.synonyms} if known else set()
    spelled = [s for s in references.spellings(list(pairs), connection) if (s.fact, s.written) not in kept]
    mappings = list(known.tables) if known else []
    for read in fresh:
        if not any(m.table == read.mapping.table and m.fact == read.mapping.fact for m in mappings):
            mappings.append(read.mapping)
    proposed = Mapping(
        connection=connection_name,
        timezone=zone,
        currency=money,
        tables=tuple(mappings),
        stages=tuple(stages),
        synonyms=(*(known.synonyms if known else ()), *spelled),
        ignored=tuple(dict.fromkeys(ignored)),
    )
    assumptions = [
        Assumption(read.table.title, column.header, column.assumption)
        for read in fresh
        for column in read.mapping.columns
        if column.assumption
    ]
    return Proposal(proposed, tuple(dict.fromkeys(assumptions)), tuple(unrecognised), tuple(ambiguous), pairs)


@dataclass(frozen=True)
class _Read:
    """A table with one mapping that reads it."""

    table: RawTable
    mapping: TableMapping
    flags: dict[str, str] = field(default_factory=dict)


def _wanted(mapping: TableMapping) -> set[str]:
    wanted = {column.header for column in mapping.columns if column.to not in ("", "-") and column.header[0] != "@"}
    return wanted | set(mapping.unpivot[:1])


def _missing(table: RawTable, mapping: TableMapping) -> bool:
    return not (_wanted(mapping) | set(mapping.unpivot)) <= set(table.headers)


def _made_for_another(mapping: TableMapping, table: RawTable, tables: Sequence[RawTable]) -> bool:
    """Whether another table of the same name has all the columns of a mapping."""
    name = normal(table_name(table))
    return any(t is not table and normal(table_name(t)) == name and not _missing(t, mapping) for t in tables)


def _fits(table: RawTable, mapping: TableMapping) -> bool:
    """Whether a mapping made for a table of this name still knows most of its columns."""
    wanted = _wanted(mapping)
    return len(wanted & set(table.headers)) >= 0.5 * len(wanted)


def _referred(fresh: list[_Read], settled: list[_Read], connection: duckdb.DuckDBPyConnection) -> list[_Read]:
    """References settled by id or by name from the tables at hand."""
    everything = [*settled, *fresh]
    done = []
    for read in fresh:
        columns = []
        for column in read.mapping.columns:
            target = FACTS[read.mapping.fact].column(column.to)
            if column.parse == "reference" and target is not None and column.header in read.table.headers:
                targets = [
                    (r.table, r.mapping) for r in everything if r.mapping.fact == target.to and not r.mapping.carried
                ]
                by = references.kinds(read.table, column.header, targets, connection) if targets else ""
                if by == "name":
                    column = replace(column, by="name", format="")
                elif by == "id":
                    column = replace(column, by="id")
            columns.append(column)
        done.append(replace(read, mapping=replace(read.mapping, columns=tuple(columns))))
    return done


def _stages(
    everything: list[_Read], known: Mapping | None, connection: duckdb.DuckDBPyConnection, zone: str
) -> list[StageMapping]:
    """The stages a person has settled, and after them those that the data shows beyond."""
    order, history = _order(everything, connection), _history(everything, connection, zone)
    listed = _outcomes(everything, connection, zone)
    settled = _by_id(everything, connection) & set(order) & set(listed)  # the source's own list says all there is
    found = list(known.stages) if known else []
    have = {(stage.pipeline, stage.name) for stage in found}
    for read in everything:
        if read.mapping.fact != "deals" or read.mapping.carried:
            continue
        seen = stages_of(
            read.table,
            read.mapping,
            connection,
            timezone=zone,
            flags=read.flags,
            order=order,
            history=history,
            listed=listed,
        )
        for stage in seen:
            if (stage.pipeline, stage.name) not in have and stage.name not in settled:
                have.add((stage.pipeline, stage.name))
                found.append(stage)
    return found


def _order(everything: list[_Read], connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Each stage's place in the export's own list of stages."""
    placed: dict[str, float] = {}
    for read in everything:
        name, position = read.mapping.column("name"), read.mapping.column("position")
        if read.mapping.fact != "stages" or name is None or position is None:
            continue
        order = references.column_sql(read.table, position.header)
        for named in _called(read):
            rows = connection.execute(
                f"SELECT {named}, TRY_CAST({order} AS DOUBLE) FROM {read.table.relation}"
            ).fetchall()
            placed.update({row[0]: row[1] for row in rows if row[0] is not None and row[1] is not None})
    return placed


def _called(read: _Read) -> list[str]:
    """The columns by which deals may name a stage: its id, and its name, which prevails."""
    columns = [read.mapping.column("source_id"), read.mapping.column("name")]
    return [references.column_sql(read.table, column.header) for column in columns if column is not None]


def _by_id(everything: list[_Read], connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The ids of the stages that the export lists apart from their names."""
    found: set[str] = set()
    for read in everything:
        own = read.mapping.column("source_id")
        if read.mapping.fact == "stages" and own is not None and read.mapping.column("name") is not None:
            ids = references.column_sql(read.table, own.header)
            rows = connection.execute(f"SELECT DISTINCT trim({ids}) FROM {read.table.relation}").fetchall()
            found.update(row[0] for row in rows if row[0])
    return found


def _of_stages(read: _Read) -> str:
    """A condition for the rows of a history that are about stages."""
    field = read.mapping.column("field")
    if field is None or field.header not in read.table.headers:
        return ""
    words = [word.casefold() for word, meaning in field.values.items() if meaning == "stage_id"] or ["stage_id"]
    return f" WHERE lower({cleaned(references.column_sql(read.table, field.header))}) IN ({literals(words)})"


def _outcomes(everything: list[_Read], connection: duckdb.DuckDBPyConnection, zone: str) -> dict[str, str]:
    """Each stage's outcome in the export's own list of stages."""
    said: dict[str, str] = {}
    target = FACTS["stages"].column("outcome")
    assert target is not None
    for read in everything:
        name, outcome = read.mapping.column("name"), read.mapping.column("outcome")
        if read.mapping.fact != "stages" or name is None:
            continue
        if outcome is None:
            said.update(_outcomes_by_name(read, connection))
            continue
        value = expression(outcome, references.column_sql(read.table, outcome.header), target, timezone=zone).value
        for named in _called(read):
            rows = connection.execute(f"SELECT trim({named}), {value} FROM {read.table.relation}").fetchall()
            said.update({row[0]: row[1] for row in rows if row[0] and row[1]})
    return said


def _outcomes_by_name(read: _Read, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The outcome of stages that deals name by id, where their names say which are won and which lost."""
    columns = _called(read)
    if len(columns) < 2:
        return {}
    rows = connection.execute(f"SELECT trim({columns[0]}), {columns[1]} FROM {read.table.relation}").fetchall()
    words = {row[0]: outcome_of(row[1]) for row in rows if row[0] and row[1]}
    return {id: word or "open" for id, word in words.items()} if {"won", "lost"} & set(words.values()) else {}


def _history(everything: list[_Read], connection: duckdb.DuckDBPyConnection, zone: str) -> dict[str, float]:
    """Each stage's mean place in the histories of deals."""
    for read in everything:
        deal = read.mapping.column("deal_id")
        stage = read.mapping.column("new:stage_id") or read.mapping.column("new")
        moment = read.mapping.column("at") or read.mapping.column("on")
        if read.mapping.fact != "deal_events" or deal is None or stage is None or moment is None:
            continue
        target = FACTS["deal_events"].column(moment.to)
        assert target is not None
        before = read.mapping.column("old") if stage.to == "new" else None
        columns = {c.to: references.column_sql(read.table, c.header) for c in (deal, stage, moment)}
        when = expression(moment, columns[moment.to], target, timezone=zone).value
        rows = f"SELECT * FROM {read.table.relation}{_of_stages(read)}"
        query = (
            f"SELECT stage, avg(place) FROM (SELECT {cleaned(columns[stage.to])} AS stage, row_number() OVER "
            f"(PARTITION BY {columns['deal_id']} ORDER BY {when}) AS place FROM ({rows})) GROUP BY stage"
        )
        if before is not None:  # where a deal came from at first stands in no row of its own
            left = cleaned(references.column_sql(read.table, before.header))
            query = (
                f"SELECT stage, coalesce(max(place), 0.5) FROM ({query} UNION ALL SELECT DISTINCT {left}, NULL FROM ({rows})) "
                f"AS named(stage, place) GROUP BY stage"
            )
        return {row[0]: row[1] for row in connection.execute(query).fetchall() if row[0] is not None}
    return {}

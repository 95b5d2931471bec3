"""Whether deals are won or lost where no column names it: two dates, two columns of yes and no, the table's own name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from tolok.model import FACTS
from tolok.sources.headings import normal, stem
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.meanings import after_its_table
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.values import expression
from tolok.sources.values.cells import cleaned
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.quoting import literals
from tolok.sources.values.words import FALSE, TRUE

_WON = r"(won|menang|ganad[oa]s?|gewonnen|gewinn|gagnee?s?|gain|vint[oa]|vincita|vitoria|ganh[oa]s?|ganancia)"
_LOST = r"(lost|kalah|perdid[oa]s?|verloren|verlust|perdue?s?|perte|pers[oa]|perdita|perda|perdida)"
_WHEN = r"(date|time|hora|heure|waktu|zeit|moment|dia|day|jour|tag)"
_MARK = r"(on|at|am|el|le|il|em|op|pada|zeitpunkt|date|time|datum|tijd)"


def _day_of(word: str) -> re.Pattern[str]:
    return re.compile(rf"^(deal )?({_WHEN} )?(de |di |du |d )?{word}( ?{_MARK})?$")


_WON_DATES, _LOST_DATES = _day_of(_WON), _day_of(_LOST)
_WON_FLAG = re.compile(rf"^(is |deal |is deal )?{_WON}$")
_LOST_FLAG = re.compile(rf"^(is |deal |is deal )?{_LOST}$")
_MARKED = frozenset({*TRUE, "v", "√", "☑", "✅", "🏆", "❌", "❎", "✖"})
"""What a cell of a column called won or lost holds where it is so; a cross too, since it is a mark under a heading."""


def decided(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The outcome where no column names it: by two dates, by yes and no, or by the name of the table."""
    dated = {}
    for outcome, pattern in (("won", _WON_DATES), ("lost", _LOST_DATES)):
        for column in reading.columns:
            said = after_its_table(column.header, "deals") or normal(column.header)
            said = re.sub(r"^(tanggal|tgl|fecha|data|datum|date) (de |di |du )?", "date ", said)
            if pattern.match(said) and column.filled and reading.date(column).share > 0.9:
                dated[outcome] = column
    mapping = _archived(reading, mapping)
    named = mapping.column("status") or mapping.column("stage_id") or "status" in mapping.constants
    if len(dated) == 2:
        return _by_dates(reading, mapping, dated, named=bool(named))
    if named:
        return mapping
    flags = {
        flag: column
        for column in reading.columns
        for flag in ("won", "closed")
        if normal(column.header) in (flag, f"is {flag}", f"is deal {flag}") and reading.boolean(column).share > 0.9
    }
    if len(flags) == 2:
        yes = {word for word in flags["won"].words | flags["closed"].words if word.casefold() in TRUE}
        no = {word for word in flags["won"].words | flags["closed"].words if word.casefold() in FALSE}
        values = {f"{first} {second}": "won" for first in yes for second in yes}
        values |= {f"{first} {second}": "lost" for first in yes for second in no}
        values |= {f"{first} {second}": "open" for first in no for second in (*no, *yes)}
        both = ColumnMapping(
            flags["closed"].header, "status", parse="choice", joined=(flags["won"].header,), values=values,
            why="closed and won say it",
        )  # fmt: skip
        return replace(
            mapping, columns=(*(c for c in mapping.columns if c.header not in (both.header, *both.joined)), both)
        )
    marked = {
        outcome: column
        for outcome, pattern in (("won", _WON_FLAG), ("lost", _LOST_FLAG))
        for column in reading.columns
        if pattern.match(after_its_table(column.header, "deals") or normal(column.header)) and _is_mark(column)
    }
    if len(marked) == 2:
        return _by_marks(mapping, marked)
    if "won" in flags and "lost" not in marked:
        return _by_won_alone(reading, mapping, flags["won"])
    words = {
        outcome_of(word) for text in (reading.table.sheet, stem(reading.table.file)) for word in normal(text).split()
    }
    said_by_name = words & {"won", "lost", "open"}
    if len(said_by_name) == 1:
        return replace(mapping, constants={**mapping.constants, "status": said_by_name.pop()})
    return mapping


def _by_won_alone(reading: TableReading, mapping: TableMapping, won: Figures) -> TableMapping:
    """Yes and no to won, and the day of closing: a deal that was closed and not won was lost, one without a day is open.

    Where deals that were not won close later than any that was won, the days may be expected ones: nothing is said then.
    """
    closed = mapping.column("closed_on")
    figures = next((column for column in reading.columns if closed and column.header == closed.header), None)
    target = FACTS["deals"].column("closed_on")
    if closed is None or figures is None or target is None or not won.words:
        return mapping
    yes = [word for word in won.words if word.casefold() in TRUE]
    no = [word for word in won.words if word.casefold() in FALSE]
    day = expression(closed, figures.sql, target, timezone=reading.timezone).value
    row = reading.connection.execute(
        f"SELECT max(day) FILTER (won), max(day) FILTER (NOT won), count(*) FILTER (NOT won AND day IS NULL) FROM (SELECT "
        f"CAST({day} AS DATE) AS day, {cleaned(won.sql)} IN ({literals(yes)}) AS won FROM {reading.table.relation})"
    ).fetchone()
    if not yes or not no or not row or row[0] is None or row[1] is None:
        return mapping
    if not row[2] and row[1] > row[0] + timedelta(days=31):
        return mapping
    values = {f"^{re.escape(word)}( .*)?$": "won" for word in yes}
    values |= {f"^{re.escape(word)} .+$": "lost" for word in no} | {f"^{re.escape(word)}$": "open" for word in no}
    note = f"a deal with a date in “{closed.header}” that is not won counts as lost"
    both = ColumnMapping(won.header, "status", parse="choice", joined=(closed.header,), values=values, assumption=note,
                         why="won and the day of closing say it")  # fmt: skip
    return replace(mapping, columns=(*(c for c in mapping.columns if c.header != won.header), both))


def _by_dates(reading: TableReading, mapping: TableMapping, dated: dict[str, Figures], *, named: bool) -> TableMapping:
    """A date of winning and a date of losing: whichever a deal has is its close."""
    headers = {column.header for column in dated.values()}
    closed = mapping.column("closed_on")
    if closed is not None and closed.header not in headers:
        return mapping
    columns = [c for c in mapping.columns if c.header not in headers]
    for outcome, column in dated.items():
        read = reading.date(column)
        one = ColumnMapping(column.header, "closed_on", parse="date", format=read.format or "iso",
                            assumption=read.assumption, samples=column.samples[:3], why=f"the day it was {outcome}")  # fmt: skip
        columns += [one, *([replace(one, to="closed_at", parse="instant", assumption="")] if read.time else [])]
        if not named:
            columns.append(replace(one, to="status", parse="choice", format="", values={"*": outcome}, assumption=""))
    return replace(mapping, columns=tuple(columns))


_ACTIVE = frozenset(["active", "aktiv", "aktif", "actif", "activo", "activa", "ativo", "attivo", "actief"])


def _archived(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """Deals made inactive are lost, where stages tell of won deals and nothing tells of lost ones: as Odoo keeps them."""
    stage = mapping.column("stage_id")
    if stage is None or mapping.column("status") or "status" in mapping.constants:
        return mapping
    figures = next((column for column in reading.columns if column.header == stage.header), None)
    said = {outcome_of(word) for word in figures.words} if figures else set()
    for column in reading.columns:
        two = bool(column.words) and len(column.words) == 2
        if "won" in said and "lost" not in said and two and normal(column.header) in _ACTIVE and _is_mark(column):
            values = {word: "" if word.casefold() in TRUE else "lost" for word in column.words}
            others = tuple(c for c in mapping.columns if c.header != column.header)
            note = "deals that are not active count as lost"
            both = ColumnMapping(column.header, "status", parse="choice", values=values, assumption=note, why=note)
            return replace(mapping, columns=(*others, both))
    return mapping


def _is_mark(column: Figures) -> bool:
    """Whether a column's cells say yes, no or nothing."""
    return (
        column.filled > 0 and bool(column.words) and all(word.casefold() in _MARKED | {*FALSE} for word in column.words)
    )


def _by_marks(mapping: TableMapping, marked: dict[str, Figures]) -> TableMapping:
    """Two columns of marks, one for deals that were won and one for those that were lost: neither says open."""
    headers = {column.header for column in marked.values()}
    columns = [c for c in mapping.columns if c.header not in headers]
    for outcome, column in marked.items():
        values = {word: outcome if word.casefold() in _MARKED - {*FALSE} else "" for word in column.words}
        columns.append(
            ColumnMapping(
                column.header,
                "status",
                parse="choice",
                values=values,
                samples=column.samples[:3],
                why=f"marks what was {outcome}",
            )
        )
    return replace(mapping, columns=tuple(columns))

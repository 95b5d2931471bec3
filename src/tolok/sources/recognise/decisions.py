"""Whether deals are won or lost where no column names it: two dates, two columns of yes and no, the table's own name."""

from __future__ import annotations

import re
from dataclasses import replace

from tolok.sources.headings import normal, stem
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import FALSE, TRUE

_WON_DATES = re.compile(
    r"^(deal )?(date )?(won|menang|ganad[oa]|gewonnen|gagnee?|vint[oa]|ganh[oa])( date| time| on| at| am| el| le| il| em)?$"
)
_LOST_DATES = re.compile(
    r"^(deal )?(date )?(lost|kalah|perdid[oa]|verloren|perdue?|pers[oa])( date| time| on| at| am| el| le| il| em)?$"
)


def decided(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The outcome where no column names it: by two dates, by yes and no, or by the name of the table."""
    dated = {}
    for outcome, pattern in (("won", _WON_DATES), ("lost", _LOST_DATES)):
        for column in reading.columns:
            said = re.sub(r"^(tanggal|tgl|fecha|data|datum|date) (de |di )?", "date ", normal(column.header))
            if pattern.match(said) and column.filled and reading.date(column).share > 0.9:
                dated[outcome] = column
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
    words = {
        outcome_of(word) for text in (reading.table.sheet, stem(reading.table.file)) for word in normal(text).split()
    }
    said_by_name = words & {"won", "lost", "open"}
    if len(said_by_name) == 1:
        return replace(mapping, constants={**mapping.constants, "status": said_by_name.pop()})
    return mapping


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

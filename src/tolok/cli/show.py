"""Answers as tables for people, and as files."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tolok.money import format_value, shown_decimals
from tolok.query.answer import Answer, Row
from tolok.query.drill import Records
from tolok.query.written import cell as written_cell
from tolok.query.written import harmless, row_json

MOST_LINES = 200


def write_parquet(answer: Answer, path: Path) -> None:
    """The figures as a Parquet file."""
    from tolok.store.parquet import write

    write([row_json(row, answer) for row in answer.rows()], path)


def table(answer: Answer, language: str, *, colour: bool) -> str:
    """A table for people: members and periods down, KPIs across."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    shown = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    periods = len(answer.periods) > 1 or answer.grain != "total"
    for name in answer.by:
        shown.add_column(name, overflow="fold")
    if periods:
        shown.add_column("period")
    for asked in answer.asked:
        words = asked.definition.words_in(language)
        variant = words.variants.get(asked.variant, asked.variant)
        shown.add_column(f"{words.name} ({variant})" if asked.variant else words.name, justify="right")
        if answer.compared:
            shown.add_column("change", justify="right")
        if answer.targets:
            shown.add_column("target", justify="right")
    grid: dict[tuple[tuple[str | None, ...], str], dict[str, Row]] = {}
    for row in answer.rows():
        key = (tuple(row.ids[name] for name in answer.by), row.period.label)
        grid.setdefault(key, {})[row.kpi] = row
    lines = list(grid.values())
    if answer.by and not periods:
        first = answer.asked[0].id
        lines.sort(key=lambda line: (line[first].value is None, -(line[first].value or 0)))
    for line in lines[:MOST_LINES]:
        some = next(iter(line.values()))
        cells = [str(some.members[name] if some.members[name] is not None else "(none)") for name in answer.by]
        if periods:
            cells.append(some.period.label + (" *" if some.partial else ""))
        for asked in answer.asked:
            row = line[asked.id]
            cells.append(_figure(row.value, row.unit, answer.currency, language))
            if answer.compared:
                cells.append(_change(row, language))
            if answer.targets:
                cells.append(_figure(row.target, row.unit, answer.currency, language))
        shown.add_row(*cells)
    out = io.StringIO()
    console = Console(file=out, width=200 if not colour else None, force_terminal=colour, highlight=False, emoji=False)
    console.print(shown)
    text = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip()
    first_day, last_day = answer.periods[0].start, answer.periods[-1].end
    below = [f"{first_day} to {last_day}"]
    if len(lines) > MOST_LINES:
        below.append(f"the first {MOST_LINES} of {len(lines)} lines; --format csv has all of them")
    if periods and any(answer.partial):
        below.append("* not a whole period")
    below += answer.notes
    return text + "\n\n" + "\n".join(below)


def _figure(value: float | None, unit: str, currency: str, language: str) -> str:
    """A figure as a table shows it: money to the smallest unit that is written, the rest in full."""
    if value is not None and unit == "money":
        value = round(value, shown_decimals(currency))
    return format_value(value, unit, currency, language, full=True)


def _change(row: Row, language: str) -> str:
    if row.change is None:
        return "–"
    sign = "+" if row.change > 0 else ""
    unit = "score" if row.unit in ("percent", "score") else "percent"
    ending = " pts" if unit == "score" else ""
    return sign + format_value(row.change, unit, "", language) + ending


def explained(answer: Answer) -> str:
    """The definitions asked and the statement that ran."""
    pieces = []
    for asked in answer.asked:
        words = asked.definition
        found = words.variants.get(asked.variant)
        formula = found.formula if found is not None else words.formula
        pieces.append(f"-- {words.name}: {words.question}\n-- {formula}")
    pieces += [f"-- {note}" for note in answer.notes]
    return "\n".join(pieces) + "\n\n" + answer.sql


def records_table(found: list[Records]) -> str:
    """Records for people: per KPI and side, the columns that hold something."""
    pieces = []
    for item in found:
        title = f"{item.kpi} {item.side}".strip()
        if item.why_none:
            pieces.append(f"{title}: {item.why_none}")
            continue
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(item.columns)
        writer.writerows([["" if cell is None else harmless(written_cell(cell)) for cell in row] for row in item.rows])
        more = f", the first {len(item.rows)} shown" if len(item.rows) < item.total else ""
        pieces.append(f"{title}: {item.total} {item.fact.replace('_', ' ')}{more}\n{out.getvalue().rstrip()}")
    return "\n\n".join(pieces)

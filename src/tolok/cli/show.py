"""Answers as text: tables for people, JSON and CSV for other tools."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tolok.money import format_value, shown_decimals
from tolok.query.answer import Answer, Row
from tolok.query.drill import Records

MOST_LINES = 200


def as_json(answer: Answer) -> dict[str, Any]:
    """The object of ``--format json``: values in full precision, null for no answer."""
    return {
        "kpis": [
            {"id": asked.id, "variant": asked.variant or "standard", "unit": asked.unit} for asked in answer.asked
        ],
        "grain": answer.grain,
        "from": answer.periods[0].start.isoformat(),
        "to": answer.periods[-1].end.isoformat(),
        "currency": answer.currency,
        "rows": [row_json(row, answer) for row in answer.rows()],
        "notes": list(answer.notes),
        "snapshot": answer.snapshot,
    }


def row_json(row: Row, answer: Answer) -> dict[str, Any]:
    written: dict[str, Any] = {
        "kpi": row.kpi,
        "period": row.period.label,
        "from": row.period.start.isoformat(),
        "to": row.period.end.isoformat(),
    }
    for name in answer.by:
        written[name] = row.members[name]
        written[f"{name}_id"] = row.ids[name]
    written |= {
        "value": row.value,
        "of": row.of,
        "over": row.over,
        "count": row.count,
        "unit": row.unit,
        "partial": row.partial,
    }
    if row.compared_with is not None:
        written |= {
            "compared_from": row.compared_with.start.isoformat(),
            "compared_to": row.compared_with.end.isoformat(),
            "compared_value": row.compared_value,
            "change": row.change,
        }
    if answer.targets:
        written["target"] = row.target
    return written


def as_csv(answer: Answer) -> str:
    """One line per figure; cells that a spreadsheet would run as a formula are led by an apostrophe."""
    lines = [row_json(row, answer) for row in answer.rows()]
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(lines[0]) if lines else ["kpi"], lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({key: _harmless(value) for key, value in line.items()})
    return out.getvalue().rstrip("\n")


def _harmless(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


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


def records_json(found: list[Records]) -> str:
    return json.dumps(
        [
            {
                "kpi": item.kpi,
                "side": item.side,
                "fact": item.fact,
                "total": item.total,
                "why_none": item.why_none,
                "rows": [dict(zip(item.columns, map(_cell, row), strict=True)) for row in item.rows],
            }
            for item in found
        ],
        ensure_ascii=False,
        indent=1,
    )


def _cell(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


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
        writer.writerows([["" if cell is None else _harmless(_cell(cell)) for cell in row] for row in item.rows])
        more = f", the first {len(item.rows)} shown" if len(item.rows) < item.total else ""
        pieces.append(f"{title}: {item.total} {item.fact.replace('_', ' ')}{more}\n{out.getvalue().rstrip()}")
    return "\n\n".join(pieces)

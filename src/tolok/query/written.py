"""Answers and rows as other programs read them: JSON with full precision, CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tolok.query.answer import Answer, Row
from tolok.query.drill import Records


def as_json(answer: Answer) -> dict[str, Any]:
    """The object of ``tolok kpi --format json``: values in full precision, null for no answer."""
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
        writer.writerow({key: harmless(value) for key, value in line.items()})
    return out.getvalue().rstrip("\n")


def harmless(value: Any) -> Any:
    """A cell that a spreadsheet takes as text although it begins like a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def records_json(found: list[Records]) -> list[dict[str, Any]]:
    """Per KPI and side: the fact, how many rows there are, and the rows as objects."""
    return [
        {
            "kpi": item.kpi,
            "side": item.side,
            "fact": item.fact,
            "total": item.total,
            "why_none": item.why_none,
            "rows": [dict(zip(item.columns, map(cell, row), strict=True)) for row in item.rows],
        }
        for item in found
    ]


def cell(value: object) -> object:
    """A cell as JSON has it: whole numbers as integers, dates as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value

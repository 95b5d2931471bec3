"""Rows written by hand, as KPI examples and tests have them, as values of a fact's types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tolok.errors import DefinitionError, nearest
from tolok.model import FACTS, Column, Fact

Rows = Mapping[str, Iterable[Mapping[str, Any]]]
REPEAT = "repeat"


def typed_rows(rows: Rows) -> dict[str, list[tuple[Any, ...]]]:
    """For each fact its rows as tuples in the order of the fact's columns.

    ``repeat = n`` stands for n equal rows; a row without an id gets one.

    >>> [row[0] for row in typed_rows({"deals": [{"status": "won", "repeat": 2}]})["deals"]]
    ['1', '2']
    """
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, given in rows.items():
        fact = FACTS.get(name)
        if fact is None:
            raise DefinitionError(f"There is no fact {name!r}.", next_step=nearest(name, FACTS))
        found[name] = _fact_rows(fact, given)
    return found


def _fact_rows(fact: Fact, given: Iterable[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for row in given:
        for name in row:
            if fact.column(name) is None and name != REPEAT:
                raise DefinitionError(
                    f"{fact.name} has no column {name!r}.", next_step=nearest(name, fact.column_names)
                )
        values = {column.name: value(fact, column, row.get(column.name)) for column in fact.columns}
        for copy in range(int(row.get(REPEAT, 1))):
            if "id" in values and (row.get("id") is None or copy):
                stem = f"{row['id']}-" if row.get("id") is not None else ""
                values["id"] = f"{stem}{len(found) + 1}"
            found.append(tuple(values.values()))
    return found


def value(fact: Fact, column: Column, written: Any) -> Any:
    """A written value in the type of its column; an empty text is a missing number, date or boolean."""
    if written is None or (written == "" and column.sql_type != "VARCHAR"):
        return None
    try:
        return _value(column, written)
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise DefinitionError(
            f"{fact.name}.{column.name} is of type {column.type}, which {written!r} is not.",
            next_step="Write dates as 2026-01-31, moments as 2026-01-31 09:30, numbers without separators.",
        ) from error


def _value(column: Column, written: Any) -> Any:
    match column.type:
        case "money" | "number" | "rate":
            return Decimal(str(written))
        case "integer":
            if int(written) != Decimal(str(written)):
                raise ValueError(written)
            return int(written)
        case "date":
            if isinstance(written, datetime):
                return written.date()
            return written if isinstance(written, date) else date.fromisoformat(str(written))
        case "instant":
            moment = written if isinstance(written, datetime) else datetime.fromisoformat(str(written))
            return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
        case "boolean":
            if isinstance(written, bool):
                return written
            return {"true": True, "false": False}[str(written).lower()]
        case "extra":
            return json.dumps(written, ensure_ascii=False) if isinstance(written, dict) else str(written)
        case _:
            return str(written)

"""Which field of the form a place in a KPI's file belongs to, so that an error of the loader stands beside it."""

from __future__ import annotations

from tolok.kpis.bodies import BODIES
from tolok.kpis.measures import AGGREGATES
from tolok.web.kpis.fields import Fields

NAMED = {"window": "window", "dated_by": "dated_by", "per": "per", "q": "q", "same": "same", "each": "each"}


def field_of(path: tuple[str | int, ...], fields: Fields) -> str:
    """The name of the field, "" where no one field is to blame.

    >>> field_of(("ratio", "of", "sum"), Fields({"body.of.aggregate": ["sum"]}))
    'body.of.column'
    >>> field_of(("rule", 1, "value"), Fields({"rules.0.says": [""], "rules.3.says": [""]}))
    'rules.3.value'
    """
    if not path:
        return ""
    first, rest = path[0], path[1:]
    if first in BODIES:
        return _body(str(first), rest, "body", fields)
    if first == "variants" and rest:
        row = next((row for row in fields.rows("variants") if fields.get(f"{row}.id") == rest[0]), "")
        if not row or len(rest) == 1:
            return f"{row}.id" if row else ""
        if rest[1] in BODIES:
            return _body(str(rest[1]), rest[2:], f"{row}.body", fields)
        return f"{row}.{rest[1]}"
    if first in ("rule", "example") and rest and isinstance(rest[0], int):
        rows = fields.rows("rules" if first == "rule" else "examples")
        row = rows[rest[0]] if rest[0] < len(rows) else ""
        key = str(rest[1]) if len(rest) > 1 else "says"
        if row and key == "rows":
            return _cell(rest[2:], row, fields) or f"{row}.says"
        return f"{row}.{key}" if row else ""
    if first == "in":
        return f"id_{rest[1]}" if len(rest) > 1 and rest[1] in ("name", "question", "formula") else "id_name"
    return str(first)


def _cell(rest: tuple[str | int, ...], row: str, fields: Fields) -> str:
    """The cell of an example's rows: fact, number of the row, column."""
    if len(rest) < 3 or not isinstance(rest[1], int):
        return ""
    table = next((one for one in fields.rows(f"{row}.tables") if fields.get(f"{one}.fact") == rest[0]), "")
    rows = fields.rows(f"{table}.rows") if table else []
    return f"{rows[rest[1]]}.{rest[2]}" if rest[1] < len(rows) else ""


def _body(kind: str, rest: tuple[str | int, ...], prefix: str, fields: Fields) -> str:
    if kind in ("value", "ratio", "score"):
        side = "of"
        if rest and rest[0] in ("of", "over", "plus", "minus"):
            side, rest = str(rest[0]), rest[1:]
        if side in ("plus", "minus"):
            return _condition(rest, f"{prefix}.{side}", fields) or f"{prefix}.kind"
        return _measure(rest, f"{prefix}.{side}", fields) if rest else f"{prefix}.kind"
    if rest and rest[0] in ("where", "reached_where"):
        return _condition(rest[1:], f"{prefix}.{rest[0]}", fields) or f"{prefix}.kind"
    if rest and rest[0] == "of":
        return f"{prefix}.kpi"
    return f"{prefix}.{rest[0]}" if rest else f"{prefix}.kind"


def _measure(rest: tuple[str | int, ...], prefix: str, fields: Fields) -> str:
    key = rest[0]
    if key in AGGREGATES:
        if key in ("observed", "target"):
            return f"{prefix}.name"
        return f"{prefix}.{'fact' if key == 'count' else 'column'}"
    if key == "where":
        return _condition(rest[1:], f"{prefix}.where", fields) or f"{prefix}.aggregate"
    if key == "having":
        return f"{prefix}.having"
    return f"{prefix}.{NAMED.get(str(key), 'aggregate')}"


def _condition(rest: tuple[str | int, ...], prefix: str, fields: Fields) -> str:
    rows = fields.rows(prefix)
    named = next((row for row in rows if rest and fields.get(f"{row}.column") == rest[0]), rows[0] if rows else "")
    return f"{named}.column" if named else ""

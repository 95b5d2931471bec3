"""Whom and what a target can be for: the people, teams, customers, products and regions of the facts."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from tolok.query.build import column, table
from tolok.targets.proposal import Member
from tolok.targets.standing import Rows

_VALUES = (
    ("category", "products"),
    ("region", "accounts"),
    ("region", "reps"),
    ("region", "teams"),
    ("channel", "accounts"),
    ("segment", "accounts"),
)


def people(engine: Rows) -> dict[str, dict[str, Member]]:
    """The reps, with the day from which each is gone, and the teams."""
    return {
        "rep": {id_: Member(name or id_, left) for id_, name, left in _read(engine, "reps", "id", "name", "left_on")},
        "team": {id_: Member(name or id_) for id_, name in _read(engine, "teams", "id", "name")},
    }


def things(engine: Rows) -> dict[str, dict[str, Member]]:
    """Customers and products by id, and the categories, regions, channels and segments that occur."""
    found: dict[str, dict[str, Member]] = {
        "product": {id_: Member(name or id_) for id_, name in _read(engine, "products", "id", "name")},
        "account": {id_: Member(name or id_) for id_, name in _read(engine, "accounts", "id", "name")},
    }
    for dimension, fact in _VALUES:
        held = found.setdefault(dimension, {})
        for (value,) in _read(engine, fact, dimension):
            if value:
                held[value] = Member(value)
    return found


def _read(engine: Rows, fact: str, *names: str) -> list[tuple[Any, ...]]:
    if not engine.has(fact):
        return []
    return engine.rows(exp.select(*[column(name) for name in names]).distinct().from_(table(fact, "f")))[1]

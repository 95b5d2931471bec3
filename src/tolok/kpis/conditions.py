"""Conditions and columns as a KPI file writes them, checked against the facts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import get_args

from tolok.errors import nearest
from tolok.kpis.definition import Condition, Test
from tolok.kpis.form import Form, number_in
from tolok.model import FACTS, Column, Fact

TESTS: tuple[Test, ...] = tuple(test for test in get_args(Test) if test != "reached")  # `reached` is for cohorts
_ORDERED = ("at_least", "at_most", "above", "below")
_NUMERIC = ("money", "number", "rate", "integer")


def fact_named(form: Form, key: str, name: str) -> Fact:
    fact = FACTS.get(name)
    if fact is None:
        form.refuse(f"There is no fact {name!r}.", key, next_step=nearest(name, FACTS))
    return fact


def column_named(form: Form, key: str, fact: Fact, name: str) -> Column:
    column = fact.column(name)
    if column is None:
        form.refuse(f"{fact.name} has no column {name!r}.", key, next_step=nearest(name, fact.column_names))
    return column


def fact_and_column(form: Form, key: str, written: object) -> tuple[Fact, Column]:
    """``sales.amount`` as the fact and the column that it names."""
    if not isinstance(written, str) or written.count(".") != 1:
        form.refuse(f"{key!r} must name a fact and a column.", key, next_step=f'Write {key} = "sales.amount".')
    name, column = written.split(".")
    fact = fact_named(form, key, name)
    return fact, column_named(form, key, fact, column)


def date_column(form: Form, key: str, fact: Fact, name: str) -> str:
    """A column by which rows can be dated."""
    column = column_named(form, key, fact, name)
    if column.type != "date":
        dates = [known.name for known in fact.columns if known.type == "date"]
        form.refuse(f"{fact.name}.{name} is no date.", key, next_step=nearest(name, dates))
    return name


def column_at(fact: Fact, path: str) -> Column | None:
    """The column at a path: ``status``, ``account.industry``, ``account_id.industry``; None where it leads nowhere."""
    if path.startswith("extra.") and len(path) > len("extra."):
        return Column(path, "text", "A column of the source that maps to nothing") if fact.column("extra") else None
    *references, last = path.split(".")
    for step in references:
        reference = fact.column(step) or fact.column(f"{step}_id")
        if reference is None or reference.to not in FACTS:
            return None
        fact = FACTS[reference.to]
    return fact.column(last)


def conditions(form: Form, fact: Fact) -> tuple[Condition, ...]:
    """All conditions of a table such as ``where = { status = "won", value = { at_least = 9 } }``."""
    found: list[Condition] = []
    for key, value in form.table.items():
        found.extend(_condition(form, fact, key, key, value))
    return tuple(found)


def _condition(form: Form, fact: Fact, key: str, path: str, value: object) -> list[Condition]:
    if isinstance(value, dict) and value and _is_path(fact, path) and not set(value) & set(TESTS):
        inner = [_condition(form, fact, key, f"{path}.{step}", content) for step, content in value.items()]
        return [condition for conditions_ in inner for condition in conditions_]
    column = column_at(fact, path)
    if column is None:
        tail = path.rsplit(".", 1)[-1]
        form.refuse(
            f"{fact.name} has no column {path!r} to put a condition on.",
            key,
            next_step=nearest(tail, fact.column_names),
        )
    path = _by_references(fact, path)
    if not isinstance(value, dict):
        return [Condition(path, "is", _values(form, key, column, "is", value))]
    if not value:
        form.refuse(f"The condition on {path!r} is empty.", key)
    found = []
    for test, content in value.items():
        if test not in TESTS:
            form.refuse(f"Unknown test {test!r} in the condition on {path!r}.", key, next_step=nearest(test, TESTS))
        found.append(Condition(path, test, _values(form, key, column, test, content)))
    return found


def _by_references(fact: Fact, path: str) -> str:
    """``account.industry`` as the chain of references that it stands for: ``account_id.industry``."""
    if path.startswith("extra."):
        return path
    *references, last = path.split(".")
    steps = []
    for step in references:
        name = step if fact.column(step) else f"{step}_id"
        reference = fact.column(name)
        fact = FACTS[reference.to if reference else ""]
        steps.append(name)
    return ".".join((*steps, last))


def _is_path(fact: Fact, path: str) -> bool:
    """Whether a step leads on to another fact: TOML reads ``account.industry = …`` as a table in a table."""
    column = column_at(fact, path) or column_at(fact, f"{path}_id")
    return column is not None and (column.to in FACTS or column.type == "extra")


def _values(form: Form, key: str, column: Column, test: str, value: object) -> tuple[str | Decimal | bool, ...]:
    if test == "known":
        if not isinstance(value, bool):
            form.refuse(f"'known' on {column.name!r} must be true or false.", key)
        return (value,)
    if test in ("within", "before"):
        if column.type != "date" or value != "period":
            form.refuse(
                f"{test!r} on {column.name!r} must compare a date with the period.",
                key,
                next_step=f'Write {column.name} = {{ {test} = "period" }} on a date column.',
            )
        return ("period",)
    if test == "top":
        count = number_in(value)
        if column.name != "value" or count is None or count < 1 or count != int(count):
            form.refuse("'top' needs a whole number and the column 'value' of answers.", key)
        return (count,)
    items = value if isinstance(value, list) else [value]
    if not items:
        form.refuse(f"The condition on {column.name!r} lists no value.", key)
    if test in _ORDERED and (len(items) != 1 or column.type not in (*_NUMERIC, "date")):
        form.refuse(f"{test!r} on {column.name!r} needs one value and a column of numbers or dates.", key)
    return tuple(_value(form, key, column, item) for item in items)


def _value(form: Form, key: str, column: Column, value: object) -> str | Decimal | bool:
    if column.type == "boolean":
        if isinstance(value, bool):
            return value
        form.refuse(f"{column.name!r} is true or false, not {value!r}.", key)
    if column.type in _NUMERIC:
        number = number_in(value)
        if number is not None:
            return number
        form.refuse(f"{column.name!r} is a number, not {value!r}.", key)
    if column.type == "date":
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        form.refuse(f"{column.name!r} is a date, not {value!r}.", key, next_step="Write it as 2026-01-31.")
    if not isinstance(value, str):
        form.refuse(f"{column.name!r} is text, not {value!r}.", key)
    if column.type == "choice" and value not in column.values:
        form.refuse(f"{column.name!r} is never {value!r}.", key, next_step=nearest(value, column.values))
    return value

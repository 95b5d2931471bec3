"""Examples as a KPI file writes them: rows of facts, and the value that they must give."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from tolok.errors import nearest
from tolok.kpis.conditions import fact_named
from tolok.kpis.definition import Example
from tolok.kpis.form import Form, number_in
from tolok.model import Column, Fact

NO_ANSWER = "no answer"
_MOST_REPEATS = 10_000


def example(form: Form, variants: Iterable[str]) -> Example:
    """Read one example of a KPI with these variants."""
    form.only(("says", "rows", "answer", "variant", "from", "to", "by", "within"))
    variant = form.string("variant") if form.has("variant") else ""
    if variant and variant not in variants:
        form.refuse(f"There is no variant {variant!r}.", "variant", next_step=nearest(variant, variants))
    by = form.string("by") if form.has("by") else ""
    start, end = form.day("from"), form.day("to")
    if start and end and end < start:
        form.refuse("The period ends before it begins.", "to")
    rows = form.maybe("rows")
    return Example(
        says=form.string("says"),
        rows={fact: _rows(rows, fact) for fact in rows.table},
        answer=_answer(form, by),
        variant=variant,
        start=start,
        end=end,
        by=by,
        within=form.number("within") if form.has("within") else Decimal("0.005"),
    )


def _answer(form: Form, by: str) -> Decimal | dict[str, Decimal | None] | None:
    if not form.has("answer"):
        form.refuse("The example has no answer.", next_step=f'Write answer = 63.2, or answer = "{NO_ANSWER}".')
    written = form.table["answer"]
    if isinstance(written, dict) != bool(by):
        form.refuse("An answer with 'by' is a table of one number per member, without 'by' one number.", "answer")
    if isinstance(written, dict):
        inner = form.child("answer")
        return {member: _one(inner, member) for member in written}
    return _one(form, "answer")


def _one(form: Form, key: str) -> Decimal | None:
    if form.table[key] == NO_ANSWER:
        return None
    number = number_in(form.table[key])
    if number is None:
        form.refuse(f'The answer must be a number or "{NO_ANSWER}".', key)
    return number


def _rows(form: Form, name: str) -> tuple[dict[str, object], ...]:
    fact = fact_named(form, name, name)
    return tuple(_row(row, fact) for row in form.children(name))


def _row(form: Form, fact: Fact) -> dict[str, object]:
    form.only((*fact.column_names, "repeat"))
    repeat = form.whole("repeat", 1)
    if not 1 <= repeat <= _MOST_REPEATS:
        form.refuse(f"'repeat' lies between 1 and {_MOST_REPEATS}.", "repeat")
    return {key: _cell(form, key, fact.column(key)) for key in form.table}


def _cell(form: Form, key: str, column: Column | None) -> object:
    value = form.table[key]
    if column is None:
        return value
    if column.type == "boolean":
        fits = isinstance(value, bool)
    elif column.type == "date":
        fits = isinstance(value, date) and not isinstance(value, datetime)
    elif column.type == "instant":
        fits = isinstance(value, datetime)
    elif column.type in ("money", "number", "rate", "integer"):
        fits = number_in(value) is not None
    else:
        fits = isinstance(value, str)
    if not fits:
        form.refuse(f"{column.name!r} is of type {column.type}, and {value!r} is not.", key)
    if column.type == "choice" and value not in column.values:
        form.refuse(f"{column.name!r} is never {value!r}.", key, next_step=nearest(str(value), column.values))
    return value

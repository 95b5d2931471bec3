"""From a column's mapping to the SQL that reads it: the typed value, and the test for text that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tolok.model import Column
from tolok.sources.mapping import ColumnMapping
from tolok.sources.values import dates, identities, numbers
from tolok.sources.values.cells import cleaned, only_where, present
from tolok.sources.values.quoting import literal, literals
from tolok.sources.values.words import FALSE, NOT_YET, TRUE


@dataclass(frozen=True)
class TypedExpression:
    """DuckDB SQL over one text column.

    ``value`` is the typed value, null where there is none. ``suspect`` needs a look only where the value is null: true
    where the cell says something that cannot be read. ``reason`` is the sentence for it, with ``{text}`` for the cell.
    """

    value: str
    suspect: str
    reason: str

    @property
    def bad(self) -> str:
        """True where text is present but unreadable."""
        return self.bad_given(self.value)

    def bad_given(self, value: str) -> str:
        """The same, where the value has been computed already and has a name."""
        return "false" if self.suspect == "false" else f"CASE WHEN ({value}) IS NULL THEN {self.suspect} ELSE false END"


COMMON = ("IDR", "USD", "EUR", "GBP", "SGD", "MYR", "JPY", "AUD")
"""Currencies that are known at a glance, before any other spelling is looked for."""

ANY = "*"
"""Key of ``values`` for every other word."""

UNIT_FACTORS: dict[str, str] = {
    **{word: str(factor) for word, factor in {"k": 10**3, "thousand": 10**3, "thousands": 10**3, "rb": 10**3,
       "ribu": 10**3, "jt": 10**6, "juta": 10**6, "million": 10**6, "millions": 10**6, "miliar": 10**9,
       "billion": 10**9, "billions": 10**9}.items()},
    "fraction": "100", "minutes": "1", "hours": "60", "seconds": "0.0166666667", "ms": "0.0000166667", "cents": "0.01",
    "yearly": "0.0833333333",
}  # fmt: skip
"""What a header's unit multiplies its cells by; ``fraction`` is 0–1 for a percent; times become minutes."""


def source_of(column: ColumnMapping, headers: Sequence[str]) -> str:
    """The text of a mapped column in its table's relation (``c0``, ``c1``, …), several headers joined by a space.

    >>> source_of(ColumnMapping("First", "name", joined=("Last",)), ["Id", "First", "Last"])
    "concat_ws(' ', c1, c2)"
    """
    places = [headers.index(header) for header in (column.header, *column.joined) if header in headers]
    if len(places) == 1:
        return f"c{places[0]}"
    return f"concat_ws(' ', {', '.join(f'c{place}' for place in places)})" if places else "CAST(NULL AS VARCHAR)"


def expression(column: ColumnMapping, source_sql: str, target: Column, *, timezone: str) -> TypedExpression:
    """How to read one column into one column of a fact.

    ``source_sql`` is the text column; ``target`` gives the SQL type. Ids and references are brought to one form.
    """
    cell = cleaned(source_sql)
    if target.type in ("date", "instant") or column.parse in ("date", "instant"):
        return _date(column, source_sql, target, timezone)
    if target.type in ("money", "number", "rate", "integer"):
        return _number(column, source_sql, target)
    if target.type == "boolean" or column.parse == "boolean":
        return _boolean(column, source_sql)
    if target.type == "choice" or column.parse == "choice" or column.values:
        return _choice(column, source_sql, target)
    if target.name == "currency" or target.name == "into":
        return _currency(column, source_sql)
    if target.type in ("id", "ref") or target.name == "source_id" or column.parse == "reference":
        if column.by == "name":
            return TypedExpression(cell, "false", "")
        value = identities.identity_sql(cell, column.format)
        rounded = "“{text}” is an id that a spreadsheet has rounded; export it as text."
        return TypedExpression(value, f"coalesce({identities.damaged_sql(source_sql)}, false)", rounded)
    return TypedExpression(cell, "false", "")


def _date(column: ColumnMapping, source: str, target: Column, timezone: str) -> TypedExpression:
    fast = set(dates.forms(column.format)) <= {"iso", "iso time"}
    cell = source if fast else cleaned(source)
    form = column.format or "iso"
    readable = dates.date_sql(form, cell, timezone=timezone)
    if target.type == "instant":
        value = dates.instant_sql(form, cell, timezone=timezone)
    else:
        value = readable
    suspect = f"({present(source)} AND lower({cleaned(source)}) NOT IN ({literals(sorted(NOT_YET))}))"
    if target.type == "instant":
        suspect = f"({suspect} AND ({readable}) IS NULL)"
    shown = form.replace("|", " or ")
    return TypedExpression(value, suspect, "“{text}” is no date between 1900 and 2199 written as " + shown + ".")


def _number(column: ColumnMapping, source: str, target: Column) -> TypedExpression:
    factor = UNIT_FACTORS.get(column.unit.casefold(), column.unit if _is_number(column.unit) else "1")
    value = numbers.number_sql(
        source,
        decimal=column.decimal,
        type=target.sql_type if target.type != "integer" else "DECIMAL(18,4)",
        factor=factor,
        units=column.values,
    )
    if column.parse == "percent" and target.type == "rate":
        value = f"CAST(({value}) / 100 AS {target.sql_type})"
    if target.type == "integer":  # 5.6 people is a mistake
        value = f"CASE WHEN {value} = round({value}) THEN CAST({value} AS BIGINT) END"
    return TypedExpression(
        value,
        present(source),
        f"“{{text}}” is no number up to {numbers.LIMIT} with the decimal mark “{column.decimal}”.",
    )


def _is_number(text: str) -> bool:
    return bool(text) and text.replace(".", "", 1).isdigit()


def _boolean(column: ColumnMapping, source: str) -> TypedExpression:
    word = f"lower({cleaned(source)})"
    own = {key.casefold(): value.casefold() in ("true", "yes", "1") for key, value in column.values.items()}
    rest = own.pop(ANY, None)
    yes = [key for key, value in own.items() if value] + [key for key in TRUE if key not in own]
    no = [key for key, value in own.items() if not value] + [key for key in FALSE if key not in own]
    other = "" if rest is None else f" WHEN {present(source)} THEN {str(rest).lower()}"
    value = f"CASE WHEN {word} IN ({literals(yes)}) THEN true WHEN {word} IN ({literals(no)}) THEN false{other} END"
    return TypedExpression(value, present(source), "“{text}” is neither yes nor no.")


def _choice(column: ColumnMapping, source: str, target: Column) -> TypedExpression:
    word = f"lower({cleaned(source)})"
    exact = {key.casefold(): value for key, value in column.values.items() if key != ANY and not key.startswith("^")}
    exact.update({value: value for value in target.values if value not in exact})
    silent = [key for key, value in exact.items() if not value]
    cases = "".join(f" WHEN {word} = {literal(key)} THEN {literal(value)}" for key, value in exact.items() if value)
    if silent:
        cases += f" WHEN {word} IN ({literals(silent)}) THEN NULL"
    for key, value in column.values.items():
        if key.startswith("^"):
            cases += f" WHEN regexp_matches({cleaned(source)}, {literal(key)}) THEN {literal(value)}"
    other = column.values.get(ANY, "")
    if other:
        cases += f" WHEN {present(source)} THEN {literal(other)}"
    elif not target.values:
        cases += f" ELSE {cleaned(source)}"
    value = f"CASE{cases} END" if cases.startswith(" WHEN") else cleaned(source)
    if not target.values or ANY in column.values:
        return TypedExpression(value, "false", "")
    suspect = f"({present(source)} AND {word} NOT IN ({literals(silent)}))" if silent else present(source)
    known = ", ".join(target.values)
    return TypedExpression(
        value, suspect, "“{text}” is not known to mean one of: " + known + "; say what it means in the mapping."
    )


def _currency(column: ColumnMapping, source: str) -> TypedExpression:
    dollar = column.unit if len(column.unit) == 3 else "USD"
    if column.parse == "money":  # the symbol beside an amount: most cells have none
        return TypedExpression(numbers.currency_sql(cleaned(source), dollar=dollar), "false", "")
    words = " ".join(
        f"WHEN {literal(name)} THEN {literal(code)}"
        for name, code in {
            "us dollar": "USD", "dollar": dollar, "euro": "EUR", "rupiah": "IDR", "pound": "GBP", "british pound": "GBP",
            "yen": "JPY", "indonesian rupiah": "IDR", "singapore dollar": "SGD", "ringgit": "MYR", "real": "BRL",
            "peso": "MXN", "franc": "CHF", "united states dollar": "USD",
        }.items()
    )  # fmt: skip
    written = f"coalesce(CASE lower(cell) {words} END, {numbers.currency_sql('cell', dollar=dollar)})"
    value = only_where(f"{source} NOT IN ({literals(COMMON)})", source, written, given=cleaned(source))
    return TypedExpression(value, present(source), "“{text}” is no currency that has an ISO code here.")

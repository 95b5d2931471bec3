"""From the columns assigned to a fact to their mappings: how each is read, and what a person should confirm."""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field, replace

from tolok.model import FACTS, Column
from tolok.sources.headings import Aside, aside, normal
from tolok.sources.mapping import ColumnMapping
from tolok.sources.recognise.choices import meaning_of
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.recognise.tables import Assigned
from tolok.sources.values.figures import Figures
from tolok.sources.values.identities import SALESFORCE
from tolok.sources.values.inference import Reading, TableReading
from tolok.sources.values.words import SYMBOLS

_INSTANTS = {"happened_on": "started_at", "on": "at"}


@dataclass(frozen=True)
class Mapped:
    """The mappings of one table's columns, and the constants that its values imply."""

    columns: tuple[ColumnMapping, ...]
    constants: dict[str, str] = field(default_factory=dict)


def instant_beside(fact: str, name: str) -> str:
    """The instant that belongs to a date column of a fact, "" where there is none."""
    guess = _INSTANTS.get(name, name.removesuffix("_on") + "_at" if name.endswith("_on") else "")
    return guess if guess and FACTS[fact].column(guess) else ""


def map_column(
    reading: TableReading,
    assigned: Assigned,
    fact: str,
    *,
    by: str = "",
    system: str = "",
    values: Lookup[str, str] | None = None,
    described: Aside | None = None,
) -> list[ColumnMapping]:
    """How one assigned column is read; a moment becomes an instant and its local date."""
    column = assigned.figures
    name = assigned.to.removeprefix("new:")
    target = FACTS["deals"].column(name) if assigned.to.startswith("new:") else FACTS[fact].column(name)
    assert target is not None
    base = ColumnMapping(
        header=column.header,
        to=assigned.to,
        confidence=assigned.confidence,
        why=assigned.why,
        samples=column.samples[:3],
    )
    said = aside(column.header)
    if described:
        said = Aside(said.unit or described.unit, said.currency or described.currency)
    if target.type in ("date", "instant"):
        return _dates(reading, column, target, base, fact)
    if target.type in ("money", "number", "rate", "integer"):
        return [_number(reading, column, target, base, said)]
    if target.type == "boolean":
        return [replace(base, parse="boolean", values=dict(values or {}))]
    if target.type == "choice":
        return [_choice(column, target, base, fact, dict(values or {}))]
    id_format = SALESFORCE if system == "salesforce" and _salesforce_ids(column) else ""
    if target.type == "ref":
        chosen = by_looks(column, by)
        return [replace(base, parse="reference", by="name" if chosen == "name" else "id",
                        format="" if chosen == "name" else id_format)]  # fmt: skip
    return [replace(base, parse="text", format=id_format if name == "source_id" else "")]


def _dates(
    reading: TableReading, column: Figures, target: Column, base: ColumnMapping, fact: str
) -> list[ColumnMapping]:
    read = reading.date(column)
    form = read.format or "iso"
    base = replace(base, format=form, assumption=read.assumption)
    if target.type == "instant":
        return [replace(base, parse="instant", format=form)]
    found = [replace(base, parse="date")]
    beside = instant_beside(fact, target.name)
    if read.time and beside and not base.to.startswith("new:"):
        found.append(replace(base, to=beside, parse="instant", assumption=""))
    return found


def _number(reading: TableReading, column: Figures, target: Column, base: ColumnMapping, said: Aside) -> ColumnMapping:
    read: Reading = reading.number(column, money=target.type == "money")
    parse = read.parse
    unit = said.unit
    if target.type == "integer" and parse != "percent":
        parse = "integer"
    if target.name in ("probability",):
        parse = "percent"
        unit = read.unit
    elif target.name == "duration_minutes" and not unit:
        text = normal(column.header)
        unit = next((word for word in ("seconds", "hours", "ms") if word in text.split()), "")
    elif target.type == "integer":
        unit = ""
    assumption = read.assumption
    if unit and target.type == "money":
        note = f"cells are in {unit}"
        assumption = f"{assumption}; {note}" if assumption else note
    if target.type == "money" and parse == "number":
        parse = "money"
    return replace(base, parse=parse, decimal=read.decimal, unit=unit, values=read.values, assumption=assumption)


def _choice(column: Figures, target: Column, base: ColumnMapping, fact: str, declared: dict[str, str]) -> ColumnMapping:
    values = dict(declared)
    lowered = {key.casefold() for key in values}
    unknown = []
    for word in list(column.words)[:200]:
        if word.casefold() in lowered:
            continue
        meaning = outcome_of(word) if (fact, target.name) == ("deals", "status") else meaning_of(word, fact, target)
        if meaning:
            values[word] = meaning
        else:
            unknown.append(word)
    assumption = ""
    if unknown and "*" not in values and not any(key.startswith("^") for key in values):
        other = {"activities": "other", "costs": "other", "answers": "other"}.get(fact, "")
        if (fact, target.name) == ("deals", "status"):
            other = "open"
        shown = ", ".join(f"“{word[:30]}”" for word in unknown[:4]) + (" and others" if len(unknown) > 4 else "")
        if other in target.values:
            values["*"] = other
            assumption = f"{shown} count as {other}"
        else:
            values |= dict.fromkeys(unknown, "")
            assumption = f"{shown} are taken to say nothing"
    return replace(base, parse="choice", values=values, assumption=assumption)


def currency_of(reading: TableReading, amounts: list[Figures], described: Aside | None = None) -> Mapped:
    """The currency that amounts carry themselves: a constant where all say the same, a column where cells differ."""
    for column in amounts:
        said = aside(column.header).currency or (described.currency if described else "")
        if said:
            return Mapped((), {"currency": said})
        form = reading.symbol(column)
        if form is None or not form.symbol:
            continue
        if form.mixed_symbols:
            dollar = reading.currency if reading.currency.endswith("D") else "USD"
            mapping = ColumnMapping(
                column.header, "currency", parse="money", unit=dollar, why="currency beside the amount",
                samples=column.samples[:3],
            )  # fmt: skip
            return Mapped((mapping,))
        code = _code(form.symbol, reading.currency)
        if code:
            return Mapped((), {"currency": code})
    return Mapped(())


def _code(symbol: str, workspace: str) -> str:
    if symbol.upper() in SYMBOLS.values() or (len(symbol) == 3 and symbol.isupper() and symbol.isalpha()):
        return symbol.upper()
    if symbol == "$" and workspace in ("USD", "SGD", "AUD", "CAD", "MXN", "NZD", "HKD", "CLP", "COP", "ARS"):
        return workspace
    return next((code for mark, code in SYMBOLS.items() if mark.casefold() == symbol.casefold()), "")


def _salesforce_ids(column: Figures) -> bool:
    cells = [cell for cell in column.samples if cell]
    return bool(cells) and all(re.fullmatch(r"[a-zA-Z0-9]{15}(?:[A-Z0-5]{3})?", cell) for cell in cells)


_ID_HEADING = re.compile(r"(^| )(id|ids|no|nr|number|code|key|kode|codigo|nummer|numero|uuid|guid|nomor|sku)$")


_ID_CELL = re.compile(
    r"\{?[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\}?|[0-9a-f]{17,40}|[0-9]+(\.0)?|00[0-9A-Za-z]{13}([A-Z0-5]{3})?|zcrm_\d+"
)


def by_looks(column: Figures, declared: str = "") -> str:
    """By id where the cells look like ids, or the heading does and the system does not say otherwise; else by name."""
    cells = [cell for cell in column.samples if cell]
    if cells and all(_ID_CELL.fullmatch(cell) for cell in cells):
        return "id"
    if declared == "id" and cells and all(re.fullmatch(r"[^@\s]+@[^@\s]+|[\w.-]+", cell) for cell in cells):
        return "id"  # known by their email or user name
    names = [cell for cell in cells if re.match(r"[^\W\d_]+\.? [^\W\d_]+", cell)]
    if declared == "name" or len(names) > 0.5 * len(cells):
        return "name"
    text = normal(column.header)
    if _ID_HEADING.search(text) or re.match(r"^(id|kode|codigo|code|no|nomor) ", text):
        return "id"
    return declared if declared == "id" and not cells else "name"

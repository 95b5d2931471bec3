"""What a fact's own logic adds to the columns found: two columns from one heading, kinds told by numbers, missing ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tolok.model import FACTS
from tolok.sources.headings import normal
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise import year_and_month
from tolok.sources.recognise.choices import meaning_of
from tolok.sources.recognise.decisions import decided
from tolok.sources.recognise.line_amounts import of_lines
from tolok.sources.recognise.scales import on_scale
from tolok.sources.values import expression
from tolok.sources.values.cells import cleaned
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading


def complete(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The mapping with what follows from the fact's own logic."""
    rule = _RULES.get(mapping.fact)
    if rule is not None:
        mapping = rule(reading, mapping)
    mapping = year_and_month.joined(reading, mapping)
    return _identified(reading, _full_names(reading, mapping))


_FIRST_NAMES = frozenset(
    ["first name", "firstname", "given name", "vorname", "prenom", "nombre", "nome", "voornaam", "nama depan"]
)
_LAST_NAMES = frozenset(
    [
        "last name",
        "lastname",
        "surname",
        "family name",
        "nachname",
        "nom",
        "nom de famille",
        "apellido",
        "apellidos",
        "sobrenome",
        "cognome",
        "achternaam",
        "nama belakang",
    ]
)


def _full_names(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """First and last name joined, where a table has no full name."""
    if mapping.fact not in ("reps", "leads", "contacts", "accounts"):
        return mapping
    named = mapping.column("name")
    first = next((c for c in reading.columns if normal(c.header) in _FIRST_NAMES), None)
    last = next((c for c in reading.columns if normal(c.header) in _LAST_NAMES), None)
    if first is None or last is None or first is last:
        return mapping
    if named is not None and named.header not in (first.header, last.header):
        return mapping
    both = ColumnMapping(first.header, "name", joined=(last.header,), why="first and last name")
    others = tuple(c for c in mapping.columns if c.to != "name" and c.header not in (first.header, last.header))
    return replace(mapping, columns=(*others, both))


def _add(mapping: TableMapping, *columns: ColumnMapping) -> TableMapping:
    have = {column.to for column in mapping.columns}
    return replace(mapping, columns=(*mapping.columns, *(c for c in columns if c.to not in have)))


def _figures(reading: TableReading, header: str) -> Figures | None:
    return next((column for column in reading.columns if column.header == header), None)


def _deals(reading: TableReading, mapping: TableMapping) -> TableMapping:
    closed, expected = mapping.column("closed_on"), mapping.column("expected_close_on")
    if closed and not expected and not re.search(r"won|lost|actual|menang|kalah", normal(closed.header)):
        column = _figures(reading, closed.header)
        if column and column.filled >= 0.97 * column.rows:
            # filled for open deals too, so it is the expected date until the deal is closed
            note = "the date is the expected close of open deals and the close of closed ones"
            mapping = _add(mapping, replace(closed, to="expected_close_on", assumption=closed.assumption or note))
    mapping = _as_formatted(reading, decided(reading, mapping))
    has_outcome = mapping.column("stage_id") or mapping.column("status") or "status" in mapping.constants
    if not has_outcome and closed and re.search(r"won|menang|ganad|gewonnen|gagne|sale|sold", normal(closed.header)):
        mapping = replace(mapping, constants={**mapping.constants, "status": "won"})
    lead = mapping.column("lead_id")
    if lead and not mapping.column("source_id"):
        column = _figures(reading, lead.header)
        if column and column.unique:
            mapping = _add(
                mapping,
                replace(
                    lead, to="source_id", parse="text", by="", assumption="one deal for each lead: its id is the deal's"
                ),
            )
    return mapping


def _as_formatted(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The amount as its own system shows it, where a column beside it holds that: the bare number may be in cents."""
    amount = mapping.column("amount")
    if amount is None:
        return mapping
    shown = f"{normal(amount.header)} formatted"
    column = next((c for c in reading.columns if normal(c.header) == shown and c.filled), None)
    if column is None or reading.number(column).share < 0.95:
        return mapping
    read = reading.number(column, money=True)
    instead = replace(
        amount, header=column.header, parse="money", decimal=read.decimal, unit="", samples=column.samples[:3],
        assumption=f"read from “{column.header}”, since “{amount.header}” may be in cents",
    )  # fmt: skip
    return replace(
        mapping, columns=tuple(instead if c is amount else c for c in mapping.columns if c.header != column.header)
    )


_DISQUALIFIED = frozenset(
    ["disqualified date", "disqualified on", "disqualified at", "date disqualified", "unqualified date", "rejected date",
     "rejected on", "date rejected", "lost date", "lost on", "tanggal ditolak", "tgl ditolak", "tanggal diskualifikasi",
     "fecha de descarte", "data de desqualificacao", "date de disqualification", "disqualifiziert am",
     "data squalifica", "gediskwalificeerd op"]
)  # fmt: skip


def _leads(reading: TableReading, mapping: TableMapping) -> TableMapping:
    mapping = _also_as(reading, mapping, "source_status", "status")
    if mapping.column("status") or mapping.column("source_status"):
        return mapping
    # a date of disqualification is all that some exports say of a lead's end; the other dates speak for themselves
    column = next((c for c in reading.columns if normal(c.header) in _DISQUALIFIED and c.filled), None)
    if column is None:
        return mapping
    others = tuple(c for c in mapping.columns if c.header != column.header)
    said = ColumnMapping(column.header, "status", parse="choice", values={"*": "disqualified"}, why="a date says so")
    return replace(mapping, columns=(*others, said))


def _activities(reading: TableReading, mapping: TableMapping) -> TableMapping:
    kind = mapping.column("kind")
    if kind:
        mapping = _add(mapping, replace(kind, to="source_kind", parse="text", values={}, assumption=""))
    elif "kind" not in mapping.constants:
        mapping = replace(mapping, constants={**mapping.constants, "kind": _kind_of_table(reading)})
    outcome = mapping.column("outcome")
    if outcome and not mapping.column("done"):
        column = _figures(reading, outcome.header)
        done = {
            "completed",
            "done",
            "held",
            "selesai",
            "complete",
            "terlaksana",
            "realizada",
            "hecho",
            "erledigt",
            "effectue",
        }
        open_ = {"not started", "planned", "scheduled", "in progress", "deferred", "waiting on someone else", "canceled", "cancelled", "no show", "batal", "rencana", "open", "not held", "rescheduled"}  # fmt: skip  # noqa: E501
        if column and column.words and all(normal(word) in done | open_ for word in column.words):
            values = {word: "true" if normal(word) in done else "false" for word in column.words}
            mapping = _add(mapping, replace(outcome, to="done", parse="boolean", values=values, assumption=""))
    return mapping


def _kind_of_table(reading: TableReading) -> str:
    target = FACTS["activities"].column("kind")
    assert target is not None
    for text in (reading.table.sheet, reading.table.file, *reading.table.headers):
        for word in normal(re.sub(r"\.\w+$", "", text)).split():
            for form in (word, word.removesuffix("s")):
                meaning = meaning_of(form, "activities", target)
                if meaning and meaning not in ("task", "other"):
                    return meaning
    return "other"


def _orders(reading: TableReading, mapping: TableMapping) -> TableMapping:
    mapping = of_lines(reading, _numbered(reading, mapping))
    mapping = _also_as(reading, mapping, "source_status", "status")
    document = mapping.column("document")
    if document and not mapping.column("kind"):
        values = _kinds_by_letter(reading, mapping, document)
        if values:
            said = ", ".join(f"“{key.strip('^')}…” {value}" for key, value in values.items() if key != "*")
            mapping = _add(
                mapping,
                replace(
                    document,
                    to="kind",
                    parse="choice",
                    values=values,
                    assumption=f"numbers that start with a letter: {said}",
                ),
            )
    return mapping


def _numbered(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The order's number where only its shape tells it: a column called name that holds #1001, #1002, …"""
    if mapping.column("document") or mapping.column("source_id"):
        return mapping
    used = {column.header for column in mapping.columns if column.to}
    for column in reading.columns:
        plain = normal(column.header) in ("name", "number", "reference", "no", "id", "key", "doc", "nomor", "numero")
        shaped = [re.fullmatch(r"#?[A-Za-z]{0,6}[-/ ]?\d{2,}([-/]\d+)*", sample) for sample in column.samples]
        if plain and column.header not in used and column.filled == column.rows and shaped and all(shaped):
            note = "its cells look like numbers of orders"
            return _add(mapping, ColumnMapping(column.header, "document", assumption=note, samples=column.samples[:3]))
    return mapping


def _kinds_by_letter(reading: TableReading, mapping: TableMapping, document: ColumnMapping) -> dict[str, str]:
    """Returns and adjustments, where a few documents have a letter before the number and most have none."""
    figures = _figures(reading, document.header)
    quantity = mapping.column("quantity") or mapping.column("amount")
    if figures is None or quantity is None:
        return {}
    counted = _figures(reading, quantity.header)
    if counted is None:
        return {}
    target = FACTS["orders"].column(quantity.to)
    assert target is not None
    number = expression(quantity, counted.sql, target, timezone=reading.timezone).value
    cell = cleaned(figures.sql)
    rows = reading.connection.execute(
        f"SELECT upper(regexp_extract({cell}, '^[A-Za-z]+')) AS letter, count(*), "
        f"coalesce(count_if({number} < 0), 0) FROM {reading.table.relation} "
        f"WHERE {cell} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
    ).fetchall()
    if len(rows) < 2 or len(rows) > 6 or rows[0][0] != "" or rows[0][1] < 0.7 * sum(row[1] for row in rows):
        return {}
    values = {}
    for letters, count, negative in rows[1:]:
        returned = negative > 0.9 * count and letters not in ("A", "ADJ", "BD")
        values[f"^[{letters[0].upper()}{letters[0].lower()}]" if len(letters) == 1 else f"^(?i:{letters})"] = (
            "return" if returned else "adjustment"
        )
    return {**values, "*": "sale"}


def _subscriptions(reading: TableReading, mapping: TableMapping) -> TableMapping:
    amount = mapping.column("amount")
    if amount and re.search(r"\b(arr|annual|yearly|tahunan|anual|jahr)", normal(amount.header)):
        columns = tuple(replace(c, unit="yearly") if c is amount else c for c in mapping.columns)
        return replace(mapping, columns=columns)
    return mapping


def _reps(reading: TableReading, mapping: TableMapping) -> TableMapping:
    active = mapping.column("active")
    if active is None:
        for column in reading.columns:
            if normal(column.header) in ("status", "employment status") and column.words:
                on = {"active", "aktif", "activo", "ativo", "actif", "aktiv", "attivo", "actief", "employed", "current"}
                if any(normal(word) in on for word in column.words):
                    values = {word: "true" if normal(word) in on else "false" for word in column.words}
                    return _add(mapping, ColumnMapping(column.header, "active", parse="boolean", values=values))
    return mapping


def _answers(reading: TableReading, mapping: TableMapping) -> TableMapping:
    return on_scale(reading, _asked(reading, mapping))


def _asked(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The kind of question, from the names of file, sheet and column, where no column says it."""
    if mapping.column("kind") or "kind" in mapping.constants:
        return mapping
    text = normal(
        " ".join([reading.table.file, reading.table.sheet, *(c.header for c in mapping.columns if c.to == "value")])
    )
    for mark, kind in (("enps", "enps"), ("employee", "enps"), ("nps", "nps"), ("recommend", "nps"), ("csat", "csat"),
                       ("satisf", "csat"), ("kepuasan", "csat"), ("zufrieden", "csat"), ("tevreden", "csat"),
                       ("effort", "ces"), ("pulse", "pulse")):  # fmt: skip
        if mark in text:
            return replace(mapping, constants={**mapping.constants, "kind": kind})
    return mapping


def _deal_events(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """A history without a column that says what changed is one of stages."""
    states = any(column.to.startswith("new:") for column in mapping.columns)
    if states or mapping.column("field") or "field" in mapping.constants:
        return mapping
    return replace(mapping, constants={**mapping.constants, "field": "stage_id"})


def _also_as(reading: TableReading, mapping: TableMapping, source: str, choice: str) -> TableMapping:
    """The closed word beside the source's own, where the words are known."""
    column = mapping.column(source)
    target = FACTS[mapping.fact].column(choice)
    figures = _figures(reading, column.header) if column else None
    if column is None or target is None or figures is None or mapping.column(choice) or choice in mapping.constants:
        return mapping
    values = {word: meaning_of(word, mapping.fact, target) for word in figures.words}
    known = {word: value for word, value in values.items() if value}
    share = figures.share(sum(figures.words[word] for word in known))
    if share < 0.5 and not (mapping.fact == "orders" and known):
        return mapping
    unknown = [word for word in values if word not in known]
    note = ""
    if unknown:
        rest = {"leads": "open", "orders": "confirmed"}.get(mapping.fact, "")
        known["*"] = rest
        note = ", ".join(f"“{word[:30]}”" for word in unknown[:4]) + f" count as {rest}"
    return _add(mapping, replace(column, to=choice, parse="choice", values=known, assumption=note))


def _identified(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """A unique name as the id where a table of things has no other."""
    if mapping.column("source_id") or mapping.fact not in ("deals", "leads", "contacts", "tickets", "activities"):
        return mapping
    named = mapping.column("name") or mapping.column("subject")
    figures = _figures(reading, named.header) if named else None
    if named is not None and figures is not None and figures.filled == figures.rows:
        distinct = reading.connection.execute(
            f"SELECT count(DISTINCT {cleaned(figures.sql)}) FROM {reading.table.relation}"
        ).fetchone()
        if distinct and distinct[0] == figures.filled:
            note = "the table has no id; the name, which is unique, stands for it"
            return _add(mapping, replace(named, to="source_id", parse="text", assumption=note))
    return mapping


_RULES: dict[str, Callable[[TableReading, TableMapping], TableMapping]] = {
    "deals": _deals,
    "leads": _leads,
    "activities": _activities,
    "orders": _orders,
    "subscriptions": _subscriptions,
    "reps": _reps,
    "answers": _answers,
    "deal_events": _deal_events,
    "tickets": lambda reading, mapping: mapping,
}

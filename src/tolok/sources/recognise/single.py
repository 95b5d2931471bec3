"""One table recognised: by a system's own headings, by words in many languages, or by the shape of its values."""

from __future__ import annotations

import re
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field, replace
from datetime import date

from tolok.model import FACTS
from tolok.sources import systems
from tolok.sources.headings import Aside, normal, stem, table_words
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise import carried, wide
from tolok.sources.recognise.columns import by_looks, currency_of, map_column
from tolok.sources.recognise.converted import converted
from tolok.sources.recognise.meanings import meanings
from tolok.sources.recognise.rules import complete
from tolok.sources.recognise.tables import ENOUGH, Assigned, Candidate, assign, candidates, fits
from tolok.sources.systems import SystemTable
from tolok.sources.table import RawTable
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading
from tolok.sources.values.words import FALSE

Described = Lookup[tuple[str, str], tuple[Aside, str]]


@dataclass(frozen=True)
class Recognised:
    """The mappings of one table; ``flags`` name the headings that say closed and won of a stage."""

    mappings: tuple[TableMapping, ...] = ()
    flags: dict[str, str] = field(default_factory=dict)
    why: str = ""
    also: str = ""


def table_name(table: RawTable) -> str:
    """The name by which a table is known again: its sheet, or its file without dates and counters."""
    if table.sheet and normal(table.sheet) not in (
        "sheet1",
        "sheet 1",
        "tabelle1",
        "hoja1",
        "feuil1",
        "foglio1",
        "blad1",
    ):
        return table.sheet
    return stem(table.file)


def recognise(reading: TableReading, described: Described, today: date) -> Recognised:
    """The facts that one table carries, or why it is not known."""
    table = reading.table
    if table.fact:
        plainly = _by_system(reading, systems.plainly(table.fact, table.system), described)
        return Recognised((replace(plainly, complete=table.complete),))
    declared = systems.match(table.headers, table.file, table.sheet)
    if declared:
        main = declared[0]
        mappings = tuple(_by_system(reading, item, described) for item in declared)
        if any(column.to not in ("", "-") for column in mappings[0].columns):
            return Recognised((*mappings, *carried.beside(reading, mappings[0])), main.flags)
    periods = wide.wide_periods(reading, today)
    if periods:
        return Recognised((periods,))
    found = candidates(reading)
    if found and found[0].score >= ENOUGH:
        best = found[0]
        also = ""
        if len(found) > 1 and found[1].score > 0.8 * best.score:
            also = f"{best.fact}, or {found[1].fact}"
        mapping = _by_words(reading, best, described)
        return Recognised((mapping, *carried.beside(reading, mapping)), _flags(reading), also=also)
    series = wide.series_in_time(reading)
    if series:
        return Recognised((series,))
    bare = _purchases_without_headings(reading)
    if bare:
        return Recognised((bare,))
    return Recognised(why=_why(reading, found))


def _by_system(reading: TableReading, declared: SystemTable, described: Described) -> TableMapping:
    """The system's own columns first; what it does not list by words."""
    where: dict[str, list[Figures]] = {}
    for column in reading.columns:
        where.setdefault(column.header if declared.exact else normal(column.header), []).append(column)
    assigned: list[Assigned] = []
    listed: set[int] = set()
    filled: set[str] = set()
    spelled = [(h if declared.exact else normal(h), to) for h, to in declared.columns.items()]
    for empty in (False, True):  # of two headings for one thing, the one that is filled
        for heading, targets in spelled:
            for column in where.get(heading, ()):
                listed.add(column.index)
                if (column.filled == 0) is not empty or any(a.figures.index == column.index for a in assigned):
                    continue
                for to in targets:
                    if to and to not in filled and _possible(reading, column, to, declared.fact):
                        assigned.append(Assigned(column, to, 0.97, f"{declared.system}'s own heading"))
                        filled.add(to)
    assigned = _given_way(reading, declared, assigned, listed)
    filled = {item.to for item in assigned}
    if not declared.alone:
        taken = {column.index for column in reading.columns if column.index in listed}
        rest = assign(reading, declared.fact, taken=frozenset(taken), filled=frozenset(filled))
        assigned += [replace(a, confidence=round(a.confidence * 0.9, 3)) for a in rest if a.confidence >= 0.6]
    return _mapping(reading, declared.fact, assigned, described, declared)


def _given_way(
    reading: TableReading, declared: SystemTable, assigned: list[Assigned], listed: set[int]
) -> list[Assigned]:
    """One heading for two things leaves the second to a column of its own, where the organisation has added one."""
    several = {to for targets in declared.columns.values() if len(targets) > 1 for to in targets}
    own = {
        meaning.column
        for column in reading.columns
        if column.index not in listed and column.filled
        for meaning in meanings(column.header, declared.fact)[:1]
        if meaning.weight > 0.9
        and meaning.column in several
        and _possible(reading, column, meaning.column, declared.fact)
    }
    return [
        item
        for item in assigned
        if item.to not in own or len([other for other in assigned if other.figures is item.figures]) == 1
    ]


def _possible(reading: TableReading, column: Figures, to: str, fact: str) -> bool:
    """Whether the values can be read as what the system's heading says; words and references always can."""
    target = FACTS["deals"].column(to[4:]) if to.startswith("new:") else FACTS[fact].column(to)
    if target is None or column.filled == 0:
        return target is not None
    if target.type == "boolean":
        return True
    if target.type == "choice":
        return to == "status" or to == "field" or column.distinct <= 300
    if target.type in ("ref", "text", "id"):
        return True
    return fits(reading, column, target, fact) > 0


def _by_words(reading: TableReading, best: Candidate, described: Described) -> TableMapping:
    return _mapping(reading, best.fact, _by_number(reading, best), described, None, score=best.score)


def _by_number(reading: TableReading, best: Candidate) -> list[Assigned]:
    """The customer of an order by number rather than by name, where the lines have both: two may have one name."""
    columns = list(best.columns)
    named = best.column("account_id")
    if best.fact != "orders" or named is None or by_looks(named.figures) == "id":
        return columns
    used = {column.figures.index for column in columns}
    for figures in reading.columns:
        said = next((meaning for meaning in meanings(figures.header, "orders") if meaning.column == "account_id"), None)
        fresh = figures.index not in used and figures.filled >= named.figures.filled
        numbered = by_looks(figures) == "id" and figures.distinct >= 0.9 * named.figures.distinct
        if said and said.weight > 0.85 and fresh and numbered:
            columns[columns.index(named)] = replace(named, figures=figures, confidence=said.weight, why=said.why)
            break
    return columns


def _mapping(
    reading: TableReading,
    fact: str,
    assigned: list[Assigned],
    described: Described,
    declared: SystemTable | None,
    *,
    score: float = 10.0,
) -> TableMapping:
    name = table_name(reading.table)
    system = declared.system if declared else "plain"
    columns: list[ColumnMapping] = []
    assigned = converted(reading, fact, assigned)
    for item in sorted(assigned, key=lambda a: a.figures.index):
        said, text = _said(described, name, item.figures)
        mapped = map_column(
            reading,
            item,
            fact,
            by=declared.by.get(item.to.removeprefix("new:"), "") if declared else "",
            system=system,
            values=declared.values.get(item.to) if declared else None,
            described=said,
        )
        if said and any(column.unit for column in mapped):
            mapped = [replace(column, assumption=f"the data dictionary says “{text}”") for column in mapped]
        columns += [column for column in mapped if column.to not in {other.to for other in columns}]
    constants = dict(declared.constants) if declared else {}
    target = FACTS[fact]
    if target.column("currency") and not any(column.to == "currency" for column in columns):
        amounts = [a.figures for a in assigned if _is_money(fact, a.to)]
        stated = next((s for a in assigned for s, _ in [_said(described, name, a.figures)] if s and s.currency), None)
        currency = currency_of(reading, amounts, stated)
        columns += currency.columns
        constants |= {key: value for key, value in currency.constants.items() if value != reading.currency}
    mapping = TableMapping(
        table=name,
        fact=fact,
        columns=tuple(columns),
        constants=constants,
        filter=_kept(reading, declared, {column.header for column in columns}),
        system=system,
        confidence=round(min(1.0, score / 8), 2),
    )
    return with_extra(reading, complete(reading, mapping))


def _kept(reading: TableReading, declared: SystemTable | None, used: set[str]) -> dict[str, tuple[str, ...]]:
    """The rows that count: of a known system those that it says; elsewhere those that are not said to be deleted."""
    if declared:
        return {header: words for header, words in declared.filter.items() if header in reading.table.headers}
    for column in reading.columns:
        said = normal(column.header).replace(" ", "")
        if said in ("deleted", "isdeleted") and column.header not in used:
            kept = tuple(word for word in column.words if word.casefold() in FALSE)
            if kept and reading.boolean(column).share > 0.99:
                return {column.header: kept}
        dated = not column.filled or reading.date(column).share > 0.99
        if said in ("deletedat", "deletedon") and column.header not in used and dated:
            return {column.header: ("",)}
    return {}


def _is_money(fact: str, to: str) -> bool:
    target = FACTS[fact].column(to)
    return (target is not None and target.type == "money") or (fact == "targets" and to == "value")


def _said(described: Described, name: str, column: Figures) -> tuple[Aside | None, str]:
    heading = normal(column.header)
    return described.get((normal(name), heading)) or described.get(("", heading)) or (None, "")


def with_extra(reading: TableReading, mapping: TableMapping) -> TableMapping:
    """The mapping with every other column kept as extra, and those with few words offered as dimensions."""
    used = {header for column in mapping.columns for header in (column.header, *column.joined)}
    keep = "" if FACTS[mapping.fact].column("extra") else "-"
    given = {column.to for column in mapping.columns} | set(mapping.constants)
    extra: list[ColumnMapping] = []
    dimensions: list[str] = []
    for column in reading.columns:
        if column.header in used or column.filled == 0 or column.header in mapping.unpivot:
            continue
        note = _misfit(reading, column, mapping, given)
        extra.append(ColumnMapping(column.header, keep, confidence=0.0, samples=column.samples[:2], assumption=note))
        few = 2 <= len(column.words) <= 40 and column.filled > 0.3 * column.rows and column.longest <= 60
        if keep == "" and few and reading.number(column).share < 0.5 and reading.date(column).share < 0.5:
            dimensions.append(column.header)
    return replace(mapping, columns=(*mapping.columns, *extra), dimensions=tuple(dimensions[:12]))


def _misfit(reading: TableReading, column: Figures, mapping: TableMapping, given: set[str]) -> str:
    """What to tell of a column that is called like one of the fact, but whose cells are something else."""
    said = next((meaning for meaning in meanings(column.header, mapping.fact) if meaning.weight > 0.95), None)
    target = FACTS[mapping.fact].column(said.column) if said else None
    if target is None or target.name in given or target.type not in ("money", "number", "integer", "date", "instant"):
        return ""
    dated = target.type in ("date", "instant")
    share = reading.date(column).share if dated else reading.number(column).share
    if share > 0.9:  # left out for what it is: the sum of a whole order, beside its lines
        return ""
    what = "dates" if dated else "numbers"
    name = target.name.replace("_", " ")
    return f"it is called like {name}, but {share:.0%} of its cells are {what}: kept as it is, not counted"


def _flags(reading: TableReading) -> dict[str, str]:
    """Headings that say of a deal that it is closed or won."""
    found: dict[str, str] = {}
    for column in reading.columns:
        text = normal(column.header)
        if text in ("is won", "won") and reading.boolean(column).share > 0.9:
            found["won"] = column.header
        if text in ("is closed", "closed") and reading.boolean(column).share > 0.9:
            found["closed"] = column.header
    return found


def _purchases_without_headings(reading: TableReading) -> TableMapping | None:
    """A file without headings that has a customer, a date and an amount in every row."""
    if not all(
        re.fullmatch(r"(column|c|col|field|_)?[ _]?\d+(\.\d+)?|", header.casefold()) for header in reading.table.headers
    ):
        return None
    dates = [
        c
        for c in reading.columns
        if reading.date(c).share > 0.95 and (not reading.date(c).bare or reading.date(c).format == "%Y%m%d")
    ]
    decimals = [c for c in reading.columns if c not in dates and any(re.search(r"\d[.,]\d\d?$", s) for s in c.samples)]
    whole = [c for c in reading.columns if c not in dates and c not in decimals and c.filled and c.numbers == c.filled]
    if len(dates) != 1 or not decimals or not whole:
        return None
    customer, amount = whole[0], decimals[-1]
    quantity = whole[-1] if len(whole) > 1 and whole[-1].index > dates[0].index else None
    note = "the file has no headings: read as purchases by the values alone"
    columns = [
        *map_column(reading, Assigned(customer, "account_id", 0.4, "whole numbers that repeat"), "orders", by="id"),
        *map_column(reading, Assigned(dates[0], "ordered_on", 0.5, "the only dates"), "orders"),
        *map_column(reading, Assigned(amount, "amount", 0.4, "numbers with decimals"), "orders"),
    ]
    if quantity is not None:
        columns += map_column(reading, Assigned(quantity, "quantity", 0.3, "small whole numbers"), "orders")
    columns = [replace(column, assumption=column.assumption or note) for column in columns]
    name = table_name(reading.table)
    return with_extra(reading, TableMapping(name, "orders", tuple(columns), system="plain", confidence=0.35))


def _why(reading: TableReading, found: list[Candidate]) -> str:
    words = " ".join(table_words(reading.table.file, reading.table.sheet))
    dated = any(reading.date(column).share > 0.5 and not reading.date(column).bare for column in reading.columns)
    said = {
        meaning.column for c in reading.columns for meaning in meanings(c.header, "orders")[:1] if meaning.weight > 0.9
    }
    if "document" in said and {"quantity", "unit_price", "product_id"} & said and "ordered_on" not in said:
        return (
            "it holds lines of orders without their dates; import it together with the table that has the orders "
            "themselves"
        )
    if {"document", "ordered_on"} <= said and not {"quantity", "unit_price", "amount"} & said:
        return "it holds orders without amounts; import it together with the table that has their lines"
    if found and found[0].score > 1:
        return (
            f"it looks a little like {found[0].fact}, but too few of its headings are known; say what they are in the "
            "mapping"
        )
    if not dated:
        return "it has no date column, so nothing in it can be placed in time; add one, or say in the mapping what it holds"
    return f"none of its headings say what it holds ({words or 'no name'}); say what they are in the mapping"

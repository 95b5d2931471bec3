"""Facts that a table carries beside its own: the customers, products and reps that its rows describe."""

from __future__ import annotations

import re
from dataclasses import replace

from tolok.model import FACTS
from tolok.sources.headings import normal
from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.meanings import meanings
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading

_DESCRIBES: dict[str, tuple[str, ...]] = {
    "accounts": ("country", "region", "city", "segment", "industry", "channel"),
    "products": ("category",),
    "reps": ("manager_id", "team_id"),
}
_OF_LINES = frozenset({"orders"})
"""Facts whose other columns describe the customer and the product; those of a deal describe the deal, where it has
such a column."""
_OF_DEALS = frozenset({"deals", "orders", "leads", "activities"})
"""Facts whose rows may name the manager and the team of the rep."""

_PRODUCT_NAMES = frozenset(
    [
        "description",
        "designation",
        "bezeichnung",
        "deskripsi",
        "descripcion",
        "descricao",
        "descrizione",
        "omschrijving",
        "product",
        "product name",
        "item",
        "item name",
        "nama barang",
        "nama produk",
        "produk",
        "barang",
        "producto",
        "nombre del producto",
        "nombre producto",
        "produit",
        "nom du produit",
        "produkt",
        "artikel",
        "artikelbezeichnung",
        "nome do produto",
        "prodotto",
        "productnaam",
    ]
)
_ACCOUNT_NAMES = frozenset(
    [
        "customer",
        "customer name",
        "client",
        "client name",
        "company",
        "company name",
        "account",
        "account name",
        "pelanggan",
        "nama pelanggan",
        "nama customer",
        "nama toko",
        "cliente",
        "nombre del cliente",
        "nombre cliente",
        "razon social",
        "nome do cliente",
        "nome cliente",
        "nom du client",
        "nom client",
        "raison sociale",
        "kunde",
        "kundenname",
        "firma",
        "ragione sociale",
        "klant",
        "klantnaam",
        "billing name",
        "billing company",
        "buyer name",
        "receiver name",
        "nama pembeli",
        "nama penerima",
    ]
)
_NAMES = {"accounts": _ACCOUNT_NAMES, "products": _PRODUCT_NAMES, "reps": frozenset[str]()}


def beside(reading: TableReading, mapping: TableMapping) -> tuple[TableMapping, ...]:
    """The accounts, products and reps that the rows describe, each by the column that refers to it."""
    found: list[TableMapping] = []
    for column in mapping.columns:
        target = FACTS[mapping.fact].column(column.to)
        if target is None or target.type != "ref" or target.to not in _DESCRIBES or column.header.startswith("@"):
            continue
        if any(other.fact == target.to for other in found) or target.to == mapping.fact:
            continue
        columns = _described(reading, mapping, target.to, column)
        if columns:
            found.append(
                TableMapping(
                    table=mapping.table,
                    fact=target.to,
                    columns=tuple(columns),
                    filter=mapping.filter,
                    system=mapping.system,
                    carried=True,
                    confidence=mapping.confidence,
                )
            )
    return tuple(found)


def _described(
    reading: TableReading, mapping: TableMapping, fact: str, reference: ColumnMapping
) -> list[ColumnMapping]:
    by_name = reference.by == "name"
    own = ColumnMapping(
        reference.header,
        "name" if by_name else "source_id",
        format=reference.format,
        why=reference.why,
        samples=reference.samples,
    )
    columns = [own]
    used = {column.header for column in mapping.columns if column.to not in ("", "-")} - {reference.header}
    for column in reading.columns:
        if column.header == reference.header or not _words(reading, column):
            continue
        to = _role(column, mapping, fact, reference, used, by_name=by_name)
        if to and to not in {other.to for other in columns}:
            why = f"describes the {fact.removesuffix('s')}"
            described = ColumnMapping(column.header, to, why=why, samples=column.samples[:3])
            target = FACTS[fact].column(to)
            if target is not None and target.type == "ref":
                described = replace(described, parse="reference", by="name")
            columns.append(described)
    if (
        fact == "accounts"
        and mapping.fact in _OF_LINES
        and not by_name
        and not any(column.to == "name" for column in columns)
    ):
        columns += _first_and_last(reading)
    return columns if len(columns) > 1 else []


def _first_and_last(reading: TableReading) -> list[ColumnMapping]:
    """A buyer's name that stands in two columns: the billing name's where there are several."""
    found = [
        [c for c in reading.columns if set(normal(c.header).split()) >= {part, "name"} and c.filled]
        for part in ("first", "last")
    ]
    first, last = (
        next((c for c in columns if "billing" in c.header.casefold()), columns[0] if columns else None)
        for columns in found
    )
    if first is None or last is None:
        return []
    return [ColumnMapping(first.header, "name", joined=(last.header,), why="first and last name")]


def _words(reading: TableReading, column: Figures) -> bool:
    return column.filled > 0 and reading.number(column).share < 0.5 and reading.date(column).share < 0.5


def _role(
    column: Figures, mapping: TableMapping, fact: str, reference: ColumnMapping, used: set[str], *, by_name: bool
) -> str:
    text = normal(column.header)
    if not by_name and column.header not in used:
        companion = _base(column.header) == _base(reference.header)
        if companion or (mapping.fact in _OF_LINES and text in _NAMES[fact]) or text == _base(reference.header):
            return "name"
        if fact == "accounts" and text in _ACCOUNT_NAMES:
            return "name"
    said = {meaning.column for meaning in meanings(column.header, fact) if meaning.weight > 0.9}
    described = next((to for to in _DESCRIBES[fact] if to in said), "")
    if fact == "reps":
        return described if mapping.fact in _OF_DEALS and column.header not in used else ""
    if mapping.fact in _OF_LINES:
        return described
    own = FACTS[mapping.fact].column(described)
    return described if mapping.fact == "deals" and own is None and column.header not in used else ""


def _base(header: str) -> str:
    """A heading without what says that it is an id or a name.

    >>> _base("assignedUserId") == _base("assignedUserName"), _base("Account Name.id") == _base("Account Name")
    (True, True)
    """
    return re.sub(r"( name| ids?| names)+$", "", normal(header))

"""Facts that a table carries beside its own: the customers and products that order lines describe."""

from __future__ import annotations

from tolok.sources.mapping import ColumnMapping, TableMapping
from tolok.sources.recognise.headings import normal, vocabularies
from tolok.sources.values.inference import TableReading

_DESCRIBES: dict[str, tuple[str, ...]] = {
    "accounts": ("country", "region", "city", "segment", "industry", "channel"),
    "products": ("category",),
}


def beside(reading: TableReading, mapping: TableMapping) -> tuple[TableMapping, ...]:
    """The accounts and products that the rows of orders, deals or deal lines describe, by the reference's own column."""
    if mapping.fact not in ("orders", "deals", "deal_lines"):
        return ()
    found = []
    for fact, reference in (("accounts", "account_id"), ("products", "product_id")):
        column = mapping.column(reference)
        if column is None or column.header.startswith("@"):
            continue
        columns = _described(reading, mapping, fact, column)
        if columns:
            found.append(
                TableMapping(
                    table=mapping.table,
                    fact=fact,
                    columns=tuple(columns),
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
    vocabulary = vocabularies()[fact]
    columns = [own]
    used = {column.header for column in mapping.columns if column.to not in ("", "-")} - {reference.header}
    for column in reading.columns:
        text = normal(column.header)
        if column.header == reference.header or not column.filled:
            continue
        words = reading.number(column).share < 0.5 and reading.date(column).share < 0.5
        if not words:
            continue
        if not by_name and column.header not in used and text in _names(fact):
            to = "name"
        else:
            to = next((to for to in _DESCRIBES[fact] if text in vocabulary.columns[to]), "")
            if to and fact == "accounts" and mapping.fact == "deals" and to in ("region", "channel", "segment"):
                continue
        if to and to not in {c.to for c in columns}:
            columns.append(
                ColumnMapping(
                    column.header, to, why=f"describes the {fact.removesuffix('s')}", samples=column.samples[:3]
                )
            )
    return columns if len(columns) > 1 else []


def _names(fact: str) -> frozenset[str]:
    """Headings of a name that stand beside a code: not the bare word of the thing itself."""
    found = {word for word in vocabularies()[fact].columns["name"] if " " in word or word in ("description", "designation", "bezeichnung", "deskripsi", "descripcion", "descricao", "descrizione", "omschrijving")}  # fmt: skip
    if fact == "products":
        found |= {
            "product",
            "item",
            "item name",
            "nama barang",
            "produk",
            "barang",
            "producto",
            "produit",
            "produkt",
            "artikel",
        }
    else:
        found |= {"customer", "client", "company", "pelanggan", "cliente", "kunde", "klant", "account"}
    return frozenset(found)

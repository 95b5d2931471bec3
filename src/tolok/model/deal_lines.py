"""Products within a deal."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

DEAL_LINES = Fact(
    name="deal_lines",
    meaning="Products within a deal",
    columns=(
        *identity("a deal line"),
        Column("deal_id", "ref", "The deal", to="deals"),
        Column("line", "integer", "Ordinal within the deal"),
        Column("product_id", "ref", "The product", to="products"),
        Column("quantity", "number", "Units"),
        Column("unit_price", "money", "Price per unit"),
        Column("amount", "money", "Quantity times price after discount"),
        CURRENCY,
        Column(
            "kind", "choice", "Kind of line, where the source says", values=("new", "renewal", "upsell", "cross_sell")
        ),
        EXTRA,
    ),
    document="deal_id",
)

"""What is sold."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

PRODUCTS = Fact(
    name="products",
    meaning="What is sold",
    columns=(
        *identity("a product"),
        Column("name", "text", "Name"),
        Column("code", "text", "Article number or SKU"),
        Column("category", "text", "Category or series"),
        Column("list_price", "money", "List price"),
        Column("unit_cost", "money", "Cost per unit"),
        CURRENCY,
        Column("active", "boolean", "Sold today"),
        EXTRA,
    ),
    by_name="name",
)

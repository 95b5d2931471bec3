"""Order or invoice lines, net of tax; returns are negative."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

ORDERS = Fact(
    name="orders",
    meaning="Order or invoice lines, net of tax; returns are negative",
    columns=(
        *identity("an order line"),
        Column("document", "text", "Order or invoice number"),
        Column("line", "integer", "Ordinal within the document"),
        Column(
            "kind",
            "choice",
            "Adjustments (bad debt, manual corrections) are no sale",
            values=("sale", "return", "adjustment"),
        ),
        Column("status", "choice", "Only confirmed lines count", values=("confirmed", "draft", "cancelled")),
        Column("source_status", "text", "The status as the source words it"),
        Column("account_id", "ref", "Who bought; empty where the source does not say", to="accounts"),
        Column("owner_id", "ref", "Who sold", to="reps"),
        Column("product_id", "ref", "What", to="products"),
        Column("deal_id", "ref", "The deal it came from", to="deals"),
        Column("quantity", "number", "Units; negative for returns"),
        Column("unit_price", "money", "Price per unit"),
        Column("amount", "money", "Net amount of the line; negative for returns"),
        Column("tax", "money", "Tax of the line"),
        Column("cost", "money", "Cost of the goods of the line"),
        CURRENCY,
        Column("channel", "text", "Sales channel"),
        Column("region", "text", "Region"),
        Column("country", "text", "Country"),
        Column("ordered_at", "instant", "When"),
        Column("ordered_on", "date", "Local date"),
        EXTRA,
    ),
    real_dates=("ordered_on",),
    document="document",
)

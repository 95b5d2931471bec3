"""What was spent to sell, market, serve and produce."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

COSTS = Fact(
    name="costs",
    meaning="What was spent to sell, market, serve and produce",
    columns=(
        *identity("a cost"),
        Column(
            "kind", "choice", "What it was spent on", values=("marketing", "sales", "service", "production", "other")
        ),
        Column("name", "text", "Description"),
        Column("spent_on", "date", "Local date or first day of the month it belongs to"),
        Column("amount", "money", "Amount"),
        CURRENCY,
        Column("campaign", "text", "Campaign"),
        Column("channel", "text", "Channel"),
        Column("region", "text", "Region"),
        Column("team_id", "ref", "Team", to="teams"),
        Column("product_id", "ref", "Product", to="products"),
        EXTRA,
    ),
    real_dates=("spent_on",),
)

"""Customers and prospects: companies or people who buy."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

ACCOUNTS = Fact(
    name="accounts",
    meaning="Customers and prospects: companies or people who buy",
    columns=(
        *identity("an account"),
        Column("name", "text", "Name as written"),
        Column("parent_id", "ref", "The parent company", to="accounts"),
        Column("owner_id", "ref", "Account manager today", to="reps"),
        Column("segment", "text", "Size or value segment"),
        Column("industry", "text", "Industry or sector"),
        Column("region", "text", "Region or territory"),
        Column("country", "text", "Country"),
        Column("city", "text", "City"),
        Column("channel", "text", "Sales channel"),
        Column("type", "text", "Kind of relation as the source names it: customer, prospect, partner, …"),
        Column("employees", "integer", "Number of employees"),
        Column("annual_revenue", "money", "Yearly revenue of the customer itself"),
        Column("currency", "text", "ISO 4217 code of annual_revenue"),
        Column("created_at", "instant", "When the record was created"),
        Column("created_on", "date", "Local date of creation"),
        EXTRA,
    ),
    by_name="name",
)

"""Each customer's buying life in one row."""

from __future__ import annotations

from tolok.model.fact import Column, Fact

CUSTOMER_LIVES = Fact(
    name="customer_lives",
    meaning="Each customer's buying life in one row",
    columns=(
        Column("account_id", "ref", "The customer", to="accounts"),
        Column("owner_id", "ref", "Account manager today, or who made the first sale", to="reps"),
        Column("first_sale_on", "date", "Date of the first sale"),
        Column("second_sale_on", "date", "Date of the second purchase"),
        Column("last_sale_on", "date", "Date of the last sale"),
        Column("documents", "integer", "Number of purchases"),
        Column("amount", "money", "Revenue over the whole relation"),
        Column("currency", "text", "ISO 4217 code; empty where purchases were in several"),
    ),
    real_dates=(
        "first_sale_on",
        "last_sale_on",
    ),
    derived_from=("sales",),
)

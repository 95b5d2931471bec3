"""What one unit of a currency was worth in another, by day."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

EXCHANGE_RATES = Fact(
    name="exchange_rates",
    meaning="What one unit of a currency was worth in another, by day",
    columns=(
        *identity("an exchange rate"),
        Column("currency", "text", "From: ISO 4217 code"),
        Column("into", "text", "To: ISO 4217 code"),
        Column("on", "date", "Day"),
        Column("rate", "rate", "Units of `into` for one unit of `currency`"),
    ),
)

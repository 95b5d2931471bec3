"""Money received."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

PAYMENTS = Fact(
    name="payments",
    meaning="Money received",
    columns=(
        *identity("a payment"),
        Column("document", "text", "Order or invoice number"),
        Column("account_id", "ref", "Who paid", to="accounts"),
        Column("amount", "money", "Amount"),
        CURRENCY,
        Column("due_on", "date", "When it was due"),
        Column("paid_on", "date", "When it came in"),
        EXTRA,
    ),
    real_dates=("paid_on",),
)

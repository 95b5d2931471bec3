"""Service and support requests."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

TICKETS = Fact(
    name="tickets",
    meaning="Service and support requests",
    columns=(
        *identity("a ticket"),
        Column("account_id", "ref", "Customer", to="accounts"),
        Column("owner_id", "ref", "Who handles it", to="reps"),
        Column("subject", "text", "Subject"),
        Column("kind", "choice", "Kind of request", values=("support", "complaint", "question", "internal")),
        Column("status", "choice", "Where it stands", values=("open", "solved")),
        Column("priority", "text", "Priority as written"),
        Column("channel", "text", "Channel"),
        Column("product_id", "ref", "Product", to="products"),
        Column("opened_at", "instant", "When it came in"),
        Column("opened_on", "date", "Local date it came in"),
        Column("first_response_at", "instant", "First human reply"),
        Column("solved_at", "instant", "When it was solved"),
        Column("solved_on", "date", "Local date it was solved"),
        Column("interactions", "integer", "Number of messages or calls"),
        Column("follow_ups", "integer", "Number of follow-ups after the first answer"),
        Column("reopened", "integer", "How often it was opened again"),
        EXTRA,
    ),
    real_dates=(
        "opened_on",
        "solved_on",
    ),
)

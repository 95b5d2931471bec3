"""What reps did or planned: calls, meetings, demos, proposals, e-mails, visits, messages, training."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

ACTIVITIES = Fact(
    name="activities",
    meaning="What reps did or planned: calls, meetings, demos, proposals, e-mails, visits, messages, training",
    columns=(
        *identity("an activity"),
        Column(
            "kind",
            "choice",
            "Kind of activity",
            values=(
                "call",
                "meeting",
                "demo",
                "proposal",
                "email",
                "visit",
                "viewing",
                "message",
                "training",
                "offer",
                "referral",
                "task",
                "other",
            ),
        ),
        Column("source_kind", "text", "The kind as the source words it"),
        Column("rep_id", "ref", "Who did it", to="reps"),
        Column("account_id", "ref", "With which account", to="accounts"),
        Column("contact_id", "ref", "With which person", to="contacts"),
        Column("deal_id", "ref", "About which deal", to="deals"),
        Column("lead_id", "ref", "About which lead", to="leads"),
        Column("product_id", "ref", "About which product", to="products"),
        Column("subject", "text", "Subject"),
        Column("direction", "choice", "Who started it", values=("in", "out")),
        Column("channel", "text", "Telephone, WhatsApp, web, …"),
        Column("outcome", "text", "Result as written"),
        Column("accepted", "boolean", "The customer accepted (offers, proposals)"),
        Column("done", "boolean", "It took place; planned ones are not counted as done"),
        Column("booked_on", "date", "Local date it was arranged"),
        Column("started_at", "instant", "When it took place or will"),
        Column("happened_on", "date", "Local date it took place or will"),
        Column("duration_minutes", "number", "How long"),
        EXTRA,
    ),
    real_dates=(
        "happened_on",
        "booked_on",
    ),
    took_place="done",
)

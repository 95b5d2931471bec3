"""Recurring amounts per customer."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

SUBSCRIPTIONS = Fact(
    name="subscriptions",
    meaning="Recurring amounts per customer",
    columns=(
        *identity("a subscription"),
        Column("account_id", "ref", "The customer", to="accounts"),
        Column("owner_id", "ref", "Who is responsible", to="reps"),
        Column("product_id", "ref", "What is subscribed to", to="products"),
        Column("plan", "text", "Plan or package"),
        Column("amount", "money", "Amount per month (yearly amounts are divided by 12 at import)"),
        CURRENCY,
        Column("started_on", "date", "First paid day"),
        Column("ended_on", "date", "First day no longer paid; empty while it runs"),
        Column("trial_started_on", "date", "First day of the free trial, if any"),
        Column("end_reason", "text", "Why it ended"),
        Column("status", "choice", "State today", values=("trial", "active", "ended")),
        EXTRA,
    ),
    real_dates=(
        "started_on",
        "ended_on",
        "trial_started_on",
    ),
    interval=("started_on", "ended_on"),
)

"""What each deal was on each day: one row per stretch of time in which nothing changed."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, Column, Fact

DEAL_STATES = Fact(
    name="deal_states",
    meaning="What each deal was on each day: one row per stretch of time in which nothing changed",
    columns=(
        Column("deal_id", "ref", "The deal", to="deals"),
        Column("from_on", "date", "First day of this state"),
        Column("to_on", "date", "First day no longer in this state; empty while it lasts"),
        Column("status", "choice", "Outcome in this state", values=("open", "won", "lost")),
        Column("pipeline_id", "ref", "Pipeline", to="pipelines"),
        Column("stage_id", "ref", "Stage; empty where the state between is unknown", to="stages"),
        Column("owner_id", "ref", "Owner in this state", to="reps"),
        Column("account_id", "ref", "Account", to="accounts"),
        Column("product_id", "ref", "Product", to="products"),
        Column("amount", "money", "Amount in this state"),
        CURRENCY,
        Column("probability", "number", "Chance in percent while open: the deal's own then, else that of its stage"),
        Column("weighted_amount", "money", "Amount times that chance"),
        Column("chance", "choice", "Whether that chance is known", values=("known", "unknown")),
        Column("expected_close_on", "date", "Expected close in this state"),
        Column("known", "choice", "How the state is known", values=("history", "difference", "derived")),
    ),
    real_dates=("from_on",),
    derived_from=(
        "deals",
        "deal_events",
    ),
    interval=("from_on", "to_on"),
)

"""Every known change of stage, amount, owner, close date or outcome of a deal."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

DEAL_EVENTS = Fact(
    name="deal_events",
    meaning="Every known change of stage, amount, owner, close date or outcome of a deal",
    columns=(
        *identity("a deal event"),
        Column("deal_id", "ref", "The deal", to="deals"),
        Column(
            "field",
            "choice",
            "What changed",
            values=(
                "created",
                "stage_id",
                "amount",
                "owner_id",
                "expected_close_on",
                "status",
                "probability",
                "closed_on",
                "deleted",
            ),
        ),
        Column("old", "text", "Value before; empty where unknown"),
        Column("new", "text", "Value after"),
        Column("at", "instant", "When it changed, as exactly as it is known"),
        Column("on", "date", "Local date of the change"),
        Column("by_id", "ref", "Who changed it", to="reps"),
        Column(
            "origin",
            "choice",
            "From the source's own history, from two imports, or from the deal's own dates",
            values=("history", "difference", "derived"),
        ),
    ),
    real_dates=("on",),
)

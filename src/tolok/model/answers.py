"""Answers to survey questions, each with its scale."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

ANSWERS = Fact(
    name="answers",
    meaning="Answers to survey questions, each with its scale",
    columns=(
        *identity("an answer"),
        Column("survey", "text", "Which survey"),
        Column(
            "kind", "choice", "What is measured", values=("nps", "enps", "csat", "loyalty", "ces", "pulse", "other")
        ),
        Column("question", "text", "Question as asked"),
        Column("scale_min", "number", "Lowest possible answer"),
        Column("scale_max", "number", "Highest possible answer"),
        Column("value", "number", "The answer"),
        Column("comment", "text", "Free text"),
        Column("account_id", "ref", "Answered by which customer", to="accounts"),
        Column("rep_id", "ref", "About or by which rep", to="reps"),
        Column("product_id", "ref", "About which product", to="products"),
        Column("answered_at", "instant", "When"),
        Column("answered_on", "date", "Local date"),
    ),
    real_dates=("answered_on",),
)

"""Shares of a deal or an order by rep; they add up to 1."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

CREDITS = Fact(
    name="credits",
    meaning="Shares of a deal or an order by rep; they add up to 1",
    columns=(
        *identity("a credit"),
        Column("deal_id", "ref", "The deal", to="deals"),
        Column("document", "text", "The order, where the credit is of an order"),
        Column("rep_id", "ref", "Who is credited", to="reps"),
        Column("share", "rate", "Fraction from 0 to 1"),
    ),
)

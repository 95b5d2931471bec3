"""What was planned: a KPI, a scope, a period, a value."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

TOLOK = "tolok"
"""The source of targets that were approved in Tolok itself; they come before imported ones."""

TARGETS = Fact(
    name="targets",
    meaning="What was planned: a KPI, a scope, a period, a value",
    columns=(
        *identity("a target"),
        Column("kpi", "text", "The KPI's id"),
        Column("from_on", "date", "First day"),
        Column("to_on", "date", "Last day, inclusive"),
        Column("value", "number", "The target, in the KPI's unit (percents 0–100)"),
        Column("currency", "text", "ISO 4217 code of a money target"),
        Column("rep_id", "ref", "Scope: this rep", to="reps"),
        Column("team_id", "ref", "Scope: this team", to="teams"),
        Column("account_id", "ref", "Scope: this account", to="accounts"),
        Column("product_id", "ref", "Scope: this product", to="products"),
        Column("category", "text", "Scope: this product category"),
        Column("region", "text", "Scope: this region"),
        Column("channel", "text", "Scope: this channel"),
        Column("segment", "text", "Scope: this segment"),
        EXTRA,
    ),
)

"""How long each deal stayed in each stage, and where it went next."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, Column, Fact

STAGE_STAYS = Fact(
    name="stage_stays",
    meaning="How long each deal stayed in each stage, and where it went next",
    columns=(
        Column("deal_id", "ref", "The deal", to="deals"),
        Column("pipeline_id", "ref", "Pipeline", to="pipelines"),
        Column("stage_id", "ref", "Stage", to="stages"),
        Column("owner_id", "ref", "Owner when it entered", to="reps"),
        Column("account_id", "ref", "Account", to="accounts"),
        Column("product_id", "ref", "Product", to="products"),
        Column("amount", "money", "Amount when it entered"),
        CURRENCY,
        Column("entered_at", "instant", "When it entered, where known to the moment"),
        Column("entered_on", "date", "Local date it entered"),
        Column("left_on", "date", "Local date it left; empty while it stays"),
        Column("next_stage_id", "ref", "Where it went; empty while it stays", to="stages"),
        Column("advanced", "boolean", "It went to a later stage or was won; empty while it stays"),
        Column("position", "integer", "Order of the stage"),
    ),
    real_dates=(
        "entered_on",
        "left_on",
    ),
    derived_from=(
        "deals",
        "deal_events",
        "stages",
    ),
    interval=("entered_on", "left_on"),
)

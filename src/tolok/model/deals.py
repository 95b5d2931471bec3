"""Opportunities: chances to sell, open, won or lost."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, EXTRA, Column, Fact, identity

DEALS = Fact(
    name="deals",
    meaning="Opportunities: chances to sell, open, won or lost",
    columns=(
        *identity("a deal"),
        Column("name", "text", "Title"),
        Column("account_id", "ref", "The customer or prospect", to="accounts"),
        Column("contact_id", "ref", "The person", to="contacts"),
        Column("owner_id", "ref", "Owner today; past owners are in deal_events", to="reps", tracked=True),
        Column(
            "owner_at_creation_id", "ref", "Owner when it was opened, where that is another than today's", to="reps"
        ),
        Column("owner_at_close_id", "ref", "Owner when it was closed, where that is another than today's", to="reps"),
        Column("pipeline_id", "ref", "Which sales process", to="pipelines"),
        Column("stage_id", "ref", "Stage today; past stages are in deal_events", to="stages", tracked=True),
        Column("status", "choice", "Outcome so far", values=("open", "won", "lost"), tracked=True),
        Column("amount", "money", "Value: expected while open, agreed once won", tracked=True),
        CURRENCY,
        Column("probability", "number", "Chance in percent as the source states it", tracked=True),
        Column("forecast_category", "text", "The source's forecast category"),
        Column(
            "type",
            "choice",
            "Kind of business; empty where the source does not say",
            values=("new", "existing", "renewal", "upsell", "cross_sell"),
        ),
        Column("lead_source", "text", "Where it came from"),
        Column("campaign", "text", "Campaign"),
        Column("channel", "text", "Sales channel"),
        Column("region", "text", "Region or territory of the deal itself"),
        Column("segment", "text", "Segment of the deal itself"),
        Column("product_id", "ref", "The product, where a deal has one", to="products"),
        Column("quantity", "number", "Number of units, where the source has it"),
        Column("lead_id", "ref", "The lead it came from", to="leads"),
        Column("competitor", "text", "Main competitor"),
        Column("loss_reason", "text", "Why it was lost"),
        Column("next_step", "text", "Next step as written"),
        Column("created_at", "instant", "When it was opened"),
        Column("created_on", "date", "Local date it was opened", tracked=True),
        Column("qualified_at", "instant", "When it was accepted as an opportunity"),
        Column("qualified_on", "date", "Local date it was accepted as an opportunity"),
        Column("closed_at", "instant", "When it was won or lost"),
        Column("closed_on", "date", "Local date it was won or lost; empty while open", tracked=True),
        Column("expected_close_on", "date", "When it is expected to close", tracked=True),
        Column("last_activity_on", "date", "Last contact the source knows of"),
        EXTRA,
    ),
    real_dates=(
        "created_on",
        "closed_on",
        "qualified_on",
    ),
    by_name="name",
)

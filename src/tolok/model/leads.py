"""People or companies that may become customers."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

LEADS = Fact(
    name="leads",
    meaning="People or companies that may become customers",
    columns=(
        *identity("a lead"),
        Column("name", "text", "Name of the person"),
        Column("company", "text", "Company as written"),
        Column("owner_id", "ref", "Who works on it", to="reps"),
        Column("account_id", "ref", "The account it became or belongs to", to="accounts"),
        Column("deal_id", "ref", "The deal it was converted to", to="deals"),
        Column("lead_source", "text", "Where it came from: web, fair, referral, …"),
        Column("channel", "text", "Sales channel"),
        Column("campaign", "text", "Campaign"),
        Column("industry", "text", "Industry or sector"),
        Column("region", "text", "Region or territory"),
        Column("country", "text", "Country"),
        Column("product_id", "ref", "What it is interested in", to="products"),
        Column(
            "status",
            "choice",
            "Where it stands; the source's own word is in source_status",
            values=("open", "qualified", "disqualified", "converted"),
        ),
        Column("source_status", "text", "The status as the source words it"),
        Column(
            "quality",
            "choice",
            "Judged against the organisation's lead criteria; empty while unjudged",
            values=("good", "bad"),
        ),
        Column("rating", "text", "Hot, warm, cold or a score as written"),
        Column("is_enquiry", "boolean", "The customer asked first"),
        Column("created_at", "instant", "When it came in"),
        Column("created_on", "date", "Local date it came in"),
        Column("first_response_at", "instant", "First human reply"),
        Column("qualified_at", "instant", "When it met the criteria"),
        Column("qualified_on", "date", "Local date it met the criteria"),
        Column("converted_at", "instant", "When it became a deal or a customer"),
        Column("converted_on", "date", "Local date it became a deal or a customer"),
        Column("won_on", "date", "Local date its first deal was won or its first order placed"),
        EXTRA,
    ),
    real_dates=(
        "created_on",
        "qualified_on",
        "converted_on",
        "won_on",
    ),
)

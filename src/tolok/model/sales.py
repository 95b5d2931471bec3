"""Revenue lines, from orders or from won deals as the workspace chose in revenue_from."""

from __future__ import annotations

from tolok.model.fact import CURRENCY, Column, Fact

SALES = Fact(
    name="sales",
    meaning="Revenue lines, from orders or from won deals as the workspace chose in revenue_from",
    columns=(
        Column("id", "id", "Identity of the order line, deal or deal line"),
        Column("document", "text", "The order or deal that the line belongs to"),
        Column("sold_on", "date", "Local date of the sale"),
        Column("account_id", "ref", "Who bought", to="accounts"),
        Column("owner_id", "ref", "Who sold", to="reps"),
        Column("product_id", "ref", "What", to="products"),
        Column("deal_id", "ref", "The deal, where there is one", to="deals"),
        Column("kind", "choice", "Returns are negative", values=("sale", "return", "adjustment")),
        Column(
            "business",
            "choice",
            "Kind of business as the source says, or as the buying history shows for upsell and cross-sell",
            values=("new", "existing", "renewal", "upsell", "cross_sell"),
        ),
        Column("quantity", "number", "Units"),
        Column("amount", "money", "Net revenue of the line"),
        Column("cost", "money", "Cost of the goods; empty where unknown"),
        CURRENCY,
        Column("channel", "text", "Sales channel"),
        Column("region", "text", "Region"),
        Column("country", "text", "Country"),
        Column("first_sale_on", "date", "Date of this customer's first sale"),
    ),
    real_dates=("sold_on",),
    derived_from=(
        "orders",
        "deals",
        "deal_lines",
    ),
)

"""Any other series in time: series, date, value, dimensions."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

OBSERVATIONS = Fact(
    name="observations",
    meaning="Any other series in time: series, date, value, dimensions",
    columns=(
        *identity("an observation"),
        Column("series", "text", "Name of the series: web_visits, trial_sign_ups, market_size, stock, …"),
        Column("on", "date", "Day, or first day of the period it stands for"),
        Column("value", "number", "Value"),
        Column("unit", "text", "Unit of the series; of events, a day without a row is zero"),
        Column(
            "grain", "choice", "How much time one value stands for", values=("day", "week", "month", "quarter", "year")
        ),
        Column("roll_up", "choice", "How values combine over time", values=("sum", "mean", "last", "never")),
        Column("currency", "text", "ISO 4217 code where the unit is money"),
        Column("rep_id", "ref", "Rep", to="reps"),
        Column("team_id", "ref", "Team", to="teams"),
        Column("account_id", "ref", "Account", to="accounts"),
        Column("product_id", "ref", "Product", to="products"),
        Column("category", "text", "Product category"),
        Column("region", "text", "Region"),
        Column("channel", "text", "Channel"),
        Column("segment", "text", "Segment"),
        EXTRA,
    ),
    real_dates=("on",),
)

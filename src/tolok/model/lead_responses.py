"""How fast each lead got its first human reply."""

from __future__ import annotations

from tolok.model.fact import Column, Fact

LEAD_RESPONSES = Fact(
    name="lead_responses",
    meaning="How fast each lead got its first human reply",
    columns=(
        Column("lead_id", "ref", "The lead", to="leads"),
        Column("owner_id", "ref", "Who works on it", to="reps"),
        Column("lead_source", "text", "Where it came from"),
        Column("channel", "text", "Sales channel"),
        Column("created_at", "instant", "When it came in"),
        Column("created_on", "date", "Local date it came in"),
        Column("responded_at", "instant", "First human reply; empty while unanswered"),
        Column("calendar_hours", "number", "Hours on the clock on the wall"),
        Column("working_hours", "number", "Hours within the organisation's working hours and days"),
    ),
    real_dates=("created_on",),
    derived_from=(
        "leads",
        "activities",
    ),
)

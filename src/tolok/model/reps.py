"""The people who sell, and their managers."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

REPS = Fact(
    name="reps",
    meaning="The people who sell, and their managers",
    columns=(
        *identity("a rep"),
        Column("name", "text", "Name as written in the source"),
        Column("email", "text", "Work address; also how rows of two sources are matched"),
        Column("team_id", "ref", "Team today", to="teams"),
        Column("manager_id", "ref", "Line manager today", to="reps"),
        Column("role", "text", "Job title or role"),
        Column("region", "text", "Region or office as the source names it"),
        Column("hired_on", "date", "First working day"),
        Column("left_on", "date", "First day no longer employed; empty while employed"),
        Column("active", "boolean", "Employed and selling today"),
        Column("quota_carrying", "boolean", "Carries a quota; empty counts as yes"),
        EXTRA,
    ),
    real_dates=(
        "hired_on",
        "left_on",
    ),
    by_name="name",
    interval=("hired_on", "left_on"),
)

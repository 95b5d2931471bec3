"""Who belonged to which team and reported to whom, and when."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

MEMBERSHIPS = Fact(
    name="memberships",
    meaning="Who belonged to which team and reported to whom, and when",
    columns=(
        *identity("a membership"),
        Column("rep_id", "ref", "The person; empty for who led the team", to="reps"),
        Column("team_id", "ref", "The team", to="teams"),
        Column("manager_id", "ref", "The manager at that time", to="reps"),
        Column("from_on", "date", "First day; empty means since ever"),
        Column("to_on", "date", "Last day, inclusive; empty means until now"),
    ),
)

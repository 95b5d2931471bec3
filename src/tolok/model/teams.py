"""Sales teams, a tree."""

from __future__ import annotations

from tolok.model.fact import EXTRA, Column, Fact, identity

TEAMS = Fact(
    name="teams",
    meaning="Sales teams, a tree",
    columns=(
        *identity("a team"),
        Column("name", "text", "Name of the team"),
        Column("parent_id", "ref", "The team above", to="teams"),
        Column("manager_id", "ref", "Who leads it today", to="reps"),
        Column("region", "text", "Region or office"),
        EXTRA,
    ),
    by_name="name",
)

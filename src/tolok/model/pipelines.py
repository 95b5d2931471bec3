"""Sales processes."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

PIPELINES = Fact(
    name="pipelines",
    meaning="Sales processes",
    columns=(
        *identity("a pipeline"),
        Column("name", "text", "Name"),
        Column("position", "integer", "Order among pipelines"),
    ),
    by_name="name",
)

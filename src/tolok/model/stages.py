"""Steps of a pipeline, in order."""

from __future__ import annotations

from tolok.model.fact import Column, Fact, identity

STAGES = Fact(
    name="stages",
    meaning="Steps of a pipeline, in order",
    columns=(
        *identity("a stage"),
        Column("pipeline_id", "ref", "The pipeline", to="pipelines"),
        Column("name", "text", "Name"),
        Column("position", "integer", "Order from 1"),
        Column("probability", "number", "Chance of winning in percent"),
        Column("outcome", "choice", "What reaching it means", values=("open", "won", "lost")),
    ),
    by_name="name",
)

"""The stages of the open pipeline in their order: how much lies in each, how it flows, how long it stays."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tolok.query.ages import Age
from tolok.query.answer import Row
from tolok.query.browse import Condition, Listing
from tolok.query.question import Filter, Question, Viewer
from tolok.web.asking import Asking


@dataclass(frozen=True)
class StageLine:
    """One stage: its open deals and their amount today, and its flow in the period."""

    id: str
    name: str
    position: int
    count: int
    amount: float
    length: float
    conversion: Row | None
    days: Row | None
    pipeline: str = ""
    begins: bool = False
    age: Age | None = None


@dataclass(frozen=True)
class PipelineName:
    """One pipeline that may be chosen."""

    id: str
    name: str


def pipelines(asking: Asking) -> tuple[PipelineName, ...]:
    """The pipelines that have stages."""
    found = asking.workspace.browse(Listing("pipelines", ("name",), order=(("name", False),), limit=200))
    return tuple(PipelineName(item.id, str(item.get("name") or item.id)) for item in found.records)


def stage_lines(asking: Asking, pipeline: str, viewer: Viewer) -> list[StageLine]:
    """The open stages, first to last; the longest bar of a pipeline is its fullest stage."""
    conditions = [Condition("outcome", "not", ("won", "lost"))]
    if pipeline:
        conditions.append(Condition("pipeline_id", "is", pipeline))
    stages = asking.workspace.browse(
        Listing(
            "stages",
            ("name", "position", "pipeline_id"),
            (),
            tuple(conditions),
            (),
            (("pipeline_id", False), ("position", False)),
            200,
        )
    ).records
    where = (*asking.where, *((Filter("pipeline", (pipeline,)),) if pipeline else ()))
    stock = _by_stage(asking, ("deals_open", "open_pipeline"), where, viewer)
    flow = _by_stage(asking, ("stage_conversion",), where, viewer)
    flow |= _by_stage(asking, ("time_in_stage",), where, viewer, "median")
    waiting = asking.workspace.ages(
        "stage_stays",
        "stage_id",
        where=where,
        conditions=(Condition("deal_id.status", "is", "open"),),
        owner="deal_id.owner_id",
        viewer=viewer,
    )
    amounts = {stage.id: _value(stock, "open_pipeline", stage.id) for stage in stages}
    most: dict[object, float] = {}
    for stage in stages:
        most[stage.get("pipeline_id")] = max(most.get(stage.get("pipeline_id"), 0.0), amounts[stage.id])
    lines = [
        StageLine(
            stage.id,
            str(stage.get("name") or stage.id),
            int(str(stage.get("position") or 0)),
            int(_value(stock, "deals_open", stage.id)),
            amounts[stage.id],
            amounts[stage.id] / (most[stage.get("pipeline_id")] or 1),
            flow.get(("stage_conversion", stage.id)),
            flow.get(("time_in_stage", stage.id)),
            stage.names.get("pipeline_id", ""),
            age=waiting.get(stage.id),
        )
        for stage in stages
    ]
    several = len({line.pipeline for line in lines}) > 1
    return [
        replace(line, begins=several and (not place or lines[place - 1].pipeline != line.pipeline))
        for place, line in enumerate(lines)
    ]


def _by_stage(
    asking: Asking, kpis: tuple[str, ...], where: tuple[Filter, ...], viewer: Viewer, variant: str = ""
) -> dict[tuple[str, str], Row]:
    known = tuple(kpi for kpi in kpis if kpi in asking.workspace.definitions)
    answer = asking.workspace.answer(
        Question(
            known,
            start=asking.period.start,
            end=asking.period.end,
            by=("stage",),
            where=where,
            viewer=viewer,
            variant=variant,
        )
    )
    return {(row.kpi, row.ids["stage"] or ""): row for row in answer.rows()}


def _value(rows: dict[tuple[str, str], Row], kpi: str, stage: str) -> float:
    row = rows.get((kpi, stage))
    return float(row.value) if row is not None and row.value is not None else 0.0

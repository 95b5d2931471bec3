"""Stages and pipelines: what the mapping declares, what the export lists, and what deals name beyond both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tolok.imports.identity import HELD, Group
from tolok.imports.work import Work
from tolok.sources.mapping import StageMapping
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.values.quoting import identifier, literal


@dataclass
class _Stage:
    id: str
    source_id: str
    name: str
    pipeline_id: str | None
    position: int | None
    probability: Decimal | None
    outcome: str | None


@dataclass(frozen=True)
class Stages:
    """The keys by which deals name a stage, and the rows of both facts that this import declares."""

    keys: str  # table: pipeline, stage (as written; '' where none), pipeline_id, stage_id, outcome
    rows: str  # table of stages: id, source_id, and all that is known
    pipelines: str  # table of pipelines: id, source_id, name, position
    new: tuple[str, ...]  # names that neither the mapping nor the export lists


def resolve(work: Work, groups: Sequence[Group]) -> Stages:
    """Settle which stage and pipeline each written name means."""
    pipelines = _pipelines(work, groups)
    listed = _listed(work, groups, pipelines)
    keys: dict[tuple[str, str], _Stage] = {}
    new: list[str] = []
    for declared in work.mapping.stages:
        stage = _find(listed, declared.name, pipelines.get(declared.pipeline))
        if stage is None:
            stage = _declare(work, declared, pipelines.get(declared.pipeline))
            listed.append(stage)
        stage.position, stage.outcome = declared.position, declared.outcome
        if declared.probability is not None:
            stage.probability = Decimal(str(declared.probability))
        keys[(declared.pipeline, declared.name)] = stage
    for pipeline, name in _written(work, groups):
        if (pipeline, name) in keys:
            continue
        own = pipelines.get(pipeline)
        found = _find(listed, name, own)
        if found is None:
            found = _unheard(work, pipeline, name, own, listed)
            listed.append(found)
            new.append(name)
        keys[(pipeline, name)] = found
    return _stored(work, keys, listed, pipelines, tuple(new))


def _pipelines(work: Work, groups: Sequence[Group]) -> dict[str, str]:
    """Id of each pipeline by what it is called: its id in the source, or its name."""
    found: dict[str, str] = {}
    if work.stands("pipelines"):
        found.update(
            work.run(
                f"SELECT name, id FROM {work.now('pipelines')} WHERE source = {literal(work.source)} AND name IS NOT NULL"
            ).fetchall()
        )
        found.update(
            work.run(
                f"SELECT source_id, id FROM {work.now('pipelines')} WHERE source = {literal(work.source)}"
            ).fetchall()
        )
    for group in groups:
        if group.fact.name == "pipelines":
            name = "name" if "name" in group.provides else "NULL"
            for source_id, called in work.run(f"SELECT source_id, {name} FROM {group.relation}").fetchall():
                found[source_id] = f"{work.source}:{source_id}"
                if called:
                    found[called] = f"{work.source}:{source_id}"
    written = {stage.pipeline for stage in work.mapping.stages if stage.pipeline}
    for group in groups:
        if "pipeline_id" in group.provides:
            rows = work.run(f"SELECT DISTINCT pipeline_id FROM {group.relation} WHERE pipeline_id IS NOT NULL")
            written |= {row[0] for row in rows.fetchall()}
    for name in sorted(written):
        found.setdefault(name, f"{work.source}:{name}")
    return found


def _listed(work: Work, groups: Sequence[Group], pipelines: dict[str, str]) -> list[_Stage]:
    """The stages that the export lists, and those that stand."""
    found: dict[str, _Stage] = {}
    if work.stands("stages"):
        rows = work.run(
            f"SELECT id, source_id, name, pipeline_id, position, probability, outcome FROM {work.now('stages')} "
            f"WHERE source = {literal(work.source)} ORDER BY position, id"
        ).fetchall()
        found.update({row[0]: _Stage(*row) for row in rows})
    for group in groups:
        if group.fact.name != "stages":
            continue
        names = ("source_id", "name", "pipeline_id", "position", "probability", "outcome")
        columns = ", ".join(identifier(name) if name in group.provides else "NULL" for name in names)
        for source_id, name, pipeline, position, probability, outcome in work.run(
            f"SELECT {columns} FROM {group.relation} ORDER BY _row"
        ).fetchall():
            key = f"{work.source}:{source_id}"
            said = outcome or outcome_of(name or "") or ("won" if probability == 100 else "open")
            found[key] = _Stage(
                key, source_id, name or source_id, pipelines.get(pipeline or ""), position, probability, said
            )
    return list(found.values())


def _find(listed: Sequence[_Stage], written: str, pipeline: str | None) -> _Stage | None:
    """The stage of this id or name; of the pipeline where several have the name."""
    same = [s for s in listed if s.source_id == written] or [s for s in listed if s.name == written]
    own = [s for s in same if pipeline is not None and s.pipeline_id == pipeline]
    free = [s for s in same if s.pipeline_id is None or pipeline is None]
    found = own or free
    return found[0] if found else None


def _declare(work: Work, stage: StageMapping, pipeline: str | None) -> _Stage:
    source_id = f"{stage.pipeline}/{stage.name}" if stage.pipeline else stage.name
    return _Stage(f"{work.source}:{source_id}", source_id, stage.name, pipeline, None, None, None)


def _unheard(work: Work, pipeline: str, name: str, pipeline_id: str | None, listed: Sequence[_Stage]) -> _Stage:
    """A stage that only deals name: after the others, with the outcome that its name says."""
    outcome = outcome_of(name) or "open"
    last = max((s.position or 0 for s in listed if s.pipeline_id == pipeline_id), default=0)
    stage = _declare(work, StageMapping(pipeline, name, last + 1, "open"), pipeline_id)
    stage.position, stage.outcome = last + 1, outcome
    return stage


def _written(work: Work, groups: Sequence[Group]) -> list[tuple[str, str]]:
    """Pipeline and stage as deals and their histories name them."""
    found: dict[tuple[str, str], None] = {}
    for group in groups:
        if group.fact.name == "deal_events":
            for side in ("old", "new"):
                if side in group.provides:
                    rows = work.run(
                        f"SELECT DISTINCT {side} FROM {group.relation} WHERE field = 'stage_id' AND {side} IS NOT NULL"
                    )
                    found.update({("", row[0]): None for row in rows.fetchall()})
        elif "stage_id" in group.provides:
            pipeline = "coalesce(pipeline_id, '')" if "pipeline_id" in group.provides else "''"
            rows = work.run(
                f"SELECT DISTINCT {pipeline}, stage_id FROM {group.relation} WHERE stage_id IS NOT NULL ORDER BY ALL"
            )
            found.update({(row[0], row[1]): None for row in rows.fetchall()})
    return sorted(found, key=lambda pair: (pair[0] == "", pair))


def _stored(
    work: Work,
    keys: dict[tuple[str, str], _Stage],
    listed: Sequence[_Stage],
    pipelines: dict[str, str],
    new: tuple[str, ...],
) -> Stages:
    names = Stages(work.name("stage_keys"), work.name("stage_rows"), work.name("pipeline_rows"), new)
    work.run(
        f"CREATE TABLE {names.keys} (pipeline VARCHAR, stage VARCHAR, pipeline_id VARCHAR, stage_id VARCHAR, "
        f"outcome VARCHAR)"
    )
    work.run(
        f"CREATE TABLE {names.rows} (id VARCHAR, source_id VARCHAR, name VARCHAR, pipeline_id VARCHAR, "
        f"position BIGINT, probability DECIMAL(18,4), outcome VARCHAR)"
    )
    work.run(f"CREATE TABLE {names.pipelines} (id VARCHAR, source_id VARCHAR, name VARCHAR, position BIGINT)")
    key_rows = [[p, s, stage.pipeline_id, stage.id, stage.outcome] for (p, s), stage in keys.items()]
    key_rows += [[p, "", id, None, None] for p, id in pipelines.items()]
    if key_rows:
        work.connection.executemany(f"INSERT INTO {names.keys} VALUES (?, ?, ?, ?, ?)", key_rows)
    if listed:
        work.connection.executemany(
            f"INSERT INTO {names.rows} VALUES (?, ?, ?, ?, ?, ?, ?)",
            [[s.id, s.source_id, s.name, s.pipeline_id, s.position, s.probability, s.outcome] for s in listed],
        )
    called: dict[str, str] = {}
    for name, id in pipelines.items():
        if id not in called or called[id] == id.split(":", 1)[1]:
            called[id] = name
    if called:
        work.connection.executemany(
            f"INSERT INTO {names.pipelines} VALUES (?, ?, ?, ?)",
            [[id, id.split(":", 1)[1], name, place] for place, (id, name) in enumerate(called.items(), start=1)],
        )
    return names


def applied(work: Work, group: Group, stages: Stages) -> Group:
    """Deals with the ids of their stage and pipeline, and the outcome that the stage means."""
    from dataclasses import replace

    if "stage_id" not in group.provides and "pipeline_id" not in group.provides:
        return group
    pipeline = "coalesce(g.pipeline_id, '')" if "pipeline_id" in group.provides else "''"
    stage = "coalesce(g.stage_id, '')" if "stage_id" in group.provides else "''"
    kept = [name for name in group.provides if name not in ("stage_id", "pipeline_id")]
    chosen = ", ".join(f"g.{identifier(name)}" for name in (*kept, *HELD))
    relation = (
        f"(SELECT {chosen}, k.stage_id, coalesce(k.pipeline_id, p.pipeline_id) AS pipeline_id, "
        f"k.outcome AS _outcome FROM {group.relation} g "
        f"LEFT JOIN {stages.keys} k ON k.pipeline = {pipeline} AND k.stage = {stage} "
        f"LEFT JOIN {stages.keys} p ON p.pipeline = {pipeline} AND p.stage = '' AND p.pipeline <> '')"
    )
    provides = (*kept, *(["stage_id"] if "stage_id" in group.provides else []), "pipeline_id", "_outcome")
    return replace(group, relation=relation, provides=provides)

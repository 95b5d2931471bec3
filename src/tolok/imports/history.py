"""Histories of deals as sources keep them: rows of what changed, or rows of how a deal stood at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tolok.imports.identity import HELD, Group
from tolok.imports.references import Resolved
from tolok.imports.stages import Stages
from tolok.imports.staging import STATE
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.values.quoting import identifier, literal

COLUMNS = ("deal_id", "field", "old", "new", "at", "on", "by_id")


def changes(work: Work, group: Group) -> Group:
    """Rows of states turned into the changes between them; rows of changes with their values in one form."""
    states = [name for name in group.provides if name.startswith(STATE)]
    if states:
        return _of_states(work, group, states)
    if "field" not in group.provides:  # from one stage to the next is what histories tell where they do not say of what
        relation = f"(SELECT *, 'stage_id' AS field FROM {group.relation})"
        group = replace(group, relation=relation, provides=(*group.provides, "field"))
    given = [name for name in COLUMNS if name in group.provides]
    words = _outcomes(work, group) if "field" in given else {}
    fields = {"field": "field", "old": _plain("old", "field", words), "new": _plain("new", "field", words)}
    chosen = ", ".join(f"{fields.get(name, identifier(name))} AS {identifier(name)}" for name in given)
    key = "source_id, " if "source_id" in group.provides else ""
    rows = f"SELECT {key}{chosen}, {', '.join(HELD)} FROM {group.relation}"
    if "field" in given:
        rows += " WHERE field IS NOT NULL"
    if "new" in given and "old" not in given:
        rows = f"SELECT *, {_before(group)} AS old FROM ({rows})"
        given.append("old")
    return replace(group, relation=f"({rows})", provides=(*(["source_id"] if key else []), *given))


def _of_states(work: Work, group: Group, states: Sequence[str]) -> Group:
    """One row per column of a state whose value is another than in the deal's row before."""
    kept = [name for name in ("deal_id", "at", "on", "by_id") if name in group.provides]
    held = ", ".join(identifier(name) for name in (*kept, *HELD))
    parts = []
    for state in states:
        field = state.removeprefix(STATE)
        key = f"source_id || {literal('/' + field)} AS source_id, " if "source_id" in group.provides else ""
        parts.append(
            f"SELECT {key}{held}, {literal(field)} AS field, {_text(field, identifier(state))} AS new "
            f"FROM {group.relation}"
        )
    rows = " UNION ALL ".join(parts)
    table = work.table(
        "changes",
        f"SELECT * FROM (SELECT *, {_before(group)} AS old, {_first(group)} AS first FROM ({rows})) "
        f"WHERE CASE WHEN first = _row THEN new IS NOT NULL ELSE new IS DISTINCT FROM old END",
    )
    key_column = ["source_id"] if "source_id" in group.provides else []
    by = dict(group.by)
    by["new"] = group.by.get(f"{STATE}owner_id", "")
    return replace(group, relation=table, provides=(*key_column, *kept, "field", "new", "old"), by=by)


def _order(group: Group) -> str:
    moments = [identifier(name) for name in ("at", "on") if name in group.provides]
    ordered = f"coalesce({', '.join(f'CAST({name} AS TIMESTAMP)' for name in moments)})" if moments else "_row"
    return f"OVER (PARTITION BY deal_id, field ORDER BY {ordered}, _row)"


def _before(group: Group) -> str:
    return f"lag(new) {_order(group)}"


def _first(group: Group) -> str:
    return f"first_value(_row) {_order(group)}"


def _text(field: str, value: str) -> str:
    """A typed value as events write it: decimals with four places, dates as ISO."""
    return f"CAST({value} AS VARCHAR)"


def _outcomes(work: Work, group: Group) -> dict[str, str]:
    """What the words for a deal's outcome mean, where a history has any."""
    sides = [side for side in ("old", "new") if side in group.provides]
    words: dict[str, str] = {}
    for side in sides:
        query = f"SELECT DISTINCT {side} FROM {group.relation} WHERE field = 'status' AND {side} IS NOT NULL LIMIT 500"
        words.update({row[0]: outcome_of(row[0]) for row in work.run(query).fetchall()})
    return {word: outcome for word, outcome in words.items() if outcome and outcome != word}


def _plain(side: str, field: str, outcomes: dict[str, str]) -> str:
    """A value as text, brought to the form that its field has."""
    name = identifier(side)
    known = " ".join(f"WHEN {literal(word)} THEN {literal(outcome)}" for word, outcome in outcomes.items())
    status = f"WHEN {field} = 'status' THEN CASE {name} {known} ELSE {name} END " if known else ""
    return (
        f"CASE {status}WHEN {field} IN ('amount', 'probability') THEN "
        f"coalesce(CAST(TRY_CAST({name} AS DECIMAL(18,4)) AS VARCHAR), {name}) "
        f"WHEN {field} IN ('expected_close_on', 'closed_on') THEN "
        f"coalesce(CAST(TRY_CAST({name} AS DATE) AS VARCHAR), {name}) ELSE {name} END"
    )


def owners(group: Group) -> list[str]:
    """Queries of the owners that a history names."""
    return [
        f"SELECT {side} AS written FROM {group.relation} WHERE field = 'owner_id'"
        for side in ("old", "new")
        if side in group.provides and "field" in group.provides
    ]


def applied(work: Work, group: Group, resolved: Resolved, stages: Stages, deals: str) -> Group:
    """Ids in place of the stages and owners that a history writes. ``deals`` tells the pipeline of each deal."""
    if "field" not in group.provides:
        return group
    by = literal(group.by.get("new", ""))
    joins, sides = "", {}
    if "deal_id" in group.provides:
        joins += f" LEFT JOIN (SELECT id, pipeline_id FROM {deals}) d ON d.id = g.deal_id"
    for side in ("old", "new"):
        if side not in group.provides:
            continue
        name = f"g.{side}"
        value = name
        own = (
            f"LEFT JOIN (SELECT stage, pipeline_id, min(stage_id) AS stage_id FROM {stages.keys} WHERE stage <> '' "
            f"GROUP BY ALL) s{side} ON g.field = 'stage_id' AND s{side}.stage = {name} "
            f"AND s{side}.pipeline_id = d.pipeline_id "
            f"LEFT JOIN (SELECT stage, min(stage_id) AS stage_id FROM {stages.keys} WHERE stage <> '' GROUP BY 1) "
            f"t{side} ON g.field = 'stage_id' AND t{side}.stage = {name}"
        )
        joins += f" {own}"
        cases = f"WHEN g.field = 'stage_id' THEN coalesce(s{side}.stage_id, t{side}.stage_id, {name})"
        reps = resolved.tables.get("reps")
        if reps:
            joins += (
                f" LEFT JOIN {reps} o{side} ON g.field = 'owner_id' AND o{side}.written = {name} AND o{side}.how = {by}"
            )
            cases += f" WHEN g.field = 'owner_id' THEN coalesce(o{side}.id, {name})"
        value = f"CASE {cases} ELSE {name} END"
        sides[side] = f"{value} AS {side}"
    chosen = ", ".join(dict[str, str](**sides).get(name, f"g.{identifier(name)}") for name in (*group.provides, *HELD))
    return replace(group, relation=f"(SELECT {chosen} FROM {group.relation} g{joins})")


TRACKED = tuple(column.name for column in FACTS["deals"].columns if column.tracked)
"""The columns of a deal whose changes are events."""

"""Teams and memberships from what an export says about reps: their team, their manager, and since when."""

from __future__ import annotations

from datetime import date

from tolok.imports.work import Work
from tolok.sources.values.quoting import literal

OWN = "reps/"
"""How the ids of memberships begin that are read from rows of reps."""


def teams_of_managers(work: Work, reps: str) -> tuple[str, str]:
    """Where an export names managers but no teams, the reps of a manager are a team.

    Gives the reps with their team, and the rows of the teams.
    """
    lead = work.table(
        "led",
        f"SELECT manager_id, count(DISTINCT region) AS regions, min(region) AS region FROM {reps} "
        f"WHERE manager_id IS NOT NULL GROUP BY 1",
    )
    names = (
        f"(SELECT id, name, source_id, manager_id FROM {reps} UNION ALL SELECT id, name, source_id, manager_id "
        f"FROM {work.now('reps')} WHERE id NOT IN (SELECT id FROM {reps}))"
    )
    teams = work.table(
        "led_teams",
        f"SELECT {work.prefix} || 'manager/' || m.source_id AS id, {literal(work.source)} AS source, "
        f"'manager/' || m.source_id AS source_id, m.name, "
        f"CASE WHEN m.manager_id IS NOT NULL THEN {work.prefix} || 'manager/' || u.source_id END AS parent_id, "
        f"l.manager_id, CASE WHEN l.regions = 1 THEN l.region END AS region, CAST(NULL AS VARCHAR) AS extra "
        f"FROM {lead} l JOIN {names} m ON m.id = l.manager_id LEFT JOIN {names} u ON u.id = m.manager_id",
    )
    derived = f"starts_with(r.team_id, {work.prefix} || 'manager/')"
    with_team = (
        f"(SELECT r.* REPLACE (CASE WHEN t.id IS NOT NULL AND (r.team_id IS NULL OR {derived}) THEN t.id "
        f"ELSE r.team_id END AS team_id) FROM {reps} r LEFT JOIN {teams} t ON t.manager_id = r.manager_id)"
    )
    return with_team, teams


def memberships(work: Work, reps: str, day: date) -> str:
    """Rows of memberships that differ from those that stand: a rep who moved leaves one team and enters another."""
    wanted = work.table(
        "wanted_memberships",
        f"SELECT id AS rep_id, source_id, team_id, manager_id FROM {reps} "
        f"WHERE team_id IS NOT NULL OR manager_id IS NOT NULL",
    )
    own = f"source = {literal(work.source)} AND starts_with(source_id, {literal(OWN)})"
    open_ = work.table(
        "open_memberships",
        f"SELECT id, source, source_id, rep_id, team_id, manager_id, from_on, to_on FROM {work.now('memberships')} WHERE {own} AND to_on IS NULL",  # noqa: E501
    )
    same = "o.team_id IS NOT DISTINCT FROM w.team_id AND o.manager_id IS NOT DISTINCT FROM w.manager_id"
    today = f"DATE {literal(day.isoformat())}"
    moved = f"FROM {wanted} w JOIN {open_} o ON o.rep_id = w.rep_id AND NOT ({same})"
    entered = (
        f"{work.prefix} || key AS id, {literal(work.source)} AS source, key AS source_id, rep_id, team_id, manager_id"
    )
    return (
        f"(SELECT {entered}, CAST(NULL AS DATE) AS from_on, CAST(NULL AS DATE) AS to_on FROM "
        f"(SELECT *, {literal(OWN)} || source_id AS key FROM {wanted} WHERE rep_id NOT IN (SELECT rep_id FROM {open_})) "
        f"UNION ALL SELECT o.* REPLACE ({today} - 1 AS to_on) {moved} "
        f"UNION ALL SELECT {entered}, {today} AS from_on, NULL AS to_on FROM "
        f"(SELECT w.*, {literal(OWN)} || w.source_id || '/' || {literal(day.isoformat())} AS key {moved}))"
    )


def declares_memberships(work: Work) -> bool:
    """Whether the source itself tells who belonged where, so that nothing is to be read from the reps."""
    return work.stands("memberships") and bool(
        work.count(
            f"(SELECT 1 FROM {work.now('memberships')} WHERE source = {literal(work.source)} "
            f"AND NOT starts_with(source_id, {literal(OWN)}) LIMIT 1)"
        )
    )

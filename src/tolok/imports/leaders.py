"""Who leads a team from a day on, where people entered it: the team's members report to that person since then.

They stand in ``mappings/organisation/moves.toml`` beside the moves of reps. As rows of ``memberships`` they are part of
every snapshot: one without a rep says who led the team, and each member has a stretch per leader. Who names another
manager than the team's leader goes on reporting to that one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tolok.errors import DefinitionError
from tolok.model.targets import TOLOK

KEYS = ("team", "rep", "from_on", "before", "by")
_EVER = "DATE '0001-01-01'"


@dataclass(frozen=True)
class Leader:
    """From a day on a rep leads a team; ``before`` is who led it until then, "" for nobody."""

    team: str
    rep: str
    from_on: date
    before: str = ""
    by: str = ""


def leader_of(item: Any, file: str) -> Leader:
    """One ``[[leader]]`` table."""
    if not isinstance(item, dict) or set(item) - set(KEYS):
        raise DefinitionError(f"A leader has {', '.join(KEYS)} and nothing else.", file=file)
    texts = {name: item.get(name, "") for name in ("team", "rep", "before", "by")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["rep"] or not texts["team"]:
        raise DefinitionError("A leader needs the ids of a team and a rep.", file=file)
    if not isinstance(item.get("from_on"), date):
        raise DefinitionError("A leader needs their first day, such as from_on = 2026-05-01.", file=file)
    return Leader(texts["team"], texts["rep"], item["from_on"], texts["before"], texts["by"])


def lay(run: Callable[..., Any], leaders: Sequence[Leader], memberships: str) -> None:
    """Add to ``moves_laid`` what follows from leaders, over the memberships that stand with the moves laid over them."""
    run("CREATE OR REPLACE TEMP TABLE leaders_given (team_id VARCHAR, manager_id VARCHAR, since DATE)")
    first: dict[str, Leader] = {}
    for leader in leaders:
        run("INSERT INTO leaders_given VALUES (?, ?, ?)", [leader.team, leader.rep, leader.from_on])
        if leader.team not in first or leader.from_on < first[leader.team].from_on:
            first[leader.team] = leader
    for leader in first.values():
        run(f"INSERT INTO leaders_given VALUES (?, nullif(?, ''), {_EVER})", [leader.team, leader.before])
    run(
        "CREATE OR REPLACE TEMP TABLE leaders_spans AS SELECT g.team_id, g.manager_id, g.since,"
        " lead(g.since) OVER (PARTITION BY g.team_id ORDER BY g.since) AS until FROM leaders_given g"
        " JOIN next.teams t ON t.id = g.team_id"
        " WHERE g.manager_id IS NULL OR g.manager_id IN (SELECT id FROM next.reps)"
    )
    starts = f"coalesce(from_on, {_EVER})"
    run(
        "CREATE OR REPLACE TEMP TABLE leaders_stretches AS SELECT *, least(coalesce(to_on + 1, following),"
        f" coalesce(following, to_on + 1)) AS until FROM (SELECT rep_id, team_id, manager_id, to_on, {starts} AS since,"
        f" lead({starts}) OVER (PARTITION BY rep_id ORDER BY {starts}, coalesce(source, '') = '{TOLOK}', id)"
        f" AS following FROM {memberships} WHERE rep_id IS NOT NULL)"
    )
    since = "greatest(s.since, l.since)"
    until = "least(coalesce(s.until, l.until), coalesce(l.until, s.until))"
    run(
        f"INSERT INTO moves_laid SELECT '{TOLOK}:' || key, '{TOLOK}', key, rep_id, team_id, manager_id,"
        f" nullif(since, {_EVER}), until - 1 FROM ("
        f"SELECT 'team/' || s.rep_id || '/' || {since} AS key, s.rep_id, s.team_id,"
        f" nullif(l.manager_id, s.rep_id) AS manager_id, {since} AS since, {until} AS until"
        " FROM leaders_stretches s JOIN leaders_spans l ON l.team_id = s.team_id JOIN next.teams t ON t.id = s.team_id"
        f" WHERE (s.until IS NULL OR s.since < s.until) AND ({until} IS NULL OR {since} < {until})"
        " AND (s.manager_id IS NULL OR s.manager_id = t.manager_id OR s.manager_id IN"
        " (SELECT o.manager_id FROM leaders_spans o WHERE o.team_id = s.team_id))"
        " UNION ALL SELECT 'team//' || team_id || '/' || since, NULL, team_id, manager_id, since, until"
        " FROM leaders_spans)"
    )

"""Who owned a deal when it was opened and when it was closed, as the history of its owners tells."""

from __future__ import annotations

from collections.abc import Sequence

from tolok.imports.identity import Group
from tolok.imports.references import Resolved
from tolok.imports.work import Work
from tolok.sources.values.quoting import literal


def with_history(work: Work, deals: str, histories: Sequence[Group], resolved: Resolved) -> str:
    """Deals with their owners at creation and at close, where those are others than today's and the export is silent.

    ``histories`` are the groups of events with the ids of their deals.
    """
    reps = resolved.tables.get("reps")
    told = [group for group in histories if {"field", "new", "deal_id"} <= set(group.provides)]
    told = [group for group in told if {"at", "on"} & set(group.provides)]
    if not reps or not told:
        return deals
    changes = work.table("owners", " UNION ALL ".join(_changes(group, reps) for group in told))
    if not work.count(changes):
        return deals
    first = f"SELECT deal_id, arg_min(coalesce(old, new), (moment, _row)) AS owner FROM {changes} GROUP BY 1"
    closing = (
        f"SELECT c.deal_id, coalesce(arg_max(c.new, (c.moment, c._row)) FILTER (c.day <= d.closed_on), "
        f"arg_min(coalesce(c.old, c.new), (c.moment, c._row))) AS owner FROM {changes} c JOIN {deals} d "
        f"ON d.id = c.deal_id WHERE d.closed_on IS NOT NULL GROUP BY 1"
    )
    return (
        f"(SELECT d.* REPLACE (coalesce(d.owner_at_creation_id, nullif(o.owner, d.owner_id)) AS owner_at_creation_id, "
        f"coalesce(d.owner_at_close_id, nullif(c.owner, d.owner_id)) AS owner_at_close_id) FROM {deals} d "
        f"LEFT JOIN ({first}) o ON o.deal_id = d.id LEFT JOIN ({closing}) c ON c.deal_id = d.id)"
    )


def _changes(group: Group, reps: str) -> str:
    """The changes of owner of one history, with ids of reps."""
    by = literal(group.by.get("new", ""))
    day = '"on"' if "on" in group.provides else 'CAST("at" AS DATE)'
    moment = '"at"' if "at" in group.provides else 'CAST("on" AS TIMESTAMP)'
    both = 'coalesce("at", CAST("on" AS TIMESTAMP))' if {"at", "on"} <= set(group.provides) else moment
    old = "o.id" if "old" in group.provides else "CAST(NULL AS VARCHAR)"
    before = f"LEFT JOIN {reps} o ON o.written = g.old AND o.how = {by} " if "old" in group.provides else ""
    return (
        f"SELECT g.deal_id, {old} AS old, n.id AS new, g.moment, g.day, g._row FROM (SELECT *, {both} AS moment, "
        f"{day} AS day FROM {group.relation} WHERE field = 'owner_id' AND new IS NOT NULL) g "
        f"JOIN {reps} n ON n.written = g.new AND n.how = {by} {before}"
    )

"""Events of deals: from the source's own history, from the difference between two imports, and from a deal's own dates."""

from __future__ import annotations

from datetime import date, timedelta

from tolok.imports.difference import HASH, Change, hashed
from tolok.imports.history import TRACKED
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.values.quoting import identifier, literal

FRESH = timedelta(days=14)
"""Newer data whose own last date lies no further back is of today; older exports changed when their data ended."""

COLUMNS = ", ".join(identifier(name) for name in FACTS["deal_events"].column_names)


def day_of_change(work: Work, ends_on: date | None) -> date:
    """When a difference between two imports is taken to have happened, where the export does not say.

    An export that reaches further than what is known was taken lately: its changes are of today. One that does not is a
    correction. Dated today, it would make the data seem to reach into days in which nothing was sold; it is dated to
    where the data ends, though never before a change that was seen earlier.
    """
    if ends_on is None:
        return work.today
    stood = work.draft.current.coverage.facts if work.draft.current else {}
    newer = ends_on > (told_until(work) or date.min)
    if newer and work.today - ends_on <= FRESH:
        return work.today
    seen = stood["deal_events"].last if "deal_events" in stood else None
    return max(ends_on, seen) if seen else ends_on


def told_until(work: Work) -> date | None:
    """The last date that the facts of the current snapshot tell themselves; when we saw a change is none."""
    stood = work.draft.current.coverage.facts if work.draft.current else {}
    own = [held.last for name, held in stood.items() if name != "deal_events" and not FACTS[name].derived_from]
    return max((day for day in own if day is not None), default=None)


def renewed(work: Work, deals: Change, history: str, ends_on: date | None) -> Change:
    """Write the events of a draft. ``history`` is the relation of the events that the source tells, or empty."""
    fact = "deal_events"
    day = day_of_change(work, ends_on)
    own = work.table("told", f"SELECT {COLUMNS} FROM {history}") if history else ""
    now = _standing(work, deals, own)
    parts = [_derived(work, deals, own, now, ends_on or work.today)]
    if own:
        parts.append(f"SELECT {COLUMNS} FROM {own}")
    if not deals.first:
        parts += _differences(work, deals, own, day)
    rows = " UNION ALL ".join(f"SELECT {COLUMNS} FROM ({part})" for part in parts)
    if not work.stands(fact):
        count = work.draft.put(fact, f"SELECT *, {hashed(fact)} AS {HASH} FROM ({rows})")
        return Change(fact, work.next(fact), "", count, 0, 0, True)
    new = work.table("new_events", f"SELECT *, {hashed(fact)} AS {HASH} FROM ({rows})")
    stale = _stale(deals, own, now)
    same = f"SELECT n.id FROM {new} n JOIN {now} o ON o.id = n.id AND o.{HASH} = n.{HASH}"
    work.run(f"DELETE FROM {new} WHERE id IN ({same}) AND id NOT IN ({stale})")
    gone = work.table(
        "gone_events",
        f"SELECT id, deal_id FROM {now} WHERE id IN ({stale}) OR id IN (SELECT id FROM {new})",
    )
    changed = work.count(f"(SELECT id FROM {new} WHERE id IN (SELECT id FROM {gone}))")
    fresh, lost = work.count(new) - changed, work.count(gone) - changed
    if fresh or changed or lost:
        work.draft.patch(fact, gone=f"SELECT id FROM {gone}", rows=f"SELECT {COLUMNS}, {HASH} FROM {new}")
    return Change(fact, new, gone, fresh, changed, lost, False)


def _standing(work: Work, deals: Change, told: str) -> str:
    """The events that stand and that this import may touch: where no history is given, those of the deals that changed."""
    now = work.now("deal_events")
    if told or deals.first or not work.stands("deal_events"):
        return now
    touched = f"SELECT id FROM {deals.rows} UNION ALL SELECT id FROM {deals.gone}"
    return work.table(
        "standing_events",
        f'SELECT id, deal_id, field, new, "on", origin, {HASH} FROM {now} WHERE deal_id IN ({touched})',
    )


def _stale(deals: Change, told: str, now: str) -> str:
    """Ids of what the own dates of changed deals said before, and of what their history now says itself.

    When an open deal was first seen stays.
    """
    derived = f"SELECT e.id FROM {now} e WHERE e.origin = 'derived' AND e.field IN ('created', 'status')"
    parts = []
    if not deals.first:
        touched = f"SELECT id FROM {deals.rows} UNION ALL SELECT id FROM {deals.gone}"
        parts.append(f"{derived} AND e.deal_id IN ({touched})")
    if told:
        same = 't.deal_id = e.deal_id AND t.field = e.field AND (e.field = \'created\' OR (t.new = e.new AND t."on" = e."on"))'
        parts.append(f"{derived} AND EXISTS (SELECT 1 FROM {told} t WHERE {same})")
    return " UNION ALL ".join(parts) or "SELECT NULL WHERE false"


def _derived(work: Work, deals: Change, told: str, now: str, ends_on: date) -> str:
    """What a deal's own dates prove: that it was opened, won or lost; and the stage in which it was first seen open."""
    first_seen = "status = 'open' AND (stage_id IS NOT NULL OR created_on IS NULL)"
    opened = closed = ""
    if told:
        first_seen += f" AND id NOT IN (SELECT deal_id FROM {told} WHERE field = 'stage_id' AND deal_id IS NOT NULL)"
    known = _known(work, deals, told, now)
    if known:
        opened = f" AND id NOT IN (SELECT deal_id FROM {known} WHERE field = 'created')"
        closed = (
            f" AND NOT EXISTS (SELECT 1 FROM {known} k WHERE k.field = 'status' AND k.deal_id = d.id "
            f'AND k.new = d.status AND k."on" = d.closed_on)'
        )
    if not deals.first:
        first_seen += " AND _new"
    seen = f"DATE {literal(ends_on.isoformat())}"
    deal = (
        f"SELECT *, created_on IS NOT NULL{opened} AS opens, closed_on IS NOT NULL{closed} AS closes, "
        f"{first_seen} AS first_seen FROM {deals.rows} d"
    )
    return (
        f"SELECT id || '/' || what AS id, source, source_id || '/' || what AS source_id, id AS deal_id, field, old, "
        f"CASE what WHEN 'created' THEN CAST(created_on AS VARCHAR) WHEN 'closed' THEN status ELSE stage_id END AS new, "
        f"CASE what WHEN 'created' THEN created_at WHEN 'closed' THEN closed_at END AS \"at\", "
        f"CASE what WHEN 'created' THEN created_on WHEN 'closed' THEN closed_on ELSE greatest({seen}, created_on) END "
        f"AS \"on\", CAST(NULL AS VARCHAR) AS by_id, 'derived' AS origin FROM ({deal}), "
        f"(VALUES ('created', 'created', NULL), ('closed', 'status', 'open'), ('seen', 'stage_id', NULL)) "
        f"AS told (what, field, old) "
        f"WHERE CASE what WHEN 'created' THEN opens WHEN 'closed' THEN closes ELSE first_seen END"
    )


def _known(work: Work, deals: Change, told: str, now: str) -> str:
    """What the source's own history says of when deals were opened and decided, now or in an import before."""
    wanted = "deal_id IS NOT NULL AND \"on\" IS NOT NULL AND new IS NOT NULL AND field IN ('created', 'status')"
    parts = [f'SELECT deal_id, field, new, "on" FROM {told} WHERE {wanted}'] if told else []
    if work.stands("deal_events"):
        parts.append(
            f"SELECT deal_id, field, new, \"on\" FROM {now} WHERE origin = 'history' AND {wanted} "
            f"AND deal_id IN (SELECT id FROM {deals.rows})"
        )
    return work.table("known_events", " UNION ALL ".join(parts)) if parts else ""


def _differences(work: Work, deals: Change, told: str, day: date) -> list[str]:
    """One event for each tracked column of a deal that this import changed; a deal that is gone was deleted."""
    stamp = f"TIMESTAMP {literal(work.moment.strftime('%Y-%m-%d %H:%M:%S'))}" if day == work.today else "NULL"
    today = f"DATE {literal(day.isoformat())}"
    decided = "n.closed_on IS NOT NULL AND o.closed_on IS DISTINCT FROM n.closed_on"
    parts = []
    for column in TRACKED:
        if column in ("created_on",):
            continue
        name = identifier(column)
        when = f"CASE WHEN {decided} THEN n.closed_on ELSE {today} END" if column in ("stage_id", "status") else today
        at = f"CASE WHEN {decided} THEN n.closed_at ELSE {stamp} END" if column in ("stage_id", "status") else stamp
        test = f"o.{name} IS DISTINCT FROM n.{name}"
        if column == "status":  # the deal's own closing date says it already
            test += " AND n.closed_on IS NULL"
        if told:
            # the history says it itself, if it ends where the deal is now
            test += (
                f' AND (n.id, CAST(n.{name} AS VARCHAR)) NOT IN (SELECT deal_id, arg_max("new", (coalesce("at", "on"), id)) '
                f'FROM {told} WHERE field = {literal(column)} AND deal_id IS NOT NULL AND "new" IS NOT NULL GROUP BY 1)'
            )
        parts.append(
            _event(work, column, f"CAST(o.{name} AS VARCHAR)", f"CAST(n.{name} AS VARCHAR)", at, when)
            + f" FROM {deals.rows} n JOIN {deals.before or work.now('deals')} o ON o.id = n.id WHERE {test}"
        )
    parts.append(
        _event(work, "deleted", "n.status", "NULL", stamp, today)
        + f" FROM {work.now('deals')} n WHERE n.id IN (SELECT id FROM {deals.gone})"
    )
    return parts


def _event(work: Work, field: str, old: str, new: str, at: str, on: str) -> str:
    key = literal(f"/{field}@{work.draft.id}")
    return (
        f"SELECT n.id || {key} AS id, n.source, n.source_id || {key} AS source_id, n.id AS deal_id, "
        f'{literal(field)} AS field, {old} AS old, {new} AS new, CAST({at} AS TIMESTAMP) AS "at", '
        f"CAST({on} AS DATE) AS \"on\", CAST(NULL AS VARCHAR) AS by_id, 'difference' AS origin"
    )

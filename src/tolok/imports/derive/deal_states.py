"""What each deal was on each day, from its events; unknown where nothing proves it.

A deal with events of its own (a history, or differences between imports) has a state for every day on which one of
them happened: the last event of a day wins. Before the first event of a column stands what that event says was there,
and where it says nothing the column of the deal itself, except the stage, which is unknown then. A deal without events
was open from its creation to its closing, in a stage that nobody knows, and won or lost from its closing on. The
stage of a deal that is still open is known from the day on which it was first seen.

The chance of an open deal is its own where that is known of the day (from events, or of the state in which it stands
now), else that of the stage in which it was.
"""

from __future__ import annotations

from tolok.imports.derive.moment import MOMENT

DEALS = (
    "id, status, pipeline_id, stage_id, owner_id, owner_at_close_id, account_id, product_id, amount, currency, "
    "probability, expected_close_on, created_on, closed_on"
)
EVENTS = 'id, deal_id, field, old, new, "at", "on", origin'
CARRIED = ("stage_id", "amount", "owner_id", "probability", "expected_close_on")
"""What a state is made of, as events name it, beside the outcome."""


def select(deals: str, events: str, ends_on: str, stages: str) -> str:
    """The states of the deals in a relation. ``ends_on`` is the data's last date as SQL."""
    states = f"{_plain(deals, events, ends_on)} UNION ALL {_told(deals, events)}"
    own = "CASE WHEN s.probability BETWEEN 0 AND 100 THEN s.probability END"
    chance = f"CASE WHEN s.status = 'open' THEN coalesce({own}, g.probability) END"
    return (
        f"SELECT deal_id, from_on, to_on, status, pipeline_id, stage_id, owner_id, account_id, product_id, amount, "
        f"currency, probability, CAST(CAST(amount AS DECIMAL(38,4)) * probability * 0.01 AS DECIMAL(18,4)) AS weighted_amount, "
        f"CASE WHEN status = 'open' THEN CASE WHEN probability IS NULL AND amount IS NOT NULL THEN 'unknown' "
        f"ELSE 'known' END END AS chance, expected_close_on, known "
        f"FROM (SELECT s.* EXCLUDE (probability), {chance} AS probability FROM ({states}) s "
        f"LEFT JOIN {stages} g ON g.id = s.stage_id)"
    )


def _with_events(events: str) -> str:
    return f"SELECT deal_id FROM {events} WHERE field IN {(*CARRIED, 'status')} AND origin <> 'derived'"


def _plain(deals: str, events: str, ends_on: str) -> str:
    """Deals without events of their own: at most three stretches, by their own dates.

    One pass over the deals gives all three, which leaves a deal's rows together and packs better.
    """
    seen = f"(SELECT deal_id, min(\"on\") AS seen_on FROM {events} WHERE origin = 'derived' AND field = 'stage_id' GROUP BY 1)"
    base = (
        f"SELECT {DEALS}, coalesce(s.seen_on, greatest({ends_on}, created_on)) AS seen_on, "
        f"status IN ('won', 'lost') AS decided, coalesce(closed_on, greatest({ends_on}, created_on)) AS decided_on "
        f"FROM {deals} LEFT JOIN {seen} s ON s.deal_id = id WHERE id NOT IN ({_with_events(events)})"
    )
    until = "CASE WHEN decided THEN closed_on ELSE seen_on END"
    return (
        f"SELECT id AS deal_id, "
        f"CASE stretch WHEN 'unseen' THEN created_on WHEN 'seen' THEN seen_on ELSE decided_on END AS from_on, "
        f"CASE WHEN stretch = 'unseen' THEN {until} END AS to_on, "
        f"CASE WHEN stretch = 'decided' THEN status ELSE 'open' END AS status, pipeline_id, "
        f"CASE WHEN stretch <> 'unseen' THEN stage_id END AS stage_id, "
        f"CASE WHEN stretch = 'decided' THEN coalesce(owner_at_close_id, owner_id) ELSE owner_id END AS owner_id, "
        f"account_id, product_id, amount, currency, CASE WHEN stretch = 'seen' THEN probability END AS probability, "
        f"expected_close_on, 'derived' AS known "
        f"FROM ({base}), (VALUES ('unseen'), ('seen'), ('decided')) AS stretches (stretch) WHERE CASE stretch "
        f"WHEN 'unseen' THEN status IS NOT NULL AND created_on < {until} "
        f"WHEN 'seen' THEN status = 'open' ELSE decided END"
    )


def _told(deals: str, events: str) -> str:
    """Deals with events: one stretch between every two days on which something changed."""
    told = f"SELECT * FROM {deals} WHERE id IN ({_with_events(events)})"
    daily = (
        f"SELECT deal_id, \"on\", field, arg_max(coalesce(new, ''), ({MOMENT}, id)) AS new, "
        f"arg_min(coalesce(old, ''), ({MOMENT}, id)) AS old, "
        f"bool_or(origin = 'history') AS history "
        f'FROM {events} WHERE "on" IS NOT NULL AND deal_id IN (SELECT id FROM told) AND field IN {CARRIED} '
        f"GROUP BY ALL"
    )
    wide = ", ".join(
        f"max(new) FILTER (field = '{field}') AS new_{field}, max(old) FILTER (field = '{field}') AS old_{field}"
        for field in CARRIED
    )
    days = (
        f'SELECT deal_id, "on", {wide}, bool_or(history) AS history FROM daily GROUP BY ALL '
        f'UNION ALL BY NAME SELECT id AS deal_id, created_on AS "on" FROM told WHERE created_on IS NOT NULL '
        f'UNION ALL BY NAME SELECT id AS deal_id, closed_on AS "on" FROM told WHERE closed_on IS NOT NULL'
    )
    merged = ", ".join(f"max(new_{f}) AS new_{f}, max(old_{f}) AS old_{f}" for f in CARRIED)
    carried = ", ".join(
        f"last_value(new_{f} IGNORE NULLS) OVER up AS was_{f}, first_value(old_{f} IGNORE NULLS) OVER later AS before_{f}"
        for f in CARRIED
    )
    return (
        f"SELECT deal_id, from_on, to_on, status, pipeline_id, stage_id, owner_id, account_id, product_id, amount, "
        f"currency, probability, expected_close_on, known FROM (WITH told AS ({told}), daily AS ({daily}), days AS ("
        f'SELECT deal_id, "on", {merged}, bool_or(history) AS history FROM ({days}) GROUP BY ALL), '
        f'filled AS (SELECT deal_id, "on", lead("on") OVER up AS next_on, bool_or(history) OVER (PARTITION BY deal_id) '
        f'AS history, {carried} FROM days WINDOW up AS (PARTITION BY deal_id ORDER BY "on" '
        f'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), later AS (PARTITION BY deal_id ORDER BY "on" '
        f"ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)), "
        f"dated AS (SELECT f.*, t.* EXCLUDE (id), {_decided('f')} AS decided FROM filled f JOIN told t ON t.id = f.deal_id) "
        f"SELECT deal_id, \"on\" AS from_on, next_on AS to_on, CASE WHEN decided THEN status ELSE 'open' END AS status, "
        f"pipeline_id, CASE WHEN decided AND next_on IS NULL THEN stage_id ELSE {_value('stage_id', 'NULL')} END AS stage_id, "
        f"CASE WHEN decided THEN coalesce(owner_at_close_id, owner_id) ELSE {_value('owner_id', 'owner_id')} END AS owner_id, "
        f"account_id, product_id, "
        f"CASE WHEN decided AND next_on IS NULL THEN amount ELSE TRY_CAST({_value('amount', 'CAST(amount AS VARCHAR)')} "
        f"AS DECIMAL(18,4)) END AS amount, currency, "
        f"CASE WHEN next_on IS NULL THEN coalesce(probability, TRY_CAST({_value('probability', 'NULL')} AS DECIMAL(18,4))) "
        f"ELSE TRY_CAST({_value('probability', 'NULL')} AS DECIMAL(18,4)) END AS probability, "
        f"TRY_CAST({_value('expected_close_on', 'CAST(expected_close_on AS VARCHAR)')} AS DATE) AS expected_close_on, "
        f"CASE WHEN history THEN 'history' ELSE 'difference' END AS known FROM dated "
        f'WHERE created_on IS NULL OR "on" >= created_on OR decided)'
    )


def _decided(alias: str) -> str:
    """Whether the deal is won or lost by that day: from its closing date, or from its last change where it has none."""
    return (
        f"(t.status IN ('won', 'lost') AND (({alias}.\"on\" >= t.closed_on) OR "
        f"(t.closed_on IS NULL AND {alias}.next_on IS NULL)))"
    )


def _value(field: str, otherwise: str) -> str:
    """The last event's value; before the first, what that event says was there; else what the deal itself says."""
    return f"nullif(coalesce(was_{field}, before_{field}, {otherwise}), '')"

"""How long each deal stayed in each stage, from events that say when it entered.

The stage in which an open deal was first seen is no entry: nobody knows since when it stood there. Won and lost are no
stages to wait in or to go on from: a deal does not stay there, it is decided, also where it is opened again later.
"""

from __future__ import annotations

from tolok.imports.derive.moment import MOMENT


def select(deals: str, events: str, states: str, stages: str) -> str:
    """The stays of the deals in a relation."""
    moves = (
        f'SELECT deal_id, id, new AS stage_id, "at", "on", origin FROM {events} WHERE field = \'stage_id\' '
        f'AND "on" IS NOT NULL AND new IS NOT NULL AND deal_id IN (SELECT id FROM {deals})'
    )
    ordered = f"ORDER BY \"on\", {MOMENT}, origin <> 'derived', id"
    told = (
        f'SELECT *, lead("on") OVER w AS next_on, lead(stage_id) OVER w AS next_stage_id FROM ({moves}) '
        f"WINDOW w AS (PARTITION BY deal_id {ordered})"
    )
    stays = f"SELECT * FROM ({told}) WHERE origin <> 'derived'"
    closed = "d.closed_on IS NOT NULL AND s.next_on IS NULL"
    left = f'coalesce(s.next_on, CASE WHEN {closed} THEN greatest(d.closed_on, s."on") END)'
    advanced = (
        "CASE WHEN s.next_stage_id IS NOT NULL THEN coalesce(n.outcome = 'won' OR (n.outcome = 'open' AND "
        f"n.position > g.position), false) WHEN {closed} THEN d.status = 'won' END"
    )
    return (
        f"SELECT s.deal_id, coalesce(g.pipeline_id, d.pipeline_id) AS pipeline_id, s.stage_id, "
        f"coalesce(t.owner_id, d.owner_id) AS owner_id, d.account_id, d.product_id, "
        f"CASE WHEN t.deal_id IS NOT NULL THEN t.amount ELSE d.amount END AS amount, d.currency, "
        f's."at" AS entered_at, s."on" AS entered_on, {left} AS left_on, s.next_stage_id, {advanced} AS advanced, '
        f"g.position FROM ({stays}) s JOIN {deals} d ON d.id = s.deal_id "
        f"LEFT JOIN {stages} g ON g.id = s.stage_id LEFT JOIN {stages} n ON n.id = s.next_stage_id "
        f'LEFT JOIN {states} t ON t.deal_id = s.deal_id AND t.from_on = s."on" '
        f"WHERE coalesce(g.outcome, 'open') = 'open'"
    )

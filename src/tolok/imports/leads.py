"""What became of leads, as the deals that came from them tell."""

from __future__ import annotations

from tolok.imports.difference import Change
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.values.quoting import identifier


def with_deals(work: Work, leads: str, deals: Change | None) -> str:
    """Leads with the deal they became and the date it was won, where the source of the leads does not say.

    ``leads`` are the leads of the import; leads that stand and whose deals have changed are added. Without any such
    lead the result is empty.
    """
    columns = ", ".join(identifier(name) for name in FACTS["leads"].column_names)
    parts = [f"SELECT {columns} FROM {leads}"] if leads else []
    if deals is not None and work.stands("leads"):
        known = f" AND id NOT IN (SELECT id FROM {leads})" if leads else ""
        parts.append(
            f"SELECT {columns} FROM {work.now('leads')} WHERE (id IN (SELECT lead_id FROM {deals.rows} WHERE lead_id "
            f"IS NOT NULL) OR deal_id IN (SELECT id FROM {deals.rows})){known}"
        )
    if not parts:
        return ""
    rows = work.table("leads", " UNION ALL ".join(parts))
    links = (
        f"SELECT lead_id, id, status, created_on, closed_on FROM {work.next('deals')} WHERE lead_id IN (SELECT id FROM {rows}) "
        f"UNION SELECT l.id, d.id, d.status, d.created_on, d.closed_on FROM {rows} l JOIN {work.next('deals')} d "
        f"ON d.id = l.deal_id"
    )
    first = (
        f"SELECT lead_id, arg_min(id, (coalesce(created_on, closed_on), id)) AS deal_id, "
        f"min(coalesce(created_on, closed_on)) AS opened_on, min(closed_on) FILTER (status = 'won') AS won_on "
        f"FROM ({links}) GROUP BY 1"
    )
    return (
        f"(SELECT l.* REPLACE (coalesce(l.deal_id, f.deal_id) AS deal_id, "
        f"CASE WHEN f.deal_id IS NOT NULL THEN 'converted' ELSE l.status END AS status, "
        f"coalesce(l.converted_on, f.opened_on) AS converted_on, coalesce(l.won_on, f.won_on) AS won_on) "
        f"FROM {rows} l LEFT JOIN ({first}) f ON f.lead_id = l.id)"
    )

"""How fast each lead got its first human reply, on the wall clock and within working hours."""

from __future__ import annotations


def select(leads: str, activities: str, calendar: str) -> str:
    """One row for each lead. ``calendar`` is a table of local days with their working minutes.

    The reply is the one that the source names, else the first outbound activity with the lead that took place after
    the lead came in.
    """
    reply = (
        f"SELECT a.lead_id, min(a.started_at) AS first_at FROM {activities} a JOIN {leads} l ON l.id = a.lead_id "
        f"WHERE a.done AND coalesce(a.direction, 'out') = 'out' AND a.kind IN ('call', 'meeting', 'demo', 'proposal', "
        f"'email', 'visit', 'viewing', 'message', 'offer') AND a.started_at >= l.created_at GROUP BY 1"
    )
    worked = _minutes("b", "responded_at") + " - " + _minutes("a", "created_at")
    return (
        f"SELECT lead_id, owner_id, lead_source, channel, created_at, created_on, responded_at, "
        f"CAST(epoch_us(responded_at - created_at) / 3600000000.0 AS DECIMAL(18,4)) AS calendar_hours, "
        f"CAST(({worked}) / 60.0 AS DECIMAL(18,4)) AS working_hours FROM (SELECT l.id AS lead_id, l.owner_id, "
        f"l.lead_source, l.channel, l.created_at, l.created_on, coalesce(l.first_response_at, r.first_at) AS responded_at "
        f"FROM {leads} l LEFT JOIN ({reply}) r ON r.lead_id = l.id) x "
        f"LEFT JOIN {calendar} a ON x.created_at >= a.starts_at AND x.created_at < a.ends_at "
        f"LEFT JOIN {calendar} b ON x.responded_at >= b.starts_at AND x.responded_at < b.ends_at"
    )


def _minutes(day: str, moment: str) -> str:
    """Working minutes from the calendar's beginning up to a moment."""
    inside = f"least(greatest({moment}, {day}.opens_at), {day}.closes_at)"
    return f"({day}.minutes_before + epoch_us({inside} - {day}.opens_at) / 60000000.0)"

"""In which order the events of one day happened."""

from __future__ import annotations

MOMENT = (
    "coalesce(\"at\", CASE WHEN origin = 'difference' THEN TIMESTAMP '9999-12-31' ELSE CAST(\"on\" AS TIMESTAMP) END)"
)
"""Orders the events of one day. A difference between imports without an instant was seen after all that the day tells."""

"""Writing to the audit log."""

from __future__ import annotations

from typing import Any

from tolok.app.models import AuditEntry, User


def record(actor: User | None, action: str, subject: str, **details: Any) -> AuditEntry:
    """Note a change: ``record(user, "target approved", "revenue, Team Barat, 2026-11", before=…, after=…)``.

    Actions are a noun and a past participle in English; screens translate them. Never a secret in ``details``.
    """
    return AuditEntry.objects.create(
        actor=actor if actor is not None and actor.pk else None,
        actor_name=str(actor) if actor is not None else "Tolok",
        action=action,
        subject=subject[:300],
        details={key: value for key, value in details.items() if value is not None},
    )

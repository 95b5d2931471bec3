"""The audit log: who changed what, when. Written beside the change itself, and never changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One change: the actor, what was done to what, and what it was before and after.

    ``actor_name`` stands beside ``actor`` so that the log still tells who it was when the person is gone.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey("app.User", null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=200)
    action = models.CharField(_("Action"), max_length=60, db_index=True)
    subject = models.CharField(_("Subject"), max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.subject}"

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit entry is never changed.")
        super().save(*args, **options)

"""Long work that somebody asked for: an import, its preview, a refresh. It survives a reload and can be cancelled."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of work: how far it is, what came of it. ``arguments`` and ``result`` hold no secrets."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING, db_index=True)
    title = models.CharField(max_length=300)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    phase = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    of = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    asked_by = models.ForeignKey("app.User", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancel = models.BooleanField(default=False)

    class Meta:
        ordering = ("-asked_at", "-id")

    def __str__(self) -> str:
        return self.title

    @property
    def over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)

    @property
    def share(self) -> float | None:
        """How much of the rows that are known is done, from 0 to 1."""
        return min(self.done / self.of, 1.0) if self.of else None

    @property
    def seconds(self) -> float:
        """How long it has run."""
        if self.started_at is None:
            return 0.0
        return ((self.ended_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def rate(self) -> int | None:
        """Rows a second, once there is something to tell."""
        return round(self.done / self.seconds) if self.done and self.seconds > 1 else None

    @property
    def left(self) -> timedelta | None:
        """How long the rest may take at this rate."""
        if not self.rate or not self.of or self.over:
            return None
        return timedelta(seconds=max(0, round((self.of - self.done) / self.rate)))

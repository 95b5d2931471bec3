"""One version of a target: who set it, who answered, who approved it, when and why."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tolok.targets.scope import Scope
from tolok.targets.target import STATES, Target, plain

WORDS = {
    "proposed": _("Proposed"),
    "accepted": _("Accepted"),
    "contested": _("Contested"),
    "approved": _("Approved"),
    "withdrawn": _("Withdrawn"),
    "ended": _("Ended"),
}
"""What people call the states."""


class TargetVersion(models.Model):
    """A version of a target. One that is approved is never changed; a change is the next version.

    ``scope`` maps dimensions to ids, ``scope_key`` is the same as one text. ``stamp`` counts the changes of this row,
    so that of two people who change it at the same time the second is told. ``until`` is the last day on which one that was
    ended counted. ``batch`` joins what was set together.
    """

    kpi = models.CharField(max_length=100, db_index=True)
    scope = models.JSONField(default=dict)
    scope_key = models.CharField(max_length=500)
    start = models.DateField()
    end = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3, blank=True)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=[(state, WORDS[state]) for state in STATES], db_index=True)
    author = models.ForeignKey("app.User", null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    why = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("app.User", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    until = models.DateField(null=True)
    batch = models.CharField(max_length=40, blank=True, db_index=True)
    stamp = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("kpi", "scope_key", "start", "end", "version")
        constraints = (
            models.UniqueConstraint(
                fields=("kpi", "scope_key", "start", "end", "version"), name="one_row_per_version_of_a_target"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kpi}, {self.scope_key}, {self.start}..{self.end}"

    def save(self, *args: Any, **options: Any) -> None:
        if self.pk is not None:
            raise TypeError("A version of a target changes its state alone, and by its stamp.")
        super().save(*args, **options)

    @property
    def target(self) -> Target:
        """The version as a frozen value."""
        return Target(
            self.kpi,
            self.start,
            self.end,
            plain(self.value),
            Scope.of(self.scope),
            self.currency,
            self.version,
            self.state,  # type: ignore[arg-type]
            self.author_name,
            self.at,
            self.why,
            self.reason,
            self.decided_by_name,
            self.decided_at,
            str(self.pk),
            self.until,
        )

    @property
    def word(self) -> str:
        """The state in words."""
        return str(WORDS[self.state])

"""A dashboard: cards that somebody chose, in the order they chose, for themselves or for others too."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tolok.app.models.user import Role

MINE, EVERYBODY = "me", "everybody"
AUDIENCES = [(MINE, _("Only me")), (EVERYBODY, _("Everybody")), *Role.choices]
"""Who may open a dashboard besides its owner. What they see in it is what they may see anywhere."""


class Dashboard(models.Model):
    """One dashboard.

    ``cards`` is plain data that the page reads and checks. ``stamp`` counts the changes, so that of two people who
    change a dashboard at the same time the second is told.
    """

    owner = models.ForeignKey("app.User", on_delete=models.CASCADE, related_name="dashboards")
    name = models.CharField(_("Name"), max_length=60)
    seen_by = models.CharField(_("Who may open it"), max_length=20, choices=AUDIENCES, default=MINE)
    cards = models.JSONField(default=list)
    stamp = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def shared(self) -> bool:
        return self.seen_by != MINE

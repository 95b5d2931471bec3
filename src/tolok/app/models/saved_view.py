"""A list as somebody wants to find it again: a name for the words of an address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One saved view of a page. A shared one is offered to everybody, who sees in it what is theirs to see."""

    user = models.ForeignKey("app.User", on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(_("Shared"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "page", "name"), name="one_view_of_a_name"),)

    def __str__(self) -> str:
        return self.name

"""A link that lets one person choose a password: the first one, or another after they forgot it.

The administrator hands it over; it works once and not for long. Only its hash is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from tolok.app.models.user import User

LASTS = timedelta(days=7)


class Invitation(models.Model):
    """One link. A newer one of the same person ends the older."""

    user = models.ForeignKey("app.User", on_delete=models.CASCADE, related_name="invitations")
    hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("app.User", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return str(self.user)

    @classmethod
    def make(cls, user: User, by: User | None, *, lasts: timedelta = LASTS, now: datetime | None = None) -> str:
        """A new link's secret; whatever links the person had before end.

        One that the person asked for ends only those that they asked for: nobody can end another's by asking.
        """
        secret = secrets.token_urlsafe(32)
        before = cls.objects.filter(user=user)
        (before.filter(made_by=None) if by is None else before).delete()
        cls.objects.create(user=user, made_by=by, hash=_hash(secret), expires_at=(now or timezone.now()) + lasts)
        return secret

    @classmethod
    def of(cls, secret: str, *, now: datetime | None = None) -> Invitation | None:
        """The invitation of a secret while it is good and its person is not locked out."""
        found = cls.objects.select_related("user").filter(hash=_hash(secret)).first()
        if found is None or found.expires_at <= (now or timezone.now()) or not found.user.is_active:
            return None
        return found

    def use(self) -> bool:
        """Use the link up; False where somebody was faster."""
        return bool(Invitation.objects.filter(pk=self.pk).delete()[0])


def _hash(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()

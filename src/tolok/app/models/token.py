"""A token by which a program asks in a person's name. Only its hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PREFIX = "tolok_"
LASTS = timedelta(days=365)
SELDOM = timedelta(minutes=5)
"""How exactly the last use is noted: a row is not written for every question."""


class Token(models.Model):
    """One token of one person; it may ask what the person may see, and ends with them."""

    user = models.ForeignKey("app.User", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("Name"), max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(cls, user: models.Model, name: str, *, now: datetime | None = None) -> tuple[Token, str]:
        """A new token and its secret, which is shown once and never again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        moment = now or timezone.now()
        return cls.objects.create(user=user, name=name, hash=_hash(secret), expires_at=moment + LASTS), secret

    @classmethod
    def of(cls, secret: str, *, now: datetime | None = None) -> Token | None:
        """The token of a secret, if it is still good and its person may sign in."""
        moment = now or timezone.now()
        found = cls.objects.select_related("user").filter(hash=_hash(secret), expires_at__gt=moment).first()
        if found is None or not found.user.is_active:
            return None
        if found.used_at is None or moment - found.used_at > SELDOM:
            cls.objects.filter(pk=found.pk).update(used_at=moment)
        return found


def _hash(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()

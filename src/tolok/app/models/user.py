"""A person who signs in, the role they have, and the rep they are."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may see and do."""

    REP = "rep", _("Rep")
    MANAGER = "manager", _("Manager")
    DIRECTOR = "director", _("Director")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is what they sign in with."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().casefold(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().casefold())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with their e-mail address.

    ``rep_id`` is the rep of the workspace that the person is, "" for none: it decides which rows a rep or a manager
    sees. ``is_active`` is false once they were locked out; their rows in the audit log stay.
    """

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=200, blank=True)
    role = models.CharField(_("Role"), max_length=20, choices=Role.choices, default=Role.REP)
    rep_id = models.CharField(_("Rep"), max_length=200, blank=True, db_index=True)
    language = models.CharField(_("Language"), max_length=5, blank=True)
    theme = models.CharField(
        _("Theme"),
        max_length=5,
        blank=True,
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    is_active = models.BooleanField(_("May sign in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        ordering = ("name", "email")

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def sees_all(self) -> bool:
        """Whether no row is hidden from this person."""
        return self.role in (Role.DIRECTOR, Role.ANALYST, Role.ADMINISTRATOR)

    @property
    def leads(self) -> bool:
        """Whether this person sets targets and looks at others' figures."""
        return self.role in (Role.MANAGER, Role.DIRECTOR)

    @property
    def administers(self) -> bool:
        return self.role == Role.ADMINISTRATOR

"""Data: bringing it in, what became of it, what is wrong with it, and going back."""

from django.utils.translation import gettext_lazy as _

from tolok.app.models import Role, User
from tolok.web.pages import Page


def looks(user: User) -> bool:
    """Who may see where the data comes from."""
    return user.role in (Role.DIRECTOR, Role.ANALYST, Role.ADMINISTRATOR)


def changes(user: User) -> bool:
    """Who may bring data in and go back."""
    return user.role in (Role.ANALYST, Role.ADMINISTRATOR)


PAGE = Page("data", _("Data"), "data", order=80, shown_to=looks)

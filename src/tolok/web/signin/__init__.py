"""Signing in, the first administrator, invitations, passwords and one's own account."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("account", _("Your account"), "account", 120)

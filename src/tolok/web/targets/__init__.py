"""Targets: the tree of them, how they are set, shared out, negotiated and approved."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("targets", _("Targets"), "targets", order=50)

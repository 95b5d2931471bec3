"""Reps beside each other, fairly, and the page of one rep."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("people", _("People"), "people", order=40, tab=4)

"""The scorecard: leading beside lagging, each with its change, its line and its target."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("scorecard", _("Scorecard"), "scorecard", order=20, tab=2)

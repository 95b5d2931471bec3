"""The pipeline: its funnel, what changed, its deals, and the page of a deal."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("pipeline", _("Pipeline"), "pipeline", order=30, tab=3)

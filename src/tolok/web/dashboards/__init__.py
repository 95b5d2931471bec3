"""Dashboards: cards that people choose and arrange, for themselves, for others, and for a screen on the wall."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("dashboards", _("Dashboards"), "dashboards", order=70)

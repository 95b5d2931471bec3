"""Today: where one stands, and what to do first."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("today", _("Today"), "today", order=10, tab=1)

"""The catalogue of KPIs: what each means, and which this data can tell."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page

PAGE = Page("kpis", _("KPIs"), "kpis", order=60)

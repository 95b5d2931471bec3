"""What an organisation decides: who may sign in, who reports to whom, its calendar, money and languages; and the audit log."""

from django.utils.translation import gettext_lazy as _

from tolok.web.pages import Page
from tolok.web.settings.frame import may_enter

PAGE = Page("settings", _("Settings"), "settings", 110, shown_to=may_enter)

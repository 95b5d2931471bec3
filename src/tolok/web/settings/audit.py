"""The audit log: who changed what and when, to be searched and taken away as a file."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tolok.app.models import AuditEntry
from tolok.errors import QuestionError
from tolok.reports.content import Column, Content, Table
from tolok.web.exports import exported, organisation
from tolok.web.look.tags import language
from tolok.web.settings.frame import of_section, shown

AT_ONCE = 50
MOST = 100_000
LONG = ("text", "earlier")
"""Details that are whole files: the history of what they are of shows them."""

ACTIONS = (
    gettext_noop("user created"),
    gettext_noop("user invited"),
    gettext_noop("user changed"),
    gettext_noop("user locked out"),
    gettext_noop("user let in"),
    gettext_noop("user signed out"),
    gettext_noop("link made"),
    gettext_noop("link mailed"),
    gettext_noop("link withdrawn"),
    gettext_noop("invitation accepted"),
    gettext_noop("password reset"),
    gettext_noop("second factor removed"),
    gettext_noop("settings changed"),
    gettext_noop("rep moved"),
    gettext_noop("move withdrawn"),
    gettext_noop("team leader changed"),
    gettext_noop("team leader withdrawn"),
    gettext_noop("rates changed"),
    gettext_noop("person forgotten"),
    gettext_noop("token made"),
    gettext_noop("token ended"),
)
"""Actions that screens know the words of; others are shown as they were written."""


@of_section("settings-audit")
def audit(request: HttpRequest) -> HttpResponse:
    """The log, the latest first."""
    found = _chosen(request)
    file = exported(request, lambda: _content(found))
    if file is not None:
        return file
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    actors = AuditEntry.objects.order_by("actor_name").values_list("actor_name", flat=True).distinct()
    actions = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    context = {
        "page": page,
        "lines": [(entry, _(entry.action), _details(entry)) for entry in page],
        "actors": actors,
        "actions": [(action, _(action)) for action in actions],
        "asked": {name: request.GET.get(name, "") for name in ("who", "what", "text", "since", "until")},
    }
    return shown(request, "audit.html", context)


def _chosen(request: HttpRequest) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.all()
    asked = request.GET
    if asked.get("who"):
        found = found.filter(actor_name=asked["who"])
    if asked.get("what"):
        found = found.filter(action=asked["what"])
    if asked.get("text"):
        found = found.filter(Q(subject__icontains=asked["text"]) | Q(details__icontains=asked["text"]))
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lt=until + timedelta(days=1))
    return found


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(
            _("“%(text)s” is not a date.") % {"text": text}, next_step=_("Write it as year-month-day: 2026-03-31.")
        ) from None


def _details(entry: AuditEntry) -> str:
    """Before and after in one line of words."""
    parts = []
    before, after = entry.details.get("before"), entry.details.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        parts += [f"{name}: {before.get(name)} → {after.get(name)}" for name in after]
    shown = ("before", "after", *LONG) if parts else LONG
    rest = {name: value for name, value in entry.details.items() if name not in shown}
    return "; ".join([*parts, *(f"{name}: {value}" for name, value in rest.items())])


def _content(found: QuerySet[AuditEntry]) -> Content:
    columns = (Column(_("When")), Column(_("Who")), Column(_("What")), Column(_("Subject")), Column(_("Details")))
    rows = tuple(
        (
            timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.actor_name,
            _(entry.action),
            entry.subject,
            _details(entry),
        )
        for entry in found[:MOST]
    )
    return Content(_("Audit log"), organisation(), (), (Table(_("Audit log"), columns, rows),), language=language())

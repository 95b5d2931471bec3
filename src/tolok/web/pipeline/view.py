"""The pipeline at a glance: figures, funnel, deals."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app.access import Access
from tolok.query.browse import Listed
from tolok.query.reporting import Rep
from tolok.reports.content import Column, Content, Table
from tolok.web.asking import COMPARISONS, GRAINS, Asking, asked
from tolok.web.exports import about, exported, organisation
from tolok.web.look.tags import language
from tolok.web.pipeline.attention import signs
from tolok.web.pipeline.deals import CARE, ORDERS, PAGE, STATUSES, DealLine, deal_filter, listing
from tolok.web.pipeline.saved import kept, views
from tolok.web.pipeline.stages import pipelines, stage_lines
from tolok.web.scorecard.cards import cards

FIGURES = ("open_pipeline", "deals_open", "pipeline_coverage", "win_rate")
MOST_IN_FILE = 100_000


def pipeline(request: HttpRequest) -> HttpResponse:
    """The open pipeline of what a person may see, and its deals."""
    asking = asked(request)
    viewer = request.access.viewer  # type: ignore[attr-defined]
    chosen = deal_filter(request)
    known = signs(asking.workspace)
    file = exported(
        request,
        lambda: _content(
            asking, asking.workspace.browse(listing(asking, chosen, viewer, known, limit=MOST_IN_FILE), sums=())
        ),
    )
    if file is not None:
        return file
    found = asking.workspace.browse(listing(asking, chosen, viewer, known), sums=("amount",))
    every = pipelines(asking)
    context = {
        "title": _("Pipeline"),
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "cards": list(cards(asking, FIGURES, viewer, language()).values()),
        "stages": stage_lines(asking, chosen.pipeline, viewer),
        "pipelines": every if len(every) > 1 else (),
        "chosen": chosen,
        "lines": [DealLine(item, known) for item in found.records],
        "total": found.total,
        "sum": found.sums.get("amount"),
        "currency": asking.workspace.settings.currency,
        "first": (chosen.page - 1) * PAGE + 1,
        "last": (chosen.page - 1) * PAGE + len(found.records),
        "more": found.total > chosen.page * PAGE,
        "statuses": STATUSES,
        "cares": CARE,
        "orders": ORDERS,
        "views": views(request),
        "query": kept(request.GET.urlencode()),
        "reps": _reps(request),
        "today": known.today,
        "known": known,
    }
    return render(request, "pipeline/page.html", context)


def _reps(request: HttpRequest) -> list[Rep]:
    """The reps whose deals a person may choose, by name; who left long ago is found by the deal."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = [rep for rep in access.organisation.reps.values() if rep.active and access.sees_rep(rep.id)]
    return sorted(found, key=lambda rep: rep.name.casefold())


def _content(asking: Asking, found: Listed) -> Content:
    """The deals of the list as a file."""
    columns = (
        Column(_("Deal")),
        Column(_("Customer")),
        Column(_("Rep")),
        Column(_("Stage")),
        Column(_("Amount"), "figure"),
        Column(_("Currency")),
        Column(_("Expected close"), "date"),
        Column(_("Created"), "date"),
        Column(_("Last contact"), "date"),
    )
    rows = tuple(
        (
            str(item.get("name") or item.id),
            item.names.get("account_id", ""),
            item.names.get("owner_id", ""),
            item.names.get("stage_id", ""),
            item.get("amount"),
            item.get("currency"),
            item.get("expected_close_on"),
            item.get("created_on"),
            item.get("last_activity_on"),
        )
        for item in found.records
    )
    table = Table(_("Deals"), columns, rows)
    return Content(_("Pipeline"), organisation(), about(asking), (table,), language=language())

"""What is wrong with the data, and which KPI it costs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.web.data.rights import for_lookers
from tolok.web.look.tags import language


@for_lookers
def quality(request: HttpRequest) -> HttpResponse:
    """The findings, the gravest first."""
    workspace = place.workspace()
    names = {id_: item.words_in(language()).name for id_, item in workspace.definitions.items()}
    found = [
        (finding, [(kpi, names.get(kpi, kpi)) for kpi in finding.kpis][:12], max(0, len(finding.kpis) - 12))
        for finding in workspace.check()
    ]
    return render(request, "data/quality.html", {"title": _("Data quality"), "findings": found})

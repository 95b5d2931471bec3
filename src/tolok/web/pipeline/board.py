"""The board: open deals by stage, the largest first, with what needs care."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.web.asking import COMPARISONS, GRAINS, asked
from tolok.web.pipeline.attention import signs
from tolok.web.pipeline.deals import CARE, DealLine, deal_filter, listing
from tolok.web.pipeline.stages import StageLine, pipelines, stage_lines

MOST = 25
"""Cards of one stage; the list has all."""


@dataclass(frozen=True)
class Lane:
    """One stage of the board with its first cards."""

    stage: StageLine
    lines: tuple[DealLine, ...]
    total: int


def board(request: HttpRequest) -> HttpResponse:
    """Open deals by stage."""
    asking = asked(request)
    viewer = request.access.viewer  # type: ignore[attr-defined]
    chosen = replace(deal_filter(request), status="open", page=1, stage="")
    every = pipelines(asking)
    if not chosen.pipeline and every:
        chosen = replace(chosen, pipeline=every[0].id)
    known = signs(asking.workspace)
    lanes = []
    for stage in stage_lines(asking, chosen.pipeline, viewer):
        wanted = listing(asking, replace(chosen, stage=stage.id), viewer, known, limit=MOST)
        found = asking.workspace.browse(wanted)
        lanes.append(Lane(stage, tuple(DealLine(item, known) for item in found.records), found.total))
    context = {
        "title": _("Board"),
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "lanes": lanes,
        "pipelines": every if len(every) > 1 else (),
        "chosen": chosen,
        "cares": CARE,
        "currency": asking.workspace.settings.currency,
    }
    return render(request, "pipeline/board.html", context)

"""The page of one KPI: the figure, its trend with its target, its breakdown and its definition."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from tolok.charts.trend import Point, trend
from tolok.kpis.definition import Definition
from tolok.query.answer import Answer, Row
from tolok.query.question import Question
from tolok.reports.content import Column, Content, Table
from tolok.web.asking import COMPARISONS, GRAINS, SPARK, Asking, asked, named
from tolok.web.exports import about, exported, organisation
from tolok.web.kpi.breakdown import NAMES, Breakdown, broken_down
from tolok.web.kpi.trust import trust_of
from tolok.web.kpi.variants import addresses, variant_of, ways
from tolok.web.kpis.gaps import missing
from tolok.web.kpis.keeping import builds
from tolok.web.look.tags import language
from tolok.web.scorecard.cards import Card


def kpi(request: HttpRequest, kpi_id: str) -> HttpResponse:
    """One KPI of one period, opened."""
    asking = asked(request, conditions=True)
    definition = definition_of(asking, kpi_id)
    variant = variant_of(request, definition)
    viewer = request.access.viewer  # type: ignore[attr-defined]
    start, end = asking.span(SPARK[asking.grain] - 1)
    common: dict[str, Any] = {"kpis": (kpi_id,), "grain": asking.grain, "start": start, "where": asking.where}
    answer = asking.workspace.answer(
        Question(**common, end=end, compare=asking.compare, variant=variant, viewer=viewer)
    )
    planned = asking.workspace.answer(
        Question(**common, end=asking.whole.end, compare="target", viewer=viewer, only_targets=True)
    )
    rows, targets = list(answer.rows()), {row.period.start: row.target for row in planned.rows()}
    points = [
        Point(named(asking.workspace.calendar.whole(row.period)), row.value, targets.get(row.period.start), row.partial)
        for row in rows
    ]
    last = Row(**{**rows[-1].__dict__, "target": targets.get(rows[-1].period.start)})
    words = definition.words_in(language())
    dimensions = asking.workspace.breakdowns(kpi_id, variant)
    by = request.GET.get("by", "")
    by = by if by in dimensions else next((name for name in ("team", "rep", "product") if name in dimensions), "")
    specification = trend(
        points, last.unit, answer.currency, language(), words={"actual": _("Actual"), "target": _("Target")}
    )
    breakdown = broken_down(asking, kpi_id, variant, by, viewer) if by else None
    file = exported(request, lambda: _content(asking, words.name, answer, rows, points, breakdown, specification))
    if file is not None:
        return file
    any_answer = any(row.value is not None or point.target is not None for point, row in zip(points, rows, strict=True))
    context = {
        "title": words.name,
        "any_answer": any_answer,
        "lacks": () if any_answer else missing(asking.workspace, definition, asking.workspace.definitions, variant),
        "kpi": definition,
        "builds": builds(request.user),  # type: ignore[arg-type]
        "words": words,
        "variant": variant,
        "variants": list(addresses(definition).items()),
        "ways": ways(asking, definition, viewer),
        "currency": answer.currency,
        "asking": asking,
        "access": request.access,  # type: ignore[attr-defined]
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "card": Card(definition, words.name, last, tuple(row.value for row in rows), answer.currency),
        "points": list(zip(points, rows, strict=True)),
        "has_targets": any(point.target is not None for point in points),
        "chart": mark_safe(_embedded(specification)),  # noqa: S308 - escaped below
        "notes": _notes(answer),
        "dimensions": [(name, NAMES[name]) for name in dimensions],
        "breakdown": breakdown,
        "by_name": NAMES[by] if by else "",
        "trust": trust_of(request, asking, definition, variant, answer),
        "sql": answer.sql if request.GET.get("show") == "sql" else "",
    }
    return render(request, "kpi/page.html", context)


def definition_of(asking: Asking, kpi_id: str) -> Definition:
    """A KPI of this workspace; another is not there."""
    try:
        return asking.workspace.definitions[kpi_id]
    except KeyError:
        raise Http404 from None


def _notes(answer: Answer) -> list[str]:
    return list(dict.fromkeys(answer.notes))


def _embedded(specification: dict[str, Any]) -> str:
    """JSON that may stand in a page: no character of it can end the element that it stands in."""
    text = json.dumps(specification, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _content(
    asking: Asking,
    name: str,
    answer: Answer,
    rows: list[Row],
    points: list[Point],
    breakdown: Breakdown | None,
    chart: dict[str, Any],
) -> Content:
    """The page as a file: the trend, and the breakdown below it."""
    unit = rows[-1].unit
    columns = (Column(_("Period")), Column(name, unit), Column(_("Target"), unit), Column(_("Rows"), "count"))
    lines = tuple((point.label, row.value, point.target, row.count) for point, row in zip(points, rows, strict=True))
    tables = [Table(_("Trend"), columns, lines, answer.currency)]
    if breakdown is not None:
        by = str(NAMES[breakdown.dimension])
        change = "score" if unit in ("percent", "score") else "percent"
        columns = (Column(by), Column(name, unit), Column(_("Change"), change), Column(_("Rows"), "count"))
        members = tuple((m.name, m.row.value, m.row.change, m.row.count) for m in breakdown.members)
        tables.append(Table(_("By %(by_name)s") % {"by_name": by}, columns, members, answer.currency))
    return Content(name, organisation(), about(asking), tuple(tables), (chart,), tuple(_notes(answer)), language())

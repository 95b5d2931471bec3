"""Two snapshots as a whole: what came, differs and went in each fact, and what that did to the central figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tolok.app import place
from tolok.query.answer import Answer, Row
from tolok.query.question import Question
from tolok.store.manifest import Snapshot
from tolok.web.asking import named
from tolok.web.data.rights import for_lookers
from tolok.web.kpis import words
from tolok.web.look.tags import language
from tolok.web.scorecard.view import LAGGING, LEADING
from tolok.workspace import Workspace

SLIGHT = 0.05
MONTHS = 24
"""So many months of a figure are listed where it differs, the latest first."""


@dataclass(frozen=True)
class Pair:
    """One figure in both snapshots. ``change`` is in points of a percentage, else in percent of what it was."""

    label: str
    before: float | None
    after: float | None
    change: float | None
    day: str = ""

    @property
    def same(self) -> bool:
        return self.before == self.after

    @property
    def difference(self) -> float | None:
        """How much more it is, in the KPI's own unit."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def slight(self) -> bool:
        """Whether the change is too small to be seen as written."""
        return self.change is not None and abs(self.change) < SLIGHT


@dataclass(frozen=True)
class Figure:
    """A KPI in both snapshots: over all days, and in the months in which it differs."""

    id: str
    name: str
    unit: str
    better: str
    whole: Pair
    months: tuple[Pair, ...]
    more: int


@for_lookers
def compare(request: HttpRequest) -> HttpResponse:
    """The comparison that is asked for; without any, of the current snapshot with the one before."""
    workspace = place.workspace()
    listed = list(reversed(workspace.snapshots.list()))
    current = workspace.snapshots.current()
    context: dict[str, object] = {"title": _("Compare two snapshots"), "snapshots": listed, "current": current}
    if current is None or len(listed) < 2:
        return render(request, "data/compare.html", context)
    now = _chosen(listed, request.GET.get("to", ""), current)
    earlier = [one for one in listed if one.id < now.id]
    then = _chosen(listed, request.GET.get("from", ""), earlier[0] if earlier else listed[-1])
    start, end = _span(then, now)
    changed = workspace.facts_changed(then.id, now.id)
    context |= {
        "then": then,
        "now": now,
        "is_current": now.id == current.id,
        "facts": [(words.fact(one.fact), one) for one in changed if not one.same],
        "same": ", ".join(words.fact(one.fact) for one in changed if one.same),
        "currency": workspace.settings.currency,
        "start": start,
        "end": end,
    }
    if then.id != now.id and start is not None:
        context["figures"] = _figures(request, workspace, then, now, start, end)
    return render(request, "data/compare.html", context)


def _chosen(listed: list[Snapshot], wanted: str, usual: Snapshot) -> Snapshot:
    if not wanted:
        return usual
    found = next((one for one in listed if one.id == wanted), None)
    if found is None:
        raise Http404
    return found


def _span(then: Snapshot, now: Snapshot) -> tuple[date | None, date | None]:
    """The days that either of them holds, so that both are asked about the same."""
    starts = [one.coverage.starts_on for one in (then, now) if one.coverage.starts_on]
    ends = [one.ends_on for one in (then, now) if one.ends_on]
    return (min(starts), max(ends)) if starts and ends else (None, None)


def _figures(
    request: HttpRequest, workspace: Workspace, then: Snapshot, now: Snapshot, start: date, end: date | None
) -> list[Figure]:
    star = (workspace.settings.north_star.kpi,) if workspace.settings.north_star.kpi else ()
    kpis = tuple(one for one in dict.fromkeys((*star, *LAGGING, *LEADING)) if one in workspace.definitions)
    viewer = request.access.viewer  # type: ignore[attr-defined]
    question = Question(kpis=kpis, start=start, end=end, viewer=viewer)
    whole = [_rows(workspace.answer_in(one.id, question)) for one in (then, now)]
    by_month = replace(question, grain="month")
    months = [_rows(workspace.answer_in(one.id, by_month)) for one in (then, now)]
    found = []
    for kpi in kpis:
        definition = workspace.definitions[kpi]
        total = [next(iter(side.get(kpi, {}).values()), None) for side in whole]
        differing = [
            pair
            for day in sorted({*months[0].get(kpi, {}), *months[1].get(kpi, {})}, reverse=True)
            if not (pair := _pair(months[0].get(kpi, {}).get(day), months[1].get(kpi, {}).get(day))).same
        ]
        unit = next((row.unit for row in total if row is not None), definition.unit)
        name = definition.words_in(language()).name
        found.append(
            Figure(
                kpi,
                name,
                unit,
                definition.better,
                _pair(*total),
                tuple(differing[:MONTHS]),
                max(0, len(differing) - MONTHS),
            )
        )
    return found


def _rows(answer: Answer) -> dict[str, dict[date, Row]]:
    found: dict[str, dict[date, Row]] = {}
    for row in answer.rows():
        found.setdefault(row.kpi, {})[row.period.start] = row
    return found


def _pair(then: Row | None, now: Row | None) -> Pair:
    row = now or then
    before, after = then.value if then else None, now.value if now else None
    change = None
    if row is not None and before is not None and after is not None:
        both = replace(row, value=after, compared_value=before)
        change = both.change
    label = named(row.period) if row is not None else ""
    return Pair(label, before, after, change, row.period.start.isoformat() if row is not None else "")

"""Reps beside each other, and one rep's own page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app.access import Access
from tolok.errors import QuestionError
from tolok.query.reporting import Rep
from tolok.reports.content import Column, Content, Table
from tolok.web.asking import COMPARISONS, GRAINS, Asking, asked
from tolok.web.exports import about, exported, organisation
from tolok.web.look.tags import language
from tolok.web.people.standing import KPIS, SORTS, Standing, months_between, standings, tenure
from tolok.web.scorecard.cards import cards

OTHER_SORTS = {"attainment": gettext_lazy("Attainment"), "name": gettext_lazy("Name")}
OWN = (
    "revenue",
    "deals_won",
    "win_rate",
    "average_deal_size",
    "sales_cycle_length",
    "open_pipeline",
    "pipeline_coverage",
    "new_leads",
    "lead_response_time",
    "calls",
    "meetings",
    "visits",
)


def people(request: HttpRequest) -> HttpResponse:
    """The reps that a person may see in one period, ranked by a figure of their choice."""
    asking = asked(request)
    access = request.access  # type: ignore[attr-defined]
    sort = request.GET.get("sort", "revenue")
    if sort not in SORTS:
        raise QuestionError(_("People cannot be ranked by “%(sort)s”.") % {"sort": sort})
    organisation = access.organisation
    lines = standings(asking, access.comparison, _shown(access), organisation.teams, sort)
    decided = sum(int(line.figures["win_rate"].over or 0) for line in lines if "win_rate" in line.figures)
    won = sum(int(line.figures["win_rate"].of or 0) for line in lines if "win_rate" in line.figures)
    group = 100 * won / decided if decided else 0.0
    most = max((line.rate.high for line in lines if line.rate), default=100.0)
    definitions = asking.workspace.definitions
    names = {kpi: definitions[kpi].words_in(language()).name for kpi in KPIS if kpi in definitions}
    file = exported(request, lambda: _content(asking, lines, names))
    if file is not None:
        return file
    context = {
        "title": _("People"),
        "asking": asking,
        "access": access,
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "lines": lines,
        "group": group,
        "most": most,
        "sort": sort,
        "names": names,
        "sorts": {sort: names.get(sort) or OTHER_SORTS[sort] for sort in SORTS if sort in names or sort in OTHER_SORTS},
        "currency": asking.workspace.settings.currency,
        "told_apart": any(line.rate and line.rate.stands_out for line in lines),
    }
    return render(request, "people/page.html", context)


def _shown(access: Access) -> dict[str, Rep]:
    """The reps by id as this person may know them: colleagues without a name where the organisation says so."""
    reps = access.organisation.reps
    if not access.peers or access.peers_named:
        return reps
    unnamed = {key: Rep(key, _("A colleague"), reps[key].team_id, "", "", True) for key in access.peers}
    return {**reps, **unnamed}


def rep(request: HttpRequest, rep_id: str) -> HttpResponse:
    """One rep's figures of one period; of a rep that one may not see there is no page."""
    asking = asked(request)
    access = request.access  # type: ignore[attr-defined]
    found = _rep(access, rep_id)
    own = _of(asking, rep_id)
    context = {
        "title": found.name,
        "rep": found,
        "team": access.organisation.teams.get(found.team_id),
        "manager": access.organisation.reps.get(found.manager_id),
        "tenure": tenure(months_between(found.hired_on, asking.period.end)),
        "asking": own,
        "access": access,
        "grains": GRAINS,
        "comparisons": COMPARISONS,
        "cards": list(cards(own, OWN, access.viewer, language()).values()),
    }
    return render(request, "people/rep.html", context)


def _rep(access: object, rep_id: str) -> Rep:
    found = access.organisation.reps.get(rep_id)  # type: ignore[attr-defined]
    if found is None or not access.sees_rep(rep_id):  # type: ignore[attr-defined]
        raise Http404
    return found  # type: ignore[no-any-return]


def _of(asking: Asking, rep_id: str) -> Asking:
    """The same question of one rep, whatever team they are in."""
    return Asking(**{**asking.__dict__, "rep": rep_id, "team": None, "teams": ()})


def _content(asking: Asking, lines: list[Standing], names: dict[str, str]) -> Content:
    """The list as a file, with the interval of each win rate in numbers."""
    workspace = asking.workspace
    columns = (
        Column("#", "count"),
        Column(_("Rep")),
        Column(_("Team")),
        Column(_("Months"), "count"),
        *(Column(name, workspace.definitions[kpi].unit) for kpi, name in names.items()),
        Column(_("Attainment"), "percent"),
        Column(_("Win rate, at least"), "percent"),
        Column(_("Win rate, at most"), "percent"),
    )
    rows = tuple(
        (
            line.rank,
            line.rep.name,
            line.team.name if line.team else "",
            line.months,
            *(line.value(kpi) for kpi in names),
            line.attainment,
            line.rate.low if line.rate else None,
            line.rate.high if line.rate else None,
        )
        for line in lines
    )
    table = Table(_("People"), columns, rows, workspace.settings.currency)
    return Content(_("People"), organisation(), about(asking), (table,), language=language())

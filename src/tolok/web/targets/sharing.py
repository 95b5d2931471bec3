"""A target shared out over months, teams and people: the form, its preview with every factor, and the proposal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tolok.app.targets import propose
from tolok.errors import QuestionError, TolokError
from tolok.targets.cascade import BASES, Basis, Cascade, Line, Plan, cascade, shares_by_hand
from tolok.targets.evidence import results
from tolok.targets.figure import plain_number, read_value
from tolok.targets.presence import Ramp, Stay
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.season import FLAT
from tolok.targets.sharing import Wish, plan_of
from tolok.targets.target import Target
from tolok.targets.term import read_term
from tolok.targets.vocabulary import most
from tolok.web.look.tags import language
from tolok.web.targets.paces import hours, season_of
from tolok.web.targets.planning import Planning, in_words, planning

WORDS = {
    "last-year": gettext_lazy("By last year's share"),
    "equal": gettext_lazy("Equally"),
    "capacity": gettext_lazy("By the people who are there"),
    "by-hand": gettext_lazy("By shares that I give"),
}
LEVELS = {"company": gettext_lazy("Company"), "team": gettext_lazy("Teams"), "rep": gettext_lazy("People")}
MOST_MONTHS = 24
AHEAD = timedelta(days=120)
"""From when on the next year is what people plan."""


@dataclass(frozen=True)
class Asked:
    """What the form asks, as it was sent."""

    total: str
    period: str
    basis: Basis
    season: bool
    ramp: str
    carried: bool
    step: str
    teams: tuple[str, ...]
    levels: tuple[str, ...]
    shares: Mapping[str, str]
    absences: str
    why: str


@dataclass(frozen=True)
class Group:
    """A team in the preview: its sum, and its people's."""

    id: str
    name: str
    total: Decimal
    share: Decimal
    lines: tuple[Line, ...]
    people: tuple[tuple[str, Decimal, tuple[Line, ...]], ...]


def sharing(request: HttpRequest) -> HttpResponse:
    """The form; sent once it shows what would come of it, sent again with what was seen it proposes that."""
    plan = planning(request)
    if not plan.rights.sets_any:
        raise PermissionDenied
    teams = _teams(plan)
    asked = _asked(request, plan, teams)
    found: Cascade | None = None
    error = ""
    if request.method == "POST":
        try:
            found = cascade(_plan(plan, asked, teams))
            targets = _targets(plan, found, asked)
            if request.POST.get("seen"):
                if request.POST["seen"] != _digest(targets):
                    raise QuestionError(
                        _("The shares have changed since the preview, as by new data."),
                        next_step=_("Look at them again below, then propose them."),
                    )
                made = propose(plan.rights, targets, why=asked.why)
                said = ngettext("%(n)s target was proposed.", "%(n)s targets were proposed.", len(made))
                messages.success(request, said % {"n": len(made)})
                first = found.plan.periods[0].start.isoformat()
                return redirect(f"/targets/?kpi={plan.definition.id}&period=month&at={first}")
        except TolokError as refusal:
            error = in_words(refusal)
    made_of = _targets(plan, found, asked) if found else []
    context = {
        "title": _("Share a target out"),
        "plan": plan,
        "asked": asked,
        "teams": [(id_, name, id_ in asked.teams, asked.shares.get(id_, "")) for id_, name in teams.items()],
        "bases": [(basis, WORDS[basis], basis == asked.basis) for basis in BASES],
        "levels": [
            (level, word, level in asked.levels) for level, word in LEVELS.items() if level != "company" or _all(plan)
        ],
        "error": error,
        "found": found,
        "why_season": found.plan.season.why.to(language()) if found else "",
        "groups": _groups(found) if found else [],
        "count": len(made_of),
        "seen": _digest(made_of) if made_of else "",
    }
    return render(request, "targets/sharing.html", context, status=400 if error else 200)


def _all(plan: Planning) -> bool:
    return plan.rights.sets(COMPANY)


def _teams(plan: Planning) -> dict[str, str]:
    """The teams that may take part: those that this person sets targets for, and that have people."""
    organisation = plan.access.organisation
    inhabited = {rep.team_id for rep in organisation.reps.values() if rep.active}
    found = [
        team
        for team in organisation.teams.values()
        if team.id in inhabited and plan.rights.sets(Scope.of({"team": team.id}))
    ]
    return {team.id: team.name for team in sorted(found, key=lambda one: one.name.casefold())}


def _asked(request: HttpRequest, plan: Planning, teams: Mapping[str, str]) -> Asked:
    sent = request.POST
    if request.method != "POST":
        year = plan.workspace.calendar.period_of(plan.today + AHEAD, "year")
        usual = _sellers(plan, teams)
        return Asked(
            request.GET.get("total", ""),
            request.GET.get("for", year.label),
            "last-year",
            True,
            "",
            True,
            "",
            tuple(usual or teams),
            ("company", "team", "rep") if _all(plan) else ("rep",),
            {},
            "",
            "",
        )
    basis = sent.get("basis", "")
    return Asked(
        sent.get("total", ""),
        sent.get("for", ""),
        basis if basis in BASES else "last-year",  # type: ignore[arg-type]
        bool(sent.get("season")),
        sent.get("ramp", "")[:100],
        sent.get("carried", "yes") == "yes",
        sent.get("step", "")[:30],
        tuple(team for team in sent.getlist("team") if team in teams),
        tuple(level for level in sent.getlist("level") if level in LEVELS),
        {team: sent.get(f"share_{team}", "") for team in teams},
        sent.get("absences", "")[:2000],
        sent.get("why", "")[:500],
    )


def _sellers(plan: Planning, teams: Mapping[str, str]) -> list[str]:
    """The teams that had a result of this KPI within a year; those with people to carry a target where none had."""
    snapshot = plan.workspace.snapshots.current()
    if snapshot is not None and snapshot.ends_on is not None:
        start = date(snapshot.ends_on.year - 1, snapshot.ends_on.month, 1)
        found = results(plan.workspace, plan.definition.id, "team", start, snapshot.ends_on)
        with_result = [team for team in teams if found.get(team)]
        if with_result:
            return with_result
    organisation = plan.access.organisation
    leaders = {one.manager_id for one in organisation.teams.values()}
    selling = {rep.team_id for rep in organisation.reps.values() if rep.active and rep.id not in leaders}
    return [team for team in teams if team in selling]


def _plan(plan: Planning, asked: Asked, teams: Mapping[str, str]) -> Plan:
    """The plan that the form describes, with history where it takes it; wrong words are refused in sentences."""
    workspace, kpi = plan.workspace, plan.definition
    read = read_value(asked.total, kpi.unit, plan.currency, language(), most=most(kpi))
    if read.problem is not None or read.value is None:
        raise QuestionError(read.problem.to(language()) if read.problem else "")
    term = read_term(asked.period, plan.today, workspace.calendar)
    if term is None:
        raise QuestionError(
            _("“%(text)s” is no period.") % {"text": asked.period[:40]}, next_step=_("Write 2027, Q1 2027 or 2027-01.")
        )
    if term.end < plan.today:
        raise QuestionError(_("The period has passed."), next_step=_("Choose one that is still to come."))
    periods = tuple(workspace.calendar.periods(term.start, term.end, "month"))
    if len(periods) > MOST_MONTHS:
        raise QuestionError(
            _("A target is shared out over two years at most."), next_step=_("Choose a shorter period.")
        )
    if not asked.teams:
        raise QuestionError(_("No team takes part."), next_step=_("Choose one or more."))
    chosen = {team: teams[team] for team in asked.teams}
    wish = Wish(
        kpi.id,
        read.value,
        read.currency,
        periods,
        chosen,
        asked.basis,
        _by_hand(asked, chosen) if asked.basis == "by-hand" else (),
        season_of(plan.workspace, kpi.id) if asked.season else FLAT,
        Ramp.of(asked.ramp),
        _absences(plan, asked.absences),
        asked.carried,
        _step(asked.step, plan),
    )
    leaders = [team.manager_id for team in plan.access.organisation.teams.values()]
    ends_on = workspace.snapshot().ends_on or plan.today
    return plan_of(workspace, wish, ends_on=ends_on, hours=hours(workspace), leaders=leaders)


def _step(text: str, plan: Planning) -> Decimal:
    if not text.strip():
        return Decimal(0)
    read = read_value(text, plan.definition.unit, plan.currency, language())
    if read.problem is not None or read.value is None:
        raise QuestionError(read.problem.to(language()) if read.problem else "")
    return read.value


def _by_hand(asked: Asked, chosen: Mapping[str, str]) -> tuple[Decimal, ...]:
    given = []
    for team, name in chosen.items():
        text = asked.shares.get(team, "").replace("%", "").strip() or "0"
        number = plain_number(text, language()) if text.replace(".", "").replace(",", "").isdigit() else None
        if number is None:
            raise QuestionError(
                _("The share of %(team)s, “%(text)s”, is no percentage.") % {"team": name, "text": text[:20]},
                next_step=_("Write a number such as 25."),
            )
        given.append((name, number))
    return shares_by_hand(given)


def _absences(plan: Planning, text: str) -> dict[str, list[Stay]]:
    """Absences, one per line: a name, and the first and last day."""
    found: dict[str, list[Stay]] = {}
    by_name = {rep.name.casefold(): rep.id for rep in plan.access.organisation.reps.values()}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _comma, days = line.partition(",")
        rep = by_name.get(name.strip().casefold())
        term = read_term(days, plan.today, plan.workspace.calendar) if days else None
        if rep is None or term is None:
            raise QuestionError(
                _("The absence “%(line)s” cannot be read.") % {"line": line.strip()[:60]},
                next_step=_("Write a name, a comma and the days: Ayu Lestari, 2027-03-01..2027-05-31"),
            )
        found.setdefault(rep, []).append(Stay(term.start, term.end))
    return found


def _targets(plan: Planning, found: Cascade | None, asked: Asked) -> list[Target]:
    """The targets of the chosen levels; pieces of a month that are nothing are left out."""
    if found is None:
        return []
    made = []
    for line in found.lines:
        level = line.scope.dimensions[0] if line.scope.dimensions else "company"
        if level not in asked.levels or not plan.rights.sets(line.scope) or (level == "rep" and not line.value):
            continue
        if line.end < plan.today:
            continue
        why = f"{WORDS[found.plan.basis]}"
        made.append(Target(found.plan.kpi, line.start, line.end, line.value, line.scope, found.plan.currency, why=why))
    return _joined(made)


def _joined(targets: list[Target]) -> list[Target]:
    """One target per scope and period: somebody in two of the teams at once carries both parts."""
    found: dict[tuple[object, ...], Target] = {}
    for target in targets:
        before = found.get(target.slot)
        value = target.value + before.value if before else target.value
        found[target.slot] = Target(
            target.kpi, target.start, target.end, value, target.scope, target.currency, why=target.why
        )
    return list(found.values())


def _digest(targets: list[Target]) -> str:
    """A short text that differs where the shares do."""
    plain = "\n".join(f"{one.scope} {one.start} {one.end} {one.value}" for one in targets)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _groups(found: Cascade) -> list[Group]:
    """The preview by team."""
    sums = found.plan.additive
    groups = []
    for part in found.plan.teams:
        lines = tuple(line for line in found.at("team") if line.team == part.id)
        people = []
        for seller in part.sellers:
            own = tuple(line for line in found.at("rep") if line.team == part.id and line.scope["rep"] == seller.id)
            if own:
                people.append((seller.name, _come_to([line.value for line in own], adds_up=sums.over_time), own))
        total = _come_to([line.value for line in lines], adds_up=sums.over_time)
        share = 100 * total / found.plan.total if sums.over_scope else Decimal(100)
        groups.append(Group(part.id, part.name, total, share, lines, tuple(people)))
    return groups


def _come_to(values: list[Decimal], *, adds_up: bool) -> Decimal:
    if not values:
        return Decimal(0)
    return sum(values, Decimal(0)) if adds_up else values[-1]

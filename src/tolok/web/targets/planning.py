"""What every page about targets asks: which KPI, which period, and what this person may do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.app.access import Access
from tolok.app.target_rights import TargetRights, rights_of
from tolok.app.targets import latest
from tolok.errors import QuestionError, TolokError, nearest
from tolok.kpis.definition import Definition
from tolok.periods import Period
from tolok.targets.members import people, things
from tolok.targets.proposal import Known, Member
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.smart_reading import Members
from tolok.targets.standing import standing
from tolok.targets.target import WAITING, Target
from tolok.web.asking import named
from tolok.web.look.tags import language, said
from tolok.workspace import Workspace

GRAINS = {"month": gettext_lazy("Month"), "quarter": gettext_lazy("Quarter"), "year": gettext_lazy("Year")}
USUAL = ("revenue", "deals_won", "win_rate", "average_deal_size", "new_leads", "meetings", "visits", "calls")
"""KPIs that are planned most, first in the list of choices."""


@dataclass(frozen=True)
class Planning:
    """A KPI in a period, which may lie ahead, for one person."""

    workspace: Workspace
    access: Access
    rights: TargetRights
    definition: Definition
    grain: str
    period: Period
    today: date

    @property
    def name(self) -> str:
        return self.definition.words_in(language()).name

    @property
    def title(self) -> str:
        """The period in words."""
        return named(self.period)

    @property
    def before(self) -> str:
        return self.workspace.calendar.step(self.period, -1).start.isoformat()

    @property
    def after(self) -> str:
        return self.workspace.calendar.step(self.period, 1).start.isoformat()

    @property
    def currency(self) -> str:
        return self.workspace.settings.currency

    @property
    def query(self) -> str:
        """The words of the address that bring another page to the same KPI and period."""
        return f"kpi={self.definition.id}&period={self.grain}&at={self.period.start.isoformat()}"

    @property
    def ahead(self) -> str:
        """The words of the address that bring to a period that is not over, for who wants to set a target."""
        if self.period.end >= self.today:
            return self.query
        coming = self.workspace.calendar.period_of(self.today, self.grain)  # type: ignore[arg-type]
        return replace(self, period=coming).query

    @property
    def kpis(self) -> list[tuple[str, str]]:
        """The KPIs to choose from: the usual ones first, then all by name."""
        words = language()
        definitions = self.workspace.definitions
        rest = sorted(
            (one for one in definitions.values() if one.id not in USUAL),
            key=lambda one: one.words_in(words).name.casefold(),
        )
        first = [definitions[kpi] for kpi in USUAL if kpi in definitions]
        return [(one.id, one.words_in(words).name) for one in (*first, *rest)]


def today() -> date:
    """The day it is where the organisation is."""
    return datetime.now(ZoneInfo(place.workspace().settings.timezone)).date()


def planning(request: HttpRequest, *, looks: bool = False) -> Planning:
    """Read a request's address; what is not known is refused in words.

    Without a day it is the period of today; who only ``looks`` is shown the last one with results, if it has targets.
    """
    workspace = place.workspace()
    access: Access = request.access  # type: ignore[attr-defined]
    asked = request.GET.get("kpi") or request.POST.get("kpi") or workspace.settings.north_star.kpi or "revenue"
    definition = workspace.definitions.get(asked)
    if definition is None:
        raise QuestionError(
            _("There is no KPI “%(kpi)s”.") % {"kpi": asked[:60]}, next_step=nearest(asked, workspace.definitions)
        )
    grain = request.GET.get("period", "month")
    if grain not in GRAINS:
        raise QuestionError(
            _("There is no period “%(grain)s”.") % {"grain": grain[:20]}, next_step=_("Choose month, quarter or year.")
        )
    now = today()
    text = request.GET.get("at", "")
    try:
        day = date.fromisoformat(text) if text else now
    except ValueError:
        raise QuestionError(
            _("“%(text)s” is not a date.") % {"text": text[:20]}, next_step=_("Write it as year-month-day: 2026-03-31.")
        ) from None
    period = workspace.calendar.period_of(day, grain)  # type: ignore[arg-type]
    rights = rights_of(request.user, access)  # type: ignore[arg-type]
    plan = Planning(workspace, access, rights, definition, grain, period, now)
    return _with_results(plan) if looks and not text else plan


def _with_results(plan: Planning) -> Planning:
    """The period in which the data ends, where there are targets in it and none of today's waits to be decided."""
    snapshot = plan.workspace.snapshots.current()
    if snapshot is None or snapshot.ends_on is None or snapshot.ends_on >= plan.period.start:
        return plan
    period = plan.workspace.calendar.period_of(snapshot.ends_on, plan.grain)  # type: ignore[arg-type]
    now = plan.period
    if any(row.state in WAITING for row in latest(plan.definition.id, start__lte=now.end, end__gte=now.start).values()):
        return plan
    planned = any(one.start <= period.end and one.end >= period.start for one in known_standing(plan))
    return replace(plan, period=period) if planned else plan


def span_name(target: Target, workspace: Workspace) -> str:
    """The period of a target as people say it: January 2027, 2027 Q1, 2027; else its first and last day."""
    for grain in GRAINS:
        period = workspace.calendar.period_of(target.start, grain)  # type: ignore[arg-type]
        if (period.start, period.end) == (target.start, target.end):
            return named(period)
    return f"{date_format(target.start, 'j M Y')} – {date_format(target.end, 'j M Y')}"


def in_words(error: TolokError) -> str:
    """What the engine refused, in the reader's language where its sentence has one."""
    return f"{said(error.message)} {said(error.next_step)}".strip()


def known_standing(plan: Planning) -> tuple[Target, ...]:
    """The targets of the KPI that stand in the facts; read once per snapshot."""
    snapshot = plan.workspace.snapshots.current()
    if snapshot is None:
        return ()
    key = (str(plan.workspace.folder), snapshot.id, plan.definition.id)
    if key not in _standing:
        engine = plan.workspace.engine(snapshot)
        try:
            found = standing(engine, plan.definition.id)
        finally:
            engine.close()
        if len(_standing) > MOST_HELD:
            _standing.clear()
        _standing[key] = found
    return _standing[key]


_standing: dict[tuple[str, str, str], tuple[Target, ...]] = {}
MOST_HELD = 200
"""How many KPIs' targets are held at once."""


def scope_name(scope: Scope, access: Access) -> str:
    """A scope in words: the company, a team, a person, or what it is by name."""
    if scope.is_company:
        return _("Company")
    names = []
    for dimension, id_ in scope.members:
        if dimension == "rep" and id_ in access.organisation.reps:
            names.append(access.organisation.reps[id_].name)
        elif dimension == "team" and id_ in access.organisation.teams:
            names.append(access.organisation.teams[id_].name)
        else:
            names.append(id_.partition(":")[2] if ":" in id_ else id_)
    return " · ".join(names)


def known(plan: Planning) -> Known:
    """What a target may name here: of reps and teams only those whose targets this person may set."""
    found: dict[str, dict[str, Member]] = {"rep": {}, "team": {}}
    if plan.workspace.snapshots.current() is not None:
        engine = plan.workspace.engine()
        try:
            found = {
                dimension: {id_: one for id_, one in held.items() if plan.rights.sets(Scope.of({dimension: id_}))}
                for dimension, held in people(engine).items()
            }
            if plan.rights.sets(COMPANY):
                found |= things(engine)
        finally:
            engine.close()
    return Known(plan.workspace.definitions, plan.today, found, plan.workspace.calendar, plan.currency, language())


def members(plan: Planning) -> Members:
    """The names that a sentence may say."""
    return Members(
        {
            dimension: {id_: member.name for id_, member in named_.items()}
            for dimension, named_ in known(plan).members.items()
            if dimension != "account"
        }
    )

"""What a page's address asks: period, team and comparison, read from the query string and written back into it.

Every page reads the same few words, so that a link shows the next person the same figures (of what they may see).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tolok.app import place
from tolok.app.access import Access
from tolok.errors import QuestionError
from tolok.periods import Period
from tolok.query.question import Comparison, Filter, filters
from tolok.query.reporting import Team
from tolok.workspace import Workspace

GRAINS = {
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
}
COMPARISONS = {"previous": gettext_lazy("Period before"), "last-year": gettext_lazy("Last year")}
SPARK = {"week": 13, "month": 13, "quarter": 9, "year": 4}
"""How many periods a small line shows, by grain."""


@dataclass(frozen=True)
class Asking:
    """What is asked of this workspace: a period of a grain, perhaps of one team or one rep, against another period.

    ``given`` are further conditions, on pages that can keep them all the way: ``where=region=Java`` in the address.
    ``period`` is cut at ``ends_on``, the day the data reaches; ``whole`` is the uncut one.
    """

    workspace: Workspace
    grain: str
    whole: Period
    period: Period
    ends_on: date
    team: Team | None
    rep: str
    compare: Comparison
    teams: tuple[Team, ...]
    given: tuple[Filter, ...] = ()

    @property
    def where(self) -> tuple[Filter, ...]:
        """The filters of the question."""
        found = []
        if self.team is not None:
            found.append(Filter("team", (self.team.id,)))
        if self.rep:
            found.append(Filter("rep", (self.rep,)))
        return (*found, *self.given)

    @property
    def before(self) -> str:
        """The day that asks for the period before, "" where the data begins."""
        begins = self.workspace.snapshot().coverage.starts_on
        if begins is not None and self.whole.start <= begins:
            return ""
        return self.workspace.calendar.step(self.whole, -1).start.isoformat()

    @property
    def begins(self) -> date | None:
        """The day the data begins, where the period is over before it; else nothing has to be said."""
        begins = self.workspace.snapshot().coverage.starts_on
        return begins if begins is not None and self.whole.end < begins else None

    @property
    def after(self) -> str:
        """The day that asks for the next period, "" where the data has ended."""
        return "" if self.whole.end >= self.ends_on else self.workspace.calendar.step(self.whole, 1).start.isoformat()

    @property
    def title(self) -> str:
        """The period in words."""
        return named(self.whole)

    @property
    def to_date(self) -> str:
        """Until when the period has data, "" when it is over."""
        return date_format(self.period.end, "j F Y") if self.period.end < self.whole.end else ""

    def span(self, back: int) -> tuple[date, date]:
        """First day of the period so many periods before, and the last day of this one."""
        return self.workspace.calendar.step(self.whole, -back).start, self.period.end


def asked(request: HttpRequest, *, conditions: bool = False) -> Asking:
    """Read a request's address. What is not known is refused in words; a team that is not yours is not known."""
    given = filters(request.GET.getlist("where")) if conditions else ()
    return asking_for(place.workspace(), request.access, request.GET, given)  # type: ignore[attr-defined]


def asking_for(
    workspace: Workspace, access: Access, words: Mapping[str, str], given: tuple[Filter, ...] = ()
) -> Asking:
    """What the words of an address ask of a workspace, for who has this access; without words, what a page opens with."""
    ends_on = workspace.snapshot().ends_on or date.min
    grain = words.get("period", "month")
    if grain not in GRAINS:
        raise QuestionError(
            _("There is no period “%(grain)s”.") % {"grain": grain}, next_step=_("Choose week, month, quarter or year.")
        )
    compare = words.get("compare", "previous")
    if compare not in COMPARISONS:
        raise QuestionError(
            _("There is no comparison with “%(with)s”.") % {"with": compare},
            next_step=_("Choose the period before or last year."),
        )
    day = _day(words.get("at", ""), ends_on)
    whole = workspace.calendar.period_of(min(day, ends_on), grain)  # type: ignore[arg-type]
    period = workspace.calendar.periods(whole.start, min(whole.end, ends_on), grain)[0]  # type: ignore[arg-type]
    teams = tuple(
        sorted(
            (team for team in access.organisation.teams.values() if access.sees_team(team.id)),
            key=lambda team: team.name.casefold(),
        )
    )
    wanted = words.get("team", "")
    team = next((team for team in teams if team.id == wanted), None)
    if wanted and team is None:
        raise QuestionError(_("There is no such team."), next_step=_("Choose one from the list."))
    rep = words.get("rep", "")
    if rep and (not access.sees_rep(rep) or rep not in access.organisation.reps):
        raise QuestionError(_("There is no such rep."), next_step=_("Choose one from the list."))
    return Asking(workspace, grain, whole, period, ends_on, team, rep, compare, teams, given)  # type: ignore[arg-type]


def named(period: Period) -> str:
    """A period as people say it: October 2026, week of 5 October, 2026-Q4."""
    if period.grain == "month" and not period.label.startswith("FY"):
        return date_format(period.start, "F Y")
    if period.grain == "week":
        return _("Week of %(day)s") % {"day": date_format(period.start, "j F Y")}
    if period.grain == "day":
        return date_format(period.start, "j F Y")
    return period.label.replace("-Q", " Q")


def _day(text: str, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise QuestionError(
            _("“%(text)s” is not a date.") % {"text": text}, next_step=_("Write it as year-month-day: 2026-03-31.")
        ) from None

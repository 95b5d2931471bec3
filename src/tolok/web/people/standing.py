"""Where each rep stands: figures of the period, with what makes them comparable beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tolok.insights.rates import Rate, compare
from tolok.query.answer import Row
from tolok.query.question import Question, Viewer
from tolok.query.reporting import Rep, Team
from tolok.web.asking import Asking

KPIS = ("revenue", "deals_won", "win_rate", "average_deal_size", "sales_cycle_length", "meetings", "open_pipeline")
NEW = 6
"""Months in which a rep counts as new."""
LONG = 24
"""Months from which on tenure is told in years."""
SORTS = (
    "revenue",
    "attainment",
    "deals_won",
    "win_rate",
    "average_deal_size",
    "sales_cycle_length",
    "meetings",
    "name",
)


@dataclass(frozen=True)
class Standing:
    """One rep's line. ``rank`` is by the chosen figure among those who have it."""

    rep: Rep
    team: Team | None
    months: int | None
    figures: dict[str, Row]
    rate: Rate | None
    attainment: float | None
    target: float | None
    rank: int | None = None

    @property
    def tenure(self) -> str:
        return tenure(self.months)

    @property
    def is_new(self) -> bool:
        return self.months is not None and self.months < NEW

    def value(self, sort: str) -> float | None:
        if sort == "attainment":
            return self.attainment
        row = self.figures.get(sort)
        return row.value if row else None


def standings(
    asking: Asking, viewer: Viewer, reps: dict[str, Rep], teams: dict[str, Team], sort: str
) -> list[Standing]:
    """The reps that a person may see, best first by the chosen figure; who has no figure comes last."""
    known = tuple(kpi for kpi in KPIS if kpi in asking.workspace.definitions)
    common = {"start": asking.period.start, "by": ("rep",), "where": asking.where, "viewer": viewer}
    answer = asking.workspace.answer(Question(known, end=asking.period.end, compare=asking.compare, **common))  # type: ignore[arg-type]
    planned = asking.workspace.answer(
        Question(("revenue",), grain=asking.grain, end=asking.whole.end, compare="target", **common)  # type: ignore[arg-type]
    )
    targets = {row.ids["rep"]: row.target for row in planned.rows()}
    figures: dict[str, dict[str, Row]] = {}
    for row in answer.rows():
        figures.setdefault(row.ids["rep"] or "", {})[row.kpi] = row
    chosen = [
        rep
        for rep in reps.values()
        if rep.id in figures and _did_something(figures[rep.id]) and (not asking.rep or rep.id == asking.rep)
    ]
    counted = [_counts(figures[rep.id].get("win_rate")) for rep in chosen]
    rates = dict(zip((rep.id for rep in chosen), compare(counted), strict=True))
    lines = [
        Standing(
            rep,
            teams.get(rep.team_id),
            months_between(rep.hired_on, asking.period.end),
            figures[rep.id],
            rates[rep.id] if counted[number][1] else None,
            _share(figures[rep.id].get("revenue"), targets.get(rep.id)),
            targets.get(rep.id),
        )
        for number, rep in enumerate(chosen)
    ]
    return _ranked(lines, sort)


def months_between(start: date | None, end: date) -> int | None:
    """Whole months of tenure; None where the first day is not known."""
    if start is None:
        return None
    return max(0, (end.year - start.year) * 12 + end.month - start.month - (1 if end.day < start.day else 0))


def _did_something(figures: dict[str, Row]) -> bool:
    return any(row.count for row in figures.values())


def _counts(row: Row | None) -> tuple[int, int]:
    return (int(row.of or 0), int(row.over or 0)) if row is not None else (0, 0)


def _share(row: Row | None, target: float | None) -> float | None:
    if row is None or row.value is None or not target or target <= 0:
        return None
    return 100 * row.value / target


def _ranked(lines: list[Standing], sort: str) -> list[Standing]:
    if sort == "name":
        return sorted(lines, key=lambda line: line.rep.name.casefold())
    lower = sort == "sales_cycle_length"
    with_value = [line for line in lines if line.value(sort) is not None]
    with_value.sort(key=lambda line: (line.value(sort) if lower else -(line.value(sort) or 0), line.rep.name))  # type: ignore[operator]
    ranked: list[Standing] = []
    for place, line in enumerate(with_value, start=1):
        tied = ranked and ranked[-1].value(sort) == line.value(sort)
        ranked.append(Standing(**{**line.__dict__, "rank": ranked[-1].rank if tied else place}))
    rest = sorted((line for line in lines if line.value(sort) is None), key=lambda line: line.rep.name)
    return [*ranked, *rest]


def tenure(months: int | None) -> str:
    """How long somebody has been here, as people say it: months in the first two years, then years."""
    if months is None:
        return ""
    if months < LONG:
        return ngettext("%(months)s month", "%(months)s months", months) % {"months": months}
    years = floatformat(months / 12, -1)
    return _("%(years)s years") % {"years": years}

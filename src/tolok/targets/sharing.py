"""The plan of a cascade out of a workspace: its teams and people, last year's results, its season and working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from tolok.errors import QuestionError
from tolok.kpis.additive import additive
from tolok.kpis.definition import Definition
from tolok.periods import Period, WorkingHours
from tolok.query.answer import Answer
from tolok.query.question import Question
from tolok.targets.cascade import Basis, Plan
from tolok.targets.evidence import results
from tolok.targets.presence import Ramp, Stay
from tolok.targets.season import FLAT, Season
from tolok.targets.staff import team_parts


class Source(Protocol):
    """What a plan is made from: a workspace."""

    @property
    def definitions(self) -> dict[str, Definition]: ...

    def answer(self, question: Question) -> Answer: ...

    def engine(self) -> Any: ...


@dataclass(frozen=True)
class Wish:
    """What somebody wants shared out, and how. ``shares`` are percents by team, for shares by hand."""

    kpi: str
    total: Decimal
    currency: str
    periods: tuple[Period, ...]
    teams: Mapping[str, str]
    basis: Basis = "equal"
    shares: Sequence[Decimal] = ()
    season: Season = FLAT
    ramp: Ramp = field(default_factory=Ramp)
    absences: Mapping[str, Iterable[Stay]] = field(default_factory=dict)
    carried: bool = True
    step: Decimal = Decimal(0)


def plan_of(source: Source, wish: Wish, *, ends_on: date, hours: WorkingHours, leaders: Iterable[str] = ()) -> Plan:
    """The plan of a wish; refused where last year has nothing to share by. The year ends with the data."""
    kpi = source.definitions[wish.kpi]
    year = (date(ends_on.year - 1, ends_on.month, min(ends_on.day, 28)), ends_on)
    by_rep: dict[str, Decimal] | None = None
    by_team: dict[str, Decimal] | None = None
    if wish.basis == "last-year":
        by_rep = results(source, wish.kpi, "rep", *year)
        by_team = results(source, wish.kpi, "team", *year)
        if not any(by_team.get(team, Decimal(0)) > 0 for team in wish.teams):
            raise QuestionError(
                "These teams have no result of last year to share by.", next_step="Share equally, or by hand."
            )
    elif wish.basis == "by-hand":
        by_team = dict(zip(wish.teams, wish.shares, strict=True))
    engine = source.engine()
    try:
        parts = team_parts(
            engine,
            wish.teams,
            wish.periods[0].start,
            wish.periods[-1].end,
            basis=wish.basis,
            by_rep=by_rep,
            by_team=by_team,
            year=year,
            absences=wish.absences,
            leaders=leaders,
        )
    finally:
        engine.close()
    sums = additive(wish.kpi, source.definitions)
    return Plan(
        wish.kpi,
        wish.total,
        wish.periods,
        parts,
        kpi.unit,
        wish.currency,
        wish.basis,
        wish.season if sums.over_time else FLAT,
        wish.ramp,
        hours,
        sums,
        wish.carried,
        wish.step,
    )

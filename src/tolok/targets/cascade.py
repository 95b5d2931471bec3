"""A cascade: one target shared out over months, teams and people, adding up to the smallest unit, with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from tolok.errors import QuestionError
from tolok.kpis.additive import BOTH, Additive
from tolok.kpis.definition import Unit
from tolok.periods import Period, WorkingHours
from tolok.targets.presence import Presence, Ramp, Seller, presence, transferred
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.season import FLAT, Season
from tolok.targets.share import share, smallest

Basis = Literal["last-year", "equal", "capacity", "by-hand"]
BASES: tuple[Basis, ...] = ("last-year", "equal", "capacity", "by-hand")
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class TeamPart:
    """A team that takes part: its weight (None: what its people weigh while they are there) and its people.

    A part without an id stands for people who share the company's target without teams.
    """

    id: str
    name: str
    sellers: tuple[Seller, ...] = ()
    weight: Decimal | None = None


@dataclass(frozen=True)
class Plan:
    """What is shared out, and by what. ``carried`` says that the others carry what an absent or new person cannot;
    else it stays open and is shown as a gap. ``step`` rounds shares to whole steps (0: the smallest unit).
    """

    kpi: str
    total: Decimal
    periods: tuple[Period, ...]
    teams: tuple[TeamPart, ...]
    unit: Unit = "money"
    currency: str = ""
    basis: Basis = "equal"
    season: Season = FLAT
    ramp: Ramp = field(default_factory=Ramp)
    hours: WorkingHours = field(default_factory=WorkingHours)
    additive: Additive = BOTH
    carried: bool = True
    step: Decimal = Decimal(0)


@dataclass(frozen=True)
class Factors:
    """Why a share is what it is: parts of the whole, 0 to 1, before rounding."""

    season: Decimal = Decimal(1)
    team: Decimal = Decimal(1)
    weight: Decimal = Decimal(1)
    presence: Presence | None = None


@dataclass(frozen=True)
class Line:
    """One share: for whom, when, how much, and why. ``team`` is the team whose target it is part of."""

    scope: Scope
    name: str
    start: date
    end: date
    value: Decimal
    factors: Factors
    team: str = ""
    period: str = ""


@dataclass(frozen=True)
class Cascade:
    """The shares of a plan, and what nobody carries."""

    plan: Plan
    lines: tuple[Line, ...]
    left_open: Decimal = Decimal(0)

    def at(self, dimension: str) -> tuple[Line, ...]:
        """The shares of the company (""), the teams or the reps."""
        wanted = (dimension,) if dimension else ()
        return tuple(line for line in self.lines if line.scope.dimensions == wanted)

    def total(self, dimension: str) -> Decimal:
        """What the shares at a level add up to."""
        return sum((line.value for line in self.at(dimension)), Decimal(0))


def cascade(plan: Plan) -> Cascade:
    """Share a target out over periods, teams and people.

    Periods by season, teams by their weight, people by weight × working days there × ramp; every level adds up to the
    one above it exactly, or what is left open is named. Where figures do not add up (a win rate) the value is copied.
    """
    _check(plan)
    step = plan.step or smallest(plan.total, plan.unit, plan.currency)
    seasons = [plan.season.weight(period, plan.hours) for period in plan.periods]
    by_period = _over_time(plan, seasons, step)
    whole = sum(seasons, Decimal(0))
    lines: list[Line] = []
    left_open = Decimal(0)
    for number, period in enumerate(plan.periods):
        season = seasons[number] / whole if whole else Decimal(0)
        value = by_period[number]
        lines.append(Line(COMPANY, "", period.start, period.end, value, Factors(season), period=period.label))
        found, open_here = _teams(plan, period, value, season, step)
        lines += found
        if plan.additive.over_scope:
            left_open += open_here
    return Cascade(plan, tuple(lines), left_open)


def shares_by_hand(percents: Sequence[tuple[str, Decimal]]) -> tuple[Decimal, ...]:
    """Weights from percents that a person gave; refused where they are no shares of one whole."""
    for name, percent in percents:
        if percent < 0:
            raise QuestionError(f"The share of {name} is {percent} %.", next_step="Give 0 or more.")
    whole = sum((percent for _, percent in percents), Decimal(0))
    if whole != _HUNDRED:
        missing = _HUNDRED - whole
        verb = f"{missing.normalize():f} % are missing" if missing > 0 else f"{-missing.normalize():f} % too many"
        raise QuestionError(
            f"The shares add up to {whole.normalize():f} %, not to 100 %: {verb}.",
            next_step="Change the shares so that they add up to 100 %.",
        )
    return tuple(percent for _, percent in percents)


def _check(plan: Plan) -> None:
    if plan.total <= 0:
        raise QuestionError(f"A target of {plan.total} cannot be shared out.", next_step="Give an amount above 0.")
    if not plan.periods:
        raise QuestionError("The period to share the target over is empty.", next_step="Give its first and last day.")
    if not plan.teams:
        raise QuestionError("There is nobody to share the target with.", next_step="Choose teams or people.")
    names = [team.id for team in plan.teams]
    if len(set(names)) < len(names):
        raise QuestionError("A team takes part twice.", next_step="Name each team once.")


def _over_time(plan: Plan, seasons: Sequence[Decimal], step: Decimal) -> tuple[Decimal, ...]:
    if not plan.additive.over_time:
        return (plan.total,) * len(plan.periods)
    weights = seasons if any(seasons) else [Decimal(1)] * len(seasons)
    return share(plan.total, weights, step)


def _teams(plan: Plan, period: Period, value: Decimal, season: Decimal, step: Decimal) -> tuple[list[Line], Decimal]:
    there = {
        (team.id, seller.id): presence(seller, period.start, period.end, plan.hours, plan.ramp)
        for team in plan.teams
        for seller in team.sellers
    }
    weights = [_weight(team, there) for team in plan.teams]
    whole = sum(weights, Decimal(0))
    if not plan.additive.over_scope:
        parts: tuple[Decimal, ...] = (value,) * len(plan.teams)
    elif whole:
        parts = share(value, weights, step)
    else:
        return [], value
    lines: list[Line] = []
    left_open = Decimal(0)
    for team, weight, part in zip(plan.teams, weights, parts, strict=True):
        factor = weight / whole if whole else Decimal(0)
        if team.id:
            scope = Scope.of({"team": team.id})
            factors = Factors(season, factor)
            lines.append(Line(scope, team.name, period.start, period.end, part, factors, team.id, period.label))
        if team.sellers:
            found, open_here = _sellers(plan, team, period, part, Factors(season, factor), there, step)
            lines += found
            left_open += open_here
    return lines, left_open


def _weight(team: TeamPart, there: dict[tuple[str, str], Presence]) -> Decimal:
    if team.weight is not None:
        return team.weight
    return sum((seller.weight * there[team.id, seller.id].fraction for seller in team.sellers), Decimal(0))


def _sellers(
    plan: Plan,
    team: TeamPart,
    period: Period,
    value: Decimal,
    factors: Factors,
    there: dict[tuple[str, str], Presence],
    step: Decimal,
) -> tuple[list[Line], Decimal]:
    """The shares of a team's people, and what nobody carries of its target."""
    presences = [there[team.id, seller.id] for seller in team.sellers]
    full = sum((seller.weight for seller in team.sellers), Decimal(0))
    effective = [seller.weight * found.fraction for seller, found in zip(team.sellers, presences, strict=True)]
    if not plan.additive.over_scope:
        values: tuple[Decimal, ...] = (value,) * len(presences)
    elif not any(effective):
        return [], value
    elif plan.carried:
        values = share(value, effective, step)
    else:
        values = tuple((value * part / full / step).to_integral_value(ROUND_FLOOR) * step for part in effective)
        if all(found.fraction == 1 for found in presences):
            values = share(value, effective, step)
    lines = []
    for seller, found, part in zip(team.sellers, presences, values, strict=True):
        if not found.present:
            continue
        start, end = transferred(seller, period.start, period.end)
        weight = seller.weight / full if full else Decimal(0)
        why = Factors(factors.season, factors.team, weight, found)
        scope = Scope.of({"rep": seller.id})
        lines.append(Line(scope, seller.name, start, end, part, why, team.id, period.label))
    given = sum((line.value for line in lines), Decimal(0))
    return lines, value - given if plan.additive.over_scope else Decimal(0)

"""Who can carry a target: the reps with their teams over time, as parts of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from tolok.query.build import column, table
from tolok.targets.cascade import Basis, TeamPart
from tolok.targets.presence import Seller, Stay
from tolok.targets.standing import Rows

_DAY = timedelta(days=1)


def stays(engine: Rows) -> dict[str, dict[str, list[Stay]]]:
    """For each rep, the stretches in each team; memberships where there are any, else today's team for all time."""
    found: dict[str, dict[str, list[Stay]]] = {}
    if engine.has("memberships"):
        for rep, team, start, end in _read(engine, "memberships", "rep_id", "team_id", "from_on", "to_on"):
            if rep and team:
                found.setdefault(rep, {}).setdefault(team, []).append(Stay(start, end))
    if engine.has("reps"):
        for rep, team in _read(engine, "reps", "id", "team_id"):
            if team and rep not in found:
                found[rep] = {team: [Stay()]}
    return found


def team_parts(
    engine: Rows,
    teams: Mapping[str, str],
    start: date,
    end: date,
    *,
    basis: Basis = "equal",
    by_rep: Mapping[str, Decimal] | None = None,
    by_team: Mapping[str, Decimal] | None = None,
    year: tuple[date, date] | None = None,
    absences: Mapping[str, Iterable[Stay]] | None = None,
    leaders: Iterable[str] = (),
) -> tuple[TeamPart, ...]:
    """The teams of a plan with those who sell in them in a stretch of days.

    ``by_rep`` and ``by_team`` are last year's results or capacities. Who was there for a part of that ``year`` only
    weighs what a whole year would have come to; a rep without a result of it weighs as much as the team's average.
    Leaders and those who carry no quota take no part, unless a team has nobody else.
    """
    where = stays(engine)
    people = _people(engine)
    lead = set(leaders)
    parts = []
    for team_id, name in teams.items():
        inside = [
            rep for rep in people if any(_meets(stay, start, end) for stay in where.get(rep, {}).get(team_id, []))
        ]
        inside = [rep for rep in inside if _employed(people[rep], start, end)]
        selling = [rep for rep in inside if people[rep]["quota_carrying"] is not False and rep not in lead] or inside
        held = [_of_a_year((by_rep or {}).get(rep), people[rep], year) for rep in selling]
        known = [value for value in held if value is not None and value > 0]
        usual = sum(known, Decimal(0)) / len(known) if known else Decimal(1)
        sellers = []
        for rep, value in zip(selling, held, strict=True):
            weight = Decimal(1) if basis == "equal" or by_rep is None else value if value and value > 0 else usual
            row = people[rep]
            whole = _only_here(where.get(rep, {}), team_id)
            sellers.append(
                Seller(
                    rep,
                    row["name"] or rep,
                    weight,
                    row["hired_on"],
                    row["left_on"],
                    () if whole else tuple(where[rep][team_id]),
                    tuple((absences or {}).get(rep, ())),
                )
            )
        team_weight = None if by_team is None else max(by_team.get(team_id, Decimal(0)), Decimal(0))
        if basis == "equal":
            team_weight = Decimal(1)
        parts.append(TeamPart(team_id, name, tuple(sellers), team_weight))
    return tuple(parts)


LEAST_DAYS = 60
"""Days of a year that somebody must have been there for their result to tell what a year would be."""


def _of_a_year(value: Decimal | None, row: Mapping[str, Any], year: tuple[date, date] | None) -> Decimal | None:
    """What a result of a part of a year comes to in a whole one; None where the part is too short to tell."""
    if value is None or year is None:
        return value
    start = max(row["hired_on"] or year[0], year[0])
    end = min(row["left_on"] - _DAY if row["left_on"] else year[1], year[1])
    days, whole = (end - start).days + 1, (year[1] - year[0]).days + 1
    return value * whole / days if days >= LEAST_DAYS else None


def _only_here(by_team: Mapping[str, list[Stay]], team_id: str) -> bool:
    return set(by_team) == {team_id}


def _meets(stay: Stay, start: date, end: date) -> bool:
    return (stay.start is None or stay.start <= end) and (stay.end is None or stay.end >= start)


def _employed(row: Mapping[str, Any], start: date, end: date) -> bool:
    if row["active"] is False and row["left_on"] is None:
        return False
    return not (row["left_on"] and row["left_on"] <= start) and not (row["hired_on"] and row["hired_on"] > end)


def _people(engine: Rows) -> dict[str, dict[str, Any]]:
    if not engine.has("reps"):
        return {}
    names = ("id", "name", "hired_on", "left_on", "active", "quota_carrying")
    return {row[0]: dict(zip(names, row, strict=True)) for row in sorted(_read(engine, "reps", *names), key=str)}


def _read(engine: Rows, fact: str, *names: str) -> list[tuple[Any, ...]]:
    return engine.rows(exp.select(*[column(name) for name in names]).from_(table(fact, "f")))[1]

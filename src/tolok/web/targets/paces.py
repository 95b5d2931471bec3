"""The pace of a target wherever one is shown: working days in a month, and the season too in what is longer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tolok.kpis.additive import additive
from tolok.kpis.definition import Definition
from tolok.periods import Period, WorkingHours
from tolok.targets.evidence import season
from tolok.targets.pace import Pace, pace
from tolok.targets.season import FLAT, Season
from tolok.workspace import Workspace

SHORT = 35
"""Days up to which a period is paced by working days alone: within a month the season hardly moves."""

_seasons: dict[tuple[str, str, str], Season] = {}
MOST_HELD = 200
"""How many KPIs' seasons are held at once."""


def hours(workspace: Workspace) -> WorkingHours:
    """The organisation's working days."""
    return WorkingHours.of(workspace.settings)


def season_of(workspace: Workspace, kpi: str) -> Season:
    """The season of a KPI; learned once per snapshot, since it reads years of days."""
    snapshot = workspace.snapshots.current()
    if snapshot is None or snapshot.ends_on is None:
        return FLAT
    key = (str(workspace.folder), snapshot.id, kpi)
    if key not in _seasons:
        found = season(workspace, kpi, snapshot.ends_on, workspace.settings.holidays_country)
        if len(_seasons) > MOST_HELD:
            _seasons.clear()
        _seasons[key] = found
    return _seasons[key]


def pace_of(
    workspace: Workspace, definition: Definition, target: Decimal, actual: Decimal | None, period: Period, ends_on: date
) -> Pace:
    """Where a target of a whole period stands on the day that the data reaches."""
    adds_up = additive(definition.id, workspace.definitions).over_time
    running = period.start <= ends_on < period.end
    learned = season_of(workspace, definition.id) if adds_up and running and period.days > SHORT else FLAT
    return pace(
        target,
        actual,
        period.start,
        period.end,
        ends_on,
        hours=hours(workspace),
        season=learned,
        better=definition.better,
        adds_up=adds_up,
    )

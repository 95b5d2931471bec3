"""Targets: set by hand, shared out, judged, agreed on, paced and published. Pure functions over frozen values."""

from __future__ import annotations

from tolok.targets.cascade import Cascade, Plan, TeamPart, cascade
from tolok.targets.pace import Pace, pace
from tolok.targets.presence import Ramp, Seller, Stay
from tolok.targets.roll_up import Gap, RolledUp, gaps, rolled_up
from tolok.targets.scope import COMPANY, Scope
from tolok.targets.season import Season
from tolok.targets.sentence import Sentence
from tolok.targets.target import Target

__all__ = [
    "COMPANY",
    "Cascade",
    "Gap",
    "Pace",
    "Plan",
    "Ramp",
    "RolledUp",
    "Scope",
    "Season",
    "Seller",
    "Sentence",
    "Stay",
    "Target",
    "TeamPart",
    "cascade",
    "gaps",
    "pace",
    "rolled_up",
]

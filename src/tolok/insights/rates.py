"""Rates of people compared fairly: with small numbers the best and the worst are mostly luck.

Wilson intervals (E. B. Wilson, 1927) say how far one rate may be from what was seen. To compare people, each rate is
drawn towards the group by as much as the group itself shows that people differ: a beta-binomial model whose mean and
concentration are integrated out on a grid rather than fitted, since a fitted prior is too sure of itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054  # 97.5th percentile of the normal distribution
CELLS = 500
SURE = 0.95
"""How probable it must be that a rate is on its side of the group's mean before it is said."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rate:
    """One person's rate, all in percent: as seen, drawn towards the group, and where it lies in 95 of 100 cases.

    ``stands_out`` is 1 above the group, −1 below, 0 where the numbers cannot tell.
    """

    seen: float | None
    drawn: float
    low: float
    high: float
    stands_out: int


def wilson(successes: float, trials: float, z: float = Z) -> tuple[float, float]:
    """The interval of a rate, in percent.

    >>> [round(bound, 1) for bound in wilson(3, 10)]
    [10.8, 60.3]
    >>> wilson(0, 0)
    (0.0, 100.0)
    """
    if trials <= 0:
        return 0.0, 100.0
    p = successes / trials
    middle = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials)) / (1 + z * z / trials)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def compare(counts: Sequence[tuple[int, int]]) -> list[Rate]:
    """Rates of several people from (successes, trials) of each, compared with the group of all of them."""
    if not counts:
        return []
    successes = np.array([count[0] for count in counts], dtype=float)
    trials = np.array([count[1] for count in counts], dtype=float)
    log_odds, log_others = np.log(_CHANCE), np.log1p(-_CHANCE)
    log_likelihood = np.outer(successes, log_odds) + np.outer(trials - successes, log_others)
    likelihood = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    mean, first, priors = _priors(successes, trials, log_odds, log_others)
    marginal = np.maximum(likelihood @ priors.T, 1e-300)  # person × prior
    log_weight = np.log(marginal).sum(axis=0) + first
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    share = weight / marginal
    posterior = likelihood * (share @ priors)
    posterior /= posterior.sum(axis=1, keepdims=True)
    higher = (share * (likelihood @ (priors * (_CHANCE[None, :] > mean[:, None])).T)).sum(axis=1)
    above = higher / (share * (likelihood @ priors.T)).sum(axis=1)
    cumulated = posterior.cumsum(axis=1)
    found = []
    for row, (won, of) in enumerate(counts):
        low, high = (float(np.interp(part, cumulated[row], _CHANCE)) for part in (0.025, 0.975))
        stands_out = 1 if above[row] > SURE else -1 if above[row] < 1 - SURE else 0
        drawn = float(posterior[row] @ _CHANCE)
        found.append(Rate(100 * won / of if of else None, 100 * drawn, 100 * low, 100 * high, stands_out))
    return found


def _priors(successes: Floats, trials: Floats, log_odds: Floats, log_others: Floats) -> tuple[Floats, Floats, Floats]:
    """The mean of each prior, the logarithm of its own weight, and its weight on each rate.

    Means lie around the pooled rate as far as it may err; people from quite unlike (concentration 2) to
    nearly alike, every standard deviation between them as likely as another.
    """
    pooled = (successes.sum() + 0.5) / (trials.sum() + 1)
    spread = max(sqrt(1 / (trials.sum() * pooled * (1 - pooled) + 1)), 0.6 / sqrt(len(successes)))
    logit = np.log(pooled / (1 - pooled)) + np.linspace(-4, 4, 25) * spread
    concentration = np.exp(np.linspace(np.log(2), np.log(3000), 16))
    mean = np.repeat(1 / (1 + np.exp(-logit)), len(concentration))
    alike = np.tile(concentration, len(logit))
    log_density = np.outer(mean * alike - 1, log_odds) + np.outer((1 - mean) * alike - 1, log_others)
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    return mean, -0.5 * np.log(alike), density / density.sum(axis=1, keepdims=True)


_EDGES = np.linspace(0, 1, CELLS + 1)
_CHANCE: Floats = (_EDGES[1:] + _EDGES[:-1]) / 2

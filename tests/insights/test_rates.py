"""Rates of people are compared so that luck is not taken for skill; checked against simulated people."""

from __future__ import annotations

import numpy as np
import pytest

from tolok.insights.rates import compare, wilson


@pytest.mark.parametrize(("likes", "others", "least", "most"), [(8, 16, 5, 60), (30, 70, 10, 80), (2, 18, 10, 200)])
def test_intervals_hold_the_true_rate_in_95_of_100_cases(likes, others, least, most):
    dice = np.random.default_rng(11)
    held = []
    for _ in range(60):
        true = dice.beta(likes, others, 40)
        trials = dice.integers(least, most, 40)
        won = dice.binomial(trials, true)
        rates = compare(list(zip(won.tolist(), trials.tolist(), strict=True)))
        held += [rate.low <= 100 * chance <= rate.high for chance, rate in zip(true, rates, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.97


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.5])
def test_of_forty_equals_hardly_ever_is_anybody_told_apart(chance):
    dice = np.random.default_rng(12)
    told, raw = 0, 0
    for _ in range(150):
        trials = dice.integers(15, 80, 40)
        won = dice.binomial(trials, chance)
        told += any(rate.stands_out for rate in compare(list(zip(won.tolist(), trials.tolist(), strict=True))))
        z = (won / trials - chance) / np.sqrt(chance * (1 - chance) / trials)
        raw += bool((np.abs(z) > 1.96).any())
    assert told / 150 <= 0.05
    assert raw / 150 > 0.5  # what a plain test of each would have said


def test_who_really_is_better_is_told_with_enough_deals():
    dice = np.random.default_rng(13)
    found = []
    for _ in range(60):
        true = np.full(40, 0.3)
        true[0], true[1] = 0.55, 0.1
        won = dice.binomial(150, true)
        rates = compare([(int(x), 150) for x in won])
        found.append(rates[0].stands_out == 1 and rates[1].stands_out == -1)
    assert np.mean(found) > 0.9


def test_nobody_decided_anything_is_no_rate():
    rates = compare([(0, 0), (3, 10)])
    assert rates[0].seen is None
    assert rates[0].stands_out == 0
    assert rates[0].low < rates[1].drawn < rates[0].high
    assert compare([]) == []


def test_wilson_is_that_of_the_textbook():
    # Agresti & Coull 1998, table of examples: 0 of 10 gives 0 to 27.8 %, 5 of 10 gives 23.7 to 76.3 %
    assert wilson(0, 10) == (0.0, pytest.approx(27.75, abs=0.01))
    assert wilson(5, 10) == (pytest.approx(23.66, abs=0.01), pytest.approx(76.34, abs=0.01))

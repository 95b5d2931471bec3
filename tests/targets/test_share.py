"""Shares add up to the smallest unit, whatever the weights."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tolok.errors import QuestionError
from tolok.targets.share import share, smallest

WEIGHTS = some.lists(some.decimals(0, 10**9, places=6), min_size=1, max_size=40)
TOTALS = some.decimals(0, 10**13, places=2)


@given(TOTALS, WEIGHTS, some.sampled_from(["0.01", "1", "1000", "0.0001"]))
def test_shares_add_up_exactly_and_none_is_further_than_a_step_from_its_due(
    total: Decimal, weights: list[Decimal], step: str
) -> None:
    if not any(weights):
        with pytest.raises(QuestionError):
            share(total, weights, Decimal(step))
        return
    parts = share(total, weights, Decimal(step))
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        assert weight or part == 0
        assert abs(part - total * weight / whole) < Decimal(step) * 2


@given(some.decimals(1, 10**9, places=2), some.integers(1, 30))
def test_equal_weights_differ_by_one_step_at_most(total: Decimal, count: int) -> None:
    parts = share(total, [Decimal(1)] * count)
    assert max(parts) - min(parts) <= Decimal("0.01")


def test_what_rounding_leaves_goes_to_the_largest_remainders() -> None:
    """7 seats by 10 : 6 : 4: exact 3.5, 2.1, 1.4; floors 3, 2, 1; the one left goes to .5."""
    weights = [Decimal(10), Decimal(6), Decimal(4)]
    assert share(Decimal(7), weights, Decimal(1)) == (4, 2, 1)


def test_round_steps_leave_their_rest_with_the_heaviest() -> None:
    """100,050 in thousands by 3 : 1: 75 and 25 thousand, and the 50 with the first."""
    assert share(Decimal(100_050), [Decimal(3), Decimal(1)], Decimal(1000)) == (75_050, 25_000)


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(QuestionError, match="negative"):
        share(Decimal(1), [Decimal(-1), Decimal(2)])


@pytest.mark.parametrize(
    ("total", "unit", "currency", "step"),
    [
        ("100", "money", "USD", "0.01"),
        ("100", "money", "JPY", "1"),
        ("100", "money", "IDR", "1"),
        ("100.50", "money", "IDR", "0.01"),
        ("12", "count", "", "1"),
        ("12.5", "hours", "", "0.01"),
    ],
)
def test_each_currency_and_unit_has_its_smallest_step(total: str, unit: str, currency: str, step: str) -> None:
    assert smallest(Decimal(total), unit, currency) == Decimal(step)  # type: ignore[arg-type]

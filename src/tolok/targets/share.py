"""Sharing an amount so that the shares add up to it exactly, to the smallest unit (largest remainder)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext

from tolok.errors import QuestionError
from tolok.money import minor_units, shown_decimals


def share(total: Decimal, weights: Sequence[Decimal], step: Decimal = Decimal("0.01")) -> tuple[Decimal, ...]:
    """A total by weights, each share a whole number of steps; what rounding leaves goes to the largest remainders.

    A part of the total that is less than a step goes to the heaviest. Without any weight nothing can be shared.

    >>> [str(part) for part in share(Decimal(100), [Decimal(1)] * 3)]
    ['33.34', '33.33', '33.33']
    """
    if any(weight < 0 for weight in weights):
        raise QuestionError("A share cannot be negative.", next_step="Give weights of 0 or more.")
    with localcontext() as context:
        context.prec = 60
        whole = sum(weights, Decimal(0))
        if not whole:
            raise QuestionError(
                "There is nobody to share the target with.", next_step="Give somebody a weight above 0."
            )
        steps = (abs(total) / step).to_integral_value(ROUND_FLOOR)
        exact = [steps * weight / whole for weight in weights]
        floors = [part.to_integral_value(ROUND_FLOOR) for part in exact]
        left = int(steps - sum(floors))
        order = sorted(range(len(weights)), key=lambda n: (floors[n] - exact[n], -weights[n], n))
        given = [n for n in order if weights[n] > 0]
        for n in (given * (left // len(given) + 1))[:left]:
            floors[n] += 1
        sign = -1 if total < 0 else 1
        found = [sign * part * step for part in floors]
        rest = total - sum(found, Decimal(0))
        if rest:
            found[max(range(len(weights)), key=lambda n: (weights[n], -n))] += rest
    return tuple(found)


def smallest(total: Decimal, unit: str, currency: str = "") -> Decimal:
    """The step in which a total of a unit is shared: whole rupiah, cents, whole deals; finer where it is finer.

    >>> str(smallest(Decimal(100), "money", "USD")), str(smallest(Decimal("1E9"), "money", "IDR"))
    ('0.01', '1')
    """
    if unit == "money":
        shown, held = shown_decimals(currency), minor_units(currency) if currency else 2
        decimals = shown if total == round(total, shown) else held
    else:
        decimals = 0 if unit == "count" else 2
        if total != round(total, decimals):
            decimals = 4
    return Decimal(1).scaleb(-decimals)

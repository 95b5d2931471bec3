"""Calendar days as rows, so that a date finds its slots or its bound by one join on equal days.

Cheaper than truncating the date of every row, and true for any calendar, for slots that overlap and for gaps.
"""

from __future__ import annotations

from math import isqrt

from sqlglot import exp

from tolok.query.build import column, literal, named, values_table

LONGEST = 40_000
"""Days of the longest stretch that is laid out, a good century."""


def laid_out(stretches: exp.Table, start: exp.Expr, end: exp.Expr, kept: list[exp.Expr], longest: int) -> exp.Select:
    """``day`` and what is kept: a row for each day from start to end of each stretch, none longer than ``longest``."""
    side = isqrt(longest) + 1
    number = column("n", "x") * literal(side) + column("n", "y")
    days = exp.select(named(exp.paren(exp.Add(this=start, expression=exp.paren(number))), "day"), *kept)
    days = days.from_(stretches)
    for alias in ("x", "y"):
        numbers = values_table([(literal(position),) for position in range(side)], alias, ("n",))
        within = exp.Subquery(this=numbers, alias=exp.TableAlias(this=exp.to_identifier(alias)))
        days.append("joins", exp.Join(this=within, kind="CROSS"))
    return days.where(
        exp.paren(number.copy()) <= exp.paren(exp.Sub(this=end, expression=exp.paren(start.copy()))), copy=False
    )

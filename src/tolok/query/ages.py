"""How long what lasts has lasted by now, in groups: the median and the oldest, of what a viewer may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from tolok.model import FACTS
from tolok.query.aggregate import quantile
from tolok.query.browse import Condition, Rows, tested
from tolok.query.build import both, column, day, is_null, known, literal, named, table
from tolok.query.context import Context
from tolok.query.path import Reach, Unreachable
from tolok.query.question import EVERYTHING, Filter, Viewer
from tolok.query.slots import Slots


@dataclass(frozen=True)
class Age:
    """Days since the beginning, of the one in the middle and of the oldest; and how many there are."""

    median: float
    oldest: int
    count: int


def ages(
    engine: Rows,
    fact: str,
    by: str,
    today: date,
    *,
    where: Sequence[Filter] = (),
    conditions: Sequence[Condition] = (),
    owner: str = "owner_id",
    viewer: Viewer = EVERYTHING,
) -> dict[str, Age]:
    """The ages on a day of the rows of an interval fact that have not ended, by the values of a column.

    Only what is a viewer's now counts: ``owner`` is where it says whose it is today.
    """
    interval, coverage = FACTS[fact].interval, engine.coverage
    if interval is None or not coverage.filled(fact, interval[0]) or not coverage.filled(fact, by):
        return {}
    begins, ends = interval
    context = Context(Slots(), (), tuple(where), viewer, coverage, "")
    reach = Reach(fact, day(today), "", coverage)
    tests: list[exp.Expr | None] = [known(column(begins)), known(column(by)), is_null(column(ends))]
    try:
        tests += [tested(reach, condition) for condition in conditions]
        tests += [context.filter_on(item, context.path(item.column, fact), fact, reach) for item in where]
        if viewer.reps is not None:
            tests.append(reach.column(owner).isin(*[literal(rep) for rep in sorted(viewer.reps) or [""]]))
    except Unreachable:
        return {}
    age = exp.Paren(this=exp.Sub(this=day(today), expression=column(begins)))
    select = exp.select(
        named(column(by), "k"),
        named(quantile(age, "0.5", None), "middle"),
        named(exp.Max(this=age.copy()), "oldest"),
        named(exp.Count(this=exp.Star()), "n"),
    ).from_(table(fact, "f"))
    select = reach.attach(select)
    if (condition := both(tests)) is not None:
        select.where(condition, copy=False)
    select = select.group_by(column(by))
    if reach.needs_memberships:
        context.need_memberships()
    for name, cte in context.ctes.items():
        select = select.with_(name, as_=cte, copy=False)
    return {str(key): Age(float(middle), int(oldest), int(n)) for key, middle, oldest, n in engine.rows(select)[1]}

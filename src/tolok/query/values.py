"""The values that stand in a column of a fact, or in what it refers to: the most frequent first."""

from __future__ import annotations

import json

from sqlglot import exp

from tolok.model import FACTS
from tolok.query.browse import Rows
from tolok.query.build import both, count_rows, known, named, table
from tolok.query.context import Context
from tolok.query.path import Unreachable
from tolok.query.question import Viewer
from tolok.query.slots import Slots
from tolok.query.small_groups import CLOSED
from tolok.query.whose import records_seen

TOLD = ("survey", "kind", "question")
"""Columns of answers whose values say nothing about who answered."""

LOOKED_AT = 500
"""Rows in which the names of extra columns are looked for."""


def values(engine: Rows, fact: str, path: str, viewer: Viewer, limit: int) -> tuple[str, ...]:
    """As text; none where the viewer sees no rows of the fact, or its rows are not to be opened."""
    if not engine.coverage.has(fact) or (fact in CLOSED and path not in TOLD):
        return ()
    context = Context(Slots(), (), (), viewer, engine.coverage, "")
    reach = context.reach(fact, None, "")
    try:
        value = exp.cast(reach.column(path), "varchar")
        seen = records_seen(viewer, fact, reach)
    except Unreachable:
        return ()
    count = count_rows()
    select = exp.select(named(value, "v"), named(count, "n")).from_(table(fact, "f"))
    condition = both([known(value.copy()), seen])
    if condition is not None:
        select.where(condition, copy=False)
    select = reach.attach(select).group_by(value.copy()).limit(limit)
    select = select.order_by(exp.Ordered(this=count.copy(), desc=True), exp.Ordered(this=value.copy()))
    if reach.needs_memberships:
        context.need_memberships()
        for name, cte in context.ctes.items():
            select = select.with_(name, as_=cte)
    return tuple(str(row[0]) for row in engine.rows(select)[1])


def extra_names(engine: Rows, fact: str) -> tuple[str, ...]:
    """The columns of the source that map to nothing and were kept beside a fact's rows."""
    if FACTS[fact].column("extra") is None or not engine.coverage.filled(fact, "extra"):
        return ()
    column = exp.column("extra", table="f")
    select = exp.select(column).from_(table(fact, "f")).where(known(column.copy())).limit(LOOKED_AT)
    found: dict[str, None] = {}
    for (text,) in engine.rows(select)[1]:
        try:
            read = json.loads(str(text))
        except ValueError:
            continue
        found.update(dict.fromkeys(read if isinstance(read, dict) else ()))
    return tuple(sorted(found, key=str.casefold))

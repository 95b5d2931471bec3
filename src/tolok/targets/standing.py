"""The targets that stand in the facts: imported ones and those approved here, which come first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from sqlglot import exp

from tolok.model.targets import TOLOK
from tolok.query.build import column, literal, table
from tolok.targets.roll_up import length_class
from tolok.targets.scope import COLUMNS, Scope
from tolok.targets.target import Target


class Rows(Protocol):
    """An engine that opens rows."""

    def has(self, fact: str) -> bool: ...

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[Any, ...]]]: ...


def standing(engine: Rows, kpi: str = "") -> tuple[Target, ...]:
    """Every target of a KPI (or of all) that counts; ``author`` is the source it came from."""
    if not engine.has("targets"):
        return ()
    names = ["id", "source", "kpi", "from_on", "to_on", "value", "currency", *COLUMNS.values()]
    select = exp.select(*[column(name) for name in names]).from_(table("targets", "f"))
    if kpi:
        select = select.where(column("kpi").eq(literal(kpi)))
    found = []
    for row in engine.rows(select)[1]:
        id_, source, name, start, end, value, currency, *scopes = row
        if start is None or end is None or value is None or name is None:
            continue
        scope = Scope.of({dimension: held for dimension, held in zip(COLUMNS, scopes, strict=True) if held})
        found.append(
            Target(
                name,
                start,
                end,
                Decimal(value).normalize() + 0,
                scope,
                currency or "",
                0,
                "approved",
                source or "",
                id=id_,
            )
        )
    return without_superseded(found)


def without_superseded(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Targets without the imported ones for which approved ones stand: as questions take them."""
    own: dict[tuple[str, Scope], list[Target]] = defaultdict(list)
    for target in targets:
        if target.author == TOLOK:
            own[target.kpi, target.scope].append(target)
    return tuple(
        target
        for target in targets
        if target.author == TOLOK or not _superseded(target, own.get((target.kpi, target.scope), []))
    )


def _superseded(target: Target, own: Sequence[Target]) -> bool:
    days: dict[int, int] = defaultdict(int)
    for other in own:
        shared = (min(other.end, target.end) - max(other.start, target.start)).days + 1
        if shared > 0:
            days[length_class(other.days)] += shared
    return any(kind >= length_class(target.days) or shared >= target.days for kind, shared in days.items())

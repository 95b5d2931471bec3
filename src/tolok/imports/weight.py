"""Which cells a row cannot do without: where one of them cannot be read, the row is a reject; else only the cell is lost."""

from __future__ import annotations

from tolok.model import Fact

REQUIRED: dict[str, tuple[tuple[str, ...], ...]] = {
    "exchange_rates": (("currency",), ("on",), ("rate",)),
    "targets": (("value",),),
    "observations": (("value",), ("on",)),
    "deal_events": (("deal_id",), ("on", "at")),
    "credits": (("rep_id",), ("share",)),
    "deal_lines": (("deal_id",),),
    "orders": (("document",),),
    "answers": (("value", "comment"),),
    "costs": (("amount",),),
    "memberships": (("rep_id",),),
    "payments": (("amount",),),
}
"""Per fact, what a row must have besides its id, where the table has such a column; each entry lists alternatives."""

_DECISIVE: dict[str, frozenset[str]] = {
    "reps": frozenset({"source_id", "name"}),
    "accounts": frozenset({"source_id", "name"}),
    "products": frozenset({"source_id", "name"}),
    "contacts": frozenset({"source_id"}),
    "deals": frozenset(
        {"source_id", "amount", "status", "created_on", "created_at", "closed_on", "closed_at", "stage_id", "quantity"}
    ),
    "leads": frozenset({"source_id", "created_on", "created_at", "status", "converted_on", "converted_at"}),
    "activities": frozenset({"source_id", "happened_on", "started_at"}),
    "tickets": frozenset({"source_id", "opened_on", "opened_at", "solved_on", "solved_at"}),
}


def is_fatal(fact: Fact, column: str) -> bool:
    """Whether a row is worth nothing, or would say something wrong, without this cell.

    >>> from tolok.model import FACTS
    >>> is_fatal(FACTS["deals"], "amount"), is_fatal(FACTS["accounts"], "employees")
    (True, False)
    """
    decisive = _DECISIVE.get(fact.name)
    if decisive is not None:
        return column in decisive
    found = fact.column(column)
    if found is None:
        return column in ("stage_id", "amount")
    return (
        found.type in ("money", "number", "rate", "id")
        or column in (*fact.real_dates, "source_id", "status", "at")
        or (found.type in ("date", "instant") and column.removesuffix("_at") + "_on" in fact.real_dates)
    )

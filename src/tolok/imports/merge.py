"""What a row says after this import: what the tables of the import give, over what stood before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tolok.imports.identity import Group
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.values.quoting import identifier, literal

IMPLIED: dict[str, tuple[tuple[frozenset[str], tuple[str, ...]], ...]] = {
    "deals": (
        (frozenset({"stage_id"}), ("status",)),
        (frozenset({"closed_on", "expected_close_on", "stage_id", "status"}), ()),
        (frozenset({"closed_on"}), ("expected_close_on", "closed_at")),
    ),
}
"""Columns that follow from others: a table that gives these gives those, too, even if only by saying nothing."""


@dataclass(frozen=True)
class Merged:
    """The rows of one fact that an import gives, with every column of the fact."""

    fact: str
    relation: str
    provides: frozenset[str]
    documents: bool  # lines that replace those of their document


def merged(work: Work, fact: str, groups: Sequence[Group], made: str = "") -> Merged | None:
    """The groups of a fact laid over each other and over what stands, and the rows made for unknown names."""
    model = FACTS[fact]
    own = [*(name for name in model.column_names if name not in ("id", "source", "source_id")), *_pseudo(fact)]
    documents = any(group.identified == "document" for group in groups)
    rows = ""
    provides: set[str] = set()
    for group in groups:
        given = _given(fact, group)
        provides |= given
        base = "" if documents else _base(work, fact, given)
        select = _laid_over(work, group, own, given, base, rows, _told_by_itself(work, fact))
        if rows:
            held = ", ".join(identifier(name) for name in ("id", "source", "source_id", *own))
            gone = f"SELECT id FROM {rows} ANTI JOIN {group.relation} g ON {work.prefix} || g.source_id = id"
            select = f"{select} UNION ALL SELECT {held} FROM {rows} WHERE id IN ({gone})"
        last = group is groups[-1] and not rows
        rows = f"({select})" if last else work.table(f"merged_{fact}", select)
    if made:
        rows = _with_made(work, fact, own, rows, made)
    return Merged(fact, rows, frozenset(provides), documents) if rows else None


def _pseudo(fact: str) -> tuple[str, ...]:
    return {"deals": ("_outcome",), "orders": ("discount", "discount_amount")}.get(fact, ())


def _given(fact: str, group: Group) -> set[str]:
    given = set(group.provides)
    for some, implied in IMPLIED.get(fact, ()):
        if given & some:
            given.update(implied)
    return given


def _base(work: Work, fact: str, given: set[str]) -> str:
    """The rows that stand, where they say something that this import does not."""
    if not work.stands(fact) or work.draft.current is None:
        return ""
    filled = work.draft.current.facts[fact].statistics.coverage.filled
    missing = [name for name, cells in filled.items() if cells and name not in given]
    return work.now(fact) if set(missing) - {"id", "source", "source_id"} else ""


def _told_by_itself(work: Work, fact: str) -> frozenset[str]:
    """The columns that a table of the fact itself gives; what other tables say of its rows only fills their blanks."""
    tables = [table for table in work.mapping.tables if table.fact == fact and not table.carried]
    return frozenset(column.to for table in tables for column in table.columns)


def _laid_over(
    work: Work,
    group: Group,
    own: Sequence[str],
    given: set[str],
    base: str,
    rows: str,
    told: frozenset[str],
) -> str:
    chosen = [
        f"{work.prefix} || g.source_id AS id",
        f"{literal(work.source)} AS source",
        "g.source_id",
    ]
    model = group.fact
    for name in own:
        column = model.column(name)
        quoted = identifier(name)
        before = []
        if rows:
            before.append(f"r.{quoted}")
        if base and column is not None:
            before.append(f"b.{quoted}")
        old = "NULL"
        if len(before) == 2:
            old = f"CASE WHEN r.id IS NOT NULL THEN r.{quoted} ELSE b.{quoted} END"
        elif before:
            old = before[0]
        if name in group.provides:
            value = f"g.{quoted}"
            if not group.primary and old != "NULL":
                value = f"coalesce({old}, {value})" if name in told else f"coalesce({value}, {old})"
            value = f"coalesce(g.{quoted}, {old})" if name == "extra" and rows else value
        elif name in given:
            value = "NULL"
        else:
            value = old
        kind = column.sql_type if column else "VARCHAR"
        chosen.append(f"CAST({value} AS {kind}) AS {quoted}")
    joins = f" LEFT JOIN {rows} r ON r.id = {work.prefix} || g.source_id" if rows else ""
    joins += f" LEFT JOIN {base} b ON b.id = {work.prefix} || g.source_id" if base else ""
    return f"SELECT {', '.join(chosen)} FROM {group.relation} g{joins}"


def _with_made(work: Work, fact: str, own: Sequence[str], rows: str, made: str) -> str:
    """Rows for names that nobody had heard of; never over a row that is there."""
    given = {row[0] for row in work.run(f"DESCRIBE {made}").fetchall()}
    model = FACTS[fact]
    chosen = ["id", f"{literal(work.source)} AS source", "source_id"]
    for name in own:
        column = model.column(name)
        kind = column.sql_type if column else "VARCHAR"
        chosen.append(f"CAST({identifier(name) if name in given else 'NULL'} AS {kind}) AS {identifier(name)}")
    new = f"SELECT {', '.join(chosen)} FROM {made} WHERE id NOT IN (SELECT id FROM {work.now(fact)})"
    if not rows:
        return f"({new})"
    held = ", ".join(identifier(name) for name in ("id", "source", "source_id", *own))
    return f"(SELECT {held} FROM {rows} UNION ALL {new} AND id NOT IN (SELECT id FROM {rows}))"

"""The tree of teams in a plan: a team stands for itself and for the teams below it, at any depth."""

from __future__ import annotations

from sqlglot import exp

from tolok.model.coverage import Coverage
from tolok.query.build import column, known, named, table


def has_tree(coverage: Coverage) -> bool:
    """Whether any team has one above it."""
    return coverage.has("teams") and coverage.filled("teams", "parent_id")


def with_below(chosen: exp.Select) -> exp.Select:
    """``id`` of the chosen teams (a query of ``id``) and of all below them. A circle in the data ends where it began."""
    step = exp.select(named(column("id", "t"), "id")).from_(table("teams", "t"))
    step.join(table("below", "b"), on=column("parent_id", "t").eq(column("id", "b")), copy=False)
    tree = exp.union(chosen, step, distinct=True)
    return exp.select(column("id", "b")).from_(table("below", "b")).with_("below", as_=tree, recursive=True)


def above() -> exp.Select:
    """``id`` of each team with ``above_id``, each team above it: its own, that one's, and so on."""
    first = exp.select(named(column("id", "t"), "id"), named(column("parent_id", "t"), "above_id"))
    first = first.from_(table("teams", "t")).where(known(column("parent_id", "t")))
    step = exp.select(named(column("id", "a"), "id"), named(column("parent_id", "t"), "above_id"))
    step = step.from_(table("above", "a")).where(known(column("parent_id", "t")))
    step.join(table("teams", "t"), on=column("id", "t").eq(column("above_id", "a")), copy=False)
    tree = exp.union(first, step, distinct=True)
    rows = exp.select(column("id", "a"), column("above_id", "a")).from_(table("above", "a"))
    apart = rows.where(column("id", "a").neq(column("above_id", "a")))
    return apart.with_("above", as_=tree, recursive=True)

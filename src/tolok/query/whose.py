"""Whose rows: the one rule of who sees which rows, for figures, for the rows behind them and for records by themselves.

A row is seen by whom it is attributed to at its date, by whom owns it now, and by who led its owner at that date. A
figure and the rows behind it have one date, that of the KPI. A record by itself has all of its dates: it is seen where
some figure could count it for these eyes, so that what a figure opens to can be looked at, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlglot import exp

from tolok.model import FACTS
from tolok.query.build import column, day, is_null, known, literal
from tolok.query.path import Reach, Unreachable
from tolok.query.question import Led, Viewer

OWNERS = ("owner_id", "rep_id")
"""Columns that say whose a row is, the first that a fact has."""

THROUGH = (
    ("deal_id.owner_id", "deal_id.owner_at_close_id", "deal_id.owner_at_creation_id"),
    ("lead_id.owner_id",),
)
"""Whose what a row belongs to is, where it names nobody itself: lines and changes are of whom their deal is."""


def rows_seen(viewer: Viewer, fact: str, reach: Reach) -> exp.Expr | None:
    """The viewer's rows at the date of ``reach``; None where all are."""
    return None if viewer.reps is None else exp.or_(*_seen_at(viewer, fact, reach))


def records_seen(viewer: Viewer, fact: str, reach: Reach) -> exp.Expr | None:
    """The viewer's records: those that are theirs at any of their dates, or while they lasted."""
    if viewer.reps is None:
        return None
    found = {part.sql(): part for part in _seen_at(viewer, fact, replace(reach, dated=None, dated_by=""))}
    dates = [item.name for item in FACTS[fact].columns if item.type == "date" and fact != "reps"]
    for name in dates:
        if reach.coverage.filled(fact, name):
            for part in _seen_at(viewer, fact, replace(reach, dated=column(name), dated_by=name)):
                if part.sql() not in found:  # what holds without a date needs none
                    found[part.sql()] = exp.and_(known(column(name)), part)
    return exp.or_(*found.values(), *_seen_while_it_lasted(viewer, fact, reach))


def _seen_at(viewer: Viewer, fact: str, reach: Reach) -> list[exp.Expr]:
    """Conditions of which one must hold at one date."""
    allowed = [literal(rep) for rep in sorted(viewer.reps or ())] or [literal("")]
    if fact == "reps":
        return [column("id").isin(*allowed)]
    found: list[exp.Expr] = []
    for path in _owners(viewer, fact):
        owner = reach.column(path)
        found.append(owner.isin(*allowed))
        if viewer.rows_owned_now and path == "owner_id":
            found.append(column("owner_id").isin(*allowed))
        if reach.dated is not None:
            for (from_on, until_on), reps in _stretches(viewer.led):
                led: list[exp.Expr] = [owner.isin(*reps), reach.dated.copy() >= day(from_on)]
                if until_on is not None:
                    led.append(reach.dated.copy() < day(until_on))
                found.append(exp.and_(*led))
    return found


def _seen_while_it_lasted(viewer: Viewer, fact: str, reach: Reach) -> list[exp.Expr]:
    """A state that lasts is counted on each of its days, so it is seen by who led its owner on one of them."""
    interval = FACTS[fact].interval
    if interval is None or fact == "reps":
        return []
    starts_on, ends_on = (column(name) for name in interval)
    found: list[exp.Expr] = []
    for path in _owners(viewer, fact):
        owner = reach.column(path)
        for (from_on, until_on), reps in _stretches(viewer.led):
            held: list[exp.Expr] = [owner.isin(*reps), exp.or_(is_null(ends_on), ends_on > day(from_on))]
            if until_on is not None:
                held.append(exp.or_(is_null(starts_on), starts_on < day(until_on)))
            found.append(exp.and_(*held))
    return found


def _owners(viewer: Viewer, fact: str) -> tuple[str, ...]:
    for name in OWNERS:
        if FACTS[fact].column(name) is not None:
            return (name,)
    for paths in THROUGH:
        if FACTS[fact].column(paths[0].split(".")[0]) is not None:
            return paths
    raise Unreachable(f"{fact} has no owner, so {viewer.name} cannot see it")


def _stretches(led: Iterable[Led]) -> list[tuple[tuple[date, date | None], list[exp.Expr]]]:
    """Whom the viewer led, by stretch of time: many reps come and go together."""
    found: dict[tuple[date, date | None], list[exp.Expr]] = {}
    for item in led:
        found.setdefault((item.from_on, item.until_on), []).append(literal(item.rep))
    return list(found.items())

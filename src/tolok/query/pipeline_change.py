"""What happened to the open pipeline between two days: every deal in one place, and the places add up exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from sqlglot import exp

from tolok.model.coverage import Coverage
from tolok.query.build import both, case, column, day, is_null, literal, named, table
from tolok.query.context import Context
from tolok.query.path import Reach
from tolok.query.question import EVERYTHING, Filter, Viewer
from tolok.query.slots import Slots

Kind = Literal["new", "reopened", "arrived", "grew", "shrank", "won", "lost", "moved_away", "gone"]
IN: tuple[Kind, ...] = ("new", "reopened", "arrived", "grew")
OUT: tuple[Kind, ...] = ("shrank", "won", "lost", "moved_away", "gone")
ZERO = Decimal(0)


class Rows(Protocol):
    """An engine that opens rows."""

    @property
    def coverage(self) -> Coverage: ...

    def rows(self, query: exp.Expr) -> tuple[list[str], list[tuple[Any, ...]]]: ...


@dataclass
class Step:
    """One kind of change: how many deals, by how much, and which."""

    count: int = 0
    amount: Decimal = ZERO
    deals: list[str] = field(default_factory=list)

    def add(self, deal: str, amount: Decimal) -> None:
        self.count += 1
        self.amount += amount
        self.deals.append(deal)


@dataclass(frozen=True)
class PipelineChange:
    """Opening and closing amount and number of open deals, and the steps between.

    ``closing = opening + new + reopened + arrived + grew − shrank − won − lost − moved_away − gone``, in amounts; a
    deal that came and was decided in between is in two steps. ``slipped`` and ``pulled_in`` are deals open at both
    ends whose expected close moved; they change no amount. ``elsewhere`` counts deals in other currencies.
    """

    start: date
    end: date
    currency: str
    opening: Step
    closing: Step
    steps: dict[Kind, Step]
    slipped: Step
    pulled_in: Step
    elsewhere: int = 0


@dataclass(frozen=True)
class _State:
    status: str
    amount: Decimal
    close: date | None
    mine: bool


def pipeline_change(
    engine: Rows,
    start: date,
    end: date,
    currency: str,
    *,
    where: tuple[Filter, ...] = (),
    viewer: Viewer = EVERYTHING,
) -> PipelineChange:
    """The change from the evening of ``start`` to the evening of ``end``, of what matches and may be seen at each."""
    before, apart = _states(engine, start, currency, where, viewer)
    after, apart_after = _states(engine, end, currency, where, viewer)
    opening, closing, slipped, pulled_in = Step(), Step(), Step(), Step()
    steps: dict[Kind, Step] = {kind: Step() for kind in (*IN, *OUT)}
    for deal in sorted({*before, *after}):
        was, now = before.get(deal), after.get(deal)
        was_open = was is not None and was.mine and was.status == "open"
        is_open = now is not None and now.mine and now.status == "open"
        if was_open and was is not None:
            opening.add(deal, was.amount)
        if is_open and now is not None:
            closing.add(deal, now.amount)
        if was_open and is_open and was is not None and now is not None:
            change = now.amount - was.amount
            if change:
                steps["grew" if change > 0 else "shrank"].add(deal, abs(change))
            if was.close and now.close and was.close != now.close:
                (slipped if now.close > was.close else pulled_in).add(deal, now.amount)
        elif was_open and was is not None:
            _left(steps, deal, was, now)
        elif is_open and now is not None:
            _came(steps, deal, was, now)
        elif was is None and now is not None and now.mine and now.status in ("won", "lost"):
            steps["new"].add(deal, now.amount)
            steps["won" if now.status == "won" else "lost"].add(deal, now.amount)
    return PipelineChange(start, end, currency, opening, closing, steps, slipped, pulled_in, len(apart | apart_after))


def _left(steps: dict[Kind, Step], deal: str, was: _State, now: _State | None) -> None:
    """A deal that was open here and is not any more; it leaves with what it was worth, its last change told apart."""
    if now is None:
        steps["gone"].add(deal, was.amount)
        return
    if now.mine and now.status in ("won", "lost"):
        change = now.amount - was.amount
        if change:
            steps["grew" if change > 0 else "shrank"].add(deal, abs(change))
        steps["won" if now.status == "won" else "lost"].add(deal, now.amount)
        return
    steps["moved_away"].add(deal, was.amount)


def _came(steps: dict[Kind, Step], deal: str, was: _State | None, now: _State) -> None:
    if was is None:
        steps["new"].add(deal, now.amount)
    elif was.mine:
        steps["reopened"].add(deal, now.amount)
    else:
        steps["arrived"].add(deal, now.amount)


def _states(
    engine: Rows, moment: date, currency: str, where: tuple[Filter, ...], viewer: Viewer
) -> tuple[dict[str, _State], set[str]]:
    """Each deal's state on the evening of a day, whether it is of what was asked, and the deals in other currencies."""
    if not engine.coverage.has("deal_states"):
        return {}, set()
    context = Context(Slots(), (), where, viewer, engine.coverage, currency)
    reach = Reach("deal_states", day(moment), "", engine.coverage)
    mine = context.filter_condition("deal_states", reach)
    flag = literal(1) if mine is None else case((mine, literal(1)), otherwise=literal(0))
    select = exp.select(
        named(column("deal_id"), "deal_id"),
        named(column("status"), "status"),
        named(exp.Coalesce(this=column("amount"), expressions=[literal(0)]), "amount"),
        named(column("expected_close_on"), "close"),
        named(column("currency"), "currency"),
        named(flag, "mine"),
    ).from_(table("deal_states", "f"))
    select = reach.attach(select)
    valid = both(
        [
            exp.or_(is_null(column("from_on")), column("from_on") <= day(moment)),
            exp.or_(is_null(column("to_on")), column("to_on") > day(moment)),
        ]
    )
    assert valid is not None
    select.where(valid, copy=False)
    if reach.needs_memberships:
        context.need_memberships()
    for name, cte in context.ctes.items():
        select = select.with_(name, as_=cte, copy=False)
    found: dict[str, _State] = {}
    apart: set[str] = set()
    for deal, status, amount, close, written_in, seen in engine.rows(select)[1]:
        if written_in and written_in != currency:
            if seen and status == "open":
                apart.add(deal)
            continue
        found[deal] = _State(status, Decimal(str(amount)), close, bool(seen))
    return found, apart

"""What is wrong with the data, and which KPI it costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from tolok.kpis.definition import Definition, Measure
from tolok.kpis.text import needs_of
from tolok.model import FACTS
from tolok.query.build import both, column, count_rows, is_null, known, literal, named, plain_name, table
from tolok.query.compile import STOCKS
from tolok.query.context import PERIOD_TESTS, Context, condition_sql
from tolok.query.drill import Rows
from tolok.query.flow import dated_by
from tolok.query.question import EVERYTHING
from tolok.query.sides import sides
from tolok.query.slots import Slots

FEW_DECIDED = 20
"""From so many decided deals on it is no accident that none was lost, or none won."""


@dataclass(frozen=True)
class Finding:
    """One gap: how many rows of which fact, what is wrong with them, and the KPIs that it costs.

    ``names`` are spellings that may be of one thing.
    """

    level: Literal["bad", "watch", "note"]
    fact: str
    rows: int
    of: int
    says: str
    kpis: tuple[str, ...] = ()
    next_step: str = ""
    names: tuple[str, ...] = ()


def findings(engine: Rows, definitions: dict[str, Definition], currency: str) -> list[Finding]:
    """All gaps that the facts themselves show, the costliest first."""
    found = [
        *undated(engine, definitions),
        *impossible(engine),
        *one_sided(engine),
        *lookalikes(engine),
        *histories(engine),
        *two_revenues(engine, currency),
        *unconvertible(engine, currency),
        *stale(engine),
        *untold(engine, definitions),
    ]
    order = {"bad": 0, "watch": 1, "note": 2}
    return sorted(found, key=lambda item: (order[item.level], -item.rows, item.fact, item.says))


def undated(engine: Rows, definitions: dict[str, Definition]) -> Iterable[Finding]:
    """Rows that meet a KPI's conditions but lack the date or the amount that it needs."""
    lacking: dict[tuple[str, str, str], set[str]] = {}
    tests: dict[tuple[str, str, str], exp.Expr] = {}
    for definition in definitions.values():
        for _, measure in sides(definition.body, definition.dated_by, definitions):
            if not measure.fact or measure.window in STOCKS or not engine.coverage.has(measure.fact):
                continue
            if FACTS[measure.fact].derived_from and measure.fact != "sales":
                continue  # what they lack, the facts that they come from lack
            for name in _needed(measure):
                condition = _lacks(engine, measure, name)
                if condition is None:
                    continue
                key = (measure.fact, name, condition.sql())
                lacking.setdefault(key, set()).add(definition.id)
                tests[key] = condition
    facts = sorted({fact for fact, _, _ in tests})
    for fact in facts:
        keys = [key for key in tests if key[0] == fact]
        select = exp.select(*[named(count_rows(tests[key]), f"n{number}") for number, key in enumerate(keys)])
        counted = engine.rows(select.from_(table(fact, "f")))[1][0]
        best: dict[str, tuple[int, set[str]]] = {}
        for key, count in zip(keys, counted, strict=True):
            if int(str(count)):
                rows, ids = best.get(key[1], (0, set()))
                best[key[1]] = (max(rows, int(str(count))), ids | lacking[key])
        for name, (rows, ids) in best.items():
            total = engine.coverage.facts[fact].rows
            yield Finding(
                "watch",
                fact,
                rows,
                total,
                f"{rows:,} of {total:,} {_words(fact)} have no {_words(name)}; these KPIs cannot count them",
                tuple(sorted(ids)),
                "Complete them at the source, or map the column that holds it.",
            )


def _needed(measure: Measure) -> list[str]:
    names = [dated_by(measure)] if FACTS[measure.fact].real_dates or measure.dated_by else []
    if _event(measure):
        names = []  # a lead without the day it was qualified was not qualified: nothing is lacking
    if measure.aggregate in ("sum", "mean", "median") and measure.column and "." not in measure.column:
        names.append(measure.column)
    if measure.span is not None:
        names += [name for name in (measure.span.start, measure.span.end) if "." not in name]
    return names


def _lacks(engine: Rows, measure: Measure, name: str) -> exp.Expr | None:
    conditions = [item for item in measure.where if item.test not in PERIOD_TESTS and "." not in item.column]
    context = Context(Slots(), (), (), EVERYTHING, engine.coverage, "")
    reach = context.reach(measure.fact, None, "")
    sql = [condition_sql(item, measure.fact, reach, exp.null(), exp.null()) for item in conditions]
    event = _event(measure)
    return both([*sql, *([known(column(event))] if event else []), is_null(column(name))])


def _event(measure: Measure) -> str:
    """The date of what need not have happened to a row, where no condition says that it did; else empty."""
    dates = FACTS[measure.fact].real_dates[:1]
    if measure.dated_by in ("", *dates) or any(item.column == "status" for item in measure.where):
        return ""
    return measure.dated_by


def impossible(engine: Rows) -> Iterable[Finding]:
    """Dates the wrong way round, and won deals without a value."""
    for fact, start, end, kpis in (
        ("deals", "created_on", "closed_on", ("sales_cycle_length",)),
        ("leads", "created_on", "converted_on", ("lead_conversion",)),
        ("tickets", "opened_on", "solved_on", ("resolution_time",)),
    ):
        if engine.coverage.filled(fact, start) and engine.coverage.filled(fact, end):
            rows = _count(engine, fact, column(end) < column(start))
            if rows:
                total = engine.coverage.facts[fact].rows
                yield Finding(
                    "bad",
                    fact,
                    rows,
                    total,
                    f"{rows:,} {_words(fact)} end before they begin ({_words(end)} before {_words(start)})",
                    kpis,
                    "See which date is wrong at the source, or whether day and month were exchanged.",
                )
    if engine.coverage.has("deals"):
        worthless = exp.and_(
            column("status").eq(literal("won")), exp.or_(is_null(column("amount")), column("amount").eq(literal(0)))
        )
        rows = _count(engine, "deals", worthless)
        if rows:
            total = engine.coverage.facts["deals"].rows
            yield Finding(
                "watch",
                "deals",
                rows,
                total,
                f"{rows:,} won deals have no amount or an amount of 0",
                ("average_deal_size", "revenue"),
                "Enter what was agreed.",
            )


def one_sided(engine: Rows) -> Iterable[Finding]:
    """Deals that all ended in one way: an export of won deals alone would tell a win rate of 100 %."""
    if not engine.coverage.has("deals"):
        return
    won, lost = (_count(engine, "deals", column("status").eq(literal(status))) for status in ("won", "lost"))
    if (won == 0) == (lost == 0) or won + lost < FEW_DECIDED:
        return
    there, lacking = ("won", "lost") if won else ("lost", "won")
    yield Finding(
        "watch",
        "deals",
        won + lost,
        engine.coverage.facts["deals"].rows,
        f"all {won + lost:,} decided deals are {there} and none is {lacking}; a rate of wins says nothing then",
        ("win_rate", "opportunity_to_win", "weighted_pipeline", "pipeline_velocity"),
        f"See whether the export leaves {lacking} deals out, or name their stages in the mapping.",
    )


def lookalikes(engine: Rows) -> Iterable[Finding]:
    """Names that differ only by case, spaces or punctuation, within one fact."""
    for fact in ("products", "accounts", "reps"):
        if not engine.coverage.has(fact):
            continue
        plain = plain_name(column("name"))
        several = exp.GT(this=exp.Count(this=exp.Distinct(expressions=[column("name")])), expression=literal(1))
        names = [named(exp.Min(this=column("name")), "a"), named(exp.Max(this=column("name")), "b")]
        select = exp.select(*names).from_(table(fact, "f")).where(known(column("name"))).group_by(plain).having(several)
        rows = engine.rows(select)[1]
        for first, second in sorted(rows, key=str)[:20]:
            yield Finding(
                "watch",
                fact,
                2,
                engine.coverage.facts[fact].rows,
                f"{first!r} and {second!r} look like one {_words(fact)[:-1]}",
                (),
                "If they are one, confirm the spelling in mappings/*.toml and import again.",
                names=(str(first), str(second)),
            )


def histories(engine: Rows) -> Iterable[Finding]:
    """Deals whose past stages no source told."""
    if not engine.coverage.has("deals") or not engine.coverage.has("deal_events"):
        return
    if not _count(engine, "deal_events", column("origin").neq(literal("derived"))):
        yield Finding(
            "note",
            "deal_events",
            0,
            engine.coverage.facts["deals"].rows,
            "there is no history of stages; between its first and last day a deal's stage is unknown",
            ("time_in_stage", "stage_conversion"),
            "Import the CRM's stage history; from now on each import adds what changed since the last one.",
        )


def two_revenues(engine: Rows, currency: str) -> Iterable[Finding]:
    """The gap between what deals say was won and what orders say was sold."""
    found = revenues(engine)
    if found is None:
        return
    won, sold = found
    if won != sold:
        yield Finding(
            "note",
            "orders",
            0,
            0,
            f"won deals add up to {won:,.2f}, orders to {sold:,.2f} {currency}; revenue_from in tolok.toml says"
            " which of them is revenue",
            ("revenue",),
        )


def revenues(engine: Rows) -> tuple[float, float] | None:
    """What won deals and what order lines add up to, where the data has both."""
    if not (engine.coverage.has("deals") and engine.coverage.has("orders")):
        return None
    won = _sum(engine, "deals", column("status").eq(literal("won")))
    sold = _sum(engine, "orders", exp.or_(is_null(column("status")), column("status").eq(literal("confirmed"))))
    return won, sold


def unconvertible(engine: Rows, currency: str) -> Iterable[Finding]:
    """Amounts in other currencies when there are no exchange rates at all."""
    if engine.coverage.has("exchange_rates"):
        return
    for fact, held in engine.coverage.facts.items():
        others = sorted(set(held.currencies) - {currency, ""})
        if others and FACTS[fact].column("amount") is not None:
            rows = _count(engine, fact, column("currency").isin(*[literal(code) for code in others]))
            yield Finding(
                "bad",
                fact,
                rows,
                held.rows,
                f"{rows:,} {_words(fact)} are in {', '.join(others)} and there are no exchange rates;"
                f" they are in no {currency} total",
                (),
                "Import rates (date, from, to, rate).",
            )


def stale(engine: Rows) -> Iterable[Finding]:
    """Facts that ended long before the others."""
    ends = engine.coverage.ends_on
    for fact, held in engine.coverage.facts.items():
        if ends and held.rows and held.last and (ends - held.last).days > 31 and fact not in ("reps", "memberships"):
            says = f"{_words(fact)} end on {held.last}, {(ends - held.last).days} days before the other data"
            yield Finding("note", fact, 0, held.rows, says, (), "Import a newer export of them.")


def untold(engine: Rows, definitions: dict[str, Definition]) -> Iterable[Finding]:
    """Facts that are not there at all, and the KPIs that they would answer."""
    lacking: dict[str, set[str]] = {}
    for definition in definitions.values():
        for need in needs_of(definition.body):
            if need in FACTS and not FACTS[need].derived_from and not engine.coverage.has(need):
                lacking.setdefault(need, set()).add(definition.id)
    for fact, ids in lacking.items():
        says = f"there are no {_words(fact)}; {len(ids)} KPIs have no answer without them"
        yield Finding("note", fact, 0, 0, says, tuple(sorted(ids)), f"Import an export of {_words(fact)}.")


def _count(engine: Rows, fact: str, condition: exp.Expr) -> int:
    select = exp.select(named(count_rows(), "n")).from_(table(fact, "f")).where(condition)
    return int(str(engine.rows(select)[1][0][0]))


def _sum(engine: Rows, fact: str, condition: exp.Expr) -> float:
    select = exp.select(named(exp.Sum(this=column("amount")), "n")).from_(table(fact, "f")).where(condition)
    return float(str(engine.rows(select)[1][0][0] or 0))


def _words(name: str) -> str:
    return name.replace("_", " ")

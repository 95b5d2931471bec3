"""How fast questions are answered, against SQL written by hand for the same answers over the same files.

``python -m benchmarks.questions`` makes the data once (about a minute at full scale) and prints ratios and seconds, by
the clock and by the processors, which a busy machine disturbs less. ``--scale 0.05`` is a quick look.
"""

from __future__ import annotations

import argparse
import math
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb

from benchmarks.by_hand import KPIS, SQL
from benchmarks.facts import snapshot
from benchmarks.verdict import Verdict, printed
from tolok.kpis.load import catalogue
from tolok.model import FACTS
from tolok.query.answer import Answer
from tolok.query.question import Question
from tolok.query.run import Setting, ask
from tolok.store.connection import Limits, connect
from tolok.store.duckdb import DuckDBEngine
from tolok.store.fact_file import attach, reading
from tolok.store.manifest import Snapshot

T = TypeVar("T")
MEMORY = "8GB"
THIRTY = (
    *KPIS,
    "interactions",
    "demos",
    "proposals",
    "visits",
    "won_amount",
    "deals_open",
    "average_purchase_value",
    "purchase_frequency",
    "buying_customers",
    "revenue_per_customer",
    "revenue_growth",
    "repeat_purchase_rate",
    "revenue_from_new_customers",
    "revenue_from_existing_customers",
    "active_customers",
    "call_to_meeting",
    "deals_needed",
    "pipeline_growth",
    "pipeline_velocity",
    "activities_per_rep",
)


@dataclass(frozen=True)
class Time:
    """Seconds by the clock and of the processors."""

    clock: float
    processor: float


def timed(run: Callable[[], T]) -> tuple[Time, T]:
    clock, processor = time.perf_counter(), time.process_time()
    found = run()
    return Time(time.perf_counter() - clock, time.process_time() - processor), found


def in_turn(first: Callable[[], T], second: Callable[[], T], rounds: int) -> tuple[Time, Time]:
    """The median times of each, run in turn so that neither has the warmer machine."""
    times: tuple[list[Time], list[Time]] = ([], [])
    for _ in range(rounds):
        times[0].append(timed(first)[0])
        times[1].append(timed(second)[0])
    return median(times[0]), median(times[1])


def median(times: list[Time]) -> Time:
    return Time(statistics.median(each.clock for each in times), statistics.median(each.processor for each in times))


def connection_by_hand(held: Snapshot) -> duckdb.DuckDBPyConnection:
    """A connection that reads the same files under plain names."""
    connection = connect(None, Limits(MEMORY))
    for name, stored in held.facts.items():
        attach(connection, held.path(name), f"fact_{name}")
        connection.execute(f"CREATE TEMP VIEW {name} AS {reading(FACTS[name], stored, f'fact_{name}')}")
    return connection


def check_equal(answer: Answer, by_hand: list[tuple[object, ...]]) -> int:
    """Compare figure by figure; returns how many were compared."""
    wanted = {(kpi, row[0], row[1]): value for row in by_hand for kpi, value in zip(KPIS, row[2:], strict=True)}
    compared = 0
    for row in answer.rows():
        value = wanted[row.kpi, row.ids["rep"], row.period.start]
        same = row.value is None and value is None
        if not same and (row.value is None or value is None):
            raise SystemExit(f"{row.kpi} {row.ids} {row.period.label}: {row.value}, by hand {value}")
        if not same and not math.isclose(float(row.value), float(value), rel_tol=1e-9, abs_tol=1e-6):  # type: ignore[arg-type]
            raise SystemExit(f"{row.kpi} {row.ids} {row.period.label}: {row.value}, by hand {value}")
        compared += 1
    if compared != len(wanted):
        raise SystemExit(f"{compared} figures, by hand {len(wanted)}")
    return compared


def ten_by_rep_and_month(held: Snapshot, rounds: int) -> list[Verdict]:
    kpis = catalogue()
    engine, connection = DuckDBEngine(held, limits=Limits(MEMORY)), connection_by_hand(held)
    question = Question(KPIS, "month", date(2025, 1, 1), date(2025, 12, 31), ("rep",))
    answer, rows = ask(engine, kpis, question, Setting()), connection.execute(SQL).fetchall()
    compared = check_equal(answer, rows)
    ours, theirs = in_turn(
        lambda: ask(engine, kpis, question, Setting()), lambda: connection.execute(SQL).fetchnumpy(), rounds
    )
    ratio = ours.processor / theirs.processor
    print(f"ten KPIs by rep and month: {compared:,} figures equal those of SQL written by hand")
    print(
        f"  by the clock: asked {ours.clock:.2f} s, by hand {theirs.clock:.2f} s, ratio {ours.clock / theirs.clock:.2f}"
    )
    print(f"  of the processors: asked {ours.processor:.2f} s, by hand {theirs.processor:.2f} s, ratio {ratio:.2f}")
    return [Verdict("ten KPIs by rep and month ÷ SQL by hand", ratio, 1.1)]


def thirty_at_once(held: Snapshot, rounds: int) -> list[Verdict]:
    kpis = catalogue()
    engine = DuckDBEngine(held, limits=Limits(MEMORY))
    question = Question(THIRTY, "month", date(2025, 1, 1), date(2025, 12, 31), compare="previous")
    together = ask(engine, kpis, question, Setting())

    def one_by_one() -> list[Answer]:
        singles = [Question((kpi,), "month", question.start, question.end, compare="previous") for kpi in THIRTY]
        return [ask(engine, kpis, single, Setting()) for single in singles]

    apart = [row for answer in one_by_one() for row in answer.rows()]
    for ours, theirs in zip(together.rows(), apart, strict=True):
        for one, other in ((ours.value, theirs.value), (ours.compared_value, theirs.compared_value)):
            if (one is None) != (other is None) or (one is not None and not math.isclose(one, other, rel_tol=1e-9)):  # type: ignore[arg-type]
                raise SystemExit(f"{ours.kpi} {ours.period.label}: {one} together, {other} alone")
    answered = len({row.kpi for row in together.rows() if row.value is not None})
    once, many = in_turn(lambda: ask(engine, kpis, question, Setting()), one_by_one, rounds)
    print(f"thirty KPIs ({answered} with data), twelve months and the months before each: the same figures either way")
    ratio = once.processor / many.processor
    print(f"  one question {once.clock:.2f} s, thirty questions {many.clock:.2f} s by the clock")
    return [Verdict("thirty KPIs, a year and the months before: one question ÷ thirty", ratio, 1.0)]


def start_times(rounds: int) -> list[Verdict]:
    """How long the command line takes to say what it can do."""

    def run(*arguments: str) -> float:
        return statistics.median(
            timed(lambda: subprocess.run([sys.executable, *arguments], capture_output=True, check=True))[0].clock
            for _ in range(rounds)
        )

    bare, tolok = run("-c", "pass"), run("-m", "tolok", "--help")
    print(f"tolok --help {tolok * 1000:.0f} ms, of which Python itself {bare * 1000:.0f} ms")
    return [Verdict("tolok --help", tolok * 1000, 300, "ms")]


def measure(folder: Path, scale: float, rounds: int) -> list[Verdict]:
    """All that is measured of questions."""
    made, held = timed(lambda: snapshot(folder, scale))
    size = {name: f"{fact.rows:,}" for name, fact in held.facts.items()}
    print(
        f"data: {size['deals']} deals, {size['deal_states']} states, {size['activities']} activities, "
        f"{size['sales']} sales, {size['reps']} reps (ready after {made.clock:.0f} s)"
    )
    return [*ten_by_rep_and_month(held, rounds), *thirty_at_once(held, rounds), *start_times(max(3, rounds))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 5 million deals and 20 million activities")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where the data is kept")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    printed(measure(chosen.folder, chosen.scale, chosen.rounds))


if __name__ == "__main__":
    main()

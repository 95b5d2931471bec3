"""How long an import takes, against DuckDB's own ``read_csv`` into a typed table of the same columns.

A small change is held against the import of everything: deals, their stage history, activities and orders.

Each run is a process of its own, in turn, so that neither profits from what the other left in memory; time is given by
the clock and by the processor, which a busy machine disturbs less. ``python -m benchmarks.imports --scale 0.1``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.exports import QUERIES, write_exports
from benchmarks.verdict import Verdict, printed
from tolok.demo.big import simulate_big, write_big_csv

DEALS = 5_000_000
ACTIVITIES, ORDERS = 4, 0.4  # for each deal
CHANGED = 0.01
BARS = {
    "read, judged and resolved ÷ read_csv": 2.0,
    "the whole import ÷ read_csv": 3.0,
    "the changed rows alone ÷ all facts": 0.1,
}

BY_HAND = """
import sys, duckdb
file, target = sys.argv[1:]
types = {"Amount": "DECIMAL(18,4)", "Probability (%)": "DECIMAL(18,4)", "Created Date": "TIMESTAMP",
         "Close Date": "DATE", "Expected Close Date": "DATE"}
connection = duckdb.connect(target, config={"memory_limit": "2GB"})
connection.execute(f"CREATE TABLE deals AS SELECT * FROM read_csv('{file}', header = true, types = {types})")
connection.close()
"""
IMPORT = """
import json, os, sys, time
from pathlib import Path
from tolok.imports import run
begun, seen = time.perf_counter(), {}
def tell(step):
    times = os.times()
    seen.setdefault(step.step, (time.perf_counter() - begun, times.user + times.system))
result = run(Path(sys.argv[1]), sys.argv[2:], source="crm", progress=tell)
print(json.dumps({"resolved": seen["comparing"], "changed": result.changed, "rejected": result.rejected}))
"""


@dataclass(frozen=True)
class Run:
    """One process: seconds by the clock and of the processors, its largest memory in MB, and what it printed."""

    seconds: float
    processor: float
    memory: float
    said: str

    @property
    def resolved(self) -> tuple[float, float]:
        """The same two up to the point where every row is read, judged, and knows what it refers to."""
        clock, processor = json.loads(self.said)["resolved"]
        return float(clock), float(processor)


def process(code: str, *arguments: str | Path) -> Run:
    """Run a piece of Python and wait for it."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"A run failed with status {child.returncode}.")
    return Run(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, said)


def files(folder: Path, deals: int) -> tuple[Path, Path, list[Path]]:
    """The export of deals, a later one in which one deal of a hundred has changed, and those of other facts; made once."""
    place = folder / f"import-{deals}"
    first, later = place / "deals.csv", place / "later.csv"
    others = [place / f"{fact}.csv" for fact in QUERIES]
    if not later.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        big = simulate_big(place / "facts", deals=deals, activities=deals * ACTIVITIES, orders=int(deals * ORDERS))
        write_exports(big, place)
        write_big_csv(big, first)
        write_big_csv(big, later, changed=CHANGED)
        shutil.rmtree(place / "facts")
    return first, later, others


def only_changed(first: Path, later: Path) -> Path:
    """The rows of the later export that the first does not have."""
    target = later.with_name("changed.csv")
    if not target.exists():
        with first.open() as old, later.open() as new, target.open("w") as out:
            out.write(new.readline())
            old.readline()
            out.writelines(line for before, line in zip(old, new, strict=True) if line != before)
    return target


def workspace(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "tolok", "init", str(folder), "--currency", "IDR", "--timezone", "Asia/Jakarta"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return folder


def measure(folder: Path, scale: float, rounds: int) -> list[Verdict]:
    """Print the ratios, each the median of what the rounds gave."""
    deals = max(10_000, int(DEALS * scale))
    first, later, others = files(folder, deals)
    some = only_changed(first, later)
    scratch = folder / "import-scratch"
    ratios: dict[str, list[tuple[float, float]]] = {}
    memory = 0.0
    for _ in range(rounds):
        scratch.mkdir(exist_ok=True)
        hand = process(BY_HAND, first, scratch / "hand.duckdb")
        whole = process(IMPORT, workspace(scratch / "shop"), first)
        assert json.loads(whole.said)["changed"] == deals
        every = process(IMPORT, workspace(scratch / "shop"), first, *others)
        shutil.copytree(scratch / "shop", scratch / "again")
        delta = process(IMPORT, scratch / "shop", some)
        again = process(IMPORT, scratch / "again", later)
        assert json.loads(delta.said)["changed"] == json.loads(again.said)["changed"] > 0
        shutil.rmtree(scratch)
        memory = max(memory, *(run.memory for run in (whole, every, delta, again)))
        of_hand = (hand.seconds, hand.processor)
        of_whole, of_every = (whole.seconds, whole.processor), (every.seconds, every.processor)
        for name, top, base in (
            ("read, judged and resolved ÷ read_csv", whole.resolved, of_hand),
            ("the whole import ÷ read_csv", of_whole, of_hand),
            ("the changed rows alone ÷ all facts", (delta.seconds, delta.processor), of_every),
            ("the later export whole ÷ all facts", (again.seconds, again.processor), of_every),
        ):
            ratios.setdefault(name, []).append((top[0] / base[0], top[1] / base[1]))
        print(f"  read_csv {hand.seconds:.1f} s, import {whole.seconds:.1f} s, changed rows {delta.seconds:.1f} s")
    verdicts = []
    print(f"Import of {deals:,} deals with 23 columns, {rounds} rounds (by the clock, by the processor):")
    for name, found in ratios.items():
        clock, processor = (statistics.median(pair[place] for pair in found) for place in (0, 1))
        print(f"  {name:<45} {clock:5.2f} {processor:5.2f}")
        if name in BARS:
            verdicts.append(Verdict(name, processor, BARS[name]))
    print(f"  largest memory of a process                   {memory / 1000:5.2f} GB")
    return [*verdicts, Verdict("largest memory of an import", memory / 1000, 3, "GB")]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--folder", type=Path, default=Path(".bench"))
    given = asked.parse_args()
    printed(measure(given.folder, given.scale, given.rounds))


if __name__ == "__main__":
    main()

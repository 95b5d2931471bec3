"""All measurements in turn, and a table of what was measured beside its bar: ``python -m benchmarks``.

Each part runs alone too: ``python -m benchmarks.questions``, ``.imports`` and ``.pages``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import imports, pages, questions
from benchmarks.verdict import printed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 5 million deals and 20 million activities")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where the data is kept")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    verdicts = []
    for part in (questions, imports, pages):
        print(f"\n{(part.__doc__ or '').splitlines()[0]}", flush=True)
        verdicts += part.measure(chosen.folder, chosen.scale, chosen.rounds)
    sys.exit(0 if printed(verdicts) else 3)


if __name__ == "__main__":
    main()

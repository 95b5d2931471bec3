"""`make fuzz`: spoil files for a while, keep what reaches new lines of the readers, tell what breaks them.

What is interesting is kept in ``.fuzz/corpus`` and is begun with the next time; what broke something, with the reason
beside it, in ``.fuzz/findings``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import select
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.mutations import spoiled
from tests.fuzz.seeds import seeds

SLOW = 90
"""Seconds after which one file hangs."""
MOST_MB = 2_500
"""Memory above which a small file takes too much."""


class Guarded:
    """The process that tries files; started again when it dies or hangs."""

    def __init__(self) -> None:
        self.process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, path: Path, check: str) -> dict[str, object]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"path": str(path), "check": check}) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], SLOW)
        line = self.process.stdout.readline() if ready else ""
        if line:
            answer: dict[str, object] = json.loads(line)
            return answer
        why = "it ended the process" if ready else f"it took more than {SLOW} seconds"
        self.process.kill()
        said = self.process.communicate()[1][-3_000:]
        self.process = self._started()
        return {"said": "broken", "problem": f"{why}\n{said}", "new": 0, "lines": 0, "mb": 0}


def main() -> int:
    parser = argparse.ArgumentParser(description="Spoil files and read them.")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"))
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    corpus_folder, findings = asked.folder / "corpus", asked.folder / "findings"
    for folder in (corpus_folder, findings):
        folder.mkdir(parents=True, exist_ok=True)
    corpus = [*seeds().items(), *((_name(path), path.read_bytes()) for path in sorted(corpus_folder.iterdir()))]
    guarded, told, known = Guarded(), Counter[str](), set[str]()
    lines, ends = 0, time.monotonic() + 60 * asked.minutes
    print(f"seed {asked.seed}; {len(corpus)} files to begin with")
    with tempfile.TemporaryDirectory(prefix="tolok-fuzz-") as place:
        tries = 0
        while time.monotonic() < ends:
            name, content = corpus[tries] if tries < len(corpus) else dice.choice(corpus)
            if tries >= len(corpus) or tries >= 15:
                content = spoiled(name, content, dice)
            tries += 1
            folder = Path(place, str(tries))
            folder.mkdir()
            path = folder / name
            path.write_bytes(content)
            answer = guarded.ask(path, "imports" if dice.random() < 0.25 else "reads")
            path.unlink(missing_ok=True)
            told[str(answer["said"])] += 1
            lines = max(lines, int(str(answer["lines"])))
            if answer["new"] and tries > 15:
                corpus.append((name, content))
                (corpus_folder / f"{hashlib.sha256(content).hexdigest()[:16]}-{name}").write_bytes(content)
            problem = str(answer["problem"]) or (f"{answer['mb']} MB" if int(str(answer["mb"])) > MOST_MB else "")
            if problem:
                key = problem.strip().splitlines()[-1][:120]
                if key not in known:
                    known.add(key)
                    digest = hashlib.sha256(content).hexdigest()[:16]
                    (findings / f"{digest}-{name}").write_bytes(content)
                    (findings / f"{digest}.txt").write_text(problem, encoding="utf-8")
                    print(f"BROKEN {digest}-{name}: {key}", flush=True)
                if "MB" in problem and not answer["problem"]:
                    guarded = Guarded()
    guarded.process.kill()
    print(f"{tries} files tried: {dict(told)}; {lines} lines of the readers reached; {len(corpus)} kept")
    return 1 if known else 0


def _name(path: Path) -> str:
    return path.name.split("-", 1)[1]


if __name__ == "__main__":
    raise SystemExit(main())

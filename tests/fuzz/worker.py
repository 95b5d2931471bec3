"""One guarded process of the fuzzer: takes files to try, tells what came of each and which lines of the readers ran."""

from __future__ import annotations

import faulthandler
import json
import resource
import shutil
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import Any

MEMORY = 6 * 1024**3
"""Address space: what a process may ask for, not what it uses."""


class Lines:
    """Which lines of the readers and the recogniser ran, each told once."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.seen: set[tuple[str, int]] = set()

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        return self.line if frame.f_code.co_filename.startswith(self.root) else None

    def line(self, frame: FrameType, event: str, argument: object) -> Any:
        self.seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self.line


def main() -> None:
    from tests.fuzz import checks

    import tolok

    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lines = Lines(str(Path(tolok.__file__).parent / "sources"))
    for order in sys.stdin:
        asked = json.loads(order)
        path = Path(asked["path"])
        before = len(lines.seen)
        sys.settrace(lines)
        try:
            said = getattr(checks, asked["check"])(path, path.parent)
            problem = ""
        except BaseException as error:  # what is looked for
            said, problem = "broken", "".join(traceback.format_exception(error))[-4_000:]
        finally:
            sys.settrace(None)
        for name in ("shop", "scratch"):
            shutil.rmtree(path.parent / name, ignore_errors=True)
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        answer = {
            "said": said,
            "problem": problem,
            "new": len(lines.seen) - before,
            "lines": len(lines.seen),
            "mb": used,
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""``python -m tolok.app.work WORKSPACE JOB``: one job, in a process that may be killed at any moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EVERY = 0.5
"""Seconds between two notes of how far it is."""


Run = Callable[[Path, Any, Callable[[Any], None]], dict[str, Any]]
"""Does the work of a job, telling how far it is; gives what came of it."""


def main(folder: Path, job_id: int, run: Run | None = None) -> None:
    """Run the job, and write into its row how far it is and what came of it."""
    from tolok.app.configure import configure

    configure(folder)
    from django.utils import timezone

    from tolok.app.models import Job
    from tolok.errors import TolokError

    job = Job.objects.get(pk=job_id)
    last = 0.0

    def show(progress: Any) -> None:
        nonlocal last
        if time.monotonic() - last < EVERY:
            return
        last = time.monotonic()
        Job.objects.filter(pk=job_id).update(
            phase=f"{progress.step} {progress.table}".strip()[:200],
            done=progress.rows,
            of=progress.of,
            rejected=progress.rejected,
        )

    try:
        job.result = (run or _run)(folder, job, show)
        job.state = Job.State.DONE
    except TolokError as error:
        job.state, job.error = Job.State.FAILED, str(error)
    except MemoryError:
        job.state, job.error = Job.State.FAILED, "There was not enough memory; nothing was changed."
    except Exception as error:
        import traceback

        traceback.print_exc()
        job.state = Job.State.FAILED
        job.error = f"This is a fault of ours ({type(error).__name__}); it is in the server's log. Nothing was changed."
    job.ended_at = timezone.now()
    job.save(update_fields=["state", "error", "result", "ended_at"])


def _run(folder: Path, job: Any, show: Any) -> dict[str, Any]:
    from tolok import imports
    from tolok.app.jobs import UPLOADS
    from tolok.imports.refresh import refresh

    given = job.arguments
    if job.kind == "refresh":
        done = refresh(folder, given.get("names", []), progress=show)
        return {
            "sources": [
                {"source": one.name, "error": one.error} | (one.result.as_json() if one.result else {}) for one in done
            ]
        }
    places = sorted((folder / UPLOADS / given["folder"]).iterdir()) if given.get("folder") else [Path(given["path"])]
    result = imports.run(
        folder,
        places,
        source=given.get("source") or None,
        complete=bool(given.get("complete")),
        dry_run=job.kind == "preview",
        progress=show,
    )
    told: dict[str, Any] = result.as_json()
    if result.mapping is not None and job.kind == "preview":
        told["tables"] = [
            {
                "table": table.table,
                "fact": table.fact,
                "system": table.system,
                "confidence": table.confidence,
                "columns": [
                    {
                        "header": column.header,
                        "to": column.to,
                        "confidence": column.confidence,
                        "samples": list(column.samples[:3]),
                    }
                    for column in table.columns
                ],
            }
            for table in result.mapping.tables
        ]
    return told


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

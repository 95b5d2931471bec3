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
    from tolok.imports.refresh import asked, refresh

    given = job.arguments
    if job.kind == "refresh":
        done = refresh(folder, given.get("names", []), progress=show)
        return {
            "sources": [
                {"source": one.name, "error": one.error} | (one.result.as_json() if one.result else {}) for one in done
            ]
        }
    preview = job.kind == "preview"
    if given.get("listed"):
        place, how = asked(folder, _listed(folder, given["listed"]))
        result = imports.run(folder, [place], **how, dry_run=preview, trial=preview, progress=show)
    else:
        path = given.get("path")
        places = [Path(path)] if path else sorted((folder / UPLOADS / given["folder"]).iterdir())
        result = imports.run(
            folder,
            places,
            source=given.get("source") or None,
            complete=bool(given.get("complete")),
            dry_run=preview,
            trial=preview,
            progress=show,
        )
    told: dict[str, Any] = result.as_json()
    told.pop("mapping", None)  # it is kept beside the look, where it can be edited
    if preview:
        told["tables"] = _tables(folder, result.connection)
    return told


def _listed(folder: Path, name: str) -> Any:
    from tolok.errors import WorkspaceError
    from tolok.settings import load

    found = next((one for one in load(folder).sources if one.name == name), None)
    if found is None:
        raise WorkspaceError(f"No source is called {name!r}.")
    return found


def _tables(folder: Path, source: str) -> list[dict[str, Any]]:
    """How each table that was looked at would be read, with a few samples."""
    from tolok.imports import look
    from tolok.sources import mapping_file

    mapping = mapping_file.load(folder / "imports" / look.LOOKS / f"{source}.toml")
    seen = {table.name: table for table in look.kept(folder / "imports", source)}
    return [
        {
            "table": table.table,
            "fact": table.fact,
            "system": table.system,
            "columns": [
                {"header": one.header, "to": one.to, "samples": list(seen[table.table].samples(one.header)[:3])}
                for one in table.columns
            ],
        }
        for table in mapping.tables
        if table.table in seen
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

"""``python -m tolok.reports.work WORKSPACE JOB``: one file of a page's content, made in a process that may be killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tolok.reports.form import FORMS
from tolok.reports.kept import ASKED, content_of


def made(folder: Path, job: Any, show: Any) -> dict[str, Any]:
    """Make the file that a job asks for, beside its content, which is then let go of."""
    from tolok.app.jobs import REPORTS  # of Django, which the job's process has set up by now

    place = folder / REPORTS / job.arguments["folder"]
    form = FORMS[job.arguments["form"]]
    content = content_of((place / ASKED).read_text(encoding="utf-8"))
    made = form.make(content)
    name = f"{content.file_name}.{form.name}"
    beside = place / f".{name}.new"
    beside.write_bytes(made)
    beside.chmod(0o600)
    beside.rename(place / name)
    (place / ASKED).unlink()
    return {"name": name, "bytes": len(made)}


if __name__ == "__main__":
    from tolok.app.work import main

    main(Path(sys.argv[1]), int(sys.argv[2]), made)

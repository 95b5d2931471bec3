"""Jobs as the worker runs them: in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tolok.settings import create

SCRIPT = """
import json, sys, time
from pathlib import Path
folder = Path(sys.argv[1])
from tolok.web.serve import prepare
prepare(folder)
from tolok.app import jobs
from tolok.app.models import Job, User
from tolok.reports.content import Column, Content, Table
from tolok.reports.kept import ASKED, as_text
ana = User.objects.create_user("ana@toko.test", None, name="Ana")
def ask(name, text):
    (folder / "reports" / name).mkdir(parents=True)
    (folder / "reports" / name / ASKED).write_text(text)
    return jobs.ask("report", name, {"folder": name, "form": "pdf"}, ana)
content = Content("Title", "Toko", (), (Table("T", (Column("A"),), (("1",),)),))
with jobs.working():
    asked = [ask("good", as_text(content)), ask("bad", "{")]
    until = time.monotonic() + 40
    while time.monotonic() < until and not all(Job.objects.get(pk=job.pk).over for job in asked):
        time.sleep(0.2)
rows = [Job.objects.get(pk=job.pk) for job in asked]
print(json.dumps([[job.title, job.state, job.result.get("name"), job.error] for job in rows]))
"""


def test_a_file_is_made_by_the_worker_and_one_that_cannot_be_is_said(tmp_path: Path):
    create(tmp_path / "w", name="Toko", currency="IDR")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "w")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    good, bad = json.loads(done.stdout.splitlines()[-1])
    assert good == ["good", "done", "title.pdf", ""]
    assert (tmp_path / "w" / "reports" / "good" / "title.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "w" / "reports" / "good" / "title.pdf").stat().st_mode & 0o077 == 0
    assert bad[1] == "failed"
    assert "fault of ours" in bad[3]

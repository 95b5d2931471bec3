"""Data is brought in by who may, looked at before it counts, and nothing bad goes further than a sentence."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tolok.app import jobs, place
from tolok.app.models import Job
from tolok.settings import create, save

DEALS = "Deal ID,Deal name,Owner,Stage,Amount,Created,Closed\n"


def export(count: int) -> bytes:
    rows = "".join(
        f"{n},D{n},Ann,Won,{n * 10},2026-01-{n % 28 + 1:02},2026-02-{n % 28 + 1:02}\n" for n in range(1, count + 1)
    )
    return (DEALS + rows).encode()


@pytest.fixture
def own_workspace(company, people, tmp_path):
    """A workspace of this test's own, served instead of the company's."""
    before = place.folder()
    create(tmp_path / "own", name="Own", currency="EUR")
    place.use(tmp_path / "own")
    yield tmp_path / "own"
    place.use(before)


def sent(client, *files: tuple[str, bytes], source: str = "crm"):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/data/upload/", {"files": given, "source": source})


def worked(job: Job, folder: Path) -> Job:
    """Do a job's work here, as its process would."""
    from tolok.app import work

    job.refresh_from_db()
    job.result = work._run(folder, job, lambda progress: None)
    job.state = Job.State.DONE
    job.save()
    return job


def test_an_upload_is_looked_at_then_imported(own_workspace, signed_in):
    client = signed_in("analyst")
    answer = sent(client, ("deals.csv", export(30)))
    seen = Job.objects.get()
    assert answer.headers["location"] == f"/data/jobs/{seen.pk}/"
    worked(seen, own_workspace)
    page = client.get(answer.headers["location"]).content.decode()
    assert "deals.csv" in page
    assert "Deal name" in page
    assert place.workspace().snapshots.current() is None
    imported = client.post(f"/data/jobs/{seen.pk}/import/")
    job = Job.objects.get(kind="import")
    assert imported.headers["location"] == f"/data/jobs/{job.pk}/"
    again = signed_in("administrator").post(f"/data/jobs/{seen.pk}/import/", follow=True)
    assert again.redirect_chain[0][0] == f"/data/jobs/{job.pk}/"
    assert "already asked" in again.content.decode()
    worked(job, own_workspace)
    assert place.workspace().ask("deals_won").value() == 30
    assert "30 rows imported" in client.get(f"/data/jobs/{job.pk}/").content.decode()
    assert "crm" in client.get("/data/").content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/x.csv",
        "..\\..\\x.csv",
        "/etc/passwd",
        ".bashrc",
        "a" * 300 + ".csv",
        "売" * 200 + ".csv",
        "x\x00y.csv",
        "<script>.csv",
        "con.csv",
    ],
)
def test_a_file_name_decides_nothing(own_workspace, signed_in, name):
    sent(signed_in("analyst"), (name, export(3)), (name, export(3)))
    places = [path for path in own_workspace.rglob("*") if path.is_file() and "uploads" in path.parts]
    assert len(places) == 2
    assert all(path.parent.parent == own_workspace / "uploads" for path in places)


def test_an_upload_that_nobody_imports_goes_after_a_week(own_workspace, signed_in):
    client = signed_in("analyst")
    made = []
    for _ in range(3):
        sent(client, ("deals.csv", export(3)))
        made.append(Job.objects.latest("pk"))
        worked(made[-1], own_workspace)
    client.post(f"/data/jobs/{made[2].pk}/import/")  # waits for the worker
    for job, days in zip(made, (8, 6, 8), strict=True):
        Job.objects.filter(pk=job.pk).update(ended_at=timezone.now() - timedelta(days=days))
    stray = own_workspace / "uploads" / "stray"
    stray.mkdir()
    os.utime(stray, (0, 0))
    (own_workspace / "uploads" / "arriving").mkdir()
    week_ago = timezone.now() - timedelta(days=8)  # of a file of the server nothing is kept, so nothing goes
    there = Job.objects.create(
        kind="preview", state=Job.State.DONE, arguments={"path": "/srv/x.csv"}, ended_at=week_ago
    )
    folders = [own_workspace / "uploads" / job.arguments["folder"] for job in made]
    assert all(folder.exists() for folder in folders)
    assert jobs.clear_uploads() == 1
    assert [folder.exists() for folder in folders] == [False, True, True]
    assert not stray.exists()
    assert (own_workspace / "uploads" / "arriving").exists()
    there.refresh_from_db()
    assert there.state == Job.State.DONE
    page = client.get(f"/data/jobs/{made[0].pk}/").content.decode()
    assert "Nobody imported it within a week" in page
    assert "Import it" not in page
    assert client.post(f"/data/jobs/{made[0].pk}/import/").status_code == 404


@pytest.mark.parametrize("who", ["rep", "manager", "director"])
def test_who_may_not_change_data_cannot(own_workspace, signed_in, who):
    client = signed_in(who)
    seen = Job.objects.create(kind="preview", title="x", state=Job.State.DONE)
    for address in (
        "/data/upload/",
        "/data/path/",
        "/data/refresh/",
        f"/data/jobs/{seen.pk}/import/",
        f"/data/jobs/{seen.pk}/cancel/",
    ):
        assert client.post(address, {"files": SimpleUploadedFile("x.csv", b"a")}).status_code == 404
    assert client.post("/data/rollback/", {"snapshot": "000001", "sure": "yes"}).status_code == 404
    assert client.get("/data/").status_code == (200 if who == "director" else 404)
    assert client.get(f"/data/jobs/{seen.pk}/").status_code == (200 if who == "director" else 404)
    assert Job.objects.count() == 1


def test_a_path_outside_what_is_allowed_is_not_there(own_workspace, signed_in, tmp_path):
    (tmp_path / "allowed").mkdir()
    (tmp_path / "allowed" / "deals.csv").write_bytes(export(3))
    (tmp_path / "secret.csv").write_bytes(export(3))
    (tmp_path / "allowed" / "way.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "allowed" / "circle").symlink_to(tmp_path / "allowed" / "circle")
    save(own_workspace / "tolok.toml", {"import_folders": [f"{tmp_path}/allowed"]})
    place.use(own_workspace)
    client = signed_in("administrator")
    for wrong in (
        tmp_path / "secret.csv",
        "/etc/passwd",
        tmp_path / "allowed" / ".." / "secret.csv",
        tmp_path / "allowed" / "way.csv",
        "",
        "a\x00b",
        tmp_path / "allowed" / ("a" * 300),
        tmp_path / "allowed" / "circle",
    ):
        client.post("/data/path/", {"path": str(wrong)})
    assert Job.objects.count() == 0
    client.post("/data/path/", {"path": f"{tmp_path}/allowed/deals.csv"})
    assert Job.objects.get().arguments["path"] == f"{tmp_path}/allowed/deals.csv"


def test_an_upload_that_says_it_is_too_large_is_not_read(own_workspace, signed_in):
    answer = signed_in("analyst").post(
        "/data/upload/", {"files": SimpleUploadedFile("x.csv", b"a")}, CONTENT_LENGTH="2000000000"
    )
    assert answer.status_code == 413
    assert "500 MB" in answer.content.decode()
    assert Job.objects.count() == 0


def test_rejects_are_for_who_may_see_them_and_nowhere_else(own_workspace, signed_in):
    for wrong in ("..", "000009", "../../app.secret", "%2e%2e"):
        assert signed_in("analyst").get(f"/data/rejects/{wrong}/").status_code == 404
    folder = own_workspace / "imports" / "000001"
    folder.mkdir(parents=True)
    (folder / "rejects.csv").write_text('file,line,row\nx,1,"=HYPERLINK(""http://evil"")"\n')
    told = b"".join(signed_in("analyst").get("/data/rejects/000001/").streaming_content).decode()
    assert told == 'file,line,row\nx,1,"\'=HYPERLINK(""http://evil"")"\n'
    assert signed_in("rep").get("/data/rejects/000001/").status_code == 404


def test_going_back_asks_first(own_workspace, signed_in, tmp_path):
    from tolok import imports

    for count in (5, 9):
        (tmp_path / "deals.csv").write_bytes(export(count))
        imports.run(own_workspace, [tmp_path / "deals.csv"])
    client = signed_in("administrator")
    assert "Everybody will see" in client.post("/data/rollback/", {"snapshot": "000001"}).content.decode()
    assert place.workspace().ask("deals_won").value() == 9
    client.post("/data/rollback/", {"snapshot": "000001", "sure": "yes"})
    assert place.workspace().ask("deals_won").value() == 5
    assert client.post("/data/rollback/", {"snapshot": "../x", "sure": "yes"}).status_code == 404


def test_what_is_wrong_with_the_data_is_told(signed_in):
    assert signed_in("director").get("/data/quality/").status_code == 200
    assert signed_in("rep").get("/data/quality/").status_code == 404


@pytest.fixture
def working(tmp_path):
    """A workspace with a worker of its own, as tolok serve starts it."""
    folder = tmp_path / "live"
    create(folder, name="Live", currency="EUR")
    line = [sys.executable, "-m", "tolok", "worker", "-w", str(folder)]
    with (tmp_path / "worker.log").open("w") as log:
        process = subprocess.Popen(line, stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while not (folder / "imports" / "worker.lock").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    yield folder
    process.terminate()
    assert process.wait(timeout=30) in (0, -15), (tmp_path / "worker.log").read_text()


ASK = """
import json, sys
from pathlib import Path
from tolok.app.configure import configure
configure(Path(sys.argv[1]))
from tolok.app import jobs
from tolok.app.models import Job
for name in sys.argv[2:]:
    if name == "states":
        print(json.dumps([[job.kind, job.state, job.error] for job in Job.objects.order_by("pk")]))
    elif name == "worker":
        print(jobs.worker_is_running())
    elif name == "cancel":
        jobs.cancel(Job.objects.order_by("-pk").first())
    else:
        kind, folder = name.split(":")
        jobs.ask(kind, folder, {"folder": folder, "source": "crm"}, None)
"""


def in_workspace(folder: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, "-c", ASK, str(folder), *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def until(folder: Path, count: int) -> list[list[str]]:
    for _ in range(120):
        states = json.loads(in_workspace(folder, "states"))
        if len([state for state in states if state[1] in ("done", "failed", "cancelled")]) >= count:
            return states
        time.sleep(0.2)
    raise AssertionError(states)


def test_a_worker_imports_refuses_and_survives(working):
    """A good file, a PDF that says it is CSV, an archive that leaves its folder: one after the other."""
    hostile = io.BytesIO()
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr("../../evil.csv", export(3))
    for name, file, content in (
        ("a", "deals.csv", export(40)),
        ("b", "deals.csv", b"%PDF-1.7\x00\x01"),
        ("c", "x.zip", hostile.getvalue()),
    ):
        (working / "uploads" / name).mkdir(parents=True)
        (working / "uploads" / name / file).write_bytes(content)
    in_workspace(working, "import:a", "import:b", "import:c")
    assert in_workspace(working, "worker").strip() == "True"
    states = until(working, 3)
    assert [state for _, state, _ in states] == ["done", "failed", "failed"]
    assert all(error and "Traceback" not in error for _, state, error in states if state == "failed")
    assert not list(working.parent.rglob("evil.csv"))
    from tolok.workspace import open_workspace

    assert open_workspace(working).ask("deals_won").value() == 40
    deadline = time.monotonic() + 10  # uploads are cleared once the job's process is gone
    while any((working / "uploads").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any((working / "uploads").iterdir())


def test_a_running_job_can_be_cancelled(working):
    (working / "uploads" / "big").mkdir(parents=True)
    (working / "uploads" / "big" / "deals.csv").write_bytes(export(400_000))
    in_workspace(working, "import:big")
    for _ in range(200):
        if json.loads(in_workspace(working, "states"))[0][1] == "running":
            break
        time.sleep(0.05)
    in_workspace(working, "cancel")
    assert until(working, 1)[0][1] == "cancelled"
    assert not any((working / "facts").glob("*.json")) if (working / "facts").exists() else True


def test_work_that_a_dead_worker_left_is_marked(own_workspace, people):
    job = Job.objects.create(kind="import", title="x", state=Job.State.RUNNING)
    assert jobs.abandoned() == 1
    job.refresh_from_db()
    assert (job.state, "nothing was changed" in job.error) == ("failed", True)
    assert not jobs.worker_is_running()

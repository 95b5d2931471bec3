"""Jobs: queued by pages, run by the worker, each in a process of its own that may be killed.

The queue is huey's, in a file of the workspace; how far a job is stands in its row, where every page can read it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache
from threading import Event
from typing import Any

from django.db import close_old_connections, transaction
from django.utils import timezone
from huey import SqliteHuey

from tolok.app import place
from tolok.app.models import Job, User
from tolok.imports.worker import LOCK

QUEUE = "jobs.sqlite3"
QUICK = "reports"
"""The queue of short work, which waits for no import."""
UPLOADS = "uploads"
REPORTS = "reports"
"""Where files that people asked for wait to be fetched."""
WORK = {"report": "tolok.reports.work"}
"""What runs the jobs of a kind, where it is not the usual."""
POLLS = 0.5
"""Seconds until a worker sees what was queued, at most."""
REPORTS_LAST = timedelta(days=1)
PREVIEWS_LAST = timedelta(days=7)
"""So long an upload waits for somebody to say that it be imported."""
LOOKS = 0.3
"""Seconds between two looks at whether a job was cancelled."""

_stopping = Event()


@cache
def queue(name: str = "tolok") -> SqliteHuey:
    """A queue of the workspace that this process serves."""
    return SqliteHuey(name, filename=str(place.folder() / QUEUE), fsync=False)


@cache
def _run_job_task(name: str) -> Any:
    """What a queue knows to do, told to it once."""
    return queue(name).task(name="run_job")(run_job)


def ask(kind: str, title: str, arguments: dict[str, Any], user: User | None) -> Job:
    """Queue a job; it runs once the rows of this request are kept."""
    job = Job.objects.create(kind=kind, title=title[:300], arguments=arguments, asked_by=user)
    name = QUICK if kind in WORK else "tolok"
    transaction.on_commit(lambda: _enqueue(job.pk, name))
    return job


def _enqueue(job_id: int, name: str) -> None:
    _run_job_task(name)(job_id)


def cancel(job: Job) -> None:
    """Ask a job to stop; what it had begun is thrown away."""
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.CANCELLED, ended_at=timezone.now())
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel=True)


def worker_is_running() -> bool:
    """Whether a worker holds the lock that there is one of."""
    try:
        handle = os.open(place.folder() / "imports" / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def run_job(job_id: int) -> None:
    """Run one job in a process of its own, and end it when somebody cancels it."""
    close_old_connections()
    started = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=timezone.now()
    )
    if not started:
        return
    kind = Job.objects.values_list("kind", flat=True).get(pk=job_id)
    line = [sys.executable, "-m", WORK.get(kind, "tolok.app.work"), str(place.folder()), str(job_id)]
    process = subprocess.Popen(line, start_new_session=True, stdin=subprocess.DEVNULL)
    while process.poll() is None:
        if _stopping.is_set() or Job.objects.filter(pk=job_id, cancel=True).exists():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            break
        time.sleep(LOOKS)
    _ended(job_id)


def _ended(job_id: int) -> None:
    """A job whose process is gone without a word was cancelled or killed; either way nothing was published."""
    job = Job.objects.get(pk=job_id)
    if job.state == Job.State.RUNNING:
        job.state = Job.State.CANCELLED if job.cancel else Job.State.FAILED
        job.error = "" if job.cancel else "It was stopped from outside, or ran out of memory; nothing was changed."
        job.ended_at = timezone.now()
        job.save()
    if job.kind == "report":
        return
    if job.kind == "import" or job.state != Job.State.DONE:
        clear_upload(job)


def clear_upload(job: Job) -> None:
    """Remove the uploaded files of a job; what was imported is kept among the imports."""
    folder = job.arguments.get("folder", "")
    if folder and "/" not in folder and not folder.startswith("."):
        shutil.rmtree(place.folder() / UPLOADS / folder, ignore_errors=True)


def clear_reports(now: datetime | None = None) -> int:
    """Remove files that nobody fetched in time, with their jobs; how many."""
    old = Job.objects.filter(kind="report", asked_at__lt=(now or timezone.now()) - REPORTS_LAST)
    count = old.count()
    old.delete()
    kept = set(Job.objects.filter(kind="report").values_list("arguments__folder", flat=True))
    for path in (place.folder() / REPORTS).glob("*"):
        if path.name not in kept and path.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(path, ignore_errors=True)
    return count


def clear_uploads(now: datetime | None = None) -> int:
    """Remove uploads that nobody had imported in time, and folders that no job knows; how many previews ended so."""
    now = now or timezone.now()
    count = 0
    for job in Job.objects.filter(kind="preview", state=Job.State.DONE, ended_at__lt=now - PREVIEWS_LAST):
        if job.arguments.get("folder") and _expired(job):
            clear_upload(job)
            count += 1
    kept = set(Job.objects.exclude(state=Job.State.CANCELLED).values_list("arguments__folder", flat=True))
    for path in (place.folder() / UPLOADS).glob("*"):
        with suppress(FileNotFoundError):  # who comes at the same moment was faster
            if path.name not in kept and path.stat().st_mtime < now.timestamp() - 24 * 3600:
                shutil.rmtree(path, ignore_errors=True)
    return count


def _expired(job: Job) -> bool:
    """End a preview that nobody had imported, unless somebody asks for that at this moment."""
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(cancel=False)  # as who confirms it does: one of the two waits here
        if Job.objects.filter(kind="import", arguments__preview=job.pk).exists():
            return False
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.CANCELLED, error="Nobody imported it within a week, so the upload was removed."
        )
    return True


def abandoned() -> int:
    """Jobs that a worker left when it died, marked as failed when the next one starts."""
    return Job.objects.filter(state=Job.State.RUNNING).update(
        state=Job.State.FAILED,
        error="The worker stopped while this ran; nothing was changed.",
        ended_at=timezone.now(),
    )


@contextmanager
def working() -> Iterator[None]:
    """Work off the queue beside what this process does; a job that runs at the end is stopped with it."""
    _stopping.clear()
    abandoned()
    clear_reports()
    clear_uploads()
    consumers = []
    for name in ("tolok", QUICK):
        _run_job_task(name)
        consumer = queue(name).create_consumer(
            workers=1, periodic=False, check_worker_health=False, initial_delay=0.1, max_delay=POLLS
        )
        consumer._set_signal_handlers = lambda: None  # this process has its own
        consumer.start()
        consumers.append(consumer)
    try:
        yield
    finally:
        _stopping.set()
        for consumer in consumers:
            consumer.stop(graceful=True)

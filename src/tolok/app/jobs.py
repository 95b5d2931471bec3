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
from functools import cache
from threading import Event
from typing import Any

from django.db import transaction
from django.utils import timezone
from huey import SqliteHuey

from tolok.app import place
from tolok.app.models import Job, User
from tolok.imports.worker import LOCK

QUEUE = "jobs.sqlite3"
UPLOADS = "uploads"
LOOKS = 0.3
"""Seconds between two looks at whether a job was cancelled."""

_stopping = Event()


@cache
def queue() -> SqliteHuey:
    """The queue of the workspace that this process serves."""
    return SqliteHuey("tolok", filename=str(place.folder() / QUEUE), fsync=False)


@cache
def _run_job_task() -> Any:
    """What the queue knows to do, told to it once."""
    return queue().task(name="run_job")(run_job)


def ask(kind: str, title: str, arguments: dict[str, Any], user: User | None) -> Job:
    """Queue a job; it runs once the rows of this request are kept."""
    job = Job.objects.create(kind=kind, title=title[:300], arguments=arguments, asked_by=user)
    transaction.on_commit(lambda: _enqueue(job.pk))
    return job


def _enqueue(job_id: int) -> None:
    _run_job_task()(job_id)


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
    started = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=timezone.now()
    )
    if not started:
        return
    line = [sys.executable, "-m", "tolok.app.work", str(place.folder()), str(job_id)]
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
    if job.kind == "import" or job.state != Job.State.DONE:
        clear_upload(job)


def clear_upload(job: Job) -> None:
    """Remove the uploaded files of a job; what was imported is kept among the imports."""
    folder = job.arguments.get("folder", "")
    if folder and "/" not in folder and not folder.startswith("."):
        shutil.rmtree(place.folder() / UPLOADS / folder, ignore_errors=True)


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
    _run_job_task()
    _stopping.clear()
    abandoned()
    consumer = queue().create_consumer(workers=1, periodic=False, check_worker_health=False)
    consumer._set_signal_handlers = lambda: None  # this process has its own
    consumer.start()
    try:
        yield
    finally:
        _stopping.set()
        consumer.stop(graceful=True)

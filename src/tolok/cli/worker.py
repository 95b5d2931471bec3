"""``tolok worker``: refresh the listed sources by their schedules, and do what pages queue."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("worker")
@workspace
@click.option("--once", is_flag=True, help="Refresh what is due now, then end: for cron and timers.")
def command(folder: Path, once: bool) -> None:
    """Refresh every [[source]] of tolok.toml that has a schedule, and run the jobs of the pages, until stopped.

    A source that was begun is finished first. A source that cannot be read is told here and tried again later.
    """
    import signal
    from datetime import datetime
    from threading import Event

    from tolok.imports.refresh import refresh_due
    from tolok.imports.worker import sentence, work
    from tolok.settings import load

    def tell(words: str) -> None:
        click.echo(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {words}")

    scheduled = [source for source in load(folder).sources if source.schedule]
    if once:
        done = refresh_due(folder)
        for one in done:
            tell(sentence(one))
        if any(one.error for one in done):
            raise SystemExit(2)
        return
    from tolok.web.serve import prepare

    prepare(folder)
    from tolok.app.jobs import working

    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    listed = ", ".join(f"{source.name} ({source.schedule})" for source in scheduled)
    tell(f"Refreshing by schedule: {listed}." if listed else "No source has a schedule yet; give one in tolok.toml.")
    with working():
        work(folder, stop, tell=tell)
    tell("Stopped.")

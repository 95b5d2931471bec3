"""Upgrade a workspace to the form that this version writes: after a backup, one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from tolok.backup import backup
from tolok.errors import TolokError, WorkspaceError
from tolok.settings import load
from tolok.settings.form import FORM, FORM_FILE, form_of, write_form

APP = "app.sqlite3"


@dataclass(frozen=True)
class Step:
    """What changes a workspace of the form before into one of form ``to``; doing it twice must do no harm."""

    to: int
    about: str
    run: Callable[[Path], None]


STEPS: tuple[Step, ...] = ()
"""Every change of the form so far: the first form is the only one yet."""


@dataclass(frozen=True)
class Upgraded:
    """What was done: the forms before and after, the steps, and where the backup lies (None where nothing was due)."""

    before: int
    after: int
    steps: tuple[str, ...]
    backup: Path | None


def upgrade(
    workspace: Path, *, target: Path | None = None, now: datetime | None = None, steps: Sequence[Step] = STEPS
) -> Upgraded:
    """Bring a workspace's files and what people entered to today's form; nothing is touched before the backup is whole.

    The backup is written beside the workspace, or to ``target``.
    """
    load(workspace)
    before = form_of(workspace)
    due = sorted((step for step in steps if step.to > before), key=lambda step: step.to)
    app = _app_steps(workspace)
    if not due and not app:
        if not (workspace / FORM_FILE).exists():
            write_form(workspace)
        return Upgraded(before, before, (), None)
    moment = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    place = workspace.resolve()
    target = target or place.with_name(f"{place.name}-before-upgrade-{moment}.tar.gz")
    backup(workspace, target, now=now)
    done = []
    try:
        for step in due:
            step.run(workspace)
            write_form(workspace, step.to)
            done.append(step.about)
        if app:
            _migrate(workspace)
            done.append(f"what people entered: {', '.join(app)}")
    except (TolokError, OSError, ValueError) as error:
        raise WorkspaceError(
            f"The upgrade stopped: {error}".rstrip(".") + ".",
            next_step=f"The workspace as it was is in {target}: tolok restore {target} -w NEW.",
        ) from error
    return Upgraded(before, due[-1].to if due else max(before, FORM), tuple(done), target)


def _app_steps(workspace: Path) -> list[str]:
    """The changes of the app's tables that are due, where there are such tables and the app is installed."""
    server = load(workspace).app_url
    if not (server or (workspace / APP).is_file()) or find_spec("django") is None:
        return []
    from tolok.app.configure import configure, in_words

    configure(workspace)
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with in_words():
        if server and not connection.introspection.table_names():
            return []
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        connection.close()
    return [f"{migration.app_label} {migration.name}" for migration, _ in plan]


def _migrate(workspace: Path) -> None:
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise WorkspaceError(f"the tables of what people entered could not be changed: {error}") from error

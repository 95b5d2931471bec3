"""What people entered, as one SQLite file: the form it has in a backup, wherever it lives.

Rows are copied as the tables of their database have them, which may be those of an older version, so that a backup can
be taken before an upgrade. The file is a workspace's ``app.sqlite3``: it is served as it is where ``app_url`` is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from tolok.app.configure import configure, database, in_words
from tolok.errors import WorkspaceError

FILE = "file"
"""What Django calls the database of the file while it is read or written."""
AT_ONCE = 500


def write(folder: Path, path: Path) -> bool:
    """Copy the rows of the app's database into a new file, as of one moment; False where there are no tables yet."""
    configure(folder)
    with in_words(), _file(path) as file:
        app = connections["default"]
        with transaction.atomic(using="default"):
            if app.vendor == "postgresql":
                with app.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            applied = _applied(app)
            if not applied:
                return False
            _copy(app, file, applied)
    return True


def read(path: Path, folder: Path) -> None:
    """Copy the rows of a file into the empty database of ``app_url``, all of them or none."""
    configure(folder)
    with in_words(), _file(path) as file:
        app = connections["default"]
        applied = _applied(file)
        if not applied:
            return
        if app.introspection.table_names():
            raise WorkspaceError(
                "The database of app_url holds tables already; nothing was restored.",
                next_step="Make an empty database and name it with --app-url, or --app-url '' for a file.",
            )
        try:
            with transaction.atomic(using="default"):
                _copy(file, app, applied)
        finally:
            app.close()


@contextmanager
def _file(path: Path) -> Iterator[BaseDatabaseWrapper]:
    entry = {**database(path.parent, ""), "NAME": str(path)}
    entry["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
    connections.databases[FILE] = connections.configure_settings({"default": entry})["default"]
    try:
        yield connections[FILE]
    finally:
        connections[FILE].close()
        del connections[FILE]
        del connections.databases[FILE]


def _applied(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """The last change of each app's tables that this database has."""
    loader = MigrationExecutor(connection).loader
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    unknown = [key for key in unknown if key[0] == "app" and not _replaced(loader, key)]
    if unknown:
        raise WorkspaceError(
            "What people entered was written by a newer Tolok.", next_step="Upgrade Tolok, then try again."
        )
    found = set(loader.applied_migrations) & set(loader.graph.nodes)
    return sorted(
        key for key in found if not any(child.key in found and child.key[0] == key[0] for child in _after(loader, key))
    )


def _after(loader: Any, key: tuple[str, str]) -> Any:
    return loader.graph.node_map[key].children


def _replaced(loader: Any, key: tuple[str, str]) -> bool:
    return any(key in migration.replaces for migration in loader.disk_migrations.values())


def _copy(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, applied: list[tuple[str, str]]) -> None:
    """Make the tables in the target as they are in the source, and fill them."""
    executor = MigrationExecutor(target)
    state = executor.migrate(applied)
    models = state.apps.get_models(include_auto_created=True)
    with transaction.atomic(using=target.alias), target.constraint_checks_disabled():
        for model in models:
            if not model._meta.managed or model._meta.proxy:
                continue
            rows = model._base_manager.using(source.alias).order_by("pk").iterator(chunk_size=AT_ONCE)
            fields = model._meta.local_concrete_fields
            chunk: list[Any] = []
            for row in rows:
                chunk.append(row)
                if len(chunk) == AT_ONCE:
                    _insert(model, chunk, fields, target.alias)
                    chunk = []
            if chunk:
                _insert(model, chunk, fields, target.alias)
    with target.cursor() as cursor:
        for line in target.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(line)


def _insert(model: Any, rows: list[Any], fields: Any, alias: str) -> None:
    """Rows as they are: no field is set anew by being saved, not even the moment when it was made."""
    limit = connections[alias].ops.bulk_batch_size(fields, rows) or len(rows)
    for first in range(0, len(rows), max(limit, 1)):
        model._base_manager._insert(rows[first : first + limit], fields=fields, using=alias, raw=True)

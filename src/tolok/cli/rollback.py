"""``tolok rollback``: publish an earlier snapshot again."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("rollback")
@click.argument("snapshot")
@workspace
def command(snapshot: str, folder: Path) -> None:
    """Publish SNAPSHOT again as a new one; nothing is deleted."""
    from tolok.workspace import open_workspace

    published = open_workspace(folder).snapshots.rollback(snapshot)
    click.echo(f"Snapshot {published.id} now says what {snapshot.zfill(6)} said.")

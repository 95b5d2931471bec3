"""``tolok snapshots``: what was published and when."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tolok.cli.options import as_json, workspace


@click.command("snapshots")
@workspace
@as_json
def command(folder: Path, as_json: bool) -> None:
    """List the kept snapshots, oldest first; the last one is current."""
    from tolok.workspace import open_workspace

    found = open_workspace(folder).snapshots.list()
    listed = [
        {
            "id": snapshot.id,
            "created_at": snapshot.created_at.isoformat(),
            "kind": snapshot.kind,
            "ends_on": snapshot.ends_on.isoformat() if snapshot.ends_on else None,
            "rows": {name: stored.rows for name, stored in snapshot.facts.items() if stored.rows},
        }
        for snapshot in found
    ]
    if as_json:
        click.echo(json.dumps({"snapshots": listed}, indent=1))
        return
    if not found:
        click.echo("Nothing has been published yet.")
    for snapshot in found:
        rows = ", ".join(f"{stored.rows:,} {name}" for name, stored in snapshot.facts.items() if stored.rows)
        click.echo(f"{snapshot.id}  {snapshot.created_at:%Y-%m-%d %H:%M}  {snapshot.kind:<9} {rows}")

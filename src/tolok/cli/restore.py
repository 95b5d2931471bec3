"""``tolok restore``: a workspace out of a backup."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("restore")
@click.argument("source", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder that is not there yet.",
)
@click.option(
    "--app-url",
    metavar="URL",
    help="An empty PostgreSQL database for what people entered; '' for a file in the workspace. As tolok.toml says, if"
    " not given.",
)
def command(source: Path, folder: Path, app_url: str | None) -> None:
    """Lay a backup out as a new workspace, every file checked; nothing is overwritten."""
    from tolok.backup import restore

    count = restore(source, folder, app_url=app_url)
    click.echo(f"{count:,} files restored to {folder}. Look at it: tolok snapshots -w {folder}")

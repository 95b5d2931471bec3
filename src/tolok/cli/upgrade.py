"""``tolok upgrade``: a workspace of an older version, brought to this one."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("upgrade")
@workspace
@click.option(
    "--backup",
    "target",
    type=click.Path(path_type=Path),
    help="Where the backup goes (default: beside the workspace).",
)
def command(folder: Path, target: Path | None) -> None:
    """Bring a workspace to the form of this version, after a backup of it.

    Stop tolok serve and tolok worker first. A workspace of a newer version is refused.
    """
    if not brought_up_to_date(folder, target):
        click.echo(f"{folder} is up to date.")


def brought_up_to_date(folder: Path, target: Path | None = None) -> bool:
    """Upgrade a workspace where anything is due, and say what was done and where the backup lies."""
    from tolok.upgrade import upgrade

    done = upgrade(folder, target=target)
    for step in done.steps:
        click.echo(f"Done: {step}")
    if done.backup is not None:
        click.echo(f"{folder} is up to date. As it was before: {done.backup}")
    return done.backup is not None

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
    from tolok.upgrade import upgrade

    done = upgrade(folder, target=target)
    if done.backup is None:
        click.echo(f"{folder} is up to date (form {done.after}).")
        return
    for step in done.steps:
        click.echo(f"Done: {step}")
    click.echo(f"{folder} is up to date (form {done.after}). As it was before: {done.backup}")

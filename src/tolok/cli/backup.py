"""``tolok backup``: the whole workspace in one file."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path), metavar="FILE")
@workspace
def command(target: Path, folder: Path) -> None:
    """Write a workspace into one archive, also while it is served or an import runs.

    It holds everything: facts, imported files, settings, what people entered, and the key that signs sessions.
    """
    from tolok.backup import backup

    count = backup(folder, target)
    click.echo(f"{count:,} files are in {target} ({target.stat().st_size / 1e6:,.1f} MB).")

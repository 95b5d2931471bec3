"""``tolok refresh``: bring the listed sources up to date."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.import_ import told
from tolok.cli.options import workspace


@click.command("refresh")
@click.argument("names", nargs=-1, metavar="[SOURCE…]")
@workspace
def command(names: tuple[str, ...], folder: Path) -> None:
    """Import the sources that tolok.toml lists (all, or the named ones)."""
    from tolok import imports
    from tolok.settings import load

    settings = load(folder)
    for name, result in imports.refresh(folder, settings=settings, names=names):
        click.echo(f"{name}:\n{told(result, settings.rejects_shown)}")

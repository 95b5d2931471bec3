"""``tolok forget``: erase a person."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("forget")
@click.argument("person")
@workspace
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(person: str, folder: Path, yes: bool) -> None:
    """Erase PERSON (a name, e-mail address or id) from all snapshots, imports and rejects."""
    from tolok import imports
    from tolok.settings import load

    settings = load(folder)
    if not yes:
        click.confirm(f"Erase {person!r} everywhere in {folder}? This cannot be undone.", abort=True)
    for line in imports.forget(folder, person, settings=settings):
        click.echo(line)

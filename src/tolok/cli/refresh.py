"""``tolok refresh``: bring the listed sources up to date."""

from __future__ import annotations

import json
from pathlib import Path

import click

from tolok.cli.options import as_json, workspace


@click.command("refresh")
@click.argument("names", nargs=-1, metavar="[SOURCE]…")
@workspace
@as_json
def command(names: tuple[str, ...], folder: Path, as_json: bool) -> None:
    """Import again what tolok.toml lists as [[source]]; all of them, or those named.

    A source that cannot be read does not stop the others; the exit code is then 2.
    """
    from tolok.imports.refresh import refresh

    done = refresh(folder, names)
    if as_json:
        listed = [
            {"source": one.name, "error": one.error} | (one.result.as_json() if one.result else {}) for one in done
        ]
        click.echo(json.dumps({"sources": listed}, ensure_ascii=False, indent=1, default=str))
    else:
        for one in done:
            if one.result is None:
                click.echo(f"{one.name}: {one.error}", err=True)
            elif one.changed:
                click.echo(f"{one.name}: {one.result.changed:,} rows new or changed; snapshot {one.result.snapshot}.")
            else:
                click.echo(f"{one.name}: nothing changed.")
            if one.result and one.result.rejected:
                click.echo(f"  {one.result.rejected:,} rejected, in {one.result.rejects_file}")
    if any(one.error for one in done):
        raise SystemExit(2)

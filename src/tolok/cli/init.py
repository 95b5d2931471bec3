"""``tolok init``: make a workspace folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--currency", default="USD", show_default=True, help="ISO 4217 code that amounts are added up in.")
@click.option("--timezone", default="UTC", show_default=True, help="Where the organisation's days begin and end.")
@click.option("--fiscal-start", default=1, show_default=True, help="Month in which the fiscal year begins.")
@click.option("--language", default="en", show_default=True, help="en or id.")
@click.option("--name", default="", help="Name of the organisation (default: the folder's).")
def command(folder: Path, currency: str, timezone: str, fiscal_start: int, language: str, name: str) -> None:
    """Make a workspace: one folder for settings, mappings, KPIs, imports and facts."""
    from tolok.settings import create

    create(
        folder,
        name=name or folder.resolve().name,
        currency=currency.upper(),
        timezone=timezone,
        fiscal_year_start=fiscal_start,
        language=language,
    )
    click.echo(f"{folder} is ready. Next: tolok import FILE -w {folder}")

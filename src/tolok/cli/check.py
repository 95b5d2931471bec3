"""``tolok check``: what is wrong with the data, and which KPI it costs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from tolok.cli.options import as_json, workspace

SHOWN_KPIS = 6


@click.command("check")
@workspace
@as_json
def command(folder: Path, as_json: bool) -> None:
    """Say what is missing, impossible, ambiguous or old in the data, and which KPIs it costs."""
    from tolok.workspace import open_workspace

    opened = open_workspace(folder)
    snapshot = opened.snapshot()
    found = opened.check()
    if as_json:
        ends = snapshot.ends_on.isoformat() if snapshot.ends_on else None
        listed = {"snapshot": snapshot.id, "ends_on": ends, "findings": [asdict(item) for item in found]}
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    click.echo(f"Snapshot {snapshot.id}; the data ends on {snapshot.ends_on}.")
    for name, stored in snapshot.facts.items():
        if stored.rows:
            last = stored.statistics.coverage.last
            click.echo(f"  {name:<16} {stored.rows:>12,} rows" + (f"   until {last}" if last else ""))
    click.echo("")
    if not found:
        click.echo("Nothing is wrong with it that Tolok can see.")
    for item in found:
        click.echo(f"{item.level:<6} {item.says}.")
        if item.kpis:
            more = f" and {len(item.kpis) - SHOWN_KPIS} more" if len(item.kpis) > SHOWN_KPIS else ""
            click.echo(f"       costs: {', '.join(item.kpis[:SHOWN_KPIS])}{more}")
        if item.next_step:
            click.echo(f"       {item.next_step}")

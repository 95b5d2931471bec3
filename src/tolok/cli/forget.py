"""``tolok forget``: take a person out of everything that a workspace keeps."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tolok.cli.options import as_json, workspace

if TYPE_CHECKING:
    from tolok.imports.forget import Report


@click.command("forget")
@click.argument("person")
@workspace
@click.option("--dry-run", is_flag=True, help="Show what would be done; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--namesakes", is_flag=True, help="Where several people have the name: forget all of them together.")
@as_json
def command(person: str, folder: Path, dry_run: bool, yes: bool, namesakes: bool, as_json: bool) -> None:
    """Forget a rep, contact, lead or customer, given by name, e-mail address or id.

    A pseudonym takes the person's place in every kept snapshot, imported file, reject, mapping and in what people
    entered; figures stay as they are. A later import of the same data keeps them forgotten. It cannot be undone.
    """
    from tolok.imports.forget import forget

    if not (dry_run or yes):
        planned = forget(folder, person, dry_run=True, namesakes=namesakes)
        click.echo(told(planned), err=True)
        click.confirm("This cannot be undone. Go on?", abort=True, err=True)
    report = forget(folder, person, dry_run=dry_run, namesakes=namesakes)
    click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1) if as_json else told(report))


def told(report: Report) -> str:
    """A report in words."""
    would = "would be " if report.dry_run else ""
    lines = [] if not report.dry_run else [f"About this person: {one.shown}" for one in report.records]
    count = len(report.records)
    if count:
        lines.append(f"{count:,} record{'s' if count > 1 else ''} {would}called {report.pseudonym}.")
    else:
        lines.append(f"Forgotten already, as {report.pseudonym}; what was left was looked for again.")
    for fact, count in report.facts.items():
        if count:
            lines.append(f"  {fact.replace('_', ' ')}: {count:,} texts {would}replaced in the kept snapshots")
    lines += [f"  {name} {would}cleaned" for name in report.cleaned]
    lines += [f"  {name} {would}removed: it holds the person and cannot be rewritten" for name in report.removed]
    if report.app_rows:
        lines.append(f"  {report.app_rows:,} rows of what people entered {would}cleaned")
    if not report.dry_run:
        lines.append("Backups, and files outside the workspace, still hold the person. Restart tolok serve.")
    return "\n".join(lines)

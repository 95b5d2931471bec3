"""``tolok import``: read exports into a workspace."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tolok.cli.options import as_json, workspace

if TYPE_CHECKING:
    from tolok.imports.result import ImportResult, Progress
    from tolok.settings import Source


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@workspace
@click.option("--dry-run", is_flag=True, help="Show how it would be read; change nothing.")
@click.option("--map", "map_file", type=click.Path(path_type=Path), help="Read it by this mapping file.")
@click.option("--source", default=None, help="Name of the connection (default: from the file's or folder's name).")
@click.option("--query", default="", help="Of a database: the SELECT whose result is imported.")
@click.option("--table", "tables", multiple=True, help="Of a database: a table to import; may be given several times.")
@click.option("--complete", is_flag=True, help="What is not in it was deleted.")
@as_json
def command(
    paths: tuple[str, ...],
    folder: Path,
    dry_run: bool,
    map_file: Path | None,
    source: str | None,
    query: str,
    tables: tuple[str, ...],
    complete: bool,
    as_json: bool,
) -> None:
    """Read files, folders, archives or a database into a workspace.

    \b
    tolok import exports/ -w shop
    tolok import crm.sqlite -w shop --table deals --table reps
    tolok import postgresql://reader:password@host/odoo -w shop --source odoo
    """
    from tolok import imports
    from tolok.imports.refresh import listed
    from tolok.settings import load
    from tolok.settings.secrets import expanded

    settings = load(folder)
    places = [expanded(path) if "://" in path else Path(path) for path in paths]
    with _Bar(quiet=as_json or not sys.stderr.isatty()) as bar:
        result = imports.run(
            folder,
            places,
            settings=settings,
            dry_run=dry_run,
            map_file=map_file,
            source=source,
            complete=complete,
            query=query,
            tables=tables,
            progress=bar.show,
        )
    if len(places) == 1 and len(tables) < 2 and not dry_run:
        noted = listed(folder, settings, places[0], result.connection, query or " ".join(tables[:1]))
        if noted is not None:
            result = replace(result, notes=(*result.notes, _noted(noted)))
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False, indent=1, default=str))
    else:
        click.echo(told(result, settings.rejects_shown))


def _noted(source: Source) -> str:
    """What was written into tolok.toml, and what the environment must hold for it."""
    words = f"{source.name} is listed in tolok.toml now; tolok refresh brings it up to date"
    variables = re.findall(r"\$\{(\w+)\}", source.url)
    return words + (f" once {' and '.join(variables)} is set in the environment" if variables else "")


def told(result: ImportResult, most: int) -> str:
    """An import's result in words."""
    lines = []
    for file in result.files:
        what = f"{file.file}: {file.rows:,} rows read as {file.table or 'nothing'}"
        lines.append(what + (f", {file.rejected:,} rejected" if file.rejected else ""))
    if result.dry_run and result.mapping is not None:
        lines.append("")
        for table in result.mapping.tables:
            lines.append(f"{table.table} → {table.fact} ({table.system or 'plain'}, {table.confidence:.0%} sure)")
            for column in table.columns:
                target = column.to or "(kept as extra)"
                samples = ", ".join(column.samples[:3])
                lines.append(f"  {column.header!s:<28} → {target:<22} {column.confidence:>4.0%}  {samples}")
        for synonym in result.mapping.synonyms:
            if not (synonym.confirmed or synonym.refused):
                lines.append(f"  the same {synonym.fact[:-1]}? {synonym.written!r} and {synonym.means!r}")
        lines.append("\nNothing was changed: this was a dry run.")
    elif result.facts:
        lines.append(f"{result.imported:,} rows imported. {_changes(result)}")
        lines.append(f"Published as snapshot {result.snapshot}.")
    elif result.snapshot:
        lines.append(f"{result.imported:,} rows read; nothing changed, snapshot {result.snapshot} is current.")
    else:
        lines.append("No rows.")
    for reject in result.rejects[:most]:
        lines.append(f"  rejected {reject.file}:{reject.line} {reject.column}: {reject.reason}")
    if result.rejected > most:
        lines.append(f"  … {result.rejected:,} in all, in {result.rejects_file}")
    lines += [f"assumed: {text}" for text in result.assumptions]
    lines += [f"note: {text}" for text in result.notes]
    return "\n".join(lines)


def _changes(result: ImportResult) -> str:
    """New, changed and deleted records by fact; the accounts, reps and products that rows only name are among them."""
    said = []
    for fact, change in result.facts.items():
        counts = [f"{count:,} {what}" for what, count in change.items() if count]
        said.append(f"{fact.replace('_', ' ')} {', '.join(counts)}")
    return f"Records: {'; '.join(said)}."


class _Bar:
    """A progress bar on a terminal: step, rows, rate, time left, rejects."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet

    def __enter__(self) -> _Bar:
        if not self._quiet:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[rejects]}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._progress.add_task("reading", total=None, rejects="")
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if not self._quiet:
            self._progress.stop()

    def show(self, progress: Progress) -> None:
        if not self._quiet:
            self._progress.update(
                self._task,
                description=f"{progress.step} {progress.table}".strip(),
                completed=progress.rows,
                total=progress.of or None,
                rejects=f"{progress.rejected:,} rejected" if progress.rejected else "",
            )

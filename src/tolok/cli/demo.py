"""``tolok demo``: simulate a company, show its scorecard, and serve it."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import click


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default=Path(".demo"))
@click.option("--seed", default=1, show_default=True, help="Another seed is another company.")
@click.option("--again", is_flag=True, help="Throw the demo workspace away and simulate anew.")
@click.option("--serve/--no-serve", "served", default=True, help="Serve it in a browser, or only print its scorecard.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8417, show_default=True, help="Port to listen on.")
def command(folder: Path, seed: int, again: bool, served: bool, host: str, port: int) -> None:
    """Simulate an Indonesian distributor, import its exports as a stranger would, show its scorecard and serve it."""
    from tolok import demo, imports
    from tolok.cli.scorecard import scorecard
    from tolok.settings import create
    from tolok.workspace import open_workspace

    if again and (folder / "demo-company").is_file():
        shutil.rmtree(folder)
    if not (folder / "tolok.toml").is_file():
        click.echo("Simulating three years of a company …", err=True)
        company = demo.simulate(seed=seed)
        settings = create(
            folder,
            name=company.name,
            currency="IDR",
            timezone="Asia/Jakarta",
            language="en",
            holidays_country="ID",
        )
        (folder / "demo-company").write_text(f"simulated with seed {seed}\n", encoding="utf-8")
        with tempfile.TemporaryDirectory() as exports:
            demo.write_csv(company, Path(exports))
            click.echo("Importing its exports …", err=True)
            result = imports.run(folder, [Path(exports)], settings=settings, source="demo")
        click.echo(f"{result.imported:,} rows of {len(result.files)} files, {result.rejected:,} rejected.", err=True)
    click.echo(scorecard(open_workspace(folder), colour=sys.stdout.isatty()))
    click.echo(f"\nAsk it: tolok kpi revenue win_rate --by team --grain quarter -w {folder}")
    if served:
        _serve(folder, host, port)


def _serve(folder: Path, host: str, port: int) -> None:
    from tolok.cli.upgrade import brought_up_to_date
    from tolok.web.serve import prepare, serve

    brought_up_to_date(folder)
    prepare(folder)
    from tolok.app.demo import logins

    click.echo("\nSign in as:")
    for login in logins(folder):
        click.echo(f"  {login.role:<14} {login.email:<28} {login.password}   ({login.name})")
    click.echo("")
    serve(folder, host, port, tell=click.echo)

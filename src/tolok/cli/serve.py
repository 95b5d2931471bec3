"""``tolok serve``: the workspace in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from tolok.cli.options import workspace


@click.command("serve")
@workspace
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8417, show_default=True, help="Port to listen on.")
def command(folder: Path, host: str, port: int) -> None:
    """Serve a workspace; the first visit makes the first administrator.

    A workspace of an older version is upgraded first, after a backup beside it.
    """
    from tolok.cli.upgrade import brought_up_to_date
    from tolok.settings import load
    from tolok.web.serve import serve

    load(folder)
    brought_up_to_date(folder)
    serve(folder, host, port, tell=click.echo)

"""The command line: thin, and quick to start; each command's module is imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from tolok.errors import TolokError

COMMANDS = {
    "init": "make a workspace folder",
    "import": "read exports, folders, archives or databases into a workspace",
    "kpis": "list the KPIs, or explain one",
    "kpi": "answer KPIs: by period, by dimension, compared, explained, opened",
    "target": "set, share out, judge and follow targets",
    "check": "what is wrong with the data, and which KPI it costs",
    "snapshots": "list what was published and when",
    "rollback": "publish an earlier snapshot again",
    "refresh": "import the listed sources again",
    "forget": "take a person out of everything that is kept",
    "backup": "write a whole workspace into one file",
    "restore": "lay a backup out as a new workspace",
    "upgrade": "bring a workspace of an older version to this one",
    "worker": "refresh the listed sources by schedule",
    "serve": "show a workspace in a browser",
    "demo": "simulate a company, show its scorecard and serve it",
}


class Commands(click.Group):
    """Commands by name; a module is imported when its command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"tolok.cli.{'import_' if cmd_name == 'import' else cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from tolok.errors import nearest

            raise click.UsageError(f"There is no command {args[0]!r}. {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tolok", prog_name="tolok")
def tolok() -> None:
    """Sales performance you can defend: any sales export in, KPIs that hold up out."""


def main() -> None:
    """Run the command line: exit 2 for the user's mistake, 1 for ours, 0 otherwise; errors go to stderr."""
    try:
        tolok.main(standalone_mode=False)
    except TolokError as error:
        click.echo(f"tolok: {error}", err=True)
        sys.exit(error.exit_code)
    except click.UsageError as error:
        hint = f" See: {error.ctx.command_path} --help" if error.ctx else ""
        click.echo(f"tolok: {error.format_message()}{hint}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"tolok: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("tolok: stopped; nothing was changed.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        click.echo(
            f"tolok: this is a fault of ours ({type(error).__name__}: {error}). Please report it with the command"
            " that you ran; TOLOK_TRACE=1 prints where it happened.",
            err=True,
        )
        import os

        if os.environ.get("TOLOK_TRACE"):
            raise
        sys.exit(1)

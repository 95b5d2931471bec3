"""``tolok kpi``: answer KPIs."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import click

from tolok.cli.options import DAY, workspace
from tolok.errors import QuestionError


@click.command("kpi")
@click.argument("kpis", nargs=-1, required=True, metavar="ID…")
@workspace
@click.option("--by", "by", multiple=True, metavar="DIM,…", help="Break down: rep, team, product, category, region, …")
@click.option("--grain", default="total", show_default=True, help="day, week, month, quarter, year or total.")
@click.option("--from", "start", type=DAY, help="First day, inclusive (default: where the data begins).")
@click.option("--to", "end", type=DAY, help="Last day, inclusive (default: where the data ends).")
@click.option("--where", multiple=True, metavar="COL=VALUE", help="Keep only these rows; COL!=VALUE leaves them out.")
@click.option("--compare", default="", help="previous, last-year or target.")
@click.option("--variant", default="", help="Compute by another authority's formula.")
@click.option("--rolling", default="", metavar="N", help="Windows that end with each period: 90d or 12m.")
@click.option("--as-of", "as_of", type=DAY, help="As it was known at the end of this day.")
@click.option("--rows", "opened", is_flag=True, help="Open the figure: print the records behind it.")
@click.option("--explain", is_flag=True, help="Print the definition and the SQL.")
@click.option("--limit", default=50, show_default=True, help="How many records --rows prints.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "parquet"]), default="table", show_default=True
)
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file (parquet needs one).")
def command(
    kpis: tuple[str, ...],
    folder: Path,
    by: tuple[str, ...],
    grain: str,
    start: date | None,
    end: date | None,
    where: tuple[str, ...],
    compare: str,
    variant: str,
    rolling: str,
    as_of: date | None,
    opened: bool,
    explain: bool,
    limit: int,
    form: str,
    output: Path | None,
) -> None:
    """Answer one or more KPIs, over all data or by period and dimension.

    \b
    tolok kpi win_rate revenue -w shop
    tolok kpi revenue -w shop --by rep --grain quarter --compare previous
    """
    from tolok.cli import show
    from tolok.query import written
    from tolok.query.question import Question, filters, rolling_window
    from tolok.workspace import open_workspace

    opened_workspace = open_workspace(folder)
    days, months = rolling_window(rolling)
    variants = dict(item.split(".", 1) for item in kpis if "." in item)
    question = Question(
        kpis=kpis,
        grain=grain,  # type: ignore[arg-type]
        start=start,
        end=end,
        by=tuple(name.strip() for item in by for name in item.split(",") if name.strip()),
        where=filters(where),
        compare=compare,  # type: ignore[arg-type]
        variant=variant,
        variants=variants,
        rolling_days=days,
        rolling_months=months,
    )
    if opened:
        found = opened_workspace.records(question, as_of=as_of, limit=limit)
        if form == "json":
            click.echo(json.dumps(written.records_json(found), ensure_ascii=False, indent=1))
        else:
            click.echo(show.records_table(found))
        return
    answer = opened_workspace.answer(question, as_of=as_of)
    if explain:
        click.echo(show.explained(answer))
        return
    if form == "parquet":
        if output is None:
            raise QuestionError("Parquet is not for the screen.", next_step="Add --output FILE.parquet.")
        show.write_parquet(answer, output)
        return
    language = opened_workspace.settings.language
    text = {
        "table": lambda: show.table(answer, language, colour=output is None and sys.stdout.isatty()),
        "json": lambda: json.dumps(written.as_json(answer), ensure_ascii=False, indent=1, allow_nan=False),
        "csv": lambda: written.as_csv(answer),
    }[form]()
    if output is not None:
        output.write_text(text + "\n", encoding="utf-8")
    else:
        click.echo(text)

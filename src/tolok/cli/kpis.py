"""``tolok kpis``: the catalogue, and one definition with its examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tolok.cli.options import as_json
from tolok.errors import QuestionError, nearest

if TYPE_CHECKING:
    from tolok.kpis.text import Description


@click.command("kpis")
@click.argument("kpi", required=False)
@click.option("-w", "--workspace", "folder", type=click.Path(path_type=Path), help="With this workspace's own KPIs.")
@click.option("--language", type=click.Choice(["en", "id"]), default="en", show_default=True)
@as_json
def command(kpi: str | None, folder: Path | None, language: str, as_json: bool) -> None:
    """List the KPIs, or say all about one: meaning, formula, variants, rules, examples."""
    from tolok.kpis.load import catalogue
    from tolok.kpis.text import as_json as kpi_json
    from tolok.kpis.text import describe

    if folder is not None:
        from tolok.workspace import open_workspace

        definitions = open_workspace(folder).definitions
    else:
        definitions = catalogue()
    if kpi is not None and kpi not in definitions:
        raise QuestionError(f"There is no KPI {kpi!r}.", next_step=nearest(kpi, definitions))
    chosen = [definitions[kpi]] if kpi is not None else list(definitions.values())
    if as_json:
        click.echo(json.dumps({"kpis": [kpi_json(item) for item in chosen]}, ensure_ascii=False, indent=1))
    elif kpi is not None:
        click.echo(told(describe(chosen[0], language)))
    else:
        for family in ("financial", "operational", "customer"):
            click.echo(f"\n{family}")
            for item in sorted((item for item in chosen if item.family == family), key=lambda item: item.id):
                words = item.words_in(language)
                click.echo(f"  {item.id:<34} {words.name}: {words.question}")


def told(kpi: Description) -> str:
    """One KPI for people."""
    lines = [
        f"{kpi.name} ({kpi.id})",
        kpi.question,
        "",
        f"  = {kpi.formula}",
        f"  {kpi.unit}, {kpi.better}, {kpi.timing}, {kpi.family}" + (f", {kpi.industry}" if kpi.industry else ""),
    ]
    if kpi.aliases:
        lines.append(f"  also: {', '.join(kpi.aliases)}")
    if kpi.note:
        lines.append(f"  {kpi.note}")
    if kpi.source:
        lines.append(f"  [{kpi.source}]")
    if kpi.variants:
        lines.append("")
    for variant in kpi.variants:
        default = " (counts here)" if variant.id == kpi.default_variant else ""
        lines.append(f"  --variant {variant.id:<22} {variant.name}: {variant.formula}{default}")
    if kpi.rules:
        lines.append("")
    for rule in kpi.rules:
        line = f" {rule.value}" if rule.value is not None else ""
        look = f" → {', '.join(rule.look_at)}" if rule.look_at else ""
        lines.append(f"  {rule.level}: {rule.test.replace('_', ' ')}{line}: {rule.says}{look}")
    lines.append("")
    for example in kpi.examples:
        of = f" [{example.variant}]" if example.variant else ""
        lines.append(f"  e.g.{of} {example.says}: {example.answer}")
    return "\n".join(lines)

"""``python -m tolok.docs``: write the reference from the code; ``--check`` tells whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tolok.cli import COMMANDS, tolok
from tolok.kpis.load import catalogue
from tolok.kpis.text import describe
from tolok.model import FACTS
from tolok.model.dimensions import DIMENSIONS, paths
from tolok.settings import declared

FOLDER = Path("docs/reference")
FAMILIES = ("financial", "operational", "customer")
MADE = "This page is written from the code by `make docs`."


def pages() -> dict[str, str]:
    """Every page of the reference by file name."""
    return {
        "kpis.md": _kpis(),
        "facts.md": _facts(),
        "dimensions.md": _dimensions(),
        "settings.md": _settings(),
        "commands.md": _commands(),
    }


def _kpis() -> str:
    lines = ["# KPIs", "", MADE, ""]
    definitions = catalogue()
    for family in FAMILIES:
        lines += [f"## {family.capitalize()}", ""]
        for id_ in sorted(definitions):
            if definitions[id_].family != family:
                continue
            kpi, local = describe(definitions[id_]), describe(definitions[id_], "id")
            lines += [f"### {kpi.name}", "", f"`{id_}` · {kpi.unit} · {kpi.better} · {kpi.timing}", ""]
            lines += [f"{kpi.question}  ", f"= {kpi.formula}", ""]
            lines += [f"*{local.name}: {local.question}*", ""]
            lines += [f"- `--variant {item.id}` {item.name}: {item.formula}" for item in kpi.variants]
            lines += [f"- rule: {item.says}" for item in kpi.rules]
            if kpi.source:
                lines.append(f"- source: {kpi.source}")
            if lines[-1]:
                lines.append("")
    return "\n".join(lines)


def _facts() -> str:
    lines = ["# Facts", "", MADE, ""]
    for fact in FACTS.values():
        lines += [f"## {fact.name}", "", f"{fact.meaning}.", ""]
        if fact.derived_from:
            lines += [f"Derived from {', '.join(fact.derived_from)}.", ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in fact.columns:
            kind = f"id of {column.to}" if column.to else ", ".join(column.values) or column.type
            lines.append(_row(column.name, kind, column.meaning))
        lines.append("")
    return "\n".join(lines)


def _dimensions() -> str:
    lines = ["# Dimensions", "", MADE, "", "| dimension | meaning | reached from |", "| --- | --- | --- |"]
    for dimension in DIMENSIONS.values():
        facts = ", ".join(name for name in FACTS if paths(dimension.name, name))
        lines.append(_row(dimension.name, dimension.meaning, facts))
    return "\n".join([*lines, ""])


def _settings() -> str:
    lines = ["# Settings", "", MADE, "", "They stand in `tolok.toml`.", ""]
    lines += ["| setting | default | may be | meaning |", "| --- | --- | --- | --- |"]
    for setting in declared():
        legal = ", ".join(_toml(value) for value in setting.legal if value != "") or setting.kind
        lines.append(_row(setting.name, _toml(setting.default), legal, setting.help))
    return "\n".join([*lines, ""])


def _toml(value: object) -> str:
    """A value as it is written in the file; nothing for an empty one."""
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]" if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) and value else str(value)


def _commands() -> str:
    context = click.Context(tolok)
    lines = ["# Commands", "", MADE, ""]
    for name in COMMANDS:
        command = tolok.get_command(context, name)
        assert command is not None
        usage = " ".join(command.collect_usage_pieces(click.Context(command)))
        help_ = [" ".join(part.split()) for part in (command.help or "").replace("\b", "").split("\n\n")]
        lines += [f"## tolok {name}", "", f"    tolok {name} {usage}", "", help_[0], ""]
        lines += _options(command)
        for part, inner in sorted(command.commands.items()) if isinstance(command, click.Group) else ():
            usage = " ".join(inner.collect_usage_pieces(click.Context(inner)))
            lines += [f"### tolok {name} {part}", "", f"    tolok {name} {part} {usage}", ""]
            lines += [" ".join((inner.help or "").split()), "", *_options(inner)]
    return "\n".join(lines)


def _options(command: click.Command) -> list[str]:
    listed = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
    return [*(f"- `{', '.join(option.opts)}` {_option(option)}" for option in listed), ""]


def _option(option: click.Option) -> str:
    says = [option.help] if option.help else []
    if isinstance(option.type, click.Choice):
        says.append(f"One of {', '.join(map(str, option.type.choices))}.")
    if option.show_default and option.default not in (None, ""):
        says.append(f"Default: {option.default}.")
    return " ".join(says)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` return 1 where one is missing or old."""
    stale = []
    for name, text in pages().items():
        path = FOLDER / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(str(path))
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}. Run: make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

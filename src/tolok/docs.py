"""``python -m tolok.docs``: write the reference from the code; ``--check`` tells whether it is up to date."""

from __future__ import annotations

import sys
from pathlib import Path

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
            lines.append(f"| {column.name} | {kind} | {column.meaning} |")
        lines.append("")
    return "\n".join(lines)


def _dimensions() -> str:
    lines = ["# Dimensions", "", MADE, "", "| dimension | meaning | reached from |", "| --- | --- | --- |"]
    for dimension in DIMENSIONS.values():
        facts = ", ".join(name for name in FACTS if paths(dimension.name, name))
        lines.append(f"| {dimension.name} | {dimension.meaning} | {facts} |")
    return "\n".join([*lines, ""])


def _settings() -> str:
    lines = ["# Settings", "", MADE, "", "They stand in `tolok.toml`.", ""]
    lines += ["| setting | default | meaning |", "| --- | --- | --- |"]
    for setting in declared():
        lines.append(f"| {setting.name} | `{setting.default}` | {setting.help} |")
    return "\n".join([*lines, ""])


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

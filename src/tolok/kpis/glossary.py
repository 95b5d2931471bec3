"""The glossary's table of KPIs, written from the catalogue: ``python -m tolok.kpis.glossary GLOSSARY.md``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tolok.errors import DefinitionError
from tolok.kpis.definition import Definition
from tolok.kpis.load import FAMILIES, catalogue

BEGIN, END = "<!-- kpis:", "<!-- end of kpis -->"


def kpi_tables(definitions: Mapping[str, Definition]) -> str:
    """One table per family: id, names in both languages, formula, and every synonym."""
    blocks = []
    for family in FAMILIES:
        rows = ["| Id | English | Indonesian | Formula | Also called |", "| --- | --- | --- | --- | --- |"]
        for definition in sorted(definitions.values(), key=lambda one: one.id):
            if definition.family == family:
                words = definition.words_in("id")
                aliases = dict.fromkeys((*definition.aliases, *words.aliases))
                cells = [f"`{definition.id}`", definition.name, words.name, definition.formula, ", ".join(aliases)]
                rows.append(f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |")
        blocks.append(f"### {family.capitalize()}\n\n" + "\n".join(rows))
    return "\n\n".join(blocks)


def refreshed(text: str, definitions: Mapping[str, Definition]) -> str:
    """The glossary with its KPI tables written anew."""
    before, begin, rest = text.partition(BEGIN)
    opening, closing, _ = rest.partition("\n")
    _, end, after = rest.partition(END)
    if not (begin and closing and end):
        raise DefinitionError("The glossary has lost the marks between which its KPIs stand.")
    return f"{before}{begin}{opening}\n\n{kpi_tables(definitions)}\n\n{end}{after}"


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(refreshed(path.read_text("utf-8"), catalogue()), "utf-8")

"""The glossary names everything that people meet, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tolok.kpis.glossary import refreshed
from tolok.kpis.load import catalogue
from tolok.model import FACTS
from tolok.model.dimensions import DIMENSIONS

GLOSSARY = (Path(__file__).parents[2] / "GLOSSARY.md").read_text("utf-8")


def rows(section: str) -> dict[str, list[str]]:
    """The rows of a section's tables by their first cell."""
    body = GLOSSARY.split(f"\n## {section}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line.strip("| ").split(" | ") for line in body.splitlines() if line.startswith("| `")]
    return {cells[0].strip("`"): cells for cells in lines}


def test_every_fact_dimension_and_column_is_in_both_languages() -> None:
    columns = {column.name for fact in FACTS.values() for column in fact.columns}
    for section, wanted in (("Facts", set(FACTS)), ("Dimensions", set(DIMENSIONS)), ("Columns", columns)):
        found = rows(section)
        assert set(found) == wanted
        assert all(cells[1].strip() and cells[2].strip() for cells in found.values())


def test_imported_facts_name_the_crms() -> None:
    for name in ("deals", "leads", "accounts", "stages", "activities", "reps"):
        said = " ".join(rows("Facts")[name])
        for crm in ("Salesforce", "HubSpot", "Pipedrive", "Zoho", "Dynamics", "Odoo"):
            assert crm in said, name


def test_the_kpis_are_those_of_the_catalogue() -> None:
    message = "run: python -m tolok.kpis.glossary GLOSSARY.md"
    assert refreshed(GLOSSARY, catalogue()) == GLOSSARY, message


@pytest.mark.parametrize("word", ["saluran", "generasi pemimpin", "jalur pipa", "1–10", "corong penjualan"])
def test_words_that_mislead_are_explained(word: str) -> None:
    assert word in GLOSSARY.split("## Words that mislead")[1].split("## KPIs")[0].lower()

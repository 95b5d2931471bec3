"""Every example of every KPI is run through the same plans as any question."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tolok.kpis.definition import Definition, Example
from tolok.kpis.load import catalogue
from tolok.query.examples import agrees, run

CATALOGUE = catalogue()


@pytest.mark.parametrize("id_", sorted(CATALOGUE))
def test_the_examples_of_a_kpi_hold(id_: str) -> None:
    definition = CATALOGUE[id_]
    wrong = [
        f"{example.says} [{example.variant or 'standard'}]: expected {example.answer}, got {value}"
        for example in definition.examples
        if not _holds(example, value := run(definition, example, CATALOGUE))
    ]
    assert not wrong, "\n".join([definition.file, *wrong])


def test_an_example_with_another_answer_would_be_noticed() -> None:
    definition: Definition = CATALOGUE["win_rate"]
    first = definition.examples[0]
    assert not _holds(Example(first.says, first.rows, Decimal(26)), run(definition, first, CATALOGUE))
    assert not _holds(Example(first.says, first.rows, None), run(definition, first, CATALOGUE))


def _holds(example: Example, value: float | dict[str, float | None] | None) -> bool:
    if isinstance(example.answer, dict) and isinstance(value, dict) and set(value) != set(example.answer):
        return False
    return agrees(example, value)

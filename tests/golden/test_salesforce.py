"""The open pipeline of the Salesforce demo export, weighted by each opportunity's own chance, is its ExpectedRevenue."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

import tolok
from tolok.cli import tolok as command


@pytest.mark.data
def test_the_pipeline_weighted_by_chance_is_the_expected_revenue_that_salesforce_computed(
    data: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sf"
    for words in (
        ["init", str(folder), "--currency", "USD"],
        ["import", str(data / "salesforce_demo"), "-w", str(folder)],
    ):
        assert CliRunner().invoke(command, words, catch_exceptions=False).exit_code == 0
    with (data / "salesforce_demo" / "Opportunity.csv").open(encoding="utf-8-sig") as file:
        open_deals = [row for row in csv.DictReader(file) if row["IsClosed"] == "FALSE"]
    expected = sum(float(row["ExpectedRevenue"] or 0) for row in open_deals)
    by_hand = sum(float(row["Amount"] or 0) * float(row["Probability"]) / 100 for row in open_deals)
    assert expected == by_hand == 1_094_500
    assert tolok.open(str(folder)).ask("weighted_pipeline", variant="by_stage").value() == expected

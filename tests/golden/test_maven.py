"""The published truth of the Maven CRM export comes out of the command line, as a stranger would use it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.data


def tolok(*arguments: object) -> str:
    """What a command prints; a failure shows what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tolok", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def kpi(folder: Path, *arguments: object) -> list[dict[str, Any]]:
    answer = json.loads(tolok("kpi", *arguments, "-w", folder, "--format", "json"))
    rows: list[dict[str, Any]] = answer["rows"]
    return rows


def value(folder: Path, *arguments: object) -> Any:
    return kpi(folder, *arguments)[0]["value"]


@pytest.fixture(scope="module")
def shop(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("maven") / "shop"
    tolok("init", folder, "--currency", "USD")
    told = json.loads(tolok("import", data / "maven_crm", "-w", folder, "--json"))
    assert told["rejected"] == 0
    return folder


@pytest.fixture(scope="module")
def deals(data: Path) -> list[dict[str, str]]:
    with (data / "maven_crm" / "sales_pipeline.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "published", "within"),
    [
        ("deals_won", 4238, 0),
        ("deals_lost", 2473, 0),
        ("win_rate", 63.15, 0.005),
        ("revenue", 10_005_534, 0),
        ("sales_cycle_length", 51.78, 0.005),
        ("deals_open", 2089, 0),
        ("average_deal_size", 10_005_534 / 4238, 1e-6),
    ],
)
def test_published_figures_come_out(shop: Path, name: str, published: float, within: float) -> None:
    assert abs(value(shop, name) - published) <= within


def test_the_best_reps_by_revenue_are_the_published_ones(shop: Path) -> None:
    rows = sorted(kpi(shop, "revenue", "--by", "rep"), key=lambda row: -(row["value"] or 0))
    best = [(row["rep"], row["value"]) for row in rows[:5]]
    assert best == [
        ("Darcel Schlecht", 1_153_214),
        ("Vicki Laflamme", 478_396),
        ("Kary Hendrixson", 454_298),
        ("Cassey Cress", 450_489),
        ("Donn Cantrell", 445_860),
    ]
    assert all(row["rep_id"] for row in rows if row["rep"])


def test_win_rate_by_rep_and_quarter_equals_plain_python(shop: Path, deals: list[dict[str, str]]) -> None:
    won: dict[tuple[str, str], int] = defaultdict(int)
    decided: dict[tuple[str, str], int] = defaultdict(int)
    for deal in deals:
        if deal["deal_stage"] in ("Won", "Lost"):
            day = date.fromisoformat(deal["close_date"])
            key = (deal["sales_agent"], f"{day.year}-Q{(day.month - 1) // 3 + 1}")
            decided[key] += 1
            won[key] += deal["deal_stage"] == "Won"
    rows = kpi(shop, "win_rate", "--by", "rep", "--grain", "quarter")
    told = {(row["rep"], row["period"]): row["value"] for row in rows if row["value"] is not None}
    assert told.keys() == decided.keys()
    for key, share in told.items():
        assert share == pytest.approx(100 * won[key] / decided[key], rel=1e-12)


def test_revenue_by_office_manager_and_category_adds_up(shop: Path) -> None:
    for dimension in ("region", "manager", "category", "product", "account", "industry"):
        assert sum(row["value"] or 0 for row in kpi(shop, "revenue", "--by", dimension)) == 10_005_534


def test_the_period_ends_where_the_data_ends(shop: Path) -> None:
    assert kpi(shop, "revenue")[0]["to"] == "2017-12-31"


def test_unlike_spellings_are_proposed_and_not_merged(shop: Path) -> None:
    rows = kpi(shop, "deals_won", "deals_lost", "--by", "product")
    assert {"GTXPro", "GTX Pro"} & {row["product"] for row in rows} == {"GTXPro"}
    findings = json.loads(tolok("check", "-w", shop, "--json"))["findings"]
    assert any("'GTXPro'" in item["says"] and "'GTX Pro'" in item["says"] for item in findings)


def test_importing_the_same_export_again_changes_nothing(shop: Path, data: Path) -> None:
    before = json.loads(tolok("snapshots", "-w", shop, "--json"))["snapshots"]
    told = json.loads(tolok("import", data / "maven_crm", "-w", shop, "--json"))
    assert told["changed"] == 0
    assert json.loads(tolok("snapshots", "-w", shop, "--json"))["snapshots"] == before


def test_rows_behind_a_figure_are_the_records_that_it_counted(shop: Path) -> None:
    opened = json.loads(
        tolok("kpi", "win_rate", "-w", shop, "--rows", "--format", "json", "--where", "rep=Darcel Schlecht")
    )
    assert [item["total"] for item in opened] == [349, 553]


def test_explain_prints_sql_that_gives_the_same_number(shop: Path) -> None:
    printed = tolok("kpi", "deals_won", "-w", shop, "--explain")
    assert "SELECT" in printed
    assert "Deals won" in printed


def test_four_lines_of_python_give_the_same(shop: Path) -> None:
    import tolok as library

    workspace = library.open(shop)
    assert workspace.ask("win_rate").value() == pytest.approx(63.15, abs=0.005)
    by_rep = {row.members["rep"]: row.value for row in workspace.ask("revenue", by="rep").rows()}
    assert by_rep["Darcel Schlecht"] == 1_153_214

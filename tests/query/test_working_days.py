"""Working days come from the organisation's calendar, counted to where the data ends; checked day by day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import tolok
from tolok.cli import tolok as command
from tolok.workspace import Workspace

SALES = [("2026-01-05", 100), ("2026-01-20", 300), ("2026-02-04", 900), ("2026-02-11", 50)]
HOLIDAYS = {date(2026, 1, 1), date(2026, 1, 16)}  # New Year and Isra Mi'raj, public holidays in Indonesia


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    with (tmp_path / "orders.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["Order ID", "Order Date", "Customer", "Salesperson", "Total"])
        out.writerows([n, day, f"C{n}", f"Rep {n % 2}", amount] for n, (day, amount) in enumerate(SALES))
    words = ["init", str(tmp_path / "shop"), "--currency", "IDR", "--timezone", "Asia/Jakarta"]
    assert CliRunner().invoke(command, words, catch_exceptions=False).exit_code == 0
    settings = tmp_path / "shop" / "tolok.toml"
    kept = [
        line for line in settings.read_text().splitlines() if not line.startswith(("working_days", "holidays_country"))
    ]
    settings.write_text("\n".join(['working_days = "mon-sat"', 'holidays_country = "ID"', *kept]) + "\n")
    words = ["import", str(tmp_path / "orders.csv"), "-w", str(tmp_path / "shop")]
    assert CliRunner().invoke(command, words, catch_exceptions=False).exit_code == 0
    return tolok.open(str(tmp_path / "shop"))


def worked(start: date, end: date) -> int:
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return sum(day.weekday() < 6 and day not in HOLIDAYS for day in days)


def test_the_running_month_counts_up_to_where_the_data_ends(shop: Workspace) -> None:
    found = {row.period.label: row.value for row in shop.ask("working_days", grain="month").rows()}
    assert found == {
        "2026-01": worked(date(2026, 1, 5), date(2026, 1, 31)),
        "2026-02": worked(date(2026, 2, 1), date(2026, 2, 11)),
    }


def test_revenue_per_working_day_is_revenue_over_days_by_rep_too(shop: Workspace) -> None:
    days = worked(date(2026, 2, 1), date(2026, 2, 11))
    rows = shop.ask("revenue_per_working_day", by="rep", start="2026-02-01", end="2026-02-28").rows()
    assert {row.members["rep"]: row.value for row in rows} == {
        "Rep 0": pytest.approx(900 / days),
        "Rep 1": pytest.approx(50 / days),
    }


def test_a_period_that_had_not_begun_has_no_answer(shop: Workspace) -> None:
    assert shop.ask("working_days", start="2026-03-02", end="2026-03-08").value() is None
    assert shop.ask("revenue_per_working_day", start="2026-03-02", end="2026-03-08").value() is None


def test_calendar_days_are_all_days(shop: Workspace) -> None:
    (shop.folder / "kpis" / "revenue_per_day.toml").write_text(
        'name = "Revenue per day"\nquestion = "?"\nformula = "revenue ÷ days"\nunit = "money"\nbetter = "higher"\n'
        'timing = "lagging"\nfamily = "financial"\nfunction = "sales"\n[arithmetic]\nexpression = "revenue / days_here"\n'
    )
    (shop.folder / "kpis" / "days_here.toml").write_text(
        'name = "Days"\nquestion = "?"\nformula = "days"\nunit = "count"\nbetter = "higher"\n'
        'timing = "lagging"\nfamily = "operational"\nfunction = "sales"\n[value]\nobserved = "calendar_days"\n'
    )
    asked = tolok.open(str(shop.folder)).ask("revenue_per_day", start="2026-01-01", end="2026-01-31")
    assert asked.value() == pytest.approx(400 / 31)

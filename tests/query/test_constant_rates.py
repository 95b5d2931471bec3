"""Growth at constant exchange rates, against the arithmetic done by hand row by row."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import tolok
from tolok.cli import tolok as command

MONTHS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]


def written(path: Path, head: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


@pytest.mark.parametrize("seed", [1, 2])
def test_both_periods_are_converted_at_the_last_day_of_the_later_one(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    days = [MONTHS[0] + timedelta(days=n) for n in range((MONTHS[-1] - MONTHS[0]).days)]
    rates = {
        (day, code): base + n * chance.randrange(1, 9)
        for n, day in enumerate(days)
        for code, base in (("USD", 15000), ("EUR", 17000))
    }
    orders: list[list[object]] = []
    for number in range(60):
        day = days[-1] if number == 0 else chance.choice(days)
        orders.append(
            [
                f"O{number}",
                day,
                f"C{number % 5}",
                f"Rep {number % 3}",
                chance.randrange(1, 900),
                chance.choice(["USD", "EUR", "IDR"]),
            ]
        )
    sold = written(
        tmp_path / "orders.csv", ["Order ID", "Order Date", "Customer", "Salesperson", "Total", "Currency"], orders
    )
    told = written(
        tmp_path / "exchange_rates.csv",
        ["Date", "From", "To", "Rate"],
        [[day, code, "IDR", rate] for (day, code), rate in rates.items()],
    )
    for words in (
        ["init", str(tmp_path / "shop"), "--currency", "IDR"],
        ["import", str(sold), str(told), "-w", str(tmp_path / "shop")],
    ):
        result = CliRunner().invoke(command, words, catch_exceptions=False)
        assert result.exit_code == 0, result.output
    shop = tolok.open(str(tmp_path / "shop"))
    rows = shop.ask("revenue_growth", variant="constant_rates", by="rep", grain="month").rows()
    found = {(row.members["rep"], row.period.start.month): row.value for row in rows}

    def revenue(rep: str, month: int, at: date) -> float:
        own = [order for order in orders if order[3] == rep and order[1].month == month]  # type: ignore[union-attr]
        return sum(float(order[4]) * (1 if order[5] == "IDR" else rates[at, str(order[5])]) for order in own)  # type: ignore[arg-type]

    compared = 0
    for month in (2, 3):
        last = MONTHS[month] - timedelta(days=1)
        for rep in ("Rep 0", "Rep 1", "Rep 2"):
            then = revenue(rep, month - 1, last)
            if then:
                assert found[rep, month] == pytest.approx(100 * (revenue(rep, month, last) - then) / then), (rep, month)
                compared += 1
    assert compared >= 4
    standard = shop.ask("revenue_growth", start="2026-03-01", end="2026-03-31").value()
    constant = shop.ask("revenue_growth", variant="constant_rates", start="2026-03-01", end="2026-03-31").value()
    assert standard != pytest.approx(constant)

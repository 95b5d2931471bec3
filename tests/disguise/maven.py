"""The Maven CRM export as plain Python: deals, reps and accounts, and the figures worked out from them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Deal:
    """One row of ``sales_pipeline.csv``."""

    id: str
    rep: str
    product: str
    account: str
    stage: str  # Prospecting, Engaging, Won, Lost
    created: date | None
    closed: date | None
    amount: int | None

    @property
    def status(self) -> str:
        return {"Won": "won", "Lost": "lost"}.get(self.stage, "open")


@dataclass(frozen=True)
class Figures:
    """What any export of these deals must come to."""

    won: int
    lost: int
    open: int
    win_rate: float
    revenue: float
    cycle: float
    by_rep: dict[str, float]
    won_by_quarter: dict[str, int]


def deals(folder: Path) -> list[Deal]:
    """All deals of the export."""
    with (folder / "sales_pipeline.csv").open(encoding="utf-8") as file:
        return [
            Deal(
                row["opportunity_id"],
                row["sales_agent"],
                row["product"],
                row["account"],
                row["deal_stage"],
                _day(row["engage_date"]),
                _day(row["close_date"]),
                int(row["close_value"]) if row["close_value"] else None,
            )
            for row in csv.DictReader(file)
        ]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """Another table of the export, row by row."""
    with (folder / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sample(rows: Sequence[Deal], every: int = 20) -> list[Deal]:
    """Every so manieth deal, so that all stages, reps and months are among them."""
    return list(rows[::every])


def figures(rows: Sequence[Deal], scale: float = 1) -> Figures:
    """The figures of some deals, amounts multiplied by ``scale``."""
    won = [deal for deal in rows if deal.status == "won"]
    lost = [deal for deal in rows if deal.status == "lost"]
    by_rep: dict[str, float] = {}
    quarters: dict[str, int] = {}
    for deal in won:
        assert deal.closed is not None
        by_rep[deal.rep] = by_rep.get(deal.rep, 0) + (deal.amount or 0) * scale
        quarter = f"{deal.closed.year}-Q{(deal.closed.month + 2) // 3}"
        quarters[quarter] = quarters.get(quarter, 0) + 1
    days = [(deal.closed - deal.created).days for deal in won if deal.closed and deal.created]
    return Figures(
        won=len(won),
        lost=len(lost),
        open=len(rows) - len(won) - len(lost),
        win_rate=100 * len(won) / (len(won) + len(lost)),
        revenue=sum((deal.amount or 0) * scale for deal in won),
        cycle=sum(days) / len(days),
        by_rep=by_rep,
        won_by_quarter=quarters,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

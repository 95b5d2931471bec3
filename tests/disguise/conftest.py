"""Deals of the Maven CRM, exports of them as other systems and people would write them, and what must come out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from tests.disguise.maven import Deal, Figures, deals, figures, sample

import tolok
from tolok import settings
from tolok.imports import ImportResult, run

Row = Sequence[object]


@dataclass
class Judge:
    """Imports a disguised export into a fresh workspace and compares the answers with the truth."""

    folder: Path
    rows: list[Deal]

    def take(
        self, *paths: Path, currency: str = "USD", timezone: str = "UTC", language: str = "en", **options: object
    ) -> ImportResult:
        self.shop = self.folder / "shop"
        settings.create(self.shop, currency=currency, timezone=timezone, language=language)
        return run(self.shop, paths, **options)

    def check(self, expected: Figures, *, cycle: bool = True, opened: bool = True) -> None:
        """The central figures, and revenue by rep and wins by quarter, are the true ones."""
        workspace = tolok.open(self.shop)
        asked = [
            "deals_won",
            "deals_lost",
            "win_rate",
            "revenue",
            "deals_open",
            *(["sales_cycle_length"] if cycle else []),
        ]
        answer = workspace.ask(*asked)
        told = {kpi: answer.value(kpi) for kpi in asked}
        assert told["deals_won"] == expected.won, told
        assert told["deals_lost"] == expected.lost, told
        assert told["win_rate"] == pytest.approx(expected.win_rate, rel=1e-12)
        assert told["revenue"] == pytest.approx(expected.revenue, rel=1e-12), told
        if opened:
            assert told["deals_open"] == expected.open, told
        if cycle:
            assert told["sales_cycle_length"] == pytest.approx(expected.cycle, rel=1e-9), told
        by_rep = {row.members["rep"]: row.value for row in workspace.ask("revenue", by="rep").rows()}
        assert {rep: value for rep, value in by_rep.items() if value} == pytest.approx(
            {rep: value for rep, value in expected.by_rep.items() if value}, rel=1e-12
        )
        by_quarter = {row.period.label: row.value for row in workspace.ask("deals_won", grain="quarter").rows()}
        assert {period: count for period, count in by_quarter.items() if count} == expected.won_by_quarter

    def same(self, *paths: Path, **options: object) -> ImportResult:
        """Import, and find the truth about ``rows``: nothing rejected, nothing lost."""
        result = self.take(*paths, **options)
        assert result.rejected == 0, result.rejects[:3]
        self.check(figures(self.rows))
        return result

    def facts(self, query: str) -> list[tuple]:
        """Plain SQL over what was published."""
        snapshot = tolok.open(self.shop).snapshot()
        with duckdb.connect() as engine:
            for fact in snapshot.facts:
                engine.execute(f"ATTACH '{snapshot.path(fact)}' AS \"f_{fact}\" (READ_ONLY)")
                engine.execute(f'CREATE VIEW "{fact}" AS SELECT * FROM "f_{fact}"."{fact}"')
            return engine.execute(query).fetchall()

    def write(
        self,
        name: str,
        header: Sequence[str],
        rows: Iterable[Row],
        *,
        delimiter: str = ",",
        encoding: str = "utf-8",
        quoting: int = csv.QUOTE_MINIMAL,
        line_end: str = "\r\n",
    ) -> Path:
        """An export as a CSV file."""
        path = self.folder / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=line_end)
        writer.writerow(header)
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        path.write_bytes(text.getvalue().encode(encoding))
        return path


@pytest.fixture(scope="session")
def maven(data: Path) -> Path:
    """The folder of the Maven CRM export."""
    return data / "maven_crm"


@pytest.fixture(scope="session")
def every_deal(maven: Path) -> list[Deal]:
    return deals(maven)


@pytest.fixture
def judge(every_deal: list[Deal], tmp_path: Path) -> Judge:
    """A judge over every twentieth deal."""
    return Judge(tmp_path, sample(every_deal))


@pytest.fixture
def judge_of(tmp_path: Path) -> Callable[[list[Deal]], Judge]:
    return lambda rows: Judge(tmp_path, rows)


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Write an XLSX of several sheets, each a header and rows; dates as dates."""

    def written(name: str, sheets: dict[str, tuple[Sequence[str], Iterable[Row]]]) -> Path:
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as made:
            for title, (header, rows) in sheets.items():
                sheet = made.add_worksheet(title)
                sheet.write_row(0, 0, header)
                for place, row in enumerate(rows, start=1):
                    for column, cell in enumerate(row):
                        if isinstance(cell, date):
                            sheet.write_datetime(place, column, cell)
                        elif cell is not None and cell != "":
                            sheet.write(place, column, cell)
        return path

    return written

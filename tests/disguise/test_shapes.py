"""The same deals in other shapes: column order, heading style, delimiters, encodings, containers, one wide table."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal, figures, table

import tolok

pytestmark = pytest.mark.data

HEADER = (
    "Opportunity ID",
    "Sales Agent",
    "Product",
    "Account",
    "Deal Stage",
    "Engage Date",
    "Close Date",
    "Close Value",
)


def row(deal: Deal) -> tuple[object, ...]:
    return (deal.id, deal.rep, deal.product, deal.account, deal.stage, deal.created, deal.closed, deal.amount)


STYLES: dict[str, Callable[[str], str]] = {
    "snake_case": lambda heading: heading.lower().replace(" ", "_"),
    "camelCase": lambda heading: (heading[0].lower() + heading[1:]).replace(" ", ""),
    "PascalCase": lambda heading: heading.replace(" ", ""),
    "UPPER": lambda heading: heading.upper(),
    "UPPER_SNAKE": lambda heading: heading.upper().replace(" ", "_"),
    "kebab": lambda heading: heading.lower().replace(" ", "-"),
    "spaced": lambda heading: f"  {heading.replace(' ', '  ')} ",
    "starred": lambda heading: heading + " *",
    "prefixed": lambda heading: f"deals.{heading.lower().replace(' ', '_')}",
    "in brackets": lambda heading: f"[{heading}]",
    "dotted": lambda heading: heading.replace(" ", "."),
}


@pytest.mark.parametrize("style", STYLES)
def test_headings_written_in(style: str, judge: Judge) -> None:
    places = list(range(len(HEADER)))
    random.Random(style).shuffle(places)
    header = [STYLES[style](HEADER[place]) for place in places]
    rows = [[row(deal)[place] for place in places] for deal in judge.rows]
    judge.same(judge.write("sales_pipeline.csv", header, rows))


ABBREVIATED = {
    "short": ("Opp ID", "Sls Rep", "Prod", "Acct", "Stg", "Created Dt", "Closed Dt", "Amt"),
    "shorter": ("OppNo", "Rep", "Item", "Cust", "Status", "Opened", "Closed", "Val"),
    "database": ("opp_id", "rep_nm", "prod_cd", "cust_nm", "stage_nm", "create_dt", "close_dt", "opp_amt"),
    "warehouse": ("OPPTY_ID", "SALES_REP_NAME", "PRODUCT_NAME", "ACCT_NAME", "STAGE_NAME", "OPEN_DATE", "CLOSE_DATE",
                  "CLOSE_AMT_USD"),
    "spoken": ("Deal number", "Who sold it", "What", "Who bought", "Won or lost?", "First contact", "Decided on", "How much"),
}  # fmt: skip


@pytest.mark.parametrize("words", ["short", "shorter", "database", "warehouse"])
def test_headings_abbreviated(words: str, judge: Judge) -> None:
    judge.same(judge.write("pipeline.csv", ABBREVIATED[words], map(row, judge.rows)))


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [
        *itertools.product(["utf-8-sig", "utf-16", "cp1252", "latin-1"], [";", "\t"]),
        ("utf-16-le", "\t"),  # without a byte order mark
    ],
)
def test_encodings_and_delimiters(encoding: str, delimiter: str, judge: Judge) -> None:
    path = judge.write(
        "pipeline.csv",
        [*HEADER, "Remark"],
        [[*row(deal), "Größe, façade – „ok“" if place % 3 else ""] for place, deal in enumerate(judge.rows)]
        if encoding != "latin-1"
        else [[*row(deal), "Größe, façade"] for deal in judge.rows],
        delimiter=delimiter,
        encoding=encoding,
    )
    judge.same(path)


@pytest.mark.parametrize("container", ["gzip", "zip", "zip of zip", "parquet", "json lines", "json", "html", "tsv"])
def test_containers(container: str, judge: Judge) -> None:
    plain = judge.write(
        "sales_pipeline.csv", HEADER, map(row, judge.rows), delimiter="\t" if container == "tsv" else ","
    )
    records = [dict(zip(HEADER, row(deal), strict=True)) for deal in judge.rows]
    path = plain.parent / "out"
    path.mkdir()
    if container == "gzip":
        path = path / "sales_pipeline.csv.gz"
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif container.startswith("zip"):
        path = path / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(plain, "crm/sales_pipeline.csv")
    elif container == "parquet":
        path = path / "sales_pipeline.parquet"
        with duckdb.connect() as engine:
            engine.execute(f"COPY (FROM read_csv('{plain}')) TO '{path}' (FORMAT parquet)").fetchall()
    elif container == "json lines":
        path = path / "sales_pipeline.jsonl"
        path.write_text("\n".join(json.dumps(record, default=str) for record in records), encoding="utf-8")
    elif container == "json":
        path = path / "deals.json"
        path.write_text(json.dumps({"results": records}, default=str), encoding="utf-8")
    elif container == "html":
        path = path / "sales_pipeline.xls"
        cells = "".join(
            "<tr>" + "".join(f"<td>{'' if c is None else c}</td>" for c in row(d)) + "</tr>" for d in judge.rows
        )
        head = "".join(f"<th>{heading}</th>" for heading in HEADER)
        path.write_text(f"<html><body><table><tr>{head}</tr>{cells}</table></body></html>", encoding="utf-8")
    else:
        path = plain
    judge.same(path)


def test_a_workbook_with_titles_merged_cells_totals_and_other_sheets(judge: Judge, tmp_path: Path) -> None:
    path = tmp_path / "Laporan Penjualan.xlsx"
    with xlsxwriter.Workbook(path) as made:
        notes = made.add_worksheet("Read me")
        notes.write(0, 0, "How to use this file")
        sheet = made.add_worksheet("Deals 2017")
        day, money = made.add_format({"num_format": "d mmm yyyy"}), made.add_format({"num_format": '"$" #,##0.00'})
        sheet.merge_range(0, 0, 0, 7, "Sales pipeline, all regions")
        sheet.write(1, 0, "Printed on 5 January 2018 by Ann")
        sheet.write_row(3, 0, HEADER)
        for place, deal in enumerate(judge.rows, start=4):
            for column, cell in enumerate(row(deal)):
                if isinstance(cell, date):
                    sheet.write_datetime(place, column, cell, day)
                elif cell is not None and cell != "":
                    sheet.write(place, column, cell, money if column == 7 else None)
        last = 4 + len(judge.rows)
        sheet.write(last, 0, "Grand total")
        sheet.write_formula(last, 7, f"=SUM(H5:H{last})", money, sum(d.amount or 0 for d in judge.rows))
        sheet.set_column(2, 2, None, None, {"hidden": True})
        pivot = made.add_worksheet("Summary")
        pivot.write_row(0, 0, ["Row Labels", "Count"])
        pivot.write_row(1, 0, ["Won", 5])
    judge.same(path)


def test_dates_as_serial_numbers_and_as_numbers(judge: Judge) -> None:
    def serial(day: date | None) -> object:
        return (day - date(1899, 12, 30)).days if day else ""

    rows = [[*row(d)[:5], serial(d.created), f"{d.closed:%Y%m%d}" if d.closed else "", d.amount] for d in judge.rows]
    judge.same(judge.write("sales_pipeline.csv", HEADER, rows))


def test_moments_with_a_zone_are_dated_by_the_workspace(judge: Judge) -> None:
    """The evening in UTC is the next day in Jakarta: an export of moments gives the local calendar day."""
    from datetime import datetime, timedelta, timezone

    jakarta = timezone(timedelta(hours=7))

    def moment(day: date | None) -> str:
        if day is None:
            return ""
        return (
            datetime(day.year, day.month, day.day, 3, 30, tzinfo=jakarta).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        )

    rows = [[*row(d)[:5], moment(d.created), moment(d.closed), d.amount] for d in judge.rows]
    judge.same(judge.write("sales_pipeline.csv", HEADER, rows), timezone="Asia/Jakarta")


def test_one_wide_table_instead_of_four(judge: Judge, maven: Path) -> None:
    """Deals joined with the customer, the product and the team of the rep, as a reporting tool exports them."""
    accounts = {entry["account"]: entry for entry in table(maven, "accounts")}
    teams = {entry["sales_agent"]: entry for entry in table(maven, "sales_teams")}
    header = [*HEADER, "Sector", "Office Location", "Employees", "Manager", "Regional Office", "Series", "Sales Price"]
    products = {entry["product"].replace(" ", ""): entry for entry in table(maven, "products")}
    rows = []
    for d in judge.rows:
        account, team, product = accounts.get(d.account, {}), teams[d.rep], products[d.product.replace(" ", "")]
        rows.append([*row(d), account.get("sector"), account.get("office_location"), account.get("employees"),
                     team["manager"], team["regional_office"], product["series"], product["sales_price"]])  # fmt: skip
    judge.same(judge.write("joined.csv", header, rows))
    workspace = tolok.open(judge.shop)
    by_manager: dict[str, float] = {}
    for d in judge.rows:
        if d.status == "won":
            by_manager[teams[d.rep]["manager"]] = by_manager.get(teams[d.rep]["manager"], 0) + (d.amount or 0)
    told = {r.members["manager"]: r.value for r in workspace.ask("revenue", by="manager").rows()}
    assert {name: value for name, value in told.items() if value} == by_manager


def test_no_ids_at_all(judge: Judge) -> None:
    """Equal rows are still as many rows."""
    rows = [row(d)[1:] for d in judge.rows]
    judge.same(judge.write("sales_pipeline.csv", HEADER[1:], [*rows]))


def test_one_file_for_each_quarter(judge: Judge) -> None:
    quarters: dict[str, list[Deal]] = {}
    for d in judge.rows:
        key = f"{d.closed.year}-Q{(d.closed.month + 2) // 3}" if d.closed else "open"
        quarters.setdefault(key, []).append(d)
    for key, rows in quarters.items():
        judge.write(f"deals_{key}.csv", HEADER, map(row, rows))
    judge.same(judge.folder / "given")


def test_won_lost_and_open_in_files_of_their_own(judge: Judge) -> None:
    header = [heading for heading in HEADER if heading != "Deal Stage"]
    for status in ("won", "lost", "open"):
        rows = [[*row(d)[:4], *row(d)[5:]] for d in judge.rows if d.status == status]
        judge.write(f"{status}_deals.csv", header, rows)
    judge.same(judge.folder / "given")


def test_yes_and_no_instead_of_stages(judge: Judge) -> None:
    header = ["Deal ID", "Owner", "Customer", "Is Closed", "Is Won", "Created Date", "Close Date", "Amount"]
    rows = [
        [d.id, d.rep, d.account, "Yes" if d.status != "open" else "No", "Yes" if d.status == "won" else "No", d.created,
         d.closed, d.amount]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("deals.csv", header, rows))


def test_won_and_lost_dates_instead_of_a_status(judge: Judge) -> None:
    header = ["Deal ID", "Deal Name", "Owner", "Customer", "Created Date", "Won Date", "Lost Date", "Deal Value"]
    rows = [
        [d.id, d.id, d.rep, d.account, d.created, d.closed if d.status == "won" else "", d.closed if d.status == "lost" else "",
         d.amount]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("deals.csv", header, rows))


def test_columns_that_say_the_same_twice_and_columns_that_say_nothing(judge: Judge) -> None:
    header = [*HEADER, "Close Value", "Notes", "", "Unnamed: 10", "Row"]
    rows = [[*row(d), d.amount, "", "", "", place] for place, d in enumerate(judge.rows)]
    judge.same(judge.write("sales_pipeline.csv", header, rows))


def test_targets_with_months_as_headings_beside_the_deals(judge: Judge) -> None:
    reps = sorted({d.rep for d in judge.rows})
    months = ["Jan 2017", "Feb 2017", "Mar 2017", "Apr 2017", "May 2017", "Jun 2017", "Jul 2017", "Aug 2017", "Sep 2017",
              "Oct 2017", "Nov 2017", "Dec 2017"]  # fmt: skip
    judge.write("sales_pipeline.csv", HEADER, map(row, judge.rows))
    judge.write("Quota.csv", ["Sales Agent", *months], [[rep, *([1000] * 12)] for rep in reps])
    judge.same(judge.folder / "given")
    snapshot = tolok.open(judge.shop).snapshot()
    assert snapshot.coverage.facts["targets"].rows == 12 * len(reps)
    assert figures(judge.rows).revenue > 0


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
def test_quoting(quoting: int, judge: Judge) -> None:
    judge.same(judge.write("sales_pipeline.csv", HEADER, map(row, judge.rows), quoting=quoting, line_end="\n"))

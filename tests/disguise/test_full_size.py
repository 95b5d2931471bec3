"""The whole Maven export in disguise: the published figures, to the last deal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal, table

import tolok

pytestmark = pytest.mark.data


def published(judge: Judge) -> None:
    workspace = tolok.open(judge.shop)
    answer = workspace.ask("deals_won", "deals_lost", "win_rate", "revenue", "sales_cycle_length")
    assert (answer.value("deals_won"), answer.value("deals_lost"), answer.value("revenue")) == (4238, 2473, 10_005_534)
    assert answer.value("win_rate") == pytest.approx(63.15, abs=0.005)
    assert answer.value("sales_cycle_length") == pytest.approx(51.78, abs=0.005)
    by_rep = {row.members["rep"]: row.value for row in workspace.ask("revenue", by="rep").rows()}
    assert by_rep["Darcel Schlecht"] == 1_153_214


def test_an_indonesian_workbook_of_several_sheets(
    every_deal: list[Deal], judge_of: Callable[[list[Deal]], Judge], book, maven: Path
) -> None:
    judge = judge_of(every_deal)
    words = {"Prospecting": "Prospek", "Engaging": "Negosiasi", "Won": "Menang", "Lost": "Kalah"}
    deals = [[d.id, d.rep, d.product, d.account, words[d.stage], d.created, d.closed, d.amount] for d in every_deal]
    customers = [
        [a["account"], a["sector"], a["office_location"], int(a["employees"])] for a in table(maven, "accounts")
    ]
    goods = [[p["product"], p["series"], float(p["sales_price"])] for p in table(maven, "products")]
    people = [[t["sales_agent"], t["manager"], t["regional_office"]] for t in table(maven, "sales_teams")]
    path = book(
        "Data CRM 2017.xlsx",
        {
            "Peluang": (["ID Peluang", "Nama Sales", "Produk", "Nama Pelanggan", "Tahap", "Tanggal Dibuat", "Tanggal Tutup",
                         "Nilai (Rp)"], deals),
            "Pelanggan": (["Nama Pelanggan", "Sektor", "Negara", "Jumlah Karyawan"], customers),
            "Produk": (["Nama Produk", "Kategori", "Harga Jual"], goods),
            "Tim Sales": (["Nama Sales", "Manajer", "Wilayah"], people),
        },
    )  # fmt: skip
    result = judge.same(path, currency="IDR")
    assert {file.table for file in result.files} == {"deals", "accounts", "products", "reps"}
    published(judge)
    workspace = tolok.open(judge.shop)
    for dimension in ("region", "manager", "industry", "account", "category"):
        rows = list(workspace.ask("revenue", by=dimension).rows())
        assert sum(row.value or 0 for row in rows) == 10_005_534
        assert len(rows) > 2, dimension


def test_tables_tied_by_numbers_alone(
    every_deal: list[Deal], judge_of: Callable[[list[Deal]], Judge], maven: Path
) -> None:
    """Deals, customers, products and people with numeric keys, as out of a database."""
    judge = judge_of(every_deal)
    accounts = {a["account"]: 700 + place for place, a in enumerate(table(maven, "accounts"))}
    products = {name: 40 + place for place, name in enumerate(sorted({d.product for d in every_deal}))}
    people = {t["sales_agent"]: 100 + place for place, t in enumerate(table(maven, "sales_teams"))}
    managers = {
        name: 900 + place for place, name in enumerate(sorted({t["manager"] for t in table(maven, "sales_teams")}))
    }
    judge.write(
        "tbl_opportunity.csv",
        ["opp_id", "owner_id", "product_id", "cust_id", "stage", "create_dt", "close_dt", "amt"],
        [[place, people[d.rep], products[d.product], accounts.get(d.account, ""), d.stage, d.created, d.closed, d.amount]
         for place, d in enumerate(every_deal, start=1)],
    )  # fmt: skip
    judge.write("tbl_customer.csv", ["cust_id", "cust_name", "industry", "country", "employees"],
                [[accounts[a["account"]], a["account"], a["sector"], a["office_location"], a["employees"]]
                 for a in table(maven, "accounts")])  # fmt: skip
    judge.write("tbl_product.csv", ["product_id", "product_name"], [[key, name] for name, key in products.items()])
    judge.write(
        "tbl_user.csv",
        ["user_id", "user_name", "manager_id", "region", "title"],
        [*([people[t["sales_agent"]], t["sales_agent"], managers[t["manager"]], t["regional_office"], "Agent"]
           for t in table(maven, "sales_teams")), *([key, name, "", "", "Manager"] for name, key in managers.items())],
    )  # fmt: skip
    judge.same(judge.folder / "given")
    published(judge)
    workspace = tolok.open(judge.shop)
    by_manager = {row.members["manager"]: row.value for row in workspace.ask("revenue", by="manager").rows()}
    teams = {t["sales_agent"]: t["manager"] for t in table(maven, "sales_teams")}
    expected: dict[str, float] = {}
    for d in every_deal:
        if d.status == "won":
            expected[teams[d.rep]] = expected.get(teams[d.rep], 0) + (d.amount or 0)
    assert {name: value for name, value in by_manager.items() if value} == expected

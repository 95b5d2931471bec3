"""Exports that came to be read wrongly or not at all: each is here as it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import figures

import tolok
from tolok.imports import run

pytestmark = pytest.mark.data

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


def indonesian(day: date | None) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "-"


def american(day: date | None) -> str:
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def comma(amount: int | None, sign: str = "") -> str:
    if amount is None:
        return ""
    return sign + f"{amount:,.2f}".replace(",", "\N{NUL}").replace(".", ",").replace("\N{NUL}", ".")


def test_what_is_open_comes_first_so_that_amounts_and_close_dates_begin_late(judge: Judge) -> None:
    opened = [deal for deal in judge.rows if deal.status == "open"]
    rows = [*opened * (1_000 // len(opened) + 1), *(deal for deal in judge.rows if deal.status != "open")]
    judge.rows = [replace(deal, id=f"K{number}") for number, deal in enumerate(rows)]
    header = ("Id", "Owner", "Product", "Account", "Stage", "Created", "Close Date", "Deal Value")
    cells = [(d.id, d.rep, d.product, d.account, d.stage, d.created, d.closed, d.amount) for d in judge.rows]
    judge.same(judge.write("pipeline.csv", header, cells))


def test_a_recap_as_a_sales_admin_keeps_it(judge: Judge) -> None:
    said = {"Won": "DEAL", "Lost": "Gagal", "Prospecting": "Prospek", "Engaging": "Follow up"}
    header = ("No", "Kode", "Nama Sales", "Barang", "Toko/PT", "Status Terakhir", "Tgl Mulai", "Tgl Deal", "Nilai")
    judge.same(
        judge.write(
            "rekap.csv",
            header,
            [
                (n, d.id, d.rep, d.product, d.account, said[d.stage], indonesian(d.created), indonesian(d.closed),
                 f"$ {d.amount:,}".replace(",", ".") if d.amount else "-")
                for n, d in enumerate(judge.rows, start=1)
            ],
        )
    )  # fmt: skip


def test_rd_station(judge: Judge) -> None:
    stages = {"Won": "Fechamento", "Lost": "Proposta", "Prospecting": "Sem contato", "Engaging": "Proposta"}
    said = {"won": "Vendida", "lost": "Perdida", "open": "Em andamento"}
    header = ("Nome", "Empresa", "Qualificação", "Funil de vendas", "Etapa", "Estado", "Motivo de Perda", "Valor Único",
              "Responsável", "Produtos", "Data de criação", "Data de fechamento", "Previsão de fechamento")  # fmt: skip
    judge.same(
        judge.write(
            "negociacoes.csv",
            header,
            [
                (f"{d.account} {n}", d.account, 3, "Funil padrão", stages[d.stage], said[d.status], "",
                 comma(d.amount, "R$ "), d.rep, d.product, d.created and d.created.strftime("%d/%m/%Y"),
                 d.closed and d.closed.strftime("%d/%m/%Y"), "")
                for n, d in enumerate(judge.rows)
            ],
        ),
        currency="BRL",
    )  # fmt: skip


def test_insightly(judge: Judge) -> None:
    said = {"won": "WON", "lost": "LOST", "open": "OPEN"}
    header = ("RecordId", "OpportunityName", "OpportunityState", "ResponsibleUser", "BidAmount", "BidCurrency",
              "ActualCloseDate", "DateCreated", "PipelineCurrentStage", "OrganizationName", "Product")  # fmt: skip
    judge.same(
        judge.write(
            "opportunities.csv",
            header,
            [
                (30_000 + n, f"Opp {n}", said[d.status], d.rep, d.amount, "USD", american(d.closed), american(d.created),
                 "Closing" if d.closed else d.stage, d.account, d.product)
                for n, d in enumerate(judge.rows)
            ],
        )
    )  # fmt: skip


def test_sugarcrm(judge: Judge) -> None:
    status = {"won": "Closed Won", "lost": "Closed Lost", "open": "In Progress"}
    stage = {"Won": "Closed Won", "Lost": "Closed Lost", "Engaging": "Negotiation/Review", "Prospecting": "Prospecting"}
    header = ("ID", "Opportunity Name", "Account Name", "Sales Status", "Sales Stage", "Likely", "Best", "Worst",
              "Expected Close Date", "Assigned to", "Date Created")  # fmt: skip
    judge.same(
        judge.write(
            "opportunities.csv",
            header,
            [
                (f"{n:08x}-aaaa-bbbb", f"{d.account} {n}", d.account, status[d.status], stage[d.stage],
                 *[f"{d.amount or 0:.6f}"] * 3, d.closed or "2018-06-30", d.rep, f"{d.created or '2017-12-15'} 10:00:00")
                for n, d in enumerate(judge.rows)
            ],
        )
    )  # fmt: skip


def test_netsuite(judge: Judge) -> None:
    said = {"Won": "CUSTOMER-Closed Won", "Lost": "PROSPECT-Closed Lost", "Engaging": "PROSPECT-Proposal",
            "Prospecting": "PROSPECT-In Discussion"}  # fmt: skip
    header = ("Internal ID", "Document Number", "Title", "Customer", "Sales Rep", "Entity Status", "Projected Total",
              "Date", "Expected Close", "Date Closed", "Item")  # fmt: skip
    judge.same(
        judge.write(
            "results.csv",
            header,
            [
                (100 + n, f"OPP{n}", f"T{n}", d.account, d.rep, said[d.stage], d.amount, american(d.created), "",
                 american(d.closed), d.product)
                for n, d in enumerate(judge.rows)
            ],
        )
    )  # fmt: skip


def test_a_spanish_sheet_in_utf_16(judge: Judge) -> None:
    said = {"Won": "Ganada", "Lost": "Perdida", "Engaging": "En negociación", "Prospecting": "Prospección"}
    header = ("Nº", "Oportunidad", "Comercial", "Producto", "Cliente", "Situación", "Alta", "Cierre", "Importe")
    judge.same(
        judge.write(
            "seguimiento.csv",
            header,
            [
                (d.id, f"Op {n}", d.rep, d.product, d.account, said[d.stage], d.created and d.created.strftime("%d/%m/%y"),
                 d.closed and d.closed.strftime("%d/%m/%y"), comma(d.amount))
                for n, d in enumerate(judge.rows)
            ],
            delimiter=";",
            encoding="utf-16",
        )
    )  # fmt: skip


def test_an_export_that_tells_no_outcome_has_no_number_of_wins(judge: Judge) -> None:
    header = ("Id", "Owner", "Account", "Stage", "Created", "Close Date", "Amount")
    stages = {"Won": "Fechamento", "Lost": "Proposta", "Prospecting": "Contato", "Engaging": "Proposta"}
    cells = [(d.id, d.rep, d.account, stages[d.stage], d.created, d.closed, d.amount) for d in judge.rows]
    path = judge.write("blind.csv", header, cells)
    result = judge.take(path)
    assert any("won or lost is not known" in note for note in result.notes)
    answer = tolok.open(judge.shop).ask(
        "deals_won", "deals_lost", "win_rate", "revenue", "open_pipeline", "deals_created"
    )
    assert [answer.value(kpi) for kpi in ("deals_won", "deals_lost", "win_rate", "revenue", "open_pipeline")] == [
        None
    ] * 5
    assert answer.value("deals_created") == sum(d.created is not None for d in judge.rows)
    mapping = judge.shop / "mappings" / "blind.toml"
    text = mapping.read_text()
    place = text.index('name = "Fechamento"')
    mapping.write_text(text[:place] + text[place:].replace('outcome = "open"', 'outcome = "won"', 1))
    run(judge.shop, [path])
    truth = figures(judge.rows)
    again = tolok.open(judge.shop).ask("deals_won", "revenue")
    assert (again.value("deals_won"), again.value("revenue")) == (truth.won, pytest.approx(truth.revenue))

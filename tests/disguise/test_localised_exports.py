"""The same deals as known systems export them in other languages: headings, stages and dates of each."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal

import tolok

pytestmark = pytest.mark.data

Localised = tuple[str, tuple[str, str, str, str]]


def expected(deal: Deal) -> date:
    return deal.closed or (deal.created or date(2017, 10, 1)) + timedelta(days=120)


def stage(deal: Deal, words: tuple[str, str, str, str]) -> str:
    return dict(zip(("Prospecting", "Engaging", "Won", "Lost"), words, strict=True))[deal.stage]


def dotted(amount: int | None) -> str:
    return "" if amount is None else f"{amount:,.2f}".translate({ord(","): ".", ord("."): ","})


def slashed(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


SALESFORCE: dict[str, Localised] = {
    "Totaux généraux": (
        "Propriétaire de l'opportunité|Nom du compte|Nom de l'opportunité|Étape|Montant (devise)|Montant|Date de clôture|"
        "Date de création", ("Prospection", "Négociation", "Fermée/Gagnée", "Fermée/Perdue")),
    "Totali generali": (
        "Titolare opportunità|Nome account|Nome opportunità|Fase|Importo (valuta)|Importo|Data di chiusura|Data creazione",
        ("Prospezione", "Negoziazione", "Chiusa/conquistata", "Chiusa/persa")),
    "Total Keseluruhan": (
        "Pemilik Peluang|Nama Akun|Nama Peluang|Tahap|Jumlah Mata Uang|Jumlah|Tanggal Penutupan|Tanggal Dibuat",
        ("Prospek", "Negosiasi", "Closed Won", "Closed Lost")),
    "総計": ("商談 所有者|取引先名|商談名|フェーズ|金額 通貨|金額|完了予定日|作成日", ("見込み", "交渉", "成立", "不成立")),
}  # fmt: skip


@pytest.mark.parametrize("total", SALESFORCE)
def test_a_report_of_salesforce_with_its_total_and_footer(total: str, judge: Judge) -> None:
    header, words = SALESFORCE[total]
    rows = [
        [d.rep, d.account, d.id, stage(d, words), "EUR", dotted(d.amount), slashed(expected(d)), slashed(d.created)]
        for d in judge.rows
    ]
    path = judge.write("report1700000000000.csv", header.split("|"), rows, delimiter=";", quoting=csv.QUOTE_ALL)
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f'"{total} ({len(rows)} records)";"";"";"";"EUR";"{dotted(sum(d.amount or 0 for d in judge.rows))}"\n\n'
        )
        file.write('"Confidential Information - Do Not Distribute"\n"Copyright © 2000-2018 salesforce.com, inc."\n')
    judge.same(path, currency="EUR")


HUBSPOT: dict[str, Localised] = {
    "Portuguese": ("ID do registro|Nome do negócio|Etapa do negócio|Data de fechamento|Proprietário do negócio|Valor|"
                   "Data de criação", ("Agendamento", "Qualificado", "Negócio fechado", "Negócio perdido")),
    "Dutch": ("Record-ID|Dealnaam|Dealfase|Sluitingsdatum|Dealeigenaar|Bedrag|Aanmaakdatum",
              ("Afspraak gepland", "Gekwalificeerd", "Gesloten en gewonnen", "Gesloten en verloren")),
}  # fmt: skip


@pytest.mark.parametrize("language", HUBSPOT)
def test_deals_of_hubspot(language: str, judge: Judge) -> None:
    header, words = HUBSPOT[language]
    rows = [
        [10**9 + n, d.id, stage(d, words), f"{expected(d)} 12:00", d.rep, d.amount, f"{d.created} 09:00" if d.created else ""]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("hubspot-crm-exports-deals.csv", header.split("|"), rows, quoting=csv.QUOTE_ALL))


PIPEDRIVE = {
    "Portuguese": ("Negócio - Título|Negócio - Proprietário|Negócio - Valor|Negócio - Organização|Negócio - Etapa|Negócio - "
                   "Status|Negócio - Negócio criado em|Negócio - Data de ganho|Negócio - Data de perda|Negócio - Data de "
                   "fechamento esperada", ("Aberto", "Ganho", "Perdido")),
    "Indonesian": ("Transaksi - Judul|Transaksi - Pemilik|Transaksi - Nilai|Transaksi - Organisasi|Transaksi - Tahap|"
                   "Transaksi - Status|Transaksi - Transaksi dibuat|Transaksi - Waktu menang|Transaksi - Waktu kalah|"
                   "Transaksi - Perkiraan tanggal penutupan", ("Terbuka", "Menang", "Kalah")),
}  # fmt: skip


@pytest.mark.parametrize("language", PIPEDRIVE)
def test_deals_of_pipedrive(language: str, judge: Judge) -> None:
    header, words = PIPEDRIVE[language]
    said = dict(zip(("open", "won", "lost"), words, strict=True))
    rows = []
    for n, d in enumerate(judge.rows):
        closed = f"{d.closed} 10:00:00" if d.closed else ""
        rows.append(
            [d.id, d.rep, d.amount or 0, d.account, ("Qualified", "Demo")[n % 2], said[d.status],
             f"{d.created} 08:00:00" if d.created else "", closed if d.status == "won" else "",
             closed if d.status == "lost" else "", expected(d)]
        )  # fmt: skip
    judge.same(judge.write("deals.csv", header.split("|"), rows))


def test_a_static_worksheet_of_dynamics(judge: Judge, book) -> None:
    header = ["(Não Modificar) Oportunidade", "(Não Modificar) Soma de Verificação da Linha", "Tópico", "Cliente Potencial",
              "Status", "Receita Est.", "Receita Real", "Data de Fech. Est.", "Data de Fechamento Real", "Proprietário",
              "Criado em"]  # fmt: skip
    said = {"open": "Aberto", "won": "Ganho", "lost": "Perdido"}
    rows = [
        [f"6f9619ff-8b86-d011-b42d-{n:012x}", "abc==", d.id, d.account, said[d.status], d.amount,
         d.amount if d.closed else None, expected(d), d.closed, d.rep, d.created]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(book("Oportunidades.xlsx", {"Sheet": (header, rows)}))


ODOO = {
    "German": ("Externe ID|Verkaufschance|Kunde|Vertriebsmitarbeiter|Phase|Erwarteter Umsatz|Erstellt am|Abschlussdatum|Aktiv",
               ("Neu", "Angebot", "Gewonnen", "Angebot")),
    "Indonesian": ("ID Eksternal|Peluang|Pelanggan|Sales|Tahap|Pendapatan yang Diharapkan|Dibuat pada|Tanggal Ditutup|Aktif",
                   ("Baru", "Proposisi", "Menang", "Proposisi")),
}  # fmt: skip


@pytest.mark.parametrize("language", ODOO)
def test_lost_in_odoo_is_what_is_not_active(language: str, judge: Judge) -> None:
    header, words = ODOO[language]
    rows = [
        [f"__export__.crm_lead_{n}", d.id, d.account, d.rep, stage(d, words), d.amount or 0, d.created, d.closed,
         "FALSE" if d.status == "lost" else "TRUE"]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("crm.lead.csv", header.split("|"), rows))


def test_kommo_says_not_closed_where_no_date_is(judge: Judge) -> None:
    header = ["ID", "Название сделки", "Компания", "Ответственный", "Этап сделки", "Воронка", "Бюджет ₽",
              "Дата создания сделки", "Дата закрытия"]  # fmt: skip
    words = ("Первичный контакт", "Переговоры", "Успешно реализовано", "Закрыто и не реализовано")
    rows = [
        [n, d.id, d.account, d.rep, stage(d, words), "Воронка", d.amount, f"{d.created:%d.%m.%Y} 10:00:00" if d.created else "",
         f"{d.closed:%d.%m.%Y} 10:00:00" if d.closed else "не закрыта"]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("amocrm_export_leads.csv", header, rows), currency="RUB")


def test_an_amount_in_cents_beside_the_same_as_shown(judge: Judge) -> None:
    header = ["id", "lead_name", "user_name", "status_label", "status_type", "value", "value_period", "value_formatted",
              "date_created", "date_won", "date_lost"]  # fmt: skip
    rows = [
        [f"oppo_{n}", d.account, d.rep, d.status, d.status.replace("open", "active"),
         "" if d.amount is None else d.amount * 100, "one_time", "" if d.amount is None else f"${d.amount:,}",
         f"{d.created}T10:00:00+00:00" if d.created else "", d.closed if d.status == "won" else "",
         d.closed if d.status == "lost" else ""]
        for n, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("opportunities.csv", header, rows))


@pytest.mark.parametrize(("won", "lost", "no"), [("x", "x", ""), ("Yes", "Yes", "No"), ("✅", "❌", "")])
def test_won_and_lost_as_two_columns_of_marks(won: str, lost: str, no: str, judge: Judge) -> None:
    header = ["Deal ID", "Owner", "Customer", "Created", "Close Date", "Amount", "Won", "Lost"]
    rows = [
        [d.id, d.rep, d.account, d.created, d.closed, d.amount, won if d.status == "won" else no,
         lost if d.status == "lost" else no]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("deals.csv", header, rows))


@pytest.mark.parametrize("unknown", ["Won", "Lost"])
def test_an_outcome_that_one_language_hides_is_no_number(unknown: str, judge: Judge) -> None:
    """Where only lost deals, or only won ones, are understood, the others are not taken for open."""
    header = ("Id", "Owner", "Account", "Stage", "Created", "Close Date", "Amount")
    rows = [
        (d.id, d.rep, d.account, "Wlqplnuq" if d.stage == unknown else d.stage, d.created, expected(d), d.amount)
        for d in judge.rows
    ]
    result = judge.take(judge.write("deals.csv", header, rows))
    assert any("Wlqplnuq" in note and "is not known" in note for note in result.notes)
    answer = tolok.open(judge.shop).ask("deals_won", "deals_lost", "win_rate", "revenue")
    assert [answer.value(kpi) for kpi in ("deals_won", "deals_lost", "win_rate", "revenue")] == [None] * 4


@pytest.mark.parametrize("heading", ["Amount ($000s)", "Nilai dalam ribuan"])
def test_amounts_in_thousands_by_other_headings(heading: str, judge: Judge) -> None:
    from tests.disguise.maven import figures

    header = ["Deal", "Rep", "Client", "Stage", heading, "Opened", "Closed"]
    judge.take(
        judge.write(
            "deals.csv", header, [[d.id, d.rep, d.account, d.stage, d.amount, d.created, d.closed] for d in judge.rows]
        )
    )
    judge.check(figures(judge.rows, scale=1000))

"""The same deals as people in other countries keep them: headings, words, dates and numbers of their language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal, figures

pytestmark = pytest.mark.data

MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "de": ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "es": ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
    "nl": ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    "pt": ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
}  # fmt: skip


def dotted(amount: float) -> str:
    """1.234.567,00"""
    return f"{amount:,.2f}".translate({ord(","): ".", ord("."): ","})


@dataclass(frozen=True)
class Country:
    """How a country writes: headings, stage words, days, amounts."""

    header: tuple[str, ...]  # id, name, customer, rep, product, stage, amount, created, closed
    words: tuple[str, str, str, str]
    day: Callable[[date], str]
    money: Callable[[float], str]
    delimiter: str = ";"
    encoding: str = "utf-8"
    currency: str = "EUR"
    file: str = "export.csv"


def dmy(mark: str) -> Callable[[date], str]:
    return lambda day: f"{day.day:02d}{mark}{day.month:02d}{mark}{day.year}"


def named(language: str, form: str = "{d} {m} {y}") -> Callable[[date], str]:
    return lambda day: form.format(d=day.day, m=MONTHS[language][day.month - 1], y=day.year)


COUNTRIES = {
    "Indonesian": Country(
        ("ID Peluang", "Nama Peluang", "Nama Pelanggan", "Nama Sales", "Produk", "Tahap", "Nilai", "Tanggal Dibuat",
         "Tanggal Tutup"),
        ("Prospek", "Negosiasi", "Menang", "Kalah"), dmy("/"), lambda a: "Rp " + dotted(a), currency="IDR"),
    "Indonesian in words": Country(
        ("No.", "Nama Proyek", "Pelanggan", "PIC Sales", "Barang", "Status", "Nilai (Rp)", "Tgl Masuk", "Tgl Closing"),
        ("Prospek", "Proses", "Deal", "Gagal"), named("id"), lambda a: f"{a:,.0f}".replace(",", "."), currency="IDR",
        file="data peluang 2017.csv"),
    "Indonesian abbreviated": Country(
        ("Kode Peluang", "Judul", "Nama Customer", "Salesman", "Nama Barang", "Tahapan", "Nilai (Rp)", "Tgl Dibuat",
         "Tgl Tutup"),
        ("Baru", "Penawaran", "Menang", "Batal"), dmy("-"), lambda a: f"Rp{a:,.0f},-".replace(",", ".", 1).replace(".-", ",-"),
        currency="IDR"),
    "German": Country(
        ("Angebotsnr.", "Bezeichnung", "Kunde", "Verkäufer", "Produkt", "Verkaufsphase", "Auftragswert", "Erstellt am",
         "Abschlussdatum"),
        ("Anfrage", "Verhandlung", "Gewonnen", "Verloren"), dmy("."), lambda a: dotted(a) + " €", encoding="cp1252"),
    "German with months in words": Country(
        ("Vorgangsnummer", "Thema", "Firma", "Vertriebsmitarbeiter", "Artikel", "Phase", "Umsatz (€)", "Angelegt am",
         "Geschlossen am"),
        ("Interessent", "Angebot", "Abgeschlossen - Gewonnen", "Abgeschlossen - Verloren"), named("de", "{d}. {m} {y}"), dotted),
    "French": Country(
        ("N° opportunité", "Nom de l'opportunité", "Client", "Commercial", "Produit", "Étape", "Montant (€)",
         "Date de création", "Date de clôture"),
        ("Prospection", "Négociation", "Gagné", "Perdu"), dmy("/"), lambda a: f"{a:,.2f}".replace(",", " ").replace(".", ","),
        encoding="cp1252"),
    "French with months in words": Country(
        ("Référence", "Affaire", "Raison sociale", "Vendeur", "Désignation", "Statut", "Montant HT", "Créée le",
         "Clôturée le"),
        ("En cours", "En cours", "Gagnée", "Perdue"), named("fr"),
        lambda a: f"{a:,.2f} €".replace(",", "\u202f").replace(".", ",")),
    "Spanish": Country(
        ("ID de oportunidad", "Nombre de la oportunidad", "Cuenta", "Vendedor", "Producto", "Etapa", "Importe",
         "Fecha de creación", "Fecha de cierre"),
        ("Prospección", "Negociación", "Cerrada ganada", "Cerrada perdida"), dmy("/"), dotted, encoding="utf-16"),
    "Spanish with months in words": Country(
        ("Nº", "Negocio", "Empresa", "Comercial", "Artículo", "Estado", "Valor", "Creado el", "Cerrado el"),
        ("Abierto", "Abierto", "Ganado", "Perdido"), named("es", "{d}-{m}-{y}"), lambda a: f"{dotted(a)} €"),
    "Dutch": Country(
        ("Kans-ID", "Naam kans", "Klantnaam", "Accountmanager", "Product", "Verkoopfase", "Bedrag", "Aangemaakt op",
         "Sluitdatum"),
        ("Prospect", "Onderhandeling", "Gewonnen", "Verloren"), dmy("-"), lambda a: "€ " + dotted(a)),
    "Portuguese": Country(
        ("ID do negócio", "Nome do negócio", "Empresa", "Vendedor", "Produto", "Etapa", "Valor (R$)", "Data de criação",
         "Data de fechamento"),
        ("Prospecção", "Negociação", "Ganho", "Perdido"), dmy("/"), dotted, currency="BRL"),
    "Italian": Country(
        ("Codice opportunità", "Nome opportunità", "Ragione sociale", "Agente", "Prodotto", "Fase", "Importo",
         "Data apertura", "Data chiusura"),
        ("Contatto", "Trattativa", "Vinta", "Persa"), dmy("/"), lambda a: "€ " + dotted(a)),
    "Swiss": Country(
        ("ID", "Verkaufschance", "Kundenname", "Zuständig", "Produkt", "Status", "Betrag CHF", "Erfasst am", "Abschluss am"),
        ("Offen", "Offen", "Gewonnen", "Verloren"), dmy("."), lambda a: f"{a:,.2f}".replace(",", "'"), currency="CHF"),
    "British": Country(
        ("Opp No", "Opp Name", "Cust", "Sls Rep", "Prod", "Stg", "Amt (£)", "Dt Opened", "Dt Closed"),
        ("Prospect", "Engaged", "Won", "Lost"), lambda d: f"{d.day:02d}-{d:%b}-{d:%y}", lambda a: f"£{a:,.2f}", ",",
        currency="GBP"),
    "American": Country(
        ("Opportunity #", "Description", "Customer", "Sales Person", "Product", "Pipeline Stage", "Deal Value", "Open Date",
         "Close Date"),
        ("Prospecting", "Engaging", "Closed - Won", "Closed - Lost"), lambda d: f"{d.month}/{d.day}/{d:%y}",
        lambda a: f"${a:,.2f}", ",", currency="USD"),
}  # fmt: skip


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_same_truth_in(country: str, judge: Judge) -> None:
    style = COUNTRIES[country]
    words = dict(zip(("Prospecting", "Engaging", "Won", "Lost"), style.words, strict=True))

    def row(deal: Deal) -> list[object]:
        return [
            deal.id, f"{deal.product} {deal.id}", deal.account, deal.rep, deal.product, words[deal.stage],
            "" if deal.amount is None else style.money(deal.amount), style.day(deal.created) if deal.created else "",
            style.day(deal.closed) if deal.closed else "",
        ]  # fmt: skip

    path = judge.write(
        style.file, style.header, map(row, judge.rows), delimiter=style.delimiter, encoding=style.encoding
    )
    judge.same(path, currency=style.currency)


def test_rupiah_in_millions_and_thousands_in_words(judge: Judge) -> None:
    """``1,5 jt`` and ``750 rb``: amounts as people type them."""

    def typed(amount: int) -> str:
        if not amount:
            return "0"
        return f"{amount / 1000:,.3f} jt".replace(".", ",") if amount >= 1000 else f"{amount} rb"

    words = {"Prospecting": "Prospek", "Engaging": "Penawaran", "Won": "Menang", "Lost": "Kalah"}
    header = ["No", "Nama Pelanggan", "Nama Sales", "Nilai", "Tahap", "Tgl Dibuat", "Tgl Tutup"]
    rows = [
        [place, d.account, d.rep, "" if d.amount is None else typed(d.amount), words[d.stage], d.created, d.closed]
        for place, d in enumerate(judge.rows, start=1)
    ]
    result = judge.take(judge.write("peluang.csv", header, rows), currency="IDR")
    assert result.rejected == 0
    judge.check(figures(judge.rows, scale=1000))


def test_amounts_in_thousands_by_the_heading(judge: Judge) -> None:
    header = ["Deal ID", "Customer", "Sales Rep", "Stage", "Amount (USD thousands)", "Created", "Closed"]
    rows = [[d.id, d.account, d.rep, d.stage, d.amount, d.created, d.closed] for d in judge.rows]
    judge.take(judge.write("deals.csv", header, rows))
    judge.check(figures(judge.rows, scale=1000))

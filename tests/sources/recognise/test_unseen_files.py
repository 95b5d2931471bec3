"""Files that nobody has seen before are recognised from headings and values, in the languages of Western Europe and Indonesia."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Read = Callable[..., dict[str, str]]

DEALS = {
    "Spanish": (
        """ID de oportunidad;Nombre de la oportunidad;Cliente;Vendedor;Etapa;Importe;Fecha de creación;Fecha de cierre
        1;Planta nueva;ACME SA;Ana Ruiz;Negociación;1.500,00;05/01/2026;20/03/2026
        2;Repuestos;Beta SL;Luis Gil;Ganada;12.000,50;15/02/2026;28/02/2026
        3;Servicio;Gama SL;Ana Ruiz;Perdida;900,00;01/03/2026;30/03/2026""",
        {"source_id": "ID de oportunidad", "account_id": "Cliente", "owner_id": "Vendedor", "stage_id": "Etapa",
         "amount": "Importe", "created_on": "Fecha de creación", "closed_on": "Fecha de cierre"},
    ),
    "German": (
        """Angebotsnummer;Kunde;Verkäufer;Verkaufsphase;Angebotswert;Erstellt am;Abschlussdatum;Wahrscheinlichkeit
        A-1;Müller GmbH;Jan Koch;Angebot;10.500,00 €;03.01.2026;31.03.2026;50 %
        A-2;Weiß AG;Eva Lang;Gewonnen;7.250,00 €;13.01.2026;02.02.2026;100 %""",
        {"source_id": "Angebotsnummer", "account_id": "Kunde", "owner_id": "Verkäufer", "stage_id": "Verkaufsphase",
         "amount": "Angebotswert", "created_on": "Erstellt am", "closed_on": "Abschlussdatum",
         "probability": "Wahrscheinlichkeit"},
    ),
    "French": (
        """N°;Nom de l'opportunité;Compte;Commercial;Étape;Montant;Date de création;Date de clôture
        1;Machine;Dupont SARL;Luc Roy;Gagné;1 500,00;05/01/2026;20/03/2026
        2;Pièces;Durand SA;Zoé Blanc;Perdu;12 000,50;15/02/2026;28/02/2026""",
        {"name": "Nom de l'opportunité", "account_id": "Compte", "owner_id": "Commercial", "stage_id": "Étape",
         "amount": "Montant", "created_on": "Date de création", "closed_on": "Date de clôture"},
    ),
    "Portuguese": (
        """Nome do negócio;Empresa;Responsável;Etapa;Valor;Criado em;Data de fechamento
        Projeto A;Alfa Ltda;Rui Dias;Ganho;R$ 1.500,00;05/01/2026;20/03/2026
        Projeto B;Beta Ltda;Eva Lima;Proposta;R$ 900,00;15/02/2026;28/04/2026""",
        {"name": "Nome do negócio", "account_id": "Empresa", "owner_id": "Responsável", "stage_id": "Etapa",
         "amount": "Valor", "created_on": "Criado em", "closed_on": "Data de fechamento"},
    ),
    "Italian": (
        """Nome opportunità;Cliente;Venditore;Fase;Importo;Data creazione;Data chiusura
        Progetto A;Rossi Srl;Marco Bianchi;Vinto;1.500,00;05/01/2026;20/03/2026
        Progetto B;Verdi Spa;Anna Neri;Perso;900,00;15/02/2026;28/04/2026""",
        {"name": "Nome opportunità", "account_id": "Cliente", "owner_id": "Venditore", "stage_id": "Fase",
         "amount": "Importo", "created_on": "Data creazione", "closed_on": "Data chiusura"},
    ),
    "Dutch": (
        """Verkoopkans;Klant;Verkoper;Verkoopfase;Bedrag;Aanmaakdatum;Sluitingsdatum
        Kans A;Jansen BV;Piet Bos;Gewonnen;1.500,00;05-01-2026;20-03-2026
        Kans B;De Vries BV;Els Smit;Offerte;900,00;15-02-2026;28-04-2026""",
        {"name": "Verkoopkans", "account_id": "Klant", "owner_id": "Verkoper", "stage_id": "Verkoopfase",
         "amount": "Bedrag", "created_on": "Aanmaakdatum", "closed_on": "Sluitingsdatum"},
    ),
    "Indonesian": (
        """Nama Peluang;Nama Pelanggan;Nama Sales;Tahap;Nilai;Tgl Dibuat;Tgl Closing
        Proyek A;PT Maju;Budi;Menang;Rp 1.500.000;5 Jan 2026;20 Mar 2026
        Proyek B;CV Jaya;Sari;Penawaran;Rp 900.000;15 Feb 2026;28 Mei 2026""",
        {"name": "Nama Peluang", "account_id": "Nama Pelanggan", "owner_id": "Nama Sales", "stage_id": "Tahap",
         "amount": "Nilai", "created_on": "Tgl Dibuat", "closed_on": "Tgl Closing"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", DEALS)
def test_deals_in(language: str, read_as: Read) -> None:
    text, expected = DEALS[language]
    found = read_as(text)
    assert found[""] == "deals"
    assert expected.items() <= found.items()


def test_an_indonesian_invoice_list_is_orders(read_as: Read) -> None:
    found = read_as(
        """No. Faktur;Tgl;Nama Pelanggan;Nama Barang;Qty;Harga;Jumlah;Salesman
        F001;05/01/2026;Toko Abadi;Semen 40kg;10;65.000;650.000;Budi
        F001;05/01/2026;Toko Abadi;Paku 5cm;2;18.500;37.000;Budi
        F002;17/01/2026;Toko Baru;Semen 40kg;5;65.000;325.000;Sari"""
    )
    expected = {
        "": "orders",
        "document": "No. Faktur",
        "ordered_on": "Tgl",
        "account_id": "Nama Pelanggan",
        "product_id": "Nama Barang",
        "quantity": "Qty",
        "unit_price": "Harga",
        "amount": "Jumlah",
        "owner_id": "Salesman",
    }
    assert found == expected


OTHERS = {
    "german invoices": (
        """Rechnungsnr.;Rechnungsdatum;Kundennr.;Artikelnr.;Menge;Einzelpreis;Nettobetrag
        R1;03.01.2026;10023;A-77;10;5,50;55,00
        R2;23.01.2026;10024;A-78;1;1.250,00;1.250,00""",
        {"": "orders", "document": "Rechnungsnr.", "amount": "Nettobetrag", "quantity": "Menge"},
    ),
    "superstore": (
        """Row ID;Order ID;Order Date;Ship Date;Customer ID;Customer Name;Region;Product ID;Category;Sales;Quantity;Profit
        1;CA-1;11/8/2016;11/11/2016;CG-1;Claire;South;FUR-1;Furniture;261.96;2;41.91
        2;CA-1;11/8/2016;11/11/2016;CG-1;Claire;South;FUR-2;Furniture;731.94;3;219.58
        3;CA-2;6/12/2016;6/16/2016;DV-1;Darrin;West;OFF-1;Office Supplies;14.62;2;6.87""",
        {"": "orders", "document": "Order ID", "ordered_on": "Order Date", "amount": "Sales", "account_id": "Customer ID"},
    ),
    "visit report": (
        """Tanggal Kunjungan;Nama Sales;Nama Toko;Jenis Aktivitas;Hasil Kunjungan
        05/01/2026;Budi;Toko A;Kunjungan;Order
        16/01/2026;Sari;Toko B;Telepon;Tidak ada""",
        {"": "activities", "happened_on": "Tanggal Kunjungan", "rep_id": "Nama Sales", "kind": "Jenis Aktivitas",
         "account_id": "Nama Toko"},
    ),
    "call log": (
        """Call ID;Agent;Call Date;Duration (sec);Direction;Outcome
        1;Ann;2026-01-05 10:00;65;Inbound;Answered
        2;Bob;2026-01-06 11:00;125;Outbound;No answer""",
        {"": "activities", "rep_id": "Agent", "happened_on": "Call Date", "started_at": "Call Date",
         "duration_minutes": "Duration (sec)"},
    ),
    "leads": (
        """Lead ID;Company;Lead Source;Status;Created Date;Owner
        1;ACME;Web;New;2026-01-05;Ann
        2;Beta;Referral;Qualified;2026-01-06;Bob
        3;Gama;Web;Converted;2026-01-07;Bob""",
        {"": "leads", "source_id": "Lead ID", "lead_source": "Lead Source", "source_status": "Status",
         "status": "Status", "created_on": "Created Date", "owner_id": "Owner"},
    ),
    "customers": (
        """Kundennummer;Firma;Branche;Ort;Land;Mitarbeiter
        100;Müller GmbH;Bau;Köln;Deutschland;55
        101;Weiß AG;Chemie;Ulm;Deutschland;1200""",
        {"": "accounts", "source_id": "Kundennummer", "name": "Firma", "industry": "Branche", "employees": "Mitarbeiter"},
    ),
    "employees": (
        """NIK;Nama Karyawan;Jabatan;Atasan;Cabang;Tgl Masuk
        001;Budi;Sales;Tono;Bandung;05/01/2020
        002;Sari;Sales;Tono;Jakarta;17/03/2021""",
        {"": "reps", "source_id": "NIK", "name": "Nama Karyawan", "manager_id": "Atasan", "hired_on": "Tgl Masuk"},
    ),
    "subscriptions": (
        """subscription_id;account_id;plan;mrr;start_date;end_date
        S1;A1;Pro;99.00;2025-01-05;
        S2;A2;Basic;19.00;2025-02-01;2025-12-01""",
        {"": "subscriptions", "plan": "plan", "amount": "mrr", "started_on": "start_date", "ended_on": "end_date"},
    ),
    "marketing costs": (
        """Month;Channel;Campaign;Spend
        2026-01;Google Ads;Brand;1500
        2026-02;Facebook;Spring;900""",
        {"": "costs", "spent_on": "Month", "amount": "Spend", "channel": "Channel", "campaign": "Campaign"},
    ),
    "tickets": (
        """Ticket ID;Subject;Priority;Created At;Resolved At;Status
        1;Broken;High;2026-01-05 10:00;2026-01-06 11:00;Closed
        2;Lost;Low;2026-01-07 10:00;;Open""",
        {"": "tickets", "opened_on": "Created At", "solved_on": "Resolved At", "status": "Status"},
    ),
    "survey": (
        """Response ID;Customer;NPS Score;Comment;Date
        1;ACME;9;Great;2026-01-05
        2;Beta;4;Slow;2026-01-07""",
        {"": "answers", "value": "NPS Score", "account_id": "Customer", "answered_on": "Date"},
    ),
    "stage history": (
        """Deal ID;Old Stage;New Stage;Changed At;Changed By
        1;Lead;Demo;2026-01-05 10:00;Ann
        1;Demo;Won;2026-02-05 10:00;Ann""",
        {"": "deal_events", "deal_id": "Deal ID", "old": "Old Stage", "new": "New Stage", "at": "Changed At"},
    ),
    "targets": (
        """Sales;Bulan;Target
        Budi;Jan 2026;1.500.000
        Sari;Feb 2026;2.000.000""",
        {"": "targets", "rep_id": "Sales", "from_on": "Bulan", "value": "Target"},
    ),
    "exchange rates": (
        """Date;Currency;Rate
        2026-01-05;USD;16250.5
        2026-01-06;EUR;17800""",
        {"": "exchange_rates", "on": "Date", "currency": "Currency", "rate": "Rate"},
    ),
    "payments": (
        """No Invoice;Nama Pelanggan;Tgl Jatuh Tempo;Tgl Bayar;Jumlah Bayar
        F1;Toko A;05/02/2026;17/02/2026;500.000
        F2;Toko B;15/02/2026;13/02/2026;700.000""",
        {"": "payments", "document": "No Invoice", "due_on": "Tgl Jatuh Tempo", "paid_on": "Tgl Bayar"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_recognises(name: str, read_as: Read) -> None:
    text, expected = OTHERS[name]
    found = read_as(text)
    assert expected.items() <= found.items(), found

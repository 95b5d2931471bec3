"""The company's own exports: CSV files as its systems write them, some in English, some in Indonesian.

The CRM is English: commas, ISO dates, local times without a zone, owners by name. Accounting is Indonesian:
semicolons, day before month, ``Rp 1.500.000``. Nothing says what is what; that is the import's work.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tolok.demo.company import SCALES, Array, Company, Table, decimals
from tolok.demo.setting import TIME_ZONE_MINUTES
from tolok.model import FACTS

Cells = list[Any]
Write = Callable[[Company, Table, str], Cells]


@dataclass(frozen=True)
class Export:
    """One file: its name, the fact it tells, its columns as heading, column and how a cell is written."""

    file: str
    fact: str
    columns: tuple[tuple[str, str, Write], ...]
    delimiter: str = ","


def _as_is(company: Company, table: Table, column: str) -> Cells:
    values: Cells = table[column].tolist()
    return ["" if value is None else value for value in values]


def _number(company: Company, table: Table, column: str) -> Cells:
    return ["" if value is None else f"{value.normalize():f}" for value in _exact(table, column)]


def _money(company: Company, table: Table, column: str) -> Cells:
    return ["" if value is None else f"{value:.2f}" for value in _exact(table, column)]


def _rupiah(company: Company, table: Table, column: str) -> Cells:
    """``Rp 1.500.000`` and, for other currencies, ``1.234,50``."""
    found: Cells = []
    for value, currency in zip(_exact(table, column), table["currency"].tolist(), strict=True):
        if value is None:
            found.append("")
        elif currency == "IDR":
            found.append(("-" if value < 0 else "") + "Rp " + f"{abs(value):,.0f}".replace(",", "."))
        else:
            found.append(f"{value:,.2f}".translate({ord(","): ".", ord("."): ","}))
    return found


def _decimal_comma(company: Company, table: Table, column: str) -> Cells:
    return [cell.replace(".", ",") for cell in _number(company, table, column)]


def _exact(table: Table, column: str) -> Cells:
    kinds = {name: SCALES[kind] for name, kind in (("rate", "rate"),)}
    return list(decimals(table[column].tolist(), kinds.get(column, 100)))


def _day(company: Company, table: Table, column: str) -> Cells:
    return _written(table[column], table[column].astype(str))


def _day_first(company: Company, table: Table, column: str) -> Cells:
    iso = _day(company, table, column)
    return [f"{day[8:10]}/{day[5:7]}/{day[:4]}" if day else "" for day in iso]


def _month(company: Company, table: Table, column: str) -> Cells:
    return [day[:7] for day in _day(company, table, column)]


def _local_time(company: Company, table: Table, column: str) -> Cells:
    local = table[column] + np.timedelta64(TIME_ZONE_MINUTES, "m")
    written = [moment.replace("T", " ")[:19] for moment in local.astype("datetime64[s]").astype(str).tolist()]
    return ["" if moment == "NaT" else moment for moment in written]


def _written(values: Array, text: Array) -> Cells:
    return ["" if cell == "NaT" else cell for cell in text.tolist()]


def _yes_no(company: Company, table: Table, column: str) -> Cells:
    words = {True: "Yes", False: "No", None: ""}
    return [words[value] for value in table[column].tolist()]


def _title(company: Company, table: Table, column: str) -> Cells:
    return [str(cell).replace("_", " ").capitalize() if cell else "" for cell in _as_is(company, table, column)]


def _by_name(company: Company, table: Table, column: str) -> Cells:
    """The name of who or what is referred to."""
    fact = table["_fact"][0]
    found = FACTS[str(fact)].column(column)
    target = company.tables[found.to] if found is not None else {}
    names = dict(zip(target["source_id"].tolist(), target["name"].tolist(), strict=True))
    return [names.get(cell, "") for cell in table[column].tolist()]


def _entered(company: Company, table: Table, column: str) -> Cells:
    """The day of entry out of the extra columns, where it was late."""
    return [str(cell)[16:26] if cell else "" for cell in table[column].tolist()]


def _history_value(company: Company, table: Table, column: str) -> Cells:
    """Stages and owners by name, as people read history."""
    stages, reps = company.tables["stages"], company.tables["reps"]
    names = {
        f"demo:{code}": name
        for fact in (stages, reps)
        for code, name in zip(fact["source_id"].tolist(), fact["name"].tolist(), strict=True)
    }
    return ["" if cell is None else names.get(cell, cell) for cell in table[column].tolist()]


def _signed_kind(company: Company, table: Table, column: str) -> Cells:
    return ["Retur" if kind == "return" else "Penjualan" for kind in table[column].tolist()]


def _aktif(company: Company, table: Table, column: str) -> Cells:
    return ["Ya" if value else "Tidak" for value in table[column].tolist()]


EXPORTS: tuple[Export, ...] = (
    Export(
        "users.csv",
        "reps",
        (
            ("User ID", "source_id", _as_is),
            ("Full Name", "name", _as_is),
            ("Email", "email", _as_is),
            ("Team", "team_id", _by_name),
            ("Manager", "manager_id", _by_name),
            ("Role", "role", _as_is),
            ("Region", "region", _as_is),
            ("Hire Date", "hired_on", _day),
            ("Leave Date", "left_on", _day),
            ("Active", "active", _yes_no),
            ("Quota Carrying", "quota_carrying", _yes_no),
        ),
    ),
    Export(
        "teams.csv",
        "teams",
        (
            ("Team ID", "source_id", _as_is),
            ("Team Name", "name", _as_is),
            ("Parent Team", "parent_id", _by_name),
            ("Manager", "manager_id", _by_name),
            ("Region", "region", _as_is),
        ),
    ),
    Export(
        "team_members_history.csv",
        "memberships",
        (
            ("Membership ID", "source_id", _as_is),
            ("Rep", "rep_id", _by_name),
            ("Team", "team_id", _by_name),
            ("Manager", "manager_id", _by_name),
            ("From", "from_on", _day),
            ("To", "to_on", _day),
        ),
    ),
    Export(
        "accounts.csv",
        "accounts",
        (
            ("Account ID", "source_id", _as_is),
            ("Account Name", "name", _as_is),
            ("Parent Account ID", "parent_id", _as_is),
            ("Account Owner", "owner_id", _by_name),
            ("Segment", "segment", _as_is),
            ("Industry", "industry", _as_is),
            ("Region", "region", _as_is),
            ("Country", "country", _as_is),
            ("City", "city", _as_is),
            ("Channel", "channel", _as_is),
            ("Type", "type", _as_is),
            ("Employees", "employees", _as_is),
            ("Created Date", "created_at", _local_time),
        ),
    ),
    Export(
        "contacts.csv",
        "contacts",
        (
            ("Contact ID", "source_id", _as_is),
            ("Account ID", "account_id", _as_is),
            ("Full Name", "name", _as_is),
            ("Email", "email", _as_is),
            ("Phone", "phone", _as_is),
            ("Job Title", "title", _as_is),
            ("Created Date", "created_on", _day),
        ),
    ),
    Export(
        "leads.csv",
        "leads",
        (
            ("Lead ID", "source_id", _as_is),
            ("Lead Name", "name", _as_is),
            ("Company", "company", _as_is),
            ("Lead Owner", "owner_id", _by_name),
            ("Account ID", "account_id", _as_is),
            ("Converted Opportunity ID", "deal_id", _as_is),
            ("Lead Source", "lead_source", _as_is),
            ("Channel", "channel", _as_is),
            ("Campaign", "campaign", _as_is),
            ("Industry", "industry", _as_is),
            ("Region", "region", _as_is),
            ("Country", "country", _as_is),
            ("Product Interest", "product_id", _by_name),
            ("Lead Status", "source_status", _as_is),
            ("Lead Quality", "quality", _title),
            ("Rating", "rating", _as_is),
            ("Is Enquiry", "is_enquiry", _yes_no),
            ("Created Date", "created_at", _local_time),
            ("First Response At", "first_response_at", _local_time),
            ("Qualified Date", "qualified_on", _day),
            ("Converted Date", "converted_on", _day),
            ("Won Date", "won_on", _day),
        ),
    ),
    Export(
        "opportunities.csv",
        "deals",
        (
            ("Opportunity ID", "source_id", _as_is),
            ("Opportunity Name", "name", _as_is),
            ("Account ID", "account_id", _as_is),
            ("Owner", "owner_id", _by_name),
            ("Pipeline", "pipeline_id", _by_name),
            ("Stage", "stage_id", _by_name),
            ("Status", "status", _title),
            ("Amount", "amount", _money),
            ("Currency", "currency", _as_is),
            ("Probability (%)", "probability", _number),
            ("Forecast Category", "forecast_category", _as_is),
            ("Type", "type", _title),
            ("Lead Source", "lead_source", _as_is),
            ("Lead ID", "lead_id", _as_is),
            ("Campaign", "campaign", _as_is),
            ("Region", "region", _as_is),
            ("Segment", "segment", _as_is),
            ("Competitor", "competitor", _as_is),
            ("Loss Reason", "loss_reason", _as_is),
            ("Created Date", "created_at", _local_time),
            ("Qualified Date", "qualified_on", _day),
            ("Close Date", "closed_on", _day),
            ("Expected Close Date", "expected_close_on", _day),
            ("Last Activity Date", "last_activity_on", _day),
        ),
    ),
    Export(
        "opportunity_lines.csv",
        "deal_lines",
        (
            ("Line ID", "source_id", _as_is),
            ("Opportunity ID", "deal_id", _as_is),
            ("Line", "line", _as_is),
            ("Product", "product_id", _by_name),
            ("Quantity", "quantity", _number),
            ("Unit Price", "unit_price", _money),
            ("Amount", "amount", _money),
            ("Currency", "currency", _as_is),
            ("Line Type", "kind", _title),
        ),
    ),
    Export(
        "opportunity_history.csv",
        "deal_events",
        (
            ("History ID", "source_id", _as_is),
            ("Opportunity ID", "deal_id", _as_is),
            ("Field", "field", _as_is),
            ("Old Value", "old", _history_value),
            ("New Value", "new", _history_value),
            ("Changed At", "at", _local_time),
            ("Changed By", "by_id", _by_name),
        ),
    ),
    Export(
        "stages.csv",
        "stages",
        (
            ("Stage ID", "source_id", _as_is),
            ("Pipeline", "pipeline_id", _by_name),
            ("Stage Name", "name", _as_is),
            ("Sort Order", "position", _as_is),
            ("Probability", "probability", _number),
            ("Outcome", "outcome", _title),
        ),
    ),
    Export(
        "activities.csv",
        "activities",
        (
            ("Activity ID", "source_id", _as_is),
            ("Type", "source_kind", _as_is),
            ("Subject", "subject", _as_is),
            ("Assigned To", "rep_id", _by_name),
            ("Account ID", "account_id", _as_is),
            ("Contact ID", "contact_id", _as_is),
            ("Opportunity ID", "deal_id", _as_is),
            ("Start Time", "started_at", _local_time),
            ("Booked On", "booked_on", _day),
            ("Duration Minutes", "duration_minutes", _number),
            ("Direction", "direction", _title),
            ("Channel", "channel", _as_is),
            ("Outcome", "outcome", _as_is),
            ("Completed", "done", _yes_no),
            ("Offer Accepted", "accepted", _yes_no),
            ("Entered On", "extra", _entered),
        ),
    ),
    Export(
        "tickets.csv",
        "tickets",
        (
            ("Ticket ID", "source_id", _as_is),
            ("Account ID", "account_id", _as_is),
            ("Assignee", "owner_id", _by_name),
            ("Subject", "subject", _as_is),
            ("Type", "kind", _title),
            ("Ticket Status", "status", _title),
            ("Priority", "priority", _as_is),
            ("Channel", "channel", _as_is),
            ("Product", "product_id", _by_name),
            ("Created At", "opened_at", _local_time),
            ("First Response At", "first_response_at", _local_time),
            ("Solved At", "solved_at", _local_time),
            ("Interactions", "interactions", _as_is),
            ("Follow Ups", "follow_ups", _as_is),
            ("Reopened", "reopened", _as_is),
        ),
    ),
    Export(
        "metrics.csv",
        "observations",
        (
            ("Series", "series", _as_is),
            ("Date", "on", _day),
            ("Value", "value", _number),
            ("Unit", "unit", _as_is),
            ("Grain", "grain", _as_is),
            ("Roll Up", "roll_up", _as_is),
            ("Currency", "currency", _as_is),
            ("Region", "region", _as_is),
        ),
    ),
    Export(
        "produk.csv",
        "products",
        (
            ("ID Produk", "source_id", _as_is),
            ("Kode Produk", "code", _as_is),
            ("Nama Produk", "name", _as_is),
            ("Kategori", "category", _as_is),
            ("Harga Jual", "list_price", _rupiah),
            ("HPP", "unit_cost", _rupiah),
            ("Aktif", "active", _aktif),
        ),
        ";",
    ),
    Export(
        "penjualan.csv",
        "orders",
        (
            ("No Faktur", "document", _as_is),
            ("Baris", "line", _as_is),
            ("Tanggal Faktur", "ordered_on", _day_first),
            ("Kode Pelanggan", "account_id", _as_is),
            ("Nama Sales", "owner_id", _by_name),
            ("Nama Produk", "product_id", _by_name),
            ("Deal ID", "deal_id", _as_is),
            ("Qty", "quantity", _decimal_comma),
            ("Harga Satuan", "unit_price", _rupiah),
            ("Total", "amount", _rupiah),
            ("PPN", "tax", _rupiah),
            ("HPP", "cost", _rupiah),
            ("Mata Uang", "currency", _as_is),
            ("Kanal", "channel", _as_is),
            ("Wilayah", "region", _as_is),
            ("Negara", "country", _as_is),
            ("Status Faktur", "source_status", _as_is),
            ("Jenis", "kind", _signed_kind),
            ("Tanggal Input", "extra", _entered),
        ),
        ";",
    ),
    Export(
        "pembayaran.csv",
        "payments",
        (
            ("No Bukti", "source_id", _as_is),
            ("No Faktur", "document", _as_is),
            ("Pelanggan", "account_id", _as_is),
            ("Jumlah Bayar", "amount", _rupiah),
            ("Mata Uang", "currency", _as_is),
            ("Jatuh Tempo", "due_on", _day_first),
            ("Tanggal Bayar", "paid_on", _day_first),
        ),
        ";",
    ),
    Export(
        "biaya.csv",
        "costs",
        (
            ("Jenis Biaya", "kind", _title),
            ("Keterangan", "name", _as_is),
            ("Tanggal", "spent_on", _day_first),
            ("Jumlah Biaya", "amount", _rupiah),
            ("Campaign", "campaign", _as_is),
            ("Channel", "channel", _as_is),
            ("Wilayah", "region", _as_is),
            ("Tim", "team_id", _by_name),
        ),
        ";",
    ),
    Export(
        "target.csv",
        "targets",
        (
            ("Indikator", "kpi", _as_is),
            ("Mulai", "from_on", _day),
            ("Sampai", "to_on", _day),
            ("Nama Sales", "rep_id", _by_name),
            ("Tim", "team_id", _by_name),
            ("Target", "value", _number),
            ("Mata Uang", "currency", _as_is),
        ),
        ";",
    ),
    Export(
        "survei.csv",
        "answers",
        (
            ("Response ID", "source_id", _as_is),
            ("Survei", "survey", _as_is),
            ("Survey Type", "kind", _as_is),
            ("Pertanyaan", "question", _as_is),
            ("Scale Min", "scale_min", _number),
            ("Scale Max", "scale_max", _number),
            ("Skor", "value", _number),
            ("Komentar", "comment", _as_is),
            ("Account ID", "account_id", _as_is),
            ("Nama Sales", "rep_id", _by_name),
            ("Tanggal", "answered_on", _day_first),
        ),
    ),
    Export(
        "kontrak_servis.csv",
        "subscriptions",
        (
            ("Contract ID", "source_id", _as_is),
            ("Customer ID", "account_id", _as_is),
            ("Account Manager", "owner_id", _by_name),
            ("Produk", "product_id", _by_name),
            ("Paket", "plan", _as_is),
            ("Biaya Bulanan", "amount", _rupiah),
            ("Mata Uang", "currency", _as_is),
            ("Contract Start", "started_on", _day),
            ("Contract End", "ended_on", _day),
            ("Trial Start", "trial_started_on", _day),
            ("Alasan", "end_reason", _as_is),
            ("Status", "status", _title),
        ),
    ),
    Export(
        "kurs.csv",
        "exchange_rates",
        (
            ("Tanggal", "on", _day),
            ("Mata Uang", "currency", _as_is),
            ("Ke", "into", _as_is),
            ("Kurs", "rate", _decimal_comma),
        ),
        ";",
    ),
)


def write_csv(company: Company, folder: Path) -> list[Path]:
    """Write every export into a folder (made if it is missing), and say which files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for export in EXPORTS:
        table: Table = {**company.tables[export.fact], "_fact": np.array([export.fact], dtype=object)}
        cells = [write(company, table, column) for _, column, write in export.columns]
        path = folder / export.file
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=export.delimiter, lineterminator="\r\n")
            writer.writerow([heading for heading, *_ in export.columns])
            writer.writerows(zip(*cells, strict=True))
        written.append(path)
    return written

"""The company's own exports: CSV files as its systems write them, some in English, some in Indonesian.

The CRM is English: commas, ISO dates, local times without a zone, owners by name. Accounting is Indonesian:
semicolons, day before month, ``Rp 1.500.000``. Nothing says what is what; that is the import's work.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tolok.demo import cells
from tolok.demo.cells import Cells
from tolok.demo.company import Company, Table

Write = Callable[[Company, Table, str], Cells]


@dataclass(frozen=True)
class Export:
    """One file: its name, the fact it tells, its columns as heading, column and how a cell is written."""

    file: str
    fact: str
    columns: tuple[tuple[str, str, Write], ...]
    delimiter: str = ","


EXPORTS: tuple[Export, ...] = (
    Export(
        "users.csv",
        "reps",
        (
            ("User ID", "source_id", cells.as_is),
            ("Full Name", "name", cells.as_is),
            ("Email", "email", cells.as_is),
            ("Team", "team_id", cells.by_name),
            ("Manager", "manager_id", cells.by_name),
            ("Role", "role", cells.as_is),
            ("Region", "region", cells.as_is),
            ("Hire Date", "hired_on", cells.day),
            ("Leave Date", "left_on", cells.day),
            ("Active", "active", cells.yes_no),
            ("Quota Carrying", "quota_carrying", cells.yes_no),
        ),
    ),
    Export(
        "teams.csv",
        "teams",
        (
            ("Team ID", "source_id", cells.as_is),
            ("Team Name", "name", cells.as_is),
            ("Parent Team", "parent_id", cells.by_name),
            ("Manager", "manager_id", cells.by_name),
            ("Region", "region", cells.as_is),
        ),
    ),
    Export(
        "team_members_history.csv",
        "memberships",
        (
            ("Membership ID", "source_id", cells.as_is),
            ("Rep", "rep_id", cells.by_name),
            ("Team", "team_id", cells.by_name),
            ("Manager", "manager_id", cells.by_name),
            ("From", "from_on", cells.day),
            ("To", "to_on", cells.day),
        ),
    ),
    Export(
        "accounts.csv",
        "accounts",
        (
            ("Account ID", "source_id", cells.as_is),
            ("Account Name", "name", cells.as_is),
            ("Parent Account ID", "parent_id", cells.as_is),
            ("Account Owner", "owner_id", cells.by_name),
            ("Segment", "segment", cells.as_is),
            ("Industry", "industry", cells.as_is),
            ("Region", "region", cells.as_is),
            ("Country", "country", cells.as_is),
            ("City", "city", cells.as_is),
            ("Channel", "channel", cells.as_is),
            ("Type", "type", cells.as_is),
            ("Employees", "employees", cells.as_is),
            ("Created Date", "created_at", cells.local_time),
        ),
    ),
    Export(
        "contacts.csv",
        "contacts",
        (
            ("Contact ID", "source_id", cells.as_is),
            ("Account ID", "account_id", cells.as_is),
            ("Full Name", "name", cells.as_is),
            ("Email", "email", cells.as_is),
            ("Phone", "phone", cells.as_is),
            ("Job Title", "title", cells.as_is),
            ("Created Date", "created_on", cells.day),
        ),
    ),
    Export(
        "leads.csv",
        "leads",
        (
            ("Lead ID", "source_id", cells.as_is),
            ("Lead Name", "name", cells.as_is),
            ("Company", "company", cells.as_is),
            ("Lead Owner", "owner_id", cells.by_name),
            ("Account ID", "account_id", cells.as_is),
            ("Converted Opportunity ID", "deal_id", cells.as_is),
            ("Lead Source", "lead_source", cells.as_is),
            ("Channel", "channel", cells.as_is),
            ("Campaign", "campaign", cells.as_is),
            ("Industry", "industry", cells.as_is),
            ("Region", "region", cells.as_is),
            ("Country", "country", cells.as_is),
            ("Product Interest", "product_id", cells.by_name),
            ("Lead Status", "source_status", cells.as_is),
            ("Lead Quality", "quality", cells.title),
            ("Rating", "rating", cells.as_is),
            ("Is Enquiry", "is_enquiry", cells.yes_no),
            ("Created Date", "created_at", cells.local_time),
            ("First Response At", "first_response_at", cells.local_time),
            ("Qualified Date", "qualified_on", cells.day),
            ("Converted Date", "converted_on", cells.day),
            ("Won Date", "won_on", cells.day),
        ),
    ),
    Export(
        "opportunities.csv",
        "deals",
        (
            ("Opportunity ID", "source_id", cells.as_is),
            ("Opportunity Name", "name", cells.as_is),
            ("Account ID", "account_id", cells.as_is),
            ("Owner", "owner_id", cells.by_name),
            ("Pipeline", "pipeline_id", cells.by_name),
            ("Stage", "stage_id", cells.by_name),
            ("Status", "status", cells.title),
            ("Amount", "amount", cells.money),
            ("Currency", "currency", cells.as_is),
            ("Probability (%)", "probability", cells.number),
            ("Forecast Category", "forecast_category", cells.as_is),
            ("Type", "type", cells.title),
            ("Lead Source", "lead_source", cells.as_is),
            ("Lead ID", "lead_id", cells.as_is),
            ("Campaign", "campaign", cells.as_is),
            ("Region", "region", cells.as_is),
            ("Segment", "segment", cells.as_is),
            ("Competitor", "competitor", cells.as_is),
            ("Loss Reason", "loss_reason", cells.as_is),
            ("Created Date", "created_at", cells.local_time),
            ("Qualified Date", "qualified_on", cells.day),
            ("Close Date", "closed_on", cells.day),
            ("Expected Close Date", "expected_close_on", cells.day),
            ("Last Activity Date", "last_activity_on", cells.day),
        ),
    ),
    Export(
        "opportunity_lines.csv",
        "deal_lines",
        (
            ("Line ID", "source_id", cells.as_is),
            ("Opportunity ID", "deal_id", cells.as_is),
            ("Line", "line", cells.as_is),
            ("Product", "product_id", cells.by_name),
            ("Quantity", "quantity", cells.number),
            ("Unit Price", "unit_price", cells.money),
            ("Amount", "amount", cells.money),
            ("Currency", "currency", cells.as_is),
            ("Line Type", "kind", cells.title),
        ),
    ),
    Export(
        "opportunity_history.csv",
        "deal_events",
        (
            ("History ID", "source_id", cells.as_is),
            ("Opportunity ID", "deal_id", cells.as_is),
            ("Field", "field", cells.as_is),
            ("Old Value", "old", cells.history_value),
            ("New Value", "new", cells.history_value),
            ("Changed At", "at", cells.local_time),
            ("Changed By", "by_id", cells.by_name),
        ),
    ),
    Export(
        "stages.csv",
        "stages",
        (
            ("Stage ID", "source_id", cells.as_is),
            ("Pipeline", "pipeline_id", cells.by_name),
            ("Stage Name", "name", cells.as_is),
            ("Sort Order", "position", cells.as_is),
            ("Probability", "probability", cells.number),
            ("Outcome", "outcome", cells.title),
        ),
    ),
    Export(
        "activities.csv",
        "activities",
        (
            ("Activity ID", "source_id", cells.as_is),
            ("Type", "source_kind", cells.as_is),
            ("Subject", "subject", cells.as_is),
            ("Assigned To", "rep_id", cells.by_name),
            ("Account ID", "account_id", cells.as_is),
            ("Contact ID", "contact_id", cells.as_is),
            ("Opportunity ID", "deal_id", cells.as_is),
            ("Start Time", "started_at", cells.local_time),
            ("Booked On", "booked_on", cells.day),
            ("Duration Minutes", "duration_minutes", cells.number),
            ("Direction", "direction", cells.title),
            ("Channel", "channel", cells.as_is),
            ("Outcome", "outcome", cells.as_is),
            ("Completed", "done", cells.yes_no),
            ("Offer Accepted", "accepted", cells.yes_no),
            ("Entered On", "extra", cells.entered),
        ),
    ),
    Export(
        "tickets.csv",
        "tickets",
        (
            ("Ticket ID", "source_id", cells.as_is),
            ("Account ID", "account_id", cells.as_is),
            ("Assignee", "owner_id", cells.by_name),
            ("Subject", "subject", cells.as_is),
            ("Type", "kind", cells.title),
            ("Ticket Status", "status", cells.title),
            ("Priority", "priority", cells.as_is),
            ("Channel", "channel", cells.as_is),
            ("Product", "product_id", cells.by_name),
            ("Created At", "opened_at", cells.local_time),
            ("First Response At", "first_response_at", cells.local_time),
            ("Solved At", "solved_at", cells.local_time),
            ("Interactions", "interactions", cells.as_is),
            ("Follow Ups", "follow_ups", cells.as_is),
            ("Reopened", "reopened", cells.as_is),
        ),
    ),
    Export(
        "metrics.csv",
        "observations",
        (
            ("Series", "series", cells.as_is),
            ("Date", "on", cells.day),
            ("Value", "value", cells.number),
            ("Unit", "unit", cells.as_is),
            ("Grain", "grain", cells.as_is),
            ("Roll Up", "roll_up", cells.as_is),
            ("Currency", "currency", cells.as_is),
            ("Region", "region", cells.as_is),
        ),
    ),
    Export(
        "produk.csv",
        "products",
        (
            ("ID Produk", "source_id", cells.as_is),
            ("Kode Produk", "code", cells.as_is),
            ("Nama Produk", "name", cells.as_is),
            ("Kategori", "category", cells.as_is),
            ("Harga Jual", "list_price", cells.rupiah),
            ("HPP", "unit_cost", cells.rupiah),
            ("Aktif", "active", cells.aktif),
        ),
        ";",
    ),
    Export(
        "penjualan.csv",
        "orders",
        (
            ("No Faktur", "document", cells.as_is),
            ("Baris", "line", cells.as_is),
            ("Tanggal Faktur", "ordered_on", cells.day_first),
            ("Kode Pelanggan", "account_id", cells.as_is),
            ("Nama Sales", "owner_id", cells.by_name),
            ("Nama Produk", "product_id", cells.by_name),
            ("Deal ID", "deal_id", cells.as_is),
            ("Qty", "quantity", cells.decimal_comma),
            ("Harga Satuan", "unit_price", cells.rupiah),
            ("Total", "amount", cells.rupiah),
            ("PPN", "tax", cells.rupiah),
            ("HPP", "cost", cells.rupiah),
            ("Mata Uang", "currency", cells.as_is),
            ("Kanal", "channel", cells.as_is),
            ("Wilayah", "region", cells.as_is),
            ("Negara", "country", cells.as_is),
            ("Status Faktur", "source_status", cells.as_is),
            ("Jenis", "kind", cells.signed_kind),
            ("Tanggal Input", "extra", cells.entered),
        ),
        ";",
    ),
    Export(
        "pembayaran.csv",
        "payments",
        (
            ("No Bukti", "source_id", cells.as_is),
            ("No Faktur", "document", cells.as_is),
            ("Pelanggan", "account_id", cells.as_is),
            ("Jumlah Bayar", "amount", cells.rupiah),
            ("Mata Uang", "currency", cells.as_is),
            ("Jatuh Tempo", "due_on", cells.day_first),
            ("Tanggal Bayar", "paid_on", cells.day_first),
        ),
        ";",
    ),
    Export(
        "biaya.csv",
        "costs",
        (
            ("Jenis Biaya", "kind", cells.title),
            ("Keterangan", "name", cells.as_is),
            ("Tanggal", "spent_on", cells.day_first),
            ("Jumlah Biaya", "amount", cells.rupiah),
            ("Campaign", "campaign", cells.as_is),
            ("Channel", "channel", cells.as_is),
            ("Wilayah", "region", cells.as_is),
            ("Tim", "team_id", cells.by_name),
        ),
        ";",
    ),
    Export(
        "target.csv",
        "targets",
        (
            ("Indikator", "kpi", cells.as_is),
            ("Mulai", "from_on", cells.day),
            ("Sampai", "to_on", cells.day),
            ("Nama Sales", "rep_id", cells.by_name),
            ("Tim", "team_id", cells.by_name),
            ("Target", "value", cells.number),
            ("Mata Uang", "currency", cells.as_is),
        ),
        ";",
    ),
    Export(
        "survei.csv",
        "answers",
        (
            ("Response ID", "source_id", cells.as_is),
            ("Survei", "survey", cells.as_is),
            ("Survey Type", "kind", cells.as_is),
            ("Pertanyaan", "question", cells.as_is),
            ("Scale Min", "scale_min", cells.number),
            ("Scale Max", "scale_max", cells.number),
            ("Skor", "value", cells.number),
            ("Komentar", "comment", cells.as_is),
            ("Account ID", "account_id", cells.as_is),
            ("Nama Sales", "rep_id", cells.by_name),
            ("Tanggal", "answered_on", cells.day_first),
        ),
    ),
    Export(
        "kontrak_servis.csv",
        "subscriptions",
        (
            ("Contract ID", "source_id", cells.as_is),
            ("Customer ID", "account_id", cells.as_is),
            ("Account Manager", "owner_id", cells.by_name),
            ("Produk", "product_id", cells.by_name),
            ("Paket", "plan", cells.as_is),
            ("Biaya Bulanan", "amount", cells.rupiah),
            ("Mata Uang", "currency", cells.as_is),
            ("Contract Start", "started_on", cells.day),
            ("Contract End", "ended_on", cells.day),
            ("Trial Start", "trial_started_on", cells.day),
            ("Alasan", "end_reason", cells.as_is),
            ("Status", "status", cells.title),
        ),
    ),
    Export(
        "kurs.csv",
        "exchange_rates",
        (
            ("Tanggal", "on", cells.day),
            ("Mata Uang", "currency", cells.as_is),
            ("Ke", "into", cells.as_is),
            ("Kurs", "rate", cells.decimal_comma),
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
        columns = [write(company, table, column) for _, column, write in export.columns]
        path = folder / export.file
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=export.delimiter, lineterminator="\r\n")
            writer.writerow([heading for heading, *_ in export.columns])
            writer.writerows(zip(*columns, strict=True))
        written.append(path)
    return written

"""The Brazilian marketing funnel as other systems would export it: the same leads, the same conversions."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.disguise.conftest import Judge

import tolok

pytestmark = pytest.mark.data


@dataclass(frozen=True)
class Lead:
    """A lead, and the day on which it was won, if ever."""

    id: str
    created: date
    origin: str
    won: date | None
    rep: str


@pytest.fixture(scope="session")
def leads(data: Path) -> list[Lead]:
    """Every tenth lead of the funnel."""
    folder = data / "olist_funnel"
    with (folder / "olist_closed_deals_dataset.csv").open(encoding="utf-8") as file:
        won = {row["mql_id"]: row for row in csv.DictReader(file)}
    with (folder / "olist_marketing_qualified_leads_dataset.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[::10]
    return [
        Lead(
            row["mql_id"],
            date.fromisoformat(row["first_contact_date"]),
            row["origin"],
            date.fromisoformat(won[row["mql_id"]]["won_date"][:10]) if row["mql_id"] in won else None,
            won[row["mql_id"]]["sr_id"] if row["mql_id"] in won else "",
        )
        for row in rows
    ]


def judged(judge: Judge, leads: list[Lead]) -> None:
    workspace = tolok.open(judge.shop)
    assert workspace.ask("new_leads").value() == len(leads)
    by_month: dict[str, int] = {}
    for lead in leads:
        by_month[f"{lead.created:%Y-%m}"] = by_month.get(f"{lead.created:%Y-%m}", 0) + 1
    told = {r.period.label: r.value for r in workspace.ask("new_leads", grain="month").rows() if r.value}
    assert told == by_month
    origins: dict[str, int] = {}
    for lead in leads:
        if lead.origin:
            origins[lead.origin] = origins.get(lead.origin, 0) + 1
    shown = {r.members["lead_source"]: r.value for r in workspace.ask("new_leads", by="lead_source").rows()}
    assert {name: count for name, count in shown.items() if name in origins} == origins
    won = sum(lead.won is not None for lead in leads)
    assert judge.facts("SELECT count(*) FROM leads WHERE status = 'converted'") == [(won,)]
    assert judge.facts("SELECT count(converted_on) FROM leads") == [(won,)]


def test_salesforce_leads(judge: Judge, leads: list[Lead]) -> None:
    header = ["Id", "IsDeleted", "LastName", "Company", "LeadSource", "Status", "OwnerId", "IsConverted", "ConvertedDate",
              "CreatedDate"]  # fmt: skip
    rows = [
        [lead.id[:18], 0, lead.id[:6], lead.id[:8], lead.origin, "Closed - Converted" if lead.won else "Open - Not Contacted",
         "005bm00000NCJmQAAX", int(bool(lead.won)), f"{lead.won} 00:00:00" if lead.won else "", f"{lead.created} 10:11:12"]
        for lead in leads
    ]  # fmt: skip
    result = judge.take(judge.write("Lead.csv", header, rows), currency="BRL")
    assert result.files[0].table == "leads"
    judged(judge, leads)


def test_zoho_leads(judge: Judge, leads: list[Lead]) -> None:
    header = ["Record Id", "Lead Owner.id", "Lead Owner", "Company", "Full Name", "Lead Source", "Lead Status", "Created Time",
              "Converted Date Time"]  # fmt: skip
    rows = [
        [f"zcrm_{place:019d}", "zcrm_1", "Ann", f"Company {place}", f"Person {place}", lead.origin,
         "Converted" if lead.won else "Contacted", f"{lead.created} 08:00:00", f"{lead.won} 09:00:00" if lead.won else ""]
        for place, lead in enumerate(leads)
    ]  # fmt: skip
    result = judge.take(judge.write("Leads_001.csv", header, rows), currency="BRL")
    assert result.files[0].table == "leads"
    judged(judge, leads)


def test_a_portuguese_sheet_of_leads(judge: Judge, leads: list[Lead], book) -> None:
    header = [
        "ID do lead",
        "Nome",
        "Empresa",
        "Origem",
        "Situação",
        "Responsável",
        "Data de criação",
        "Data de conversão",
    ]
    rows = [
        [lead.id, f"Pessoa {place}", f"Loja {place}", lead.origin, "Convertido" if lead.won else "Em andamento", "Ana",
         lead.created, lead.won]
        for place, lead in enumerate(leads)
    ]  # fmt: skip
    result = judge.take(book("Leads 2018.xlsx", {"Leads": (header, rows)}), currency="BRL")
    assert result.files[0].table == "leads"
    judged(judge, leads)


def test_an_indonesian_list_of_enquiries(judge: Judge, leads: list[Lead]) -> None:
    header = [
        "ID Prospek",
        "Nama Prospek",
        "Perusahaan",
        "Sumber",
        "Status Prospek",
        "PIC",
        "Tgl Masuk",
        "Tanggal Konversi",
    ]
    rows = [
        [lead.id, f"Bapak {place}", f"Toko {place}", lead.origin, "Menjadi pelanggan" if lead.won else "Dihubungi", "Budi",
         f"{lead.created:%d/%m/%Y}", f"{lead.won:%d/%m/%Y}" if lead.won else ""]
        for place, lead in enumerate(leads)
    ]  # fmt: skip
    result = judge.take(judge.write("prospek.csv", header, rows, delimiter=";"), currency="IDR")
    assert result.files[0].table == "leads"
    judged(judge, leads)


def test_leads_without_a_status_have_one_by_their_dates(judge: Judge, leads: list[Lead]) -> None:
    header = [
        "Lead ID",
        "Company",
        "Lead Source",
        "Created Date",
        "Qualified Date",
        "Converted Date",
        "Disqualified Date",
    ]
    rows = [
        [lead.id, f"Company {place}", lead.origin, lead.created, lead.created if place % 3 == 0 else "", lead.won,
         lead.created if not lead.won and place % 5 == 1 else ""]
        for place, lead in enumerate(leads)
    ]  # fmt: skip
    judge.take(judge.write("leads.csv", header, rows), currency="BRL")
    judged(judge, leads)

"""The exports of every known system are recognised by their own headings, with and without rows."""

from __future__ import annotations

import csv
import json

import pytest

from tolok.model import FACTS
from tolok.sources import systems


def test_every_declared_table_names_columns_that_the_model_has():
    for table in systems.tables():
        fact = FACTS[table.fact]
        assert not fact.derived_from
        for heading, targets in table.columns.items():
            for to in targets:
                if to:
                    owner = FACTS["deals"] if to.startswith("new:") else fact
                    assert owner.column(to.removeprefix("new:")), (table.system, table.fact, heading, to)
        for name in (*table.by, *table.values, *table.constants):
            assert fact.column(name), (table.system, table.fact, name)


def test_every_declared_table_recognises_itself():
    for table in systems.tables():
        found = systems.match(
            list(table.columns) + list(table.all) + list(table.any[:1]), (table.names or ("x",))[0] + ".csv"
        )
        assert found, (table.system, table.fact)
        assert (found[0].system, found[0].fact) == (table.system, table.fact), (table.names, found[0].names)


PIPEDRIVE = """Deal - ID;Deal - Title;Deal - Creator;Deal - Owner;Deal - Value;Deal - Currency of Value;Deal - Probability;Deal - Organization;Deal - Organization ID;Deal - Pipeline;Deal - Stage;Deal - Status;Deal - Deal created;Deal - Won time;Deal - Lost time;Deal - Deal closed on;Deal - Lost reason;Deal - Expected close date
1;Roof;Ann;Ann;1000;EUR;50;ACME;7;Main;Proposal;Won;2026-01-05 10:00:00;2026-02-05 10:00:00;;2026-02-05 10:00:00;;2026-02-28
2;Door;Ann;Bob;500;USD;;Beta;8;Main;Demo;Open;2026-01-07 09:30:00;;;;;2026-03-31
3;Wall;Ann;Bob;700;EUR;;Gama;9;Partner;Demo;Lost;2026-01-09 09:30:00;;2026-01-20 08:00:00;2026-01-20 08:00:00;Price;2026-03-31"""

HUBSPOT = """Record ID;Deal Name;Deal Stage;Close Date;Deal owner;Amount;Pipeline;Associated Company IDs (Primary);Associated Company (Primary);Create Date;Deal Type
101;Roof;Closed Won;2026-02-05 10:00;Ann Lee;1000;Sales Pipeline;7001;ACME;2026-01-05 10:00;newbusiness
102;Door;Appointment Scheduled;2026-05-31 10:00;Bob Ray;500;Sales Pipeline;7002;Beta;2026-01-07 09:30;existingbusiness"""

HUBSPOT_ES = """ID de registro;Nombre del negocio;Etapa del negocio;Fecha de cierre;Propietario del negocio;Valor;Pipeline;Fecha de creación
101;Techo;Cierre ganado;2026-02-05 10:00;Ana;1000;Ventas;2026-01-05 10:00
102;Puerta;Cita programada;2026-05-31 10:00;Luis;500;Ventas;2026-01-07 09:30"""

ZOHO = """Record Id;Deal Owner.id;Deal Owner;Amount;Deal Name;Closing Date;Account Name.id;Account Name;Stage;Type;Probability (%);Lead Source;Created Time
zcrm_3652397000000649013;zcrm_1;Ann;1000;Roof;2026-02-05;zcrm_3652397000000649001;ACME;Closed Won;New Business;100;Web;2026-01-05 10:00:00
zcrm_3652397000000649014;zcrm_2;Bob;500;Door;2026-05-31;zcrm_3652397000000649002;Beta;Qualification;Existing Business;10;Fair;2026-01-07 09:30:00"""

DYNAMICS = """(Do Not Modify) Opportunity;(Do Not Modify) Row Checksum;(Do Not Modify) Modified On;Topic;Potential Customer;Owner;Status;Est. revenue;Est. close date;Actual Close Date;Sales Stage;Created On
{6F9619FF-8B86-D011-B42D-00C04FC964FF};x;46000.5;Roof;ACME;Ann;Won;$1,000.00 ;1/31/2026;2/5/2026;Close;1/5/2026
{6F9619FF-8B86-D011-B42D-00C04FC964FE};y;46001.5;Door;Beta;Bob;Open;$500.00 ;5/31/2026;;Propose;1/17/2026"""

ODOO = """id;name;type;stage_id;user_id;partner_id;expected_revenue;probability;create_date;date_closed;date_deadline;active
1;Roof;opportunity;Won;Ann;ACME;1000.0;100.0;2026-01-05 10:00:00;2026-02-05 10:00:00;2026-02-28;True
2;Door;opportunity;New;Bob;Beta;500.0;0.0;2026-01-07 09:30:00;2026-02-01 09:30:00;2026-03-31;False
3;Wall;lead;New;Bob;Gama;0.0;10.0;2026-01-08 09:30:00;;;True"""

ESPO = """id;name;stage;amount;amountCurrency;closeDate;assignedUserName;assignedUserId;accountName;accountId;leadSource;createdAt
a1b2c3d4e5f6a7b8c;Roof;Closed Won;1000;USD;2026-02-05;Ann;u1b2c3d4e5f6a7b8c;ACME;x1b2c3d4e5f6a7b8c;Web;2026-01-05 10:00:00
a1b2c3d4e5f6a7b8d;Door;Prospecting;500;EUR;2026-05-31;Bob;u1b2c3d4e5f6a7b8d;Beta;x1b2c3d4e5f6a7b8d;Call;2026-01-07 09:30:00"""

SALESFORCE_BACKUP = """Id;IsDeleted;AccountId;Name;StageName;StageSortOrder;Amount;Probability;CloseDate;IsClosed;IsWon;OwnerId;CurrencyIsoCode;CampaignId;CreatedDate
006bm00000LKJNNAA5;0;001bm00001ZL8UCAA1;Roof;Gewonnen;9;1000;100;2026-02-05 00:00:00;1;1;005bm00000NCJmQAAX;EUR;000000000000000AAA;2026-01-05 10:11:12
006bm00000LKJNOAA5;0;001bm00001ZL8UEAA1;Door;Abschluss;10;500;0;2026-05-31 00:00:00;1;0;005bm00000NCJmQAAX;EUR;000000000000000AAA;2026-01-07 09:30:00
006bm00000LKJNPAA5;1;001bm00001ZL8UEAA1;Gate;Analyse;2;500;20;2026-05-31 00:00:00;0;0;005bm00000NCJmQAAX;EUR;000000000000000AAA;2026-01-07 09:30:00"""

SALESFORCE_REPORT = """Opportunity Owner;Account Name;Opportunity Name;Stage;Forecast Category;Total Amount Currency;Total Amount;Fiscal Period;Close Date;Type
Ann;ACME;Roof;Closed Won;Closed;USD;1000;Q1-2026;2/25/2026;New Business
Bob;Beta;Door;Proposal;Pipeline;USD;500;Q2-2026;5/31/2026;Existing Business"""

EXPORTS = {
    "pipedrive": (PIPEDRIVE, "deals-1.csv", "pipedrive", {
        "source_id": "Deal - ID", "account_id": "Deal - Organization ID", "owner_id": "Deal - Owner",
        "status": "Deal - Status", "stage_id": "Deal - Stage", "pipeline_id": "Deal - Pipeline",
        "amount": "Deal - Value", "currency": "Deal - Currency of Value", "created_at": "Deal - Deal created",
        "closed_on": "Deal - Deal closed on", "expected_close_on": "Deal - Expected close date"}),
    "hubspot": (HUBSPOT, "hubspot-crm-exports-all-deals-2026-03-01-1.csv", "hubspot", {
        "source_id": "Record ID", "account_id": "Associated Company IDs (Primary)", "owner_id": "Deal owner",
        "stage_id": "Deal Stage", "amount": "Amount", "closed_on": "Close Date", "expected_close_on": "Close Date",
        "created_at": "Create Date", "type": "Deal Type"}),
    "hubspot in Spanish": (HUBSPOT_ES, "hubspot-crm-exports-all-deals.csv", "hubspot", {
        "source_id": "ID de registro", "owner_id": "Propietario del negocio", "stage_id": "Etapa del negocio",
        "amount": "Valor", "closed_on": "Fecha de cierre", "created_on": "Fecha de creación"}),
    "zoho": (ZOHO, "Deals_001.csv", "zoho", {
        "source_id": "Record Id", "account_id": "Account Name.id", "owner_id": "Deal Owner.id", "stage_id": "Stage",
        "closed_on": "Closing Date", "type": "Type", "probability": "Probability (%)"}),
    "dynamics": (DYNAMICS, "My Open Opportunities.xlsx", "dynamics", {
        "source_id": "(Do Not Modify) Opportunity", "name": "Topic", "account_id": "Potential Customer",
        "status": "Status", "amount": "Est. revenue", "expected_close_on": "Est. close date",
        "closed_on": "Actual Close Date", "stage_id": "Sales Stage"}),
    "odoo": (ODOO, "Lead_Opportunity (crm.lead).xlsx", "odoo", {
        "source_id": "id", "account_id": "partner_id", "owner_id": "user_id", "stage_id": "stage_id",
        "amount": "expected_revenue", "status": "active", "closed_on": "date_closed",
        "expected_close_on": "date_deadline"}),
    "espocrm": (ESPO, "Opportunity.csv", "espocrm", {
        "source_id": "id", "account_id": "accountId", "owner_id": "assignedUserId", "stage_id": "stage",
        "currency": "amountCurrency", "closed_on": "closeDate", "expected_close_on": "closeDate"}),
    "salesforce backup": (SALESFORCE_BACKUP, "Opportunity.csv", "salesforce", {
        "source_id": "Id", "account_id": "AccountId", "owner_id": "OwnerId", "stage_id": "StageName",
        "closed_on": "CloseDate", "expected_close_on": "CloseDate", "created_at": "CreatedDate",
        "currency": "CurrencyIsoCode"}),
    "salesforce report": (SALESFORCE_REPORT, "report1700000000000.csv", "salesforce", {
        "name": "Opportunity Name", "account_id": "Account Name", "owner_id": "Opportunity Owner",
        "stage_id": "Stage", "amount": "Total Amount", "currency": "Total Amount Currency", "closed_on": "Close Date",
        "type": "Type"}),
}  # fmt: skip


def laid(desk, name: str):
    text, file, _, _ = EXPORTS[name]
    headers, *rows = [line.split(";") for line in text.splitlines()]
    return desk.propose(desk.table(headers, rows, file), timezone="UTC", currency="USD")


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised(name: str, desk):
    _, _, system, expected = EXPORTS[name]
    mapping = laid(desk, name).mapping.tables[0]
    assert (mapping.system, mapping.fact) == (system, "deals")
    found = {c.to: c.header for c in mapping.columns if c.to not in ("", "-")}
    assert expected.items() <= found.items(), found


def test_ids_beside_names_refer_and_the_names_are_carried(desk):
    for name, account, named in (
        ("espocrm", "accountId", "accountName"),
        ("zoho", "Account Name.id", "Account Name"),
        ("pipedrive", "Deal - Organization ID", "Deal - Organization"),
        ("hubspot", "Associated Company IDs (Primary)", "Associated Company (Primary)"),
    ):
        tables = {m.fact: m for m in laid(desk, name).mapping.tables}
        assert tables["deals"].column("account_id").by == "id", name
        carried = tables["accounts"]
        assert carried.carried
        assert (carried.column("source_id").header, carried.column("name").header) == (account, named)
    tables = {m.fact: m for m in laid(desk, "espocrm").mapping.tables}
    assert tables["reps"].column("name").header == "assignedUserName"


def test_the_backup_of_salesforce_has_dates_without_a_time_and_leaves_deleted_rows_out(desk):
    proposal = laid(desk, "salesforce backup")
    mapping = proposal.mapping.tables[0]
    assert mapping.filter == {"IsDeleted": ("0", "false")}
    assert mapping.column("closed_on").format == "iso"
    assert mapping.column("closed_at") is None
    outcomes = {s.name: s.outcome for s in proposal.mapping.stages}
    assert outcomes == {"Gewonnen": "won", "Abschluss": "lost", "Analyse": "open"}


def test_lost_in_odoo_is_what_is_not_active_and_leads_are_told_by_their_type(desk):
    proposal = laid(desk, "odoo")
    facts = {m.fact: m for m in proposal.mapping.tables if not m.carried}
    assert facts["deals"].filter == {"type": ("opportunity",)}
    assert facts["leads"].filter == {"type": ("lead",)}
    values = {key.casefold(): value for key, value in facts["deals"].column("status").values.items()}
    assert values["false"] == "lost"
    assert values["true"] == ""


def test_pipedrive_says_won_and_lost_beside_the_stage(desk):
    stages = laid(desk, "pipedrive").mapping.stages
    assert {(s.pipeline, s.name, s.outcome) for s in stages} == {
        ("Main", "Proposal", "open"),
        ("Main", "Demo", "open"),
        ("Partner", "Demo", "open"),
    }


EXPECTED = {
    "Account.csv": "accounts", "Campaign.csv": "costs", "Case.csv": "tickets", "Contact.csv": "contacts",
    "Event.csv": "activities", "Lead.csv": "leads", "Opportunity.csv": "deals", "OpportunityHistory.csv": "deal_events",
    "Task.csv": "activities", "User.csv": "reps",
}  # fmt: skip


@pytest.mark.data
def test_the_weekly_backup_of_salesforce_by_headings_alone(data):
    headings = json.loads((data / "crm_export_headers" / "salesforce_data_export_headers.json").read_text())
    for file, row in headings.items():
        found = systems.match(row, file)
        if file in EXPECTED:
            assert found, file
            assert (found[0].system, found[0].fact) == ("salesforce", EXPECTED[file]), file
            assert not systems.why_ignored(row), file
        else:
            assert systems.why_ignored(row) or not found, (file, found)


@pytest.mark.data
def test_the_header_rows_of_real_exports_are_deals_of_their_system(data):
    with (data / "crm_export_headers" / "crm_export_headers.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    seen = set()
    for row in rows:
        headings = json.loads(row["headers_json"])
        if headings[0].startswith("see "):
            continue
        found = systems.match(headings, "export.csv")
        assert found, (row["system"], row["export"])
        assert row["system"].split()[0].casefold() == found[0].system, (row["system"], found[0])
        seen.add(row["system"])
        wanted = "leads" if "Spanish" in row["system"] else "deals"
        assert wanted in {table.fact for table in found}, (row["system"], found)
    assert len(seen) == 7

"""The same deals as each CRM exports them: its headings, ids, dates, words. The same truth comes out."""

from __future__ import annotations

import csv
import hashlib
from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal

pytestmark = pytest.mark.data


def us(day: date | None) -> str:
    return f"{day.month}/{day.day}/{day.year}" if day else ""


def expected(deal: Deal) -> date:
    """An open deal is expected to close some time after the data ends; a closed one closed."""
    return deal.closed or (deal.created or date(2017, 10, 1)) + timedelta(days=120)


def number(text: str, digits: int) -> int:
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % 10**digits + 10 ** (digits - 1)


def salesforce_id(prefix: str, text: str) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz0123456789"
    found, rest = "", int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16)
    for _ in range(12):
        rest, place = divmod(rest, len(letters))
        found += letters[place]
    return prefix + found


def test_hubspot_labels(judge: Judge) -> None:
    stages = {
        "Prospecting": "Appointment Scheduled",
        "Engaging": "Qualified To Buy",
        "Won": "Closed Won",
        "Lost": "Closed Lost",
    }
    header = ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Deal owner", "Amount", "Pipeline", "Associated Company",
              "Associated Company IDs (Primary)", "Create Date", "Deal Type", "Associated Product"]  # fmt: skip
    rows = [
        [number(d.id, 11), f"{d.product} {d.id}", stages[d.stage], f"{expected(d)} 13:05", d.rep, d.amount, "Sales Pipeline",
         d.account, number(d.account, 10) if d.account else "", f"{d.created} 09:30" if d.created else "", "newbusiness",
         d.product]
        for d in judge.rows
    ]  # fmt: skip
    path = judge.write("hubspot-crm-exports-all-deals-2018-01-05-1.csv", header, rows, quoting=csv.QUOTE_ALL)
    result = judge.same(path)
    assert {file.recognised_as for file in result.files} == {"hubspot"}


def test_hubspot_api_names(judge: Judge) -> None:
    stages = {
        "Prospecting": "appointmentscheduled",
        "Engaging": "qualifiedtobuy",
        "Won": "closedwon",
        "Lost": "closedlost",
    }
    header = ["hs_object_id", "dealname", "dealstage", "closedate", "hubspot_owner_id", "amount", "pipeline", "createdate",
              "hs_is_closed", "hs_is_closed_won"]  # fmt: skip
    owners = {rep: str(number(rep, 8)) for rep in sorted({d.rep for d in judge.rows})}
    rows = [
        [number(d.id, 11), d.id, stages[d.stage], f"{expected(d)}T13:05:00.000Z", owners[d.rep], d.amount, "default",
         f"{d.created}T09:30:00.123Z" if d.created else "", str(d.status != "open").lower(), str(d.status == "won").lower()]
        for d in judge.rows
    ]  # fmt: skip
    people = judge.write(
        "owners.csv",
        ["id", "email", "firstName", "lastName", "userId", "archived"],
        [[key, f"{key}@x.example", *rep.split(" ", 1), number(key, 7), "false"] for rep, key in owners.items()],
    )
    judge.same(judge.write("deals.csv", header, rows), people)


def test_pipedrive(judge: Judge) -> None:
    header = ["Deal - ID", "Deal - Title", "Deal - Creator", "Deal - Owner", "Deal - Value", "Deal - Currency of Value",
              "Deal - Weighted value", "Deal - Currency of Weighted value", "Deal - Probability", "Deal - Organization",
              "Deal - Organization ID", "Deal - Pipeline", "Deal - Stage", "Deal - Label", "Deal - Status",
              "Deal - Deal created", "Deal - Update time", "Deal - Won time", "Deal - Lost time", "Deal - Deal closed on",
              "Deal - Expected close date", "Deal - Product name"]  # fmt: skip
    where = ["Qualified", "Contact Made", "Demo Scheduled", "Proposal Made", "Negotiations Started"]
    rows = []
    for place, d in enumerate(judge.rows):
        closed = f"{d.closed} 11:10:09" if d.closed else ""
        rows.append(
            [place + 1, f"{d.account} deal", "Admin", d.rep, d.amount or 0, "USD", d.amount or 0, "USD", "", d.account,
             number(d.account, 4) if d.account else "", "Pipeline", where[place % 5], "", d.status.capitalize(),
             f"{d.created} 08:00:00" if d.created else "", "2018-01-02 10:00:00", closed if d.status == "won" else "",
             closed if d.status == "lost" else "", closed, expected(d), d.product]
        )  # fmt: skip
    judge.same(judge.write("deals-1234567-89.csv", header, rows))


def test_pipedrive_as_its_api_writes_it(judge: Judge) -> None:
    header = ["id", "title", "value", "currency", "status", "stage_id", "pipeline_id", "owner_id", "org_id", "add_time",
              "update_time", "won_time", "lost_time", "close_time", "expected_close_date"]  # fmt: skip
    owners = {rep: number(rep, 6) for rep in sorted({d.rep for d in judge.rows})}
    rows = []
    for place, d in enumerate(judge.rows):
        closed = f"{d.closed}T11:10:09Z" if d.closed else ""
        rows.append(
            [place + 1, f"Deal {d.id}", d.amount or 0, "USD", d.status, place % 5 + 1, 1, owners[d.rep],
             number(d.account, 4) if d.account else "", f"{d.created}T08:00:00Z" if d.created else "",
             "2018-01-02T10:00:00Z", closed if d.status == "won" else "", closed if d.status == "lost" else "", closed,
             expected(d)]
        )  # fmt: skip
    users = judge.write(
        "users.csv", ["id", "name", "email", "active_flag"], [[key, rep, "", "true"] for rep, key in owners.items()]
    )
    judge.same(judge.write("deals.csv", header, rows), users)


def test_zoho(judge: Judge) -> None:
    stages = {
        "Prospecting": "Qualification",
        "Engaging": "Negotiation/Review",
        "Won": "Closed Won",
        "Lost": "Closed Lost",
    }
    header = ["Record Id", "Deal Owner.id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Account Name.id",
              "Account Name", "Stage", "Type", "Probability (%)", "Expected Revenue", "Lead Source", "Created Time",
              "Modified Time"]  # fmt: skip
    chance = {"Prospecting": 10, "Engaging": 90, "Won": 100, "Lost": 0}
    rows = [
        [f"zcrm_{number(d.id, 19)}", f"zcrm_{number(d.rep, 19)}", d.rep, d.amount, d.id, expected(d),
         f"zcrm_{number(d.account, 19)}" if d.account else "", d.account, stages[d.stage], "New Business", chance[d.stage],
         d.amount, "Cold Call", f"{d.created} 10:00:00" if d.created else "", "2018-01-02 10:00:00"]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("Deals_001.csv", header, rows))


def test_dynamics_excel_with_guids_and_serials(judge: Judge, book) -> None:
    def guid(text: str) -> str:
        digits = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    header = ["(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic",
              "Potential Customer", "Owner", "Status", "Status Reason", "Est. revenue", "Est. close date", "Actual Revenue",
              "Actual Close Date", "Sales Stage", "Created On"]  # fmt: skip
    phase = {"Prospecting": "Qualify", "Engaging": "Develop", "Won": "Close", "Lost": "Close"}
    reason = {"open": "In Progress", "won": "Won", "lost": "Canceled"}
    rows = [
        [guid(d.id), "x==", date(2018, 1, 2), d.id, d.account, d.rep, d.status.capitalize(), reason[d.status],
         d.amount if d.amount is not None else 100, expected(d), d.amount if d.status == "won" else None, d.closed,
         phase[d.stage], d.created]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(book("All Opportunities.xlsx", {"All Opportunities": (header, rows)}))


def test_dynamics_csv_of_a_view(judge: Judge) -> None:
    header = ["Created On", "Topic", "Owner", "Potential Customer", "Status", "Status Reason", "Est. revenue",
              "Est. close date", "Actual Revenue", "Actual Close Date", "Probability", "Sales Stage"]  # fmt: skip
    reason = {"open": "In Progress", "won": "Won", "lost": "Out-Sold"}
    rows = [
        [us(d.created), d.id, d.rep, d.account, d.status.capitalize(), reason[d.status],
         f"${d.amount or 0:,.2f} ", us(expected(d)), f"${d.amount:,.2f} " if d.status == "won" else "", us(d.closed), 50,
         "3-Propose"]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("opportunity table.csv", header, rows, encoding="utf-8-sig"))


def test_odoo_technical_names(judge: Judge) -> None:
    header = ["id", "name", "type", "stage_id", "user_id", "partner_id", "expected_revenue", "probability", "create_date",
              "date_closed", "date_deadline", "active"]  # fmt: skip
    stage = {"Prospecting": "New", "Engaging": "Proposition", "Won": "Won", "Lost": "Proposition"}
    rows = [
        [place + 1, d.id, "opportunity", stage[d.stage], d.rep, d.account, float(d.amount or 0),
         {"won": 100.0, "lost": 0.0}.get(d.status, 40.0), f"{d.created} 09:30:00" if d.created else "",
         f"{d.closed} 12:00:00" if d.closed else "", expected(d), str(d.status != "lost")]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("crm.lead.csv", header, rows))


def test_odoo_labels(judge: Judge, book) -> None:
    header = ["External ID", "Opportunity", "Type", "Stage", "Salesperson", "Customer", "Expected Revenue", "Probability",
              "Created on", "Closed Date", "Expected Closing", "Active"]  # fmt: skip
    stage = {"Prospecting": "New", "Engaging": "Proposition", "Won": "Won", "Lost": "Proposition"}
    rows = [
        [f"__export__.crm_lead_{place + 1}_{d.id.lower()}", d.id, "Opportunity", stage[d.stage], d.rep, d.account,
         float(d.amount or 0), {"won": 100.0, "lost": 0.0}.get(d.status, 40.0), d.created, d.closed, expected(d),
         d.status != "lost"]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(book("Lead_Opportunity (crm.lead).xlsx", {"Sheet1": (header, rows)}))


def test_espocrm(judge: Judge) -> None:
    header = ["id", "name", "stage", "amount", "amountCurrency", "probability", "closeDate", "assignedUserId",
              "assignedUserName", "accountId", "accountName", "leadSource", "createdAt"]  # fmt: skip
    stage = {"Prospecting": "Prospecting", "Engaging": "Negotiation", "Won": "Closed Won", "Lost": "Closed Lost"}

    def key(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:17] if text else ""

    rows = [
        [key(d.id), d.id, stage[d.stage], d.amount, "USD", "", expected(d), key(d.rep), d.rep, key(d.account), d.account,
         "Call", f"{d.created} 09:00:00" if d.created else ""]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(judge.write("Opportunity.csv", header, rows, delimiter=";"))


@pytest.mark.parametrize("localised", [False, True])
def test_salesforce_weekly_backup(judge: Judge, localised: bool) -> None:
    english = {
        "Prospecting": "Prospecting",
        "Engaging": "Negotiation/Review",
        "Won": "Closed Won",
        "Lost": "Closed Lost",
    }
    german = {"Prospecting": "Sondierung", "Engaging": "Besprechung", "Won": "Auftrag", "Lost": "Absage"}
    stage = german if localised else english
    owners = {rep: salesforce_id("005", rep) for rep in sorted({d.rep for d in judge.rows})}
    header = ["Id", "IsDeleted", "AccountId", "Name", "StageName", "StageSortOrder", "Amount", "Probability", "CloseDate",
              "IsClosed", "IsWon", "OwnerId", "CurrencyIsoCode", "CreatedDate"]  # fmt: skip
    order = {"Prospecting": 1, "Engaging": 2, "Won": 3, "Lost": 4}
    rows = [
        [salesforce_id("006", d.id), 0, salesforce_id("001", d.account) if d.account else "000000000000000AAA", d.id,
         stage[d.stage], order[d.stage], "" if d.amount is None else f"{d.amount}.0", "", f"{expected(d)} 00:00:00",
         int(d.status != "open"), int(d.status == "won"), owners[d.rep], "USD", f"{d.created} 09:10:11" if d.created else ""]
        for d in judge.rows
    ]  # fmt: skip
    rows.append([salesforce_id("006", "gone"), 1, "", "gone", stage["Won"], 3, "999999", "", "2017-05-05 00:00:00", 1, 1,
                 next(iter(owners.values())), "USD", "2017-01-01 00:00:01"])  # fmt: skip
    users = [[key, rep, "u@x.example", 1, key, ""] for rep, key in owners.items()]
    judge.write(
        "User.csv", ["Id", "Name", "Username", "IsActive", "ProfileId", "ManagerId"], users, quoting=csv.QUOTE_ALL
    )
    judge.write("Opportunity.csv", header, rows, quoting=csv.QUOTE_ALL, encoding="latin-1")
    judge.same(judge.folder / "given")


def test_salesforce_report_with_a_footer_and_us_dates(judge: Judge) -> None:
    header = ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Amount Currency", "Amount",
              "Probability (%)", "Fiscal Period", "Close Date", "Created Date", "Type"]  # fmt: skip
    stage = {"Prospecting": "Prospecting", "Engaging": "Negotiation", "Won": "Closed Won", "Lost": "Closed Lost"}
    rows: list[list[object]] = [
        [d.rep, d.account, d.id, stage[d.stage], "USD", d.amount, "", "Q1-2017", us(expected(d)), us(d.created), ""]
        for d in judge.rows
    ]
    path = judge.write("report1700000000000.csv", header, rows, quoting=csv.QUOTE_ALL, line_end="\n")
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '"Grand Totals (440 records)"\n\n"Copyright (c) 2000-2018, all rights reserved."\n"Generated By: Ann"\n'
        )
    judge.same(path)

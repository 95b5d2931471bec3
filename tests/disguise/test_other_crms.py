"""Deals as systems export them that have no page of their own: told by their words and values alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal

pytestmark = pytest.mark.data


def expected(deal: Deal) -> date:
    return deal.closed or (deal.created or date(2017, 10, 1)) + timedelta(days=120)


STAGES = {"Prospecting": "Prospecting", "Engaging": "Negotiation/Review", "Won": "Closed Won", "Lost": "Closed Lost"}


def test_a_table_of_suitecrm_without_what_was_deleted(judge: Judge) -> None:
    header = ["id", "name", "date_entered", "date_modified", "deleted", "assigned_user_id", "opportunity_type", "lead_source",
              "amount", "currency_id", "date_closed", "sales_stage", "probability"]  # fmt: skip
    reps = {rep: f"seed_{place}_id" for place, rep in enumerate(sorted({d.rep for d in judge.rows}))}
    rows = [
        [f"{place:08x}-1f1c-5b0d-8ad4-60e1a3b2c3d4", d.id, f"{d.created} 10:11:12" if d.created else "", "2018-01-02 10:11:12", 0,
         reps[d.rep], "New Business", "Cold Call", d.amount, "-99", expected(d), STAGES[d.stage], 50]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    rows.append(
        ["x", "gone", "2017-01-01 00:00:00", "", 1, "seed_1_id", "", "", 99999, "-99", "2017-05-05", "Closed Won", 100]
    )
    users = [[key, rep.split(" ")[0], rep.split(" ", 1)[1], "Active", 0] for rep, key in reps.items()]
    judge.write("users.csv", ["id", "first_name", "last_name", "status", "deleted"], users)
    judge.write("opportunities.csv", header, rows)
    judge.same(judge.folder / "given")


def test_freshsales(judge: Judge) -> None:
    header = ["Deal id", "Deal name", "Deal value", "Deal stage", "Deal pipeline", "Sales owner", "Account name",
              "Expected close date", "Closed date", "Created at", "Currency"]  # fmt: skip
    names = {"Prospecting": "New", "Engaging": "Negotiation", "Won": "Won", "Lost": "Lost"}
    rows = [
        [place, d.id, d.amount, names[d.stage], "Default Pipeline", d.rep, d.account, expected(d), d.closed,
         f"{d.created} 10:00" if d.created else "", "USD"]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("deals.csv", header, rows))


def test_bitrix24_with_american_moments(judge: Judge) -> None:
    header = ["ID", "Pipeline", "Stage", "Deal Name", "Currency", "Amount", "Company", "Estimated close date", "Closed",
              "Responsible person", "Created on"]  # fmt: skip
    names = {"Prospecting": "New", "Engaging": "Prepare documents", "Won": "Deal won", "Lost": "Deal lost"}
    rows = [
        [place, "General", names[d.stage], d.id, "USD", d.amount, d.account, f"{expected(d):%m/%d/%Y}",
         "Yes" if d.closed else "No", d.rep, f"{d.created:%m/%d/%Y} 10:00:00 am" if d.created else ""]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("DEAL_20180105.csv", header, rows, delimiter=";"))


def test_close(judge: Judge) -> None:
    header = ["id", "lead_name", "user_name", "status_label", "status_type", "pipeline_name", "value", "value_currency",
              "date_created", "date_won", "date_lost"]  # fmt: skip
    rows = [
        [f"oppo_{place}", d.account, d.rep, {"won": "Won", "lost": "Lost"}.get(d.status, "Active"),
         {"won": "won", "lost": "lost"}.get(d.status, "active"), "Sales", d.amount, "USD",
         f"{d.created}T10:00:00+00:00" if d.created else "", d.closed if d.status == "won" else "",
         d.closed if d.status == "lost" else ""]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("opportunities.csv", header, rows))


def test_capsule(judge: Judge) -> None:
    header = [
        "Name",
        "Party",
        "Milestone",
        "Value",
        "Currency",
        "Probability",
        "Expected Close",
        "Closed On",
        "Owner",
        "Created",
    ]
    names = {"Prospecting": "New", "Engaging": "Bid", "Won": "Won", "Lost": "Lost"}
    rows = [
        [d.id, d.account, names[d.stage], d.amount, "USD", 50, expected(d), d.closed, d.rep, d.created]
        for d in judge.rows
    ]
    judge.same(judge.write("opportunities.csv", header, rows))


def test_zendesk_sell(judge: Judge) -> None:
    header = ["id", "name", "value", "currency", "stage_name", "stage_category", "owner_name", "contact_name",
              "estimated_close_date", "added_at"]  # fmt: skip
    names = {"Prospecting": "Incoming", "Engaging": "Quote", "Won": "Won", "Lost": "Lost"}
    kinds = {"Prospecting": "incoming", "Engaging": "in_progress", "Won": "won", "Lost": "lost"}
    rows = [
        [place, d.id, d.amount, "USD", names[d.stage], kinds[d.stage], d.rep, d.account, expected(d),
         f"{d.created}T10:00:00Z" if d.created else ""]
        for place, d in enumerate(judge.rows)
    ]  # fmt: skip
    judge.same(judge.write("deals.csv", header, rows))


def test_a_board_of_monday(judge: Judge, book) -> None:
    header = ["Name", "Owner", "Stage", "Deal Value", "Close Probability", "Expected Close Date", "Deal creation date",
              "Close Date", "Accounts"]  # fmt: skip
    rows = [
        [d.id, d.rep, {"Prospecting": "New", "Engaging": "Discovery"}.get(d.stage, d.stage), d.amount, 0.5, expected(d),
         d.created, d.closed, d.account]
        for d in judge.rows
    ]  # fmt: skip
    judge.same(book("Deals.xlsx", {"Deals": (header, rows)}))

"""The same deals as the answers of CRMs' own interfaces, saved as JSON: nested properties, references as objects or pairs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.disguise.conftest import Judge
from tests.disguise.maven import Deal

pytestmark = pytest.mark.data


def expected(deal: Deal) -> date:
    return deal.closed or (deal.created or date(2017, 10, 1)) + timedelta(days=120)


def key(name: str) -> int:
    """A number of its own for each name."""
    return int.from_bytes(name.encode()[-4:], "big")


def saved(judge: Judge, name: str, content: object) -> Path:
    path = judge.folder / "given" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    return path


def test_hubspot(judge: Judge) -> None:
    stages = {
        "Prospecting": "appointmentscheduled",
        "Engaging": "qualifiedtobuy",
        "Won": "closedwon",
        "Lost": "closedlost",
    }
    owners = {rep: str(70_000 + place) for place, rep in enumerate(sorted({d.rep for d in judge.rows}))}
    saved(judge, "deals.json", {"results": [
        {"id": str(9_000_000 + place), "properties": {
            "dealname": d.id, "amount": None if d.amount is None else str(d.amount), "dealstage": stages[d.stage],
            "pipeline": "default", "closedate": f"{expected(d)}T12:00:00Z",
            "createdate": f"{d.created}T09:00:00.123Z" if d.created else None, "hubspot_owner_id": owners[d.rep],
            "hs_is_closed": str(d.closed is not None).lower(), "hs_is_closed_won": str(d.status == "won").lower(),
            "hs_object_id": str(9_000_000 + place)},
         "createdAt": "2018-01-01T00:00:00Z", "updatedAt": "2018-01-01T00:00:00Z", "archived": False}
        for place, d in enumerate(judge.rows)], "paging": {"next": {"after": "1"}}})  # fmt: skip
    saved(judge, "owners.json", {"results": [
        {"id": key, "email": f"o{key}@x.example", "firstName": rep.split(" ")[0], "lastName": rep.split(" ", 1)[1], "userId": 1,
         "archived": False} for rep, key in owners.items()]})  # fmt: skip
    judge.same(judge.folder / "given")


def test_salesforce_query(judge: Judge) -> None:
    stages = {
        "Prospecting": "Prospecting",
        "Engaging": "Negotiation/Review",
        "Won": "Closed Won",
        "Lost": "Closed Lost",
    }
    path = saved(judge, "Opportunity.json", {"totalSize": len(judge.rows), "done": True, "records": [
        {"attributes": {"type": "Opportunity", "url": "/services/data"}, "Id": f"006bm{place:010d}AAA", "Name": d.id,
         "StageName": stages[d.stage], "Amount": d.amount, "CloseDate": expected(d),
         "CreatedDate": f"{d.created}T09:00:00.000+0000" if d.created else None, "IsClosed": d.closed is not None,
         "IsWon": d.status == "won", "Owner": {"attributes": {"type": "User"}, "Name": d.rep},
         "Account": {"attributes": {"type": "Account"}, "Name": d.account} if d.account else None}
        for place, d in enumerate(judge.rows)]})  # fmt: skip
    judge.same(path)


def test_pipedrive(judge: Judge) -> None:
    path = saved(judge, "deals.json", {"success": True, "data": [
        {"id": place + 1, "title": d.id, "value": d.amount or 0, "currency": "USD", "status": d.status, "stage_id": place % 5 + 1,
         "pipeline_id": 1, "user_id": {"id": key(d.rep), "name": d.rep, "email": "x@x.example", "value": key(d.rep)},
         "org_id": {"name": d.account, "value": place} if d.account else None,
         "add_time": f"{d.created} 09:00:00" if d.created else None, "close_time": f"{d.closed} 10:00:00" if d.closed else None,
         "won_time": f"{d.closed} 10:00:00" if d.status == "won" else None,
         "lost_time": f"{d.closed} 10:00:00" if d.status == "lost" else None, "expected_close_date": expected(d)}
        for place, d in enumerate(judge.rows)]})  # fmt: skip
    judge.same(path)


def test_odoo(judge: Judge) -> None:
    stages = {"Prospecting": [1, "New"], "Engaging": [3, "Proposition"], "Won": [4, "Won"], "Lost": [3, "Proposition"]}
    path = saved(judge, "crm.lead.json", {"jsonrpc": "2.0", "id": 1, "result": [
        {"id": place + 1, "name": d.id, "type": "opportunity",
         "user_id": [key(d.rep), d.rep],
         "partner_id": [place, d.account] if d.account else False, "stage_id": stages[d.stage],
         "expected_revenue": float(d.amount or 0), "probability": {"won": 100, "lost": 0}.get(d.status, 40),
         "create_date": f"{d.created} 09:00:00" if d.created else False,
         "date_closed": f"{d.closed} 10:00:00" if d.closed else False,
         "date_deadline": str(expected(d)), "active": d.status != "lost"}
        for place, d in enumerate(judge.rows)]})  # fmt: skip
    judge.same(path)


def test_espocrm(judge: Judge) -> None:
    stages = {"Prospecting": "Prospecting", "Engaging": "Negotiation", "Won": "Closed Won", "Lost": "Closed Lost"}
    path = saved(judge, "Opportunity.json", {"total": len(judge.rows), "list": [
        {"id": f"{place:017x}", "name": d.id, "deleted": False, "amount": d.amount, "amountCurrency": "USD",
         "stage": stages[d.stage],
         "closeDate": expected(d), "assignedUserId": f"{key(d.rep):017x}", "assignedUserName": d.rep,
         "accountId": f"{place:017x}" if d.account else None, "accountName": d.account or None,
         "createdAt": f"{d.created} 09:00:00" if d.created else None}
        for place, d in enumerate(judge.rows)]})  # fmt: skip
    judge.same(path)


def test_dynamics_odata(judge: Judge) -> None:
    path = saved(judge, "opportunities.json", {"@odata.context": "x", "value": [
        {"@odata.etag": 'W/"1"', "opportunityid": f"6f9619ff-8b86-d011-b42d-{place:012x}", "name": d.id,
         "statecode": {"open": 0, "won": 1, "lost": 2}[d.status],
         "statecode@OData.Community.Display.V1.FormattedValue": d.status.capitalize(), "estimatedvalue": d.amount,
         "estimatedclosedate": expected(d), "actualclosedate": d.closed,
         "createdon": f"{d.created}T09:00:00Z" if d.created else None,
         "_ownerid_value": f"6f9619ff-8b86-d011-b42e-{key(d.rep):012x}",
         "_ownerid_value@OData.Community.Display.V1.FormattedValue": d.rep,
         "_customerid_value": None, "stepname": "2-Develop"}
        for place, d in enumerate(judge.rows)]})  # fmt: skip
    judge.same(path)

"""Copies of Salesforce and HubSpot in PostgreSQL, as the tools that make them spell their columns; and a Twenty."""

# ruff: noqa: E501 (schemas)

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.disguise.maven import Deal
from tests.sources.databases.crms.world import Company, Run, closed, created, digest, guid, insert, split

_SALESFORCE = {
    "UserRole": "Id text, Name text, ParentRoleId text",
    "User": "Id text, Name text, FirstName text, LastName text, Email text, Title text, UserRoleId text, ManagerId text, IsActive boolean, UserType text",
    "Account": "Id text, IsDeleted boolean, Name text, Type text, ParentId text, Industry text, BillingCountry text, OwnerId text, CreatedDate timestamptz",
    "Opportunity": "Id text, IsDeleted boolean, Name text, AccountId text, StageName text, Amount double precision, Probability double precision,"
    " ExpectedRevenue double precision, CloseDate date, Type text, LeadSource text, IsClosed boolean, IsWon boolean,"
    " ForecastCategory text, CampaignId text, OwnerId text, CreatedDate timestamptz, LastModifiedDate timestamptz,"
    " SystemModstamp timestamptz, Region__c text",
    "OpportunityStage": "Id text, MasterLabel text, ApiName text, IsActive boolean, SortOrder int, IsClosed boolean, IsWon boolean, DefaultProbability double precision",
    "OpportunityHistory": "Id text, OpportunityId text, StageName text, Amount double precision, Probability double precision, CloseDate date, CreatedDate timestamptz, CreatedById text, IsDeleted boolean",
    "Task": "Id text, IsDeleted boolean, WhatId text, WhoId text, OwnerId text, Subject text, ActivityDate date, Status text, IsClosed boolean, TaskSubtype text",
    "Contact": "Id text, Name text, AccountId text, Email text",
}
STAGES = {
    "Prospecting": ("Prospecting", 10),
    "Engaging": ("Negotiation/Review", 80),
    "Won": ("Closed Won", 100),
    "Lost": ("Closed Lost", 0),
}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def salesforce(run: Run, maven: Company, style: str = "airbyte") -> None:
    """Airbyte writes the API's names, Fivetran snake_case in a schema, Heroku Connect lower case with "sfid" in a schema."""
    spelled: Callable[[str], str] = {"airbyte": str, "fivetran": _snake, "heroku": str.lower}[style]
    schema = {"airbyte": "", "fivetran": "salesforce_raw", "heroku": "salesforce"}[style]
    if schema:
        run(f"CREATE SCHEMA {schema}")

    def name(table: str) -> str:
        return f'{schema}."{spelled(table)}"' if schema else f'"{spelled(table)}"'

    def columns(table: str) -> list[str]:
        names = [column.split()[0] for column in _SALESFORCE[table].split(", ")]
        return ["sfid" if style == "heroku" and one == "Id" else spelled(one) for one in names]

    for table, declared in _SALESFORCE.items():
        types = [column.split(" ", 1)[1] for column in declared.split(", ")]
        own = {
            "airbyte": ", _airbyte_ab_id text, _airbyte_emitted_at timestamptz",
            "fivetran": ", _fivetran_synced timestamptz, _fivetran_deleted boolean",
            "heroku": ", id serial, _hc_lastop text, _hc_err text",
        }[style]
        run(
            f"CREATE TABLE {name(table)} ("
            + ", ".join(f'"{c}" {t}' for c, t in zip(columns(table), types, strict=True))
            + own
            + ")"
        )

    def put(table: str, rows: list[dict[str, object]]) -> None:
        names = [column.split()[0] for column in _SALESFORCE[table].split(", ")]
        insert(
            run,
            name(table),
            ", ".join(f'"{c}"' for c in columns(table)),
            [[row.get(one) for one in names] for row in rows],
        )

    put("UserRole", [{"Id": _id("00E", team), "Name": team} for team in maven.teams])
    put(
        "User",
        [
            {
                "Id": _id("005", who),
                "Name": who,
                "FirstName": split(who)[0],
                "LastName": split(who)[1],
                "UserType": "Standard",
                "UserRoleId": _id("00E", maven.reps.get(who, "")) if who in maven.reps else None,
                "IsActive": True,
                "ManagerId": _id("005", maven.managers[who]) if who in maven.managers else None,
            }
            for who in maven.people
        ],
    )
    put(
        "User",
        [{"Id": _id("005", "auto"), "Name": "Automated Process", "UserType": "AutomatedProcess", "IsActive": True}],
    )
    put(
        "Account",
        [
            {"Id": _id("001", one), "IsDeleted": False, "Name": one, "CreatedDate": "2016-01-01T00:00:00Z"}
            for one in maven.customers()
        ],
    )
    put(
        "OpportunityStage",
        [
            {
                "Id": _id("01J", label),
                "MasterLabel": label,
                "ApiName": label,
                "IsActive": True,
                "SortOrder": n,
                "IsClosed": chance in (0, 100),
                "IsWon": chance == 100,
                "DefaultProbability": chance,
            }
            for n, (label, chance) in enumerate(STAGES.values(), 1)
        ],
    )

    def row(deal: Deal, deleted: bool) -> dict[str, object]:
        label, chance = STAGES[deal.stage]
        return {"Id": _id("006", ("gone " if deleted else "") + deal.id), "IsDeleted": deleted, "Name": deal.product, "AccountId": _id("001", deal.account) if deal.account else None,
                "StageName": label, "Amount": deal.amount if deal.amount is not None else 1000, "Probability": chance, "CloseDate": deal.closed or "2018-06-30",
                "LeadSource": "Web", "IsClosed": deal.status != "open", "IsWon": deal.status == "won", "OwnerId": _id("005", deal.rep), "Region__c": maven.reps[deal.rep],
                "CreatedDate": f"{created(deal)}+00", "LastModifiedDate": f"{closed(deal) or created(deal)}+00"}  # fmt: skip

    put("Opportunity", [row(deal, False) for deal in maven.deals] + [row(deal, True) for deal in maven.deals[::9]])
    history = []
    for deal in maven.deals:
        steps = [("Prospecting", 10, created(deal))]
        if deal.stage != "Prospecting":
            steps.append(("Negotiation/Review", 80, created(deal).replace(hour=11)))
            steps.append(("Negotiation/Review", 80, created(deal).replace(hour=12)))  # only the amount changed
        if deal.closed:
            steps.append((*STAGES[deal.stage], closed(deal)))  # type: ignore[arg-type]
        history += [{"Id": _id("008", f"{deal.id} {n}"), "OpportunityId": _id("006", deal.id), "StageName": label, "Probability": chance, "Amount": n * 10,
                     "CloseDate": deal.closed or "2018-06-30", "CreatedDate": f"{at}+00", "CreatedById": _id("005", deal.rep), "IsDeleted": False}
                    for n, (label, chance, at) in enumerate(steps)]  # fmt: skip
    put("OpportunityHistory", history)
    put(
        "Task",
        [
            {
                "Id": _id("00T", deal.id),
                "IsDeleted": n % 5 == 0,
                "WhatId": _id("006", deal.id),
                "OwnerId": _id("005", deal.rep),
                "Subject": "Call",
                "ActivityDate": created(deal).date(),
                "IsClosed": n % 4 > 0,
                "TaskSubtype": "Call",
            }
            for n, deal in enumerate(maven.deals[::20])
        ],
    )


def _id(prefix: str, text: str) -> str:
    return prefix + digest(prefix + text, 15)


def hubspot(run: Run, maven: Company) -> None:
    """HubSpot as Fivetran copies it: numbers for stages of a second pipeline, links in tables, histories."""
    run("CREATE SCHEMA hubspot")
    sync = "_fivetran_synced timestamptz"
    run(
        f"CREATE TABLE hubspot.owner (owner_id bigint, email text, first_name text, last_name text, is_active boolean, created_at timestamptz, {sync})"
    )
    run(
        f"CREATE TABLE hubspot.deal_pipeline (pipeline_id text, label text, display_order int, active boolean, _fivetran_deleted boolean, {sync})"
    )
    run(
        f"CREATE TABLE hubspot.deal_pipeline_stage (stage_id text, pipeline_id text, label text, probability double precision, display_order int, active boolean, closed_won boolean, _fivetran_deleted boolean, {sync})"
    )
    run(
        f"CREATE TABLE hubspot.company (id bigint, portal_id bigint, is_deleted boolean, property_name text, property_industry text, property_country text, property_createdate timestamptz, {sync})"
    )
    run(f"CREATE TABLE hubspot.deal_company (deal_id bigint, company_id bigint, type_id int, {sync})")
    run(
        f"CREATE TABLE hubspot.deal (deal_id bigint, portal_id bigint, is_deleted boolean, owner_id bigint, deal_pipeline_id text, deal_pipeline_stage_id text, property_dealname text, property_amount double precision, property_closedate timestamptz, property_createdate timestamptz, property_hs_is_closed boolean, property_hs_is_closed_won boolean, property_dealtype text, {sync})"
    )
    run(
        f"CREATE TABLE hubspot.deal_stage (deal_id bigint, value text, date_entered timestamptz, source text, _fivetran_active boolean, _fivetran_start timestamptz, {sync})"
    )
    for other in (
        "contact",
        "ticket",
        "engagement",
        "engagement_call",
        "deal_property_history",
        "merged_deal",
        "property",
        "email_event",
    ):
        run(f"CREATE TABLE hubspot.{other} (id bigint, {sync})")
    who = {name: 500 + n for n, name in enumerate(maven.people)}
    firms = {name: 9000 + n for n, name in enumerate(maven.customers())}
    insert(
        run,
        "hubspot.owner",
        "owner_id, email, first_name, last_name, is_active",
        [(n, f"u{n}@x.example", *split(name), True) for name, n in who.items()],
    )
    insert(
        run,
        "hubspot.deal_pipeline",
        "pipeline_id, label, display_order",
        [("default", "Sales Pipeline", 0), ("77", "Test pipeline", 1)],
    )
    stages = {"Prospecting": "appointmentscheduled", "Engaging": "123456", "Won": "closedwon", "Lost": "closedlost"}
    insert(
        run,
        "hubspot.deal_pipeline_stage",
        "stage_id, pipeline_id, label, probability, display_order, closed_won",
        [
            ("appointmentscheduled", "default", "Appointment Scheduled", 0.2, 0, False),
            ("123456", "default", "Negotiation", 0.8, 1, False),
            ("closedwon", "default", "Closed Won", 1, 2, True),
            ("closedlost", "default", "Closed Lost", 0, 3, False),
            ("999", "77", "Try", 0.5, 0, False),
        ],
    )
    insert(run, "hubspot.company", "id, is_deleted, property_name", [(n, False, name) for name, n in firms.items()])
    deals, links, moves = [], [], []
    for n, deal in enumerate(maven.deals, 1):
        for number in (n, 50_000 + n) if n % 9 == 0 else (n,):
            deals.append(
                (
                    number,
                    number > 50_000,
                    who[deal.rep],
                    "default",
                    stages[deal.stage],
                    deal.product,
                    deal.amount if deal.amount is not None else 1000,
                    f"{closed(deal) or '2018-06-30'}+00",
                    f"{created(deal)}+00",
                    deal.status != "open",
                    deal.status == "won",
                )
            )
            if deal.account:
                links += [
                    (number, firms[deal.account], 341),
                    (number, firms[deal.account], 5),
                    *([(number, 9000, 341)] if n % 7 == 0 else []),
                ]
        moves.append((n, "appointmentscheduled", f"{created(deal)}+00"))
        if deal.stage != "Prospecting":
            moves.append((n, "123456", f"{created(deal).replace(hour=11)}+00"))
        if deal.closed:
            moves.append((n, stages[deal.stage], f"{closed(deal)}+00"))
    insert(
        run,
        "hubspot.deal",
        "deal_id, is_deleted, owner_id, deal_pipeline_id, deal_pipeline_stage_id, property_dealname, property_amount, property_closedate, property_createdate, property_hs_is_closed, property_hs_is_closed_won",
        deals,
    )
    insert(run, "hubspot.deal_company", "deal_id, company_id, type_id", links)
    insert(run, "hubspot.deal_stage", "deal_id, value, date_entered", moves)


def twenty(run: Run, maven: Company, schema: str = "workspace_1wgvd1injqtife6y4rvfbu3h5") -> None:
    """A Twenty workspace; core holds what all workspaces share."""
    run("CREATE SCHEMA IF NOT EXISTS core")
    run('CREATE TABLE IF NOT EXISTS core."user" (id uuid, email text, "firstName" text)')
    run('CREATE TABLE IF NOT EXISTS core.workspace (id uuid, "displayName" text)')
    run(f"CREATE SCHEMA {schema}")
    run(f"CREATE TYPE {schema}.opportunity_stage_enum AS ENUM ('NEW', 'PROPOSAL', 'CUSTOMER', 'LOST')")
    base = 'id uuid PRIMARY KEY, "createdAt" timestamptz, "updatedAt" timestamptz, "deletedAt" timestamptz'
    for table, columns in {
        "workspaceMember": '"nameFirstName" text, "nameLastName" text, "userEmail" text, "userId" uuid, "timeZone" text',
        "company": 'name text, "domainNamePrimaryLinkUrl" text, employees float8, "annualRecurringRevenueAmountMicros" numeric, "addressAddressCity" text, "addressAddressCountry" text, "accountOwnerId" uuid, position float8',
        "person": '"nameFirstName" text, "nameLastName" text, "companyId" uuid',
        "opportunity": f'name text, "amountAmountMicros" numeric, "amountCurrencyCode" text, "closeDate" timestamptz, stage {schema}.opportunity_stage_enum, position float8, "createdBySource" text, "createdByWorkspaceMemberId" uuid, "pointOfContactId" uuid, "companyId" uuid, "ownerId" uuid',
        "timelineActivity": '"happensAt" timestamptz, name text, properties jsonb, "workspaceMemberId" uuid, "targetOpportunityId" uuid',
        "task": 'title text, status text, "dueAt" timestamptz, "assigneeId" uuid',
        "note": "title text", "favorite": "position float8", "view": "name text", "webhook": '"targetUrl" text',
    }.items():  # fmt: skip
        run(f'CREATE TABLE {schema}."{table}" ({base}, {columns})')
    insert(
        run,
        f'{schema}."workspaceMember"',
        'id, "nameFirstName", "nameLastName"',
        [(guid("m" + name), *split(name)) for name in maven.people],
    )
    insert(run, f"{schema}.company", "id, name", [(guid("c" + name), name) for name in maven.customers()])
    stages = {"Prospecting": "NEW", "Engaging": "PROPOSAL", "Won": "CUSTOMER", "Lost": "LOST"}
    insert(
        run,
        f"{schema}.opportunity",
        'id, "createdAt", "deletedAt", name, "amountAmountMicros", "amountCurrencyCode", "closeDate", stage, "companyId", "ownerId"',
        [
            (
                guid(("gone " if deleted else "") + deal.id),
                f"{created(deal)}+00",
                "2018-01-01T00:00:00Z" if deleted else None,
                deal.product,
                (deal.amount if deal.amount is not None else 1000) * 1_000_000,
                "USD",
                f"{deal.closed or '2018-06-30'}T00:00:00+00",
                stages[deal.stage],
                guid("c" + deal.account) if deal.account else None,
                guid("m" + deal.rep),
            )
            for n, deal in enumerate(maven.deals)
            for deleted in ((False, True) if n % 9 == 0 else (False,))
        ],
    )
    insert(
        run,
        f'{schema}."timelineActivity"',
        'id, "happensAt", name, properties, "workspaceMemberId", "targetOpportunityId"',
        [
            (
                guid("t" + deal.id),
                f"{closed(deal)}+00",
                "opportunity.updated",
                json.dumps({"diff": {"stage": {"before": "PROPOSAL", "after": stages[deal.stage]}}}),
                guid("m" + deal.rep),
                guid(deal.id),
            )
            for deal in maven.deals
            if deal.closed
        ],
    )

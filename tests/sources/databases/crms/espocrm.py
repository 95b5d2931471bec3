"""An EspoCRM on MySQL with the Maven company in it, as its installer makes the tables."""

from __future__ import annotations

import json

from tests.sources.databases.crms.world import Company, Run, closed, created, digest, insert, split

STAGE = {"Prospecting": "Prospecting", "Engaging": "Negotiation", "Won": "Closed Won", "Lost": "Closed Lost"}
CHANCE = {"Prospecting": 10, "Engaging": 80, "Won": 100, "Lost": 0}
_STAMPS = (
    "created_at DATETIME, modified_at DATETIME, created_by_id VARCHAR(17), modified_by_id VARCHAR(17),"
    " assigned_user_id VARCHAR(17)"
)
_TABLES = {
    "account": "name VARCHAR(249), website VARCHAR(255), type VARCHAR(255), industry VARCHAR(255), sic_code VARCHAR(40),"
    " billing_address_street VARCHAR(255), billing_address_city VARCHAR(100), billing_address_state VARCHAR(100),"
    " billing_address_country VARCHAR(100), description MEDIUMTEXT, campaign_id VARCHAR(17), " + _STAMPS,
    "contact": "salutation_name VARCHAR(255), first_name VARCHAR(100), last_name VARCHAR(100), account_id VARCHAR(17),"
    " do_not_call TINYINT(1), " + _STAMPS,
    "lead": "first_name VARCHAR(100), last_name VARCHAR(100), title VARCHAR(100), status VARCHAR(255), source VARCHAR(255),"
    " industry VARCHAR(255), opportunity_amount DOUBLE, opportunity_amount_currency VARCHAR(3), account_name VARCHAR(255),"
    " created_account_id VARCHAR(17), created_contact_id VARCHAR(17), created_opportunity_id VARCHAR(17),"
    " converted_at DATETIME, campaign_id VARCHAR(17), " + _STAMPS,
    "opportunity": "name VARCHAR(249), amount DOUBLE, stage VARCHAR(255), last_stage VARCHAR(255), probability INT,"
    " lead_source VARCHAR(255), close_date DATE, description MEDIUMTEXT, amount_currency VARCHAR(3),"
    " account_id VARCHAR(17), contact_id VARCHAR(17), campaign_id VARCHAR(17), " + _STAMPS,
    "call": "name VARCHAR(249), status VARCHAR(255), date_start DATETIME, date_end DATETIME, direction VARCHAR(255),"
    " description MEDIUMTEXT, parent_id VARCHAR(17), parent_type VARCHAR(100), account_id VARCHAR(17), " + _STAMPS,
    "meeting": "name VARCHAR(249), status VARCHAR(255), date_start DATETIME, date_end DATETIME, is_all_day TINYINT(1),"
    " parent_id VARCHAR(17), parent_type VARCHAR(100), account_id VARCHAR(17), " + _STAMPS,
    "task": "name VARCHAR(249), status VARCHAR(255), priority VARCHAR(255), date_start DATETIME, date_end DATETIME,"
    " date_completed DATETIME, parent_id VARCHAR(17), parent_type VARCHAR(100), account_id VARCHAR(17), " + _STAMPS,
    "email": "name VARCHAR(255), from_string VARCHAR(255), body MEDIUMTEXT, status VARCHAR(255), date_sent DATETIME,"
    " is_html TINYINT(1), parent_id VARCHAR(17), parent_type VARCHAR(100), account_id VARCHAR(17),"
    " sent_by_id VARCHAR(17), " + _STAMPS,
    "campaign": "name VARCHAR(255), status VARCHAR(255), type VARCHAR(64), start_date DATE, end_date DATE, budget DOUBLE, "
    + _STAMPS,
    "user": "user_name VARCHAR(50), type VARCHAR(24), password VARCHAR(150), salutation_name VARCHAR(255),"
    " first_name VARCHAR(100), last_name VARCHAR(100), is_active TINYINT(1), title VARCHAR(100), gender VARCHAR(10),"
    " created_at DATETIME, modified_at DATETIME, default_team_id VARCHAR(17), contact_id VARCHAR(17)",
    "team": "name VARCHAR(100), position_list MEDIUMTEXT, created_at DATETIME, modified_at DATETIME",
    "role": "name VARCHAR(150), data MEDIUMTEXT",
    "note": "post MEDIUMTEXT, data MEDIUMTEXT, type VARCHAR(24), target_type VARCHAR(7), is_internal TINYINT(1),"
    " created_at DATETIME, modified_at DATETIME, parent_id VARCHAR(17), parent_type VARCHAR(100), related_id VARCHAR(17),"
    " related_type VARCHAR(100), created_by_id VARCHAR(17), modified_by_id VARCHAR(17)",
    "job": "name VARCHAR(255), status VARCHAR(16), execute_time DATETIME, data MEDIUMTEXT",
    "currency": "rate DOUBLE",
}
_LINKS = {
    "account_contact": "account_id VARCHAR(17), contact_id VARCHAR(17), role VARCHAR(100), is_inactive TINYINT(1)",
    "contact_opportunity": "contact_id VARCHAR(17), opportunity_id VARCHAR(17), role VARCHAR(50)",
    "entity_team": "entity_id VARCHAR(17), team_id VARCHAR(17), entity_type VARCHAR(100)",
    "team_user": "team_id VARCHAR(17), user_id VARCHAR(17), role VARCHAR(100)",
    "entity_email_address": "entity_id VARCHAR(17), email_address_id VARCHAR(17), entity_type VARCHAR(100)",
    "call_user": "user_id VARCHAR(17), call_id VARCHAR(17), status VARCHAR(36)",
}
_EMPTY = (
    "acl_portal_role action_history_record address_country app_log_record app_secret array_value attachment auth_log_record"
    " authentication_provider autofollow bug_report `case` call_contact call_lead campaign_log_record"
    " campaign_tracking_url case_contact contact_document dashboard_template document document_folder email_account"
    " email_filter email_folder email_template export extension external_account `import` import_error inbound_email"
    " integration kanban_order knowledge_base_article layout_record layout_set lead_capture mass_email next_number"
    " notification password_change_request phone_number portal portal_role preferences reminder scheduled_job sms"
    " star_subscription subscription target target_list template two_factor_code unique_id user_data webhook working_time_range"
)


def fill(run: Run, maven: Company, *, notes: bool = True) -> None:
    """Tables and rows."""
    for name, columns in _TABLES.items():
        key = "VARCHAR(3)" if name == "currency" else "VARCHAR(17)"
        run(f"CREATE TABLE `{name}` (id {key} PRIMARY KEY, deleted TINYINT(1) DEFAULT 0, {columns})")
    for name, columns in _LINKS.items():
        run(f"CREATE TABLE `{name}` (id BIGINT AUTO_INCREMENT PRIMARY KEY, {columns}, deleted TINYINT(1) DEFAULT 0)")
    for name in _EMPTY.split():
        run(f"CREATE TABLE {name} (id VARCHAR(17) PRIMARY KEY, name VARCHAR(255), deleted TINYINT(1) DEFAULT 0)")
    _people(run, maven)
    _customers(run, maven)
    _opportunities(run, maven)
    if notes:
        _stream(run, maven)
    _doings(run, maven)


def key(kind: str, name: str) -> str:
    return digest(f"{kind} {name}", 17)


def _people(run: Run, maven: Company) -> None:
    insert(
        run, "team", "id, name, created_at", [(key("team", name), name, "2016-01-01 00:00:00") for name in maven.teams]
    )
    offices = {manager: maven.reps[rep] for rep, manager in maven.managers.items()} | maven.reps
    fields = "id, user_name, type, first_name, last_name, is_active, title, default_team_id, created_at"
    insert(run, "user", fields, [
        (key("user", name), name.replace(" ", ".").lower(), "regular", *split(name), name != "Moses Frase", "Sales Agent",
         key("team", offices[name]), "2016-01-02 00:00:00") for name in maven.people
    ])  # fmt: skip
    insert(run, "user", fields, [
        ("system", "system", "system", "", "System", True, "", None, "2016-01-01 00:00:00"),
        ("1" * 17, "admin", "admin", "", "Admin", True, "", None, "2016-01-01 00:00:00"),
        ("2" * 17, "shop-api", "api", None, None, True, "", None, "2016-01-01 00:00:00"),
        ("3" * 17, "customer@x.example", "portal", "Cus", "Tomer", True, "", None, "2016-01-01 00:00:00"),
    ])  # fmt: skip
    insert(
        run,
        "team_user",
        "team_id, user_id",
        [(key("team", office), key("user", name)) for name, office in offices.items()],
    )
    insert(run, "currency", "id, rate", [("USD", 1), ("EUR", 1.1)])


def _customers(run: Run, maven: Company) -> None:
    fields = "id, name, type, industry, billing_address_country, created_at, assigned_user_id, deleted"
    rows = [
        (key("account", name), name, "Customer", maven.accounts.get(name, {}).get("sector", ""),
         maven.accounts.get(name, {}).get("office_location", ""), "2016-02-01 03:00:00", None, False)
        for name in maven.customers()
    ]  # fmt: skip
    insert(
        run, "account", fields, [*rows, ("x" * 17, "Deleted account", "", "", "", "2016-02-01 03:00:00", None, True)]
    )
    insert(run, "contact", "id, first_name, last_name, account_id, created_at", [
        (key("contact", name), "Ann", name, key("account", name), "2016-03-01 00:00:00") for name in maven.customers()
    ])  # fmt: skip


def _opportunities(run: Run, maven: Company) -> None:
    fields = (
        "id, deleted, name, amount, stage, last_stage, probability, lead_source, close_date, amount_currency, account_id,"
        " created_at, modified_at, created_by_id, assigned_user_id"
    )

    def row(deal, deleted=False):  # type: ignore[no-untyped-def]
        expected = deal.closed or "2018-06-30"
        return (
            key("deleted" if deleted else "deal", deal.id), deleted, f"{deal.product} for {deal.account or '?'}",
            deal.amount if deal.amount is not None else 1000, STAGE[deal.stage],
            STAGE[deal.stage] if not deal.closed else "Negotiation", CHANCE[deal.stage], "Call", expected, "USD",
            key("account", deal.account) if deal.account else None, created(deal), closed(deal) or created(deal), "system",
            key("user", deal.rep),
        )  # fmt: skip

    insert(run, "opportunity", fields, [row(deal) for deal in maven.deals])
    insert(run, "opportunity", fields, [row(deal, True) for deal in maven.deals[::9]])
    insert(run, "entity_team", "entity_id, team_id, entity_type", [
        (key("deal", deal.id), key("team", maven.reps[deal.rep]), "Opportunity") for deal in maven.deals
    ])  # fmt: skip


def _stream(run: Run, maven: Company) -> None:
    """Each deal's stream: made in Prospecting, moved on, closed; in the words of two editions."""
    rows = []
    for place, deal in enumerate(maven.deals):
        about = (key("deal", deal.id), "Opportunity", key("user", deal.rep))
        first = {"assignedUserId": key("user", deal.rep), "assignedUserName": deal.rep, "statusValue": "Prospecting",
                 "statusField": "stage", "statusStyle": "default"}  # fmt: skip
        rows.append((key("made", deal.id), "Create", json.dumps(first), created(deal), *about))
        if deal.stage == "Prospecting":
            continue
        moved = created(deal).replace(hour=11)
        rows.append((key("moved", deal.id), *_moved(place, "Prospecting", "Negotiation"), moved, *about))
        if deal.closed:
            rows.append((key("shut", deal.id), *_moved(place, "Negotiation", STAGE[deal.stage]), closed(deal), *about))
    rows.append(
        (key("post", "x"), "Post", "[]", "2017-01-01 00:00:00", key("deal", maven.deals[0].id), "Opportunity", None)
    )
    insert(run, "note", "id, type, data, created_at, parent_id, parent_type, created_by_id", rows)


def _moved(place: int, old: str, new: str) -> tuple[str, str]:
    if place % 2:
        return "Status", json.dumps({"field": "stage", "value": new, "style": "primary"})
    return "Update", json.dumps({"fields": ["stage"], "attributes": {"was": {"stage": old}, "became": {"stage": new}}})


def _doings(run: Run, maven: Company) -> None:
    fields = "id, name, status, date_start, date_end, parent_id, parent_type, assigned_user_id, created_at, deleted"
    for kind in ("`call`", "meeting", "task"):
        done = "Completed" if kind == "task" else "Held"
        insert(run, kind, fields, [
            (key(kind, deal.id), "Talk", done if place % 4 else "Planned", created(deal), created(deal).replace(hour=12),
             key("deal", deal.id), "Opportunity", key("user", deal.rep), created(deal), place % 5 == 0)
            for place, deal in enumerate(maven.deals[::20])
        ])  # fmt: skip
    insert(run, "lead", "id, first_name, last_name, status, source, account_name, created_at, converted_at,"
           " created_opportunity_id, assigned_user_id, deleted", [
        (key("lead", deal.id), "Lee", deal.id, "Converted" if place % 3 == 0 else "New", "Web Site", deal.account,
         created(deal), created(deal) if place % 3 == 0 else None, key("deal", deal.id) if place % 3 == 0 else None,
         key("user", deal.rep), place % 10 == 0) for place, deal in enumerate(maven.deals[::20])
    ])  # fmt: skip

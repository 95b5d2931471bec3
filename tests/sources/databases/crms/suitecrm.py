"""A SuiteCRM on MySQL with the Maven company in it, as its vardefs make the tables."""

# ruff: noqa: E501 (schemas)

from __future__ import annotations

from tests.sources.databases.crms.world import Company, Run, closed, created, guid, insert, split

STAGE = {"Prospecting": "Prospecting", "Engaging": "Negotiation/Review", "Won": "Closed Won", "Lost": "Closed Lost"}
CHANCE = {"Prospecting": 10, "Engaging": 80, "Won": 100, "Lost": 0}
_BEAN = (
    "id CHAR(36) NOT NULL PRIMARY KEY, name VARCHAR(255), date_entered DATETIME, date_modified DATETIME,"
    " modified_user_id CHAR(36), created_by CHAR(36), description TEXT, deleted TINYINT(1) DEFAULT 0, assigned_user_id CHAR(36)"
)
_PERSON = "salutation VARCHAR(255), first_name VARCHAR(100), last_name VARCHAR(100), title VARCHAR(100), department VARCHAR(100)"
_ABOUT = "parent_type VARCHAR(255), parent_id CHAR(36), status VARCHAR(100), date_start DATETIME, date_end DATETIME"
_TABLES = {
    "accounts": "account_type VARCHAR(50), industry VARCHAR(50), annual_revenue VARCHAR(100), billing_address_city VARCHAR(100),"
    " billing_address_state VARCHAR(100), billing_address_country VARCHAR(255), parent_id CHAR(36), campaign_id CHAR(36)",
    "opportunities": "opportunity_type VARCHAR(255), campaign_id CHAR(36), lead_source VARCHAR(50), amount DOUBLE,"
    " amount_usdollar DOUBLE, currency_id CHAR(36), date_closed DATE, next_step VARCHAR(100), sales_stage VARCHAR(255),"
    " probability DOUBLE",
    "contacts": f"{_PERSON}, lead_source VARCHAR(255), reports_to_id CHAR(36)",
    "leads": f"{_PERSON}, converted TINYINT(1), refered_by VARCHAR(100), lead_source VARCHAR(100), status VARCHAR(100),"
    " account_name VARCHAR(255), contact_id CHAR(36), account_id CHAR(36), opportunity_id CHAR(36),"
    " opportunity_amount VARCHAR(50), campaign_id CHAR(36)",
    "calls": f"duration_hours INT(2), duration_minutes INT(2), direction VARCHAR(100), {_ABOUT}",
    "meetings": f"location VARCHAR(50), duration_hours INT(3), duration_minutes INT(2), {_ABOUT}",
    "tasks": f"date_due DATETIME, priority VARCHAR(100), contact_id CHAR(36), {_ABOUT.replace(', date_end DATETIME', '')}",
    "emails": "date_sent_received DATETIME, type VARCHAR(100), status VARCHAR(100), parent_type VARCHAR(100),"
    " parent_id CHAR(36)",
    "campaigns": "status VARCHAR(100), campaign_type VARCHAR(100), budget DOUBLE, actual_cost DOUBLE",
    "securitygroups": "noninheritable TINYINT(1)",
    "currencies": "symbol VARCHAR(36), iso4217 VARCHAR(3), conversion_rate DOUBLE, status VARCHAR(100)",
    "aos_quotes": "total_amount DECIMAL(26,6), stage VARCHAR(100), opportunity_id CHAR(36), invoice_status VARCHAR(100)",
    "aos_products": "part_number VARCHAR(25), price DECIMAL(26,6), cost DECIMAL(26,6)",
}
_LINKS = {
    "accounts_opportunities": "opportunity_id VARCHAR(36), account_id VARCHAR(36)",
    "opportunities_contacts": "contact_id VARCHAR(36), opportunity_id VARCHAR(36), contact_role VARCHAR(50)",
    "accounts_contacts": "contact_id VARCHAR(36), account_id VARCHAR(36)",
    "securitygroups_users": "securitygroup_id VARCHAR(36), user_id VARCHAR(36), primary_group TINYINT(1), noninheritable TINYINT(1)",
    "securitygroups_records": "securitygroup_id CHAR(36), record_id CHAR(36), module VARCHAR(100)",
    "email_addr_bean_rel": "email_address_id CHAR(36), bean_id CHAR(36), bean_module VARCHAR(100), primary_address TINYINT(1)",
    "calls_users": "call_id VARCHAR(36), user_id VARCHAR(36), required VARCHAR(1), accept_status VARCHAR(25)",
}
_REST = (
    "acl_actions acl_roles acl_roles_actions acl_roles_users address_book alerts am_projecttemplates aobh_businesshours"
    " aod_index aok_knowledgebase aop_case_events aor_reports aor_fields aor_charts aos_contracts aos_invoices aos_line_item_groups"
    " aos_pdf_templates aos_products_quotes aow_actions aow_workflow aow_processed bugs calls_contacts calls_leads campaign_log"
    " campaign_trkrs cases config contacts_bugs cron_remove_documents custom_fields documents document_revisions eapm"
    " email_addresses email_cache email_marketing email_templates emailman favorites fields_meta_data folders"
    " fp_events fp_event_locations import_maps inbound_email jjwg_maps job_queue kbcontents linked_documents"
    " meetings_contacts notes oauth2clients outbound_email outbound_email_audit project project_task prospects prospect_lists"
    " relationships releases reminders roles saved_search schedulers spots sugarfeed surveys surveyresponses templatesectionline"
    " tracker upgrade_history user_preferences users_feeds users_last_import users_signatures vcals versions"
)


def fill(run: Run, maven: Company) -> None:
    for name, columns in _TABLES.items():
        run(f"CREATE TABLE {name} ({_BEAN}, {columns})")
        run(f"CREATE TABLE {name}_audit (id CHAR(36) PRIMARY KEY, parent_id CHAR(36), date_created DATETIME, created_by CHAR(36),"
            " field_name VARCHAR(100), data_type VARCHAR(100), before_value_string VARCHAR(255), after_value_string VARCHAR(255),"
            " before_value_text TEXT, after_value_text TEXT)")  # fmt: skip
    for name, columns in _LINKS.items():
        run(
            f"CREATE TABLE {name} (id VARCHAR(36) PRIMARY KEY, {columns}, date_modified DATETIME, deleted TINYINT(1) DEFAULT 0)"
        )
    run("CREATE TABLE users (id CHAR(36) PRIMARY KEY, user_name VARCHAR(60), user_hash VARCHAR(255), is_admin TINYINT(1) DEFAULT 0,"
        f" {_PERSON}, reports_to_id CHAR(36), status VARCHAR(100), employee_status VARCHAR(100), is_group TINYINT(1) DEFAULT 0,"
        " portal_only TINYINT(1) DEFAULT 0, date_entered DATETIME, deleted TINYINT(1) DEFAULT 0)")  # fmt: skip
    run("CREATE TABLE opportunities_cstm (id_c CHAR(36) PRIMARY KEY, product_c VARCHAR(100), jjwg_maps_lng_c FLOAT)")
    for name in _REST.split():
        run(f"CREATE TABLE {name} (id CHAR(36) PRIMARY KEY, name VARCHAR(255), deleted TINYINT(1) DEFAULT 0)")
    for place in range(40):
        run(f"CREATE TABLE abc_module_{place} ({_BEAN})")
    _people(run, maven)
    _opportunities(run, maven)
    _doings(run, maven)


def _people(run: Run, maven: Company) -> None:
    since = "2016-01-01 00:00:00"
    run(
        f"INSERT INTO currencies (id, name, symbol, iso4217, conversion_rate, status) VALUES ('{guid('eur')}', 'Euro', 'E', 'EUR', 0.9, 'Active')"
    )
    insert(
        run, "securitygroups", "id, name, date_entered", [(guid("team " + name), name, since) for name in maven.teams]
    )
    offices = {manager: maven.reps[rep] for rep, manager in maven.managers.items()} | maven.reps
    insert(run, "users", "id, user_name, first_name, last_name, status, reports_to_id, date_entered, deleted", [
        (guid("user " + name), name.lower().replace(" ", "."), *split(name), "Active" if name != "Moses Frase" else "Inactive",
         guid("user " + maven.managers[name]) if name in maven.managers else "", since, False) for name in maven.people
    ])  # fmt: skip
    insert(run, "users", "id, user_name, first_name, last_name, status, is_admin, is_group", [
        ("1", "admin", "", "Administrator", "Active", True, False), ("2", "helpdesk", "", "Helpdesk", "Active", False, True),
    ])  # fmt: skip
    insert(run, "securitygroups_users", "id, securitygroup_id, user_id, deleted", [
        (guid("member " + name), guid("team " + office), guid("user " + name), False) for name, office in offices.items()
    ])  # fmt: skip
    rows = [(guid("account " + name), name, maven.accounts.get(name, {}).get("sector", ""),
             maven.accounts.get(name, {}).get("office_location", ""), since, False) for name in maven.customers()]  # fmt: skip
    insert(run, "accounts", "id, name, industry, billing_address_country, date_entered, deleted", rows)


def _opportunities(run: Run, maven: Company) -> None:
    fields = (
        "id, deleted, name, amount, amount_usdollar, currency_id, sales_stage, probability, date_closed, date_entered,"
        " date_modified, assigned_user_id, opportunity_type, lead_source"
    )
    rows, links, own, audit = [], [], [], []
    for place, deal in enumerate(maven.deals):
        for deleted in (False, True) if place % 9 == 0 else (False,):
            id = guid(f"{'gone' if deleted else 'deal'} {deal.id}")
            amount = deal.amount if deal.amount is not None else 1000
            rows.append((id, deleted, deal.product, amount, amount, "-99", STAGE[deal.stage], CHANCE[deal.stage],
                         deal.closed or "2018-06-30", created(deal), closed(deal) or created(deal),
                         guid("user " + deal.rep), "New Business", "Cold Call"))  # fmt: skip
            if deal.account:
                links.append((guid("link " + id), id, guid("account " + deal.account), False))
                if place % 50 == 0:  # it stood under another customer once
                    links.append((guid("old link " + id), id, guid("account " + maven.customers()[-1]), True))
            own.append((id, deal.product))
        id = guid("deal " + deal.id)
        if deal.stage != "Prospecting":
            steps = [("Prospecting", "Negotiation/Review", created(deal).replace(hour=11))]
            if deal.closed:
                steps.append(("Negotiation/Review", STAGE[deal.stage], closed(deal)))  # type: ignore[arg-type]
            audit += [(guid(f"{id} {new}"), id, at, guid("user " + deal.rep), "sales_stage", "enum", old, new)
                      for old, new, at in steps]  # fmt: skip
    insert(run, "opportunities", fields, rows)
    insert(run, "accounts_opportunities", "id, opportunity_id, account_id, deleted", links)
    insert(run, "opportunities_cstm", "id_c, product_c", own)
    insert(run, "opportunities_audit", "id, parent_id, date_created, created_by, field_name, data_type, before_value_string,"
           " after_value_string", audit)  # fmt: skip


def _doings(run: Run, maven: Company) -> None:
    fields = "id, name, date_entered, deleted, assigned_user_id, parent_type, parent_id, status, date_start"
    for kind in ("calls", "meetings", "tasks"):
        insert(run, kind, fields, [
            (guid(kind + deal.id), "Talk", created(deal), place % 5 == 0, guid("user " + deal.rep), "Opportunities",
             guid("deal " + deal.id), ("Completed" if kind == "tasks" else "Held") if place % 4 else "Planned", created(deal))
            for place, deal in enumerate(maven.deals[::20])
        ])  # fmt: skip
    insert(run, "leads", "id, first_name, last_name, status, lead_source, date_entered, deleted, opportunity_id, assigned_user_id", [
        (guid("lead" + deal.id), "Lee", deal.id, "Converted" if place % 3 == 0 else "New", "Web Site", created(deal), place % 10 == 0,
         guid("deal " + deal.id) if place % 3 == 0 else "", guid("user " + deal.rep)) for place, deal in enumerate(maven.deals[::20])
    ])  # fmt: skip

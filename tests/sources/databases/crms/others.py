"""vtiger, Krayin, Dolibarr, ERPNext and Frappe CRM with the Maven company in them, as their installers make the tables."""

# ruff: noqa: E501 (schemas)

from __future__ import annotations

from tests.sources.databases.crms.world import Company, Run, closed, created, insert, split

LABELS = {"Prospecting": "Prospecting", "Engaging": "Negotiation", "Won": "Closed Won", "Lost": "Closed Lost"}
CHANCE = {"Prospecting": 10, "Engaging": 80, "Won": 100, "Lost": 0}


def _ids(maven: Company) -> tuple[dict[str, int], dict[str, int]]:
    return {n: 5 + i for i, n in enumerate(maven.people)}, {n: 2000 + i for i, n in enumerate(maven.customers())}


def vtiger(run: Run, maven: Company) -> None:
    who, firms = _ids(maven)
    run(
        "CREATE TABLE vtiger_crmentity (crmid INT(19) PRIMARY KEY, smcreatorid INT(19), smownerid INT(19), setype VARCHAR(30), description MEDIUMTEXT, createdtime DATETIME, modifiedtime DATETIME, version INT(19), presence INT(1), deleted INT(1) DEFAULT 0, label VARCHAR(255))"
    )
    run(
        "CREATE TABLE vtiger_potential (potentialid INT(19) PRIMARY KEY, potential_no VARCHAR(100), related_to INT(19), potentialname VARCHAR(120), amount DECIMAL(25,8), currency VARCHAR(20), closingdate DATE, typeofrevenue VARCHAR(50), nextstep VARCHAR(100), probability DECIMAL(7,3), campaignid INT(19), sales_stage VARCHAR(200), potentialtype VARCHAR(200), leadsource VARCHAR(200), converted INT(1))"
    )
    run("CREATE TABLE vtiger_potentialscf (potentialid INT(19) PRIMARY KEY, cf_751 VARCHAR(100))")
    run(
        "CREATE TABLE vtiger_potstagehistory (historyid INT(19) AUTO_INCREMENT PRIMARY KEY, potentialid INT(19), amount DECIMAL(10,0), stage VARCHAR(100), probability DECIMAL(7,3), expectedrevenue DECIMAL(10,0), closedate DATE, lastmodified DATETIME)"
    )
    run(
        "CREATE TABLE vtiger_account (accountid INT(19) PRIMARY KEY, accountname VARCHAR(100), parentid INT(19) DEFAULT 0, account_type VARCHAR(200), industry VARCHAR(200), annualrevenue DECIMAL(25,8))"
    )
    run(
        "CREATE TABLE vtiger_users (id INT(11) PRIMARY KEY, user_name VARCHAR(255), first_name VARCHAR(30), last_name VARCHAR(30), email1 VARCHAR(100), title VARCHAR(50), reports_to_id VARCHAR(36), status VARCHAR(25), is_admin VARCHAR(3), deleted INT(1) DEFAULT 0)"
    )
    run("CREATE TABLE vtiger_groups (groupid INT(19) PRIMARY KEY, groupname VARCHAR(100))")
    run("CREATE TABLE vtiger_users2group (groupid INT(19), userid INT(19))")
    for name in range(20):
        run(f"CREATE TABLE vtiger_other_{name} (id INT(19) PRIMARY KEY, presence INT(1))")
    insert(run, "vtiger_groups", "groupid, groupname", [(n, name) for n, name in enumerate(maven.teams, 2)])
    insert(
        run,
        "vtiger_users",
        "id, user_name, first_name, last_name, reports_to_id, status",
        [(n, name, *split(name), who.get(maven.managers.get(name, ""), ""), "Active") for name, n in who.items()],
    )
    insert(
        run,
        "vtiger_users2group",
        "groupid, userid",
        [(maven.teams.index(team) + 2, who[name]) for name, team in maven.reps.items()],
    )
    insert(run, "vtiger_account", "accountid, accountname", [(n, name) for name, n in firms.items()])
    entity = [(n, who[maven.people[0]], "Accounts", "2016-01-01 00:00:00", 0) for n in firms.values()]
    rows, history = [], []
    for n, deal in enumerate(maven.deals, 10_000):
        for number in (n, 40_000 + n) if n % 9 == 0 else (n,):
            entity.append((number, who[deal.rep], "Potentials", str(created(deal)), int(number > 40_000)))
            rows.append(
                (
                    number,
                    firms.get(deal.account, 0),
                    deal.product,
                    deal.amount if deal.amount is not None else 1000,
                    deal.closed or "2018-06-30",
                    LABELS[deal.stage],
                    CHANCE[deal.stage],
                )
            )
        history.append((n, "Prospecting", 0, created(deal)))
        if deal.stage != "Prospecting":
            history.append((n, "Negotiation", 0, created(deal).replace(hour=11)))
        if deal.closed:
            history.append((n, LABELS[deal.stage], deal.amount or 0, closed(deal)))
    insert(run, "vtiger_crmentity", "crmid, smownerid, setype, createdtime, deleted", entity)
    insert(
        run,
        "vtiger_potential",
        "potentialid, related_to, potentialname, amount, closingdate, sales_stage, probability",
        rows,
    )
    insert(run, "vtiger_potstagehistory", "potentialid, stage, amount, lastmodified", history)


def krayin(run: Run, maven: Company) -> None:
    who, firms = _ids(maven)
    stamps = "created_at TIMESTAMP NULL, updated_at TIMESTAMP NULL"
    run(
        f"CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), email VARCHAR(255), password VARCHAR(255), status TINYINT(1), role_id INT, {stamps})"
    )
    run(f"CREATE TABLE `groups` (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), {stamps})")
    run("CREATE TABLE user_groups (group_id INT, user_id INT)")
    run(f"CREATE TABLE organizations (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), address JSON, {stamps})")
    run(
        f"CREATE TABLE persons (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), emails JSON, organization_id INT, {stamps})"
    )
    run(f"CREATE TABLE lead_sources (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), {stamps})")
    run(
        f"CREATE TABLE lead_pipelines (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), is_default TINYINT(1), rotten_days INT, {stamps})"
    )
    run(
        "CREATE TABLE lead_pipeline_stages (id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(255), name VARCHAR(255), probability INT, sort_order INT, lead_pipeline_id INT)"
    )
    run(
        f"CREATE TABLE leads (id INT AUTO_INCREMENT PRIMARY KEY, title VARCHAR(255), description TEXT, lead_value DECIMAL(12,4), status TINYINT(1), lost_reason TEXT, closed_at DATETIME, user_id INT, person_id INT, lead_source_id INT, lead_type_id INT, lead_pipeline_id INT, lead_pipeline_stage_id INT, expected_close_date DATE, {stamps})"
    )
    for name in (
        "activities",
        "attributes",
        "attribute_values",
        "core_config",
        "emails",
        "lead_tags",
        "migrations",
        "products",
        "quotes",
        "roles",
        "tags",
        "workflows",
    ):
        run(f"CREATE TABLE {name} (id INT AUTO_INCREMENT PRIMARY KEY, type VARCHAR(255), {stamps})")
    insert(run, "users", "id, name, status", [(n, name, 1) for name, n in who.items()])
    insert(run, "`groups`", "id, name", [(n, name) for n, name in enumerate(maven.teams, 1)])
    insert(
        run,
        "user_groups",
        "group_id, user_id",
        [(maven.teams.index(team) + 1, who[name]) for name, team in maven.reps.items()],
    )
    insert(run, "organizations", "id, name", [(n, name) for name, n in firms.items()])
    insert(run, "persons", "id, name, organization_id", [(n, f"Ann of {name}", n) for name, n in firms.items()])
    insert(run, "lead_pipelines", "id, name, is_default", [(1, "Default Pipeline", 1)])
    insert(run, "lead_sources", "id, name", [(1, "Email")])
    stages = {"Prospecting": 1, "Engaging": 4, "Won": 5, "Lost": 6}
    insert(
        run,
        "lead_pipeline_stages",
        "id, code, name, probability, sort_order, lead_pipeline_id",
        [
            (1, "new", "New", 100, 1, 1),
            (4, "negotiation", "Negotiation", 100, 4, 1),
            (5, "won", "Won", 100, 5, 1),
            (6, "lost", "Lost", 0, 6, 1),
        ],
    )
    insert(
        run,
        "leads",
        "id, title, lead_value, status, closed_at, user_id, person_id, lead_source_id, lead_pipeline_id, lead_pipeline_stage_id, created_at",
        [
            (
                n,
                deal.product,
                deal.amount if deal.amount is not None else 1000,
                1,
                closed(deal),
                who[deal.rep],
                firms.get(deal.account),
                1,
                1,
                stages[deal.stage],
                created(deal),
            )
            for n, deal in enumerate(maven.deals, 1)
        ],
    )


def dolibarr(run: Run, maven: Company) -> None:
    who, firms = _ids(maven)
    run(
        "CREATE TABLE llx_user (rowid INT AUTO_INCREMENT PRIMARY KEY, login VARCHAR(50), lastname VARCHAR(50), firstname VARCHAR(50), email VARCHAR(255), job VARCHAR(128), fk_user INT, statut INT, admin INT)"
    )
    run(
        "CREATE TABLE llx_societe (rowid INT AUTO_INCREMENT PRIMARY KEY, nom VARCHAR(128), parent INT, town VARCHAR(50), fk_pays INT, client INT, fournisseur INT, datec DATETIME)"
    )
    run(
        "CREATE TABLE llx_c_lead_status (rowid INT PRIMARY KEY, code VARCHAR(10), label VARCHAR(128), position INT, percent DOUBLE, active INT)"
    )
    run(
        "CREATE TABLE llx_projet (rowid INT AUTO_INCREMENT PRIMARY KEY, ref VARCHAR(50), title VARCHAR(255), fk_soc INT, datec DATETIME, dateo DATE, datee DATE, date_close DATETIME, fk_user_creat INT, fk_statut INT, fk_opp_status INT, opp_percent DOUBLE, opp_amount DOUBLE, budget_amount DOUBLE, usage_opportunity INT)"
    )
    for n in range(20):
        run(f"CREATE TABLE llx_other_{n} (rowid INT PRIMARY KEY, active INT)")
    insert(
        run,
        "llx_user",
        "rowid, login, lastname, firstname, fk_user, statut",
        [
            (n, name, split(name)[1], split(name)[0], who.get(maven.managers.get(name, "")), 1)
            for name, n in who.items()
        ],
    )
    insert(run, "llx_societe", "rowid, nom, client", [(n, name, 1) for name, n in firms.items()])
    insert(
        run,
        "llx_c_lead_status",
        "rowid, code, label, position, percent, active",
        [
            (1, "PROSP", "Prospection", 10, 0, 1),
            (4, "NEGO", "Negotiation", 40, 60, 1),
            (6, "WON", "Won", 60, 100, 1),
            (7, "LOST", "Lost", 70, 0, 1),
        ],
    )
    stages = {"Prospecting": 1, "Engaging": 4, "Won": 6, "Lost": 7}
    insert(
        run,
        "llx_projet",
        "rowid, title, fk_soc, datec, datee, date_close, fk_user_creat, fk_opp_status, opp_percent, opp_amount, usage_opportunity",
        [
            *(
                (
                    n,
                    deal.product,
                    firms.get(deal.account),
                    created(deal),
                    "2018-06-30",
                    closed(deal),
                    who[deal.rep],
                    stages[deal.stage],
                    CHANCE[deal.stage],
                    deal.amount if deal.amount is not None else 1000,
                    1,
                )
                for n, deal in enumerate(maven.deals, 1)
            ),
            (90_000, "A project of ours", None, "2017-01-01 00:00:00", None, None, 5, None, None, 99, 0),
        ],
    )


def erpnext(run: Run, maven: Company) -> None:
    base = "name VARCHAR(140) PRIMARY KEY, creation DATETIME(6), modified DATETIME(6), owner VARCHAR(140), docstatus INT DEFAULT 0, idx INT DEFAULT 0"
    child = f"{base}, parent VARCHAR(140), parentfield VARCHAR(140), parenttype VARCHAR(140)"
    run(
        f"CREATE TABLE `tabCustomer` ({base}, customer_name VARCHAR(140), customer_type VARCHAR(140), customer_group VARCHAR(140), territory VARCHAR(140))"
    )
    run(
        f"CREATE TABLE `tabSales Person` ({base}, sales_person_name VARCHAR(140), parent_sales_person VARCHAR(140), is_group INT, enabled INT)"
    )
    run(f"CREATE TABLE `tabItem` ({base}, item_code VARCHAR(140), item_name VARCHAR(140), item_group VARCHAR(140))")
    run(
        f"CREATE TABLE `tabSales Order` ({base}, customer VARCHAR(140), transaction_date DATE, status VARCHAR(140), currency VARCHAR(140), net_total DECIMAL(21,9), base_net_total DECIMAL(21,9), grand_total DECIMAL(21,9))"
    )
    run(
        f"CREATE TABLE `tabSales Order Item` ({child}, item_code VARCHAR(140), qty DECIMAL(21,9), rate DECIMAL(21,9), amount DECIMAL(21,9), net_amount DECIMAL(21,9))"
    )
    run(f"CREATE TABLE `tabSales Team` ({child}, sales_person VARCHAR(140), allocated_percentage DECIMAL(21,9))")
    run(
        f"CREATE TABLE `tabOpportunity` ({base}, title VARCHAR(140), status VARCHAR(140), opportunity_from VARCHAR(140), party_name VARCHAR(140), opportunity_owner VARCHAR(140), sales_stage VARCHAR(140), currency VARCHAR(140), opportunity_amount DECIMAL(21,9), probability DECIMAL(21,9), transaction_date DATE, expected_closing DATE)"
    )
    statuses = {"Prospecting": "Open", "Engaging": "Quotation", "Won": "Converted", "Lost": "Lost"}
    insert(
        run,
        "`tabOpportunity`",
        "name, creation, status, opportunity_from, party_name, opportunity_owner, currency, opportunity_amount, transaction_date, expected_closing",
        [
            (
                f"CRM-OPP-{n:05}",
                created(deal),
                statuses[deal.stage],
                "Customer",
                f"CUST-{maven.customers().index(deal.account)}" if deal.account else None,
                deal.rep,
                "USD",
                deal.amount if deal.amount is not None else 1000,
                created(deal).date(),
                deal.closed or "2018-06-30",
            )
            for n, deal in enumerate(maven.deals)
        ],
    )
    for n in range(20):
        run(f"CREATE TABLE `tabDoc {n}` ({base})")
    insert(
        run,
        "`tabSales Person`",
        "name, sales_person_name, parent_sales_person, is_group, enabled",
        [
            ("Sales Team", "Sales Team", None, 1, 1),
            *((team, team, "Sales Team", 1, 1) for team in maven.teams),
            *((who, who, team, 0, 1) for who, team in maven.reps.items()),
        ],
    )
    insert(
        run, "`tabCustomer`", "name, customer_name", [(f"CUST-{n}", name) for n, name in enumerate(maven.customers())]
    )
    insert(run, "`tabItem`", "name, item_code, item_name", [(one, one, one) for one in maven.products])
    heads, lines, teams = [], [], []
    for n, deal in enumerate(maven.deals):
        if deal.status == "open":
            continue
        name = f"SAL-ORD-2017-{n:05}"
        heads.append(
            (
                name,
                created(deal),
                1 if deal.status == "won" else 2,
                f"CUST-{maven.customers().index(deal.account)}",
                deal.closed,
                "Completed" if deal.status == "won" else "Cancelled",
                "USD",
                deal.amount,
                (deal.amount or 0) * 1.1,
            )
        )
        lines.append(
            (
                f"i{n}",
                1,
                name,
                "Sales Order",
                deal.product,
                2,
                (deal.amount or 0) / 2,
                deal.amount or 500,
                deal.amount or 500,
            )
        )
        teams.append((f"t{n}", 1, name, "Sales Order", deal.rep, 100))
    insert(
        run,
        "`tabSales Order`",
        "name, creation, docstatus, customer, transaction_date, status, currency, base_net_total, grand_total",
        heads,
    )
    insert(
        run, "`tabSales Order Item`", "name, idx, parent, parenttype, item_code, qty, rate, amount, net_amount", lines
    )
    insert(run, "`tabSales Team`", "name, idx, parent, parenttype, sales_person, allocated_percentage", teams)


def frappe_crm(run: Run, maven: Company) -> None:
    base = "name VARCHAR(140) PRIMARY KEY, creation DATETIME(6), modified DATETIME(6), owner VARCHAR(140), docstatus INT DEFAULT 0, idx INT DEFAULT 0"
    run(
        f"CREATE TABLE `tabUser` ({base}, email VARCHAR(140), full_name VARCHAR(140), enabled INT, user_type VARCHAR(140))"
    )
    run(
        f"CREATE TABLE `tabCRM Organization` ({base}, organization_name VARCHAR(140), industry VARCHAR(140), territory VARCHAR(140))"
    )
    run(
        f"CREATE TABLE `tabCRM Deal Status` ({base}, deal_status VARCHAR(140), type VARCHAR(140), position INT, probability DECIMAL(21,9))"
    )
    run(
        f"CREATE TABLE `tabCRM Deal` ({base}, organization VARCHAR(140), status VARCHAR(140), deal_owner VARCHAR(140), probability DECIMAL(21,9), deal_value DECIMAL(21,9), annual_revenue DECIMAL(21,9), currency VARCHAR(140), expected_closure_date DATE, closed_date DATE)"
    )
    insert(
        run,
        "`tabUser`",
        "name, email, full_name, enabled, user_type",
        [(f"u{n}@x.example", f"u{n}@x.example", who, 1, "System User") for n, who in enumerate(maven.people)],
    )
    insert(run, "`tabCRM Organization`", "name, organization_name", [(one, one) for one in maven.customers()])
    stages = {"Prospecting": "Qualification", "Engaging": "Negotiation", "Won": "Won", "Lost": "Lost"}
    insert(
        run,
        "`tabCRM Deal Status`",
        "name, deal_status, type, position, probability",
        [
            ("Qualification", "Qualification", "Open", 1, 10),
            ("Negotiation", "Negotiation", "Ongoing", 4, 70),
            ("Won", "Won", "Won", 6, 100),
            ("Lost", "Lost", "Lost", 7, 0),
        ],
    )
    insert(
        run,
        "`tabCRM Deal`",
        "name, creation, organization, status, deal_owner, deal_value, currency, expected_closure_date, closed_date",
        [
            (
                f"CRM-DEAL-{n}",
                created(deal),
                deal.account or None,
                stages[deal.stage],
                f"u{maven.people.index(deal.rep)}@x.example",
                deal.amount if deal.amount is not None else 1000,
                "USD",
                "2018-06-30",
                deal.closed,
            )
            for n, deal in enumerate(maven.deals)
        ],
    )

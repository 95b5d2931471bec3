"""An Odoo 17 (or 18) on PostgreSQL with the Maven company in it: CRM, sales, invoices, log, and all the rest."""

# ruff: noqa: E501 (schemas)

from __future__ import annotations

import json

from tests.disguise.maven import Deal
from tests.sources.databases.crms.world import Company, Run, closed, created, insert

_LOG = "create_uid int4, write_uid int4, create_date timestamp, write_date timestamp"
_TABLES = {
    "res_currency": "name varchar, symbol varchar, rounding numeric, active bool",
    "res_currency_rate": "name date, currency_id int4, company_id int4, rate numeric",
    "res_company": "name varchar, partner_id int4, currency_id int4, parent_id int4, sequence int4, active bool",
    "res_country": "name jsonb, code varchar, currency_id int4",
    "res_country_state": "name varchar, code varchar, country_id int4",
    "res_partner": "company_id int4, name varchar, complete_name varchar, title int4, parent_id int4, user_id int4,"
    " state_id int4, country_id int4, industry_id int4, commercial_partner_id int4, ref varchar, lang varchar, vat varchar,"
    " website varchar, type varchar, street varchar, city varchar, zip varchar, email varchar, phone varchar,"
    " is_company bool, partner_share bool, active bool, team_id int4, customer_rank int4, supplier_rank int4",
    "res_partner_industry": "name jsonb, full_name jsonb, active bool",
    "res_users": "company_id int4, partner_id int4, active bool, login varchar, password varchar, share bool,"
    " notification_type varchar, sale_team_id int4, target_sales_won int4, target_sales_done int4",
    "crm_team": "name jsonb, user_id int4, company_id int4, sequence int4, active bool, invoiced_target float8,"
    " use_leads bool, use_opportunities bool",
    "crm_team_member": "crm_team_id int4, user_id int4, active bool, assignment_max int4",
    "crm_stage": "name jsonb, sequence int4, team_id int4, is_won bool, fold bool, requirements text",
    "crm_lost_reason": "name jsonb, active bool",
    "crm_tag": "name jsonb, color int4",
    "crm_lead": "campaign_id int4, source_id int4, medium_id int4, user_id int4, team_id int4, company_id int4,"
    " stage_id int4, color int4, recurring_plan int4, partner_id int4, title int4, lang_id int4, state_id int4,"
    " country_id int4, lost_reason_id int4, phone_sanitized varchar, email_normalized varchar, email_cc varchar,"
    " name varchar, referred varchar, type varchar, priority varchar, contact_name varchar, partner_name varchar,"
    " function varchar, email_from varchar, phone varchar, website varchar, street varchar, zip varchar, city varchar,"
    " date_deadline date, lead_properties jsonb, expected_revenue numeric, prorated_revenue numeric,"
    " recurring_revenue numeric, description text, active bool, date_closed timestamp, date_action_last timestamp,"
    " date_open timestamp, date_last_stage_update timestamp, date_conversion timestamp, day_open float8,"
    " day_close float8, probability float8, automated_probability float8, duration_tracking jsonb",
    "utm_source": "name varchar",
    "utm_medium": "name varchar, active bool",
    "utm_campaign": "name varchar, title jsonb, user_id int4, active bool",
    "product_category": "name varchar, complete_name varchar, parent_id int4, parent_path varchar",
    "product_template": "name jsonb, categ_id int4, list_price numeric, default_code varchar, type varchar, active bool",
    "product_product": "product_tmpl_id int4, default_code varchar, barcode varchar, active bool",
    "sale_order": "name varchar, state varchar, partner_id int4, user_id int4, team_id int4, company_id int4,"
    " currency_id int4, currency_rate numeric, opportunity_id int4, amount_untaxed numeric, amount_tax numeric,"
    " amount_total numeric, invoice_status varchar, date_order timestamp, validity_date date, client_order_ref varchar,"
    " campaign_id int4, source_id int4, medium_id int4",
    "sale_order_line": "order_id int4, sequence int4, company_id int4, currency_id int4, order_partner_id int4,"
    " salesman_id int4, product_id int4, product_uom int4, state varchar, display_type varchar, name text,"
    " product_uom_qty numeric, price_unit numeric, discount numeric, price_subtotal numeric, price_tax float8,"
    " price_total numeric, qty_delivered numeric, qty_invoiced numeric, is_downpayment bool",
    "account_move": "name varchar, ref varchar, date date, state varchar, move_type varchar, partner_id int4,"
    " commercial_partner_id int4, invoice_user_id int4, team_id int4, currency_id int4, invoice_date date,"
    " invoice_date_due date, amount_untaxed numeric, amount_tax numeric, amount_total numeric,"
    " amount_untaxed_signed numeric, payment_state varchar",
    "account_move_line": "move_id int4, account_id int4, partner_id int4, product_id int4, name varchar, quantity numeric,"
    " price_unit numeric, price_subtotal numeric, debit numeric, credit numeric, balance numeric, date date",
    "ir_model_fields": "model_id int4, name varchar, model varchar, field_description jsonb, ttype varchar, store bool",
    "mail_message": "model varchar, res_id int4, record_name varchar, message_type varchar, subtype_id int4,"
    " mail_activity_type_id int4, author_id int4, subject varchar, email_from varchar, body text, date timestamp,"
    " is_internal bool",
    "mail_tracking_value": "field_id int4, mail_message_id int4, old_value_integer int4, new_value_integer int4,"
    " currency_id int4, field_info jsonb, old_value_char varchar, new_value_char varchar, old_value_text text,"
    " new_value_text text, old_value_datetime timestamp, new_value_datetime timestamp, old_value_float float8,"
    " new_value_float float8",
    "mail_activity_type": "name jsonb, category varchar, icon varchar, sequence int4, active bool",
    "mail_activity": "res_model_id int4, res_model varchar, res_id int4, res_name varchar, activity_type_id int4,"
    " summary varchar, note text, date_deadline date, user_id int4, automated bool",
    "calendar_event": "name varchar, start timestamp, stop timestamp, start_date date, stop_date date, duration float8,"
    " allday bool, user_id int4, opportunity_id int4, res_model varchar, res_id int4, active bool, privacy varchar",
}
_REST = (
    "account_account account_journal account_payment account_tax auth_totp_device base_import_mapping bus_bus bus_presence"
    " crm_iap_lead_mining_request crm_lead_scoring_frequency crm_recurring_plan decimal_precision digest_digest discuss_channel"
    " fetchmail_server gamification_badge hr_department hr_employee hr_job iap_account ir_act_window ir_asset ir_attachment"
    " ir_config_parameter ir_cron ir_filters ir_logging ir_mail_server ir_model ir_model_access ir_model_data"
    " ir_module_category ir_module_module ir_property ir_rule ir_sequence ir_ui_menu ir_ui_view mail_alias mail_followers"
    " mail_mail mail_notification mail_template payment_provider payment_transaction phone_blacklist portal_wizard"
    " product_attribute product_pricelist project_project project_task purchase_order purchase_order_line rating_rating"
    " report_layout resource_calendar sale_order_template sms_sms snailmail_letter stock_location stock_move stock_picking"
    " stock_quant stock_warehouse uom_uom utm_stage utm_tag web_tour_tour website website_menu website_page website_visitor"
)
STAGES = [
    ("New", "Baru", 0),
    ("Qualified", "Memenuhi Syarat", 1),
    ("Proposition", "Penawaran", 2),
    ("Won", "Menang", 70),
]
STAGE = {"Prospecting": 1, "Engaging": 3, "Won": 4, "Lost": 3}


def fill(run: Run, maven: Company, *, edition: int = 17, rest: int = 240) -> None:
    """Tables and rows; ``rest`` is how many tables of other modules there are besides."""
    for name, columns in _TABLES.items():
        own = ", won_status varchar" if name == "crm_lead" and edition >= 18 else ""
        run(f"CREATE TABLE {name} (id serial PRIMARY KEY, {columns}{own}, {_LOG})")
    run("CREATE TABLE crm_tag_rel (lead_id int4, tag_id int4)")
    run("CREATE VIEW crm_activity_report AS SELECT l.id, l.user_id, l.stage_id, l.active, l.type FROM crm_lead l")
    run("CREATE VIEW sale_report AS SELECT o.id, o.name, o.state, o.amount_untaxed AS price_subtotal FROM sale_order o")
    names = _REST.split()
    for place in range(rest):
        name = names[place] if place < len(names) else f"x_module_{place}"
        run(f"CREATE TABLE {name} (id serial PRIMARY KEY, name varchar, active bool, {_LOG})")
    _organisation(run, maven)
    _leads(run, maven, edition)
    _orders(run, maven)
    _log(run, maven)


def _word(english: str, indonesian: str = "") -> str:
    return json.dumps({"en_US": english, **({"id_ID": indonesian} if indonesian else {})})


def _organisation(run: Run, maven: Company) -> None:
    since = "2016-01-01 00:00:00"
    insert(run, "res_currency", "id, name, symbol, active", [(1, "EUR", "€", True), (2, "USD", "$", True)])
    insert(run, "res_company", "id, name, partner_id, currency_id, active", [(1, "Maven", 1, 2, True)])
    insert(run, "res_country", "id, name, code", [(1, _word("United States", "Amerika Serikat"), "US")])
    sectors = sorted({row["sector"] for row in maven.accounts.values()})
    insert(run, "res_partner_industry", "id, name, active", [(n, _word(s), True) for n, s in enumerate(sectors, 1)])
    fields = "id, name, complete_name, is_company, active, industry_id, country_id, commercial_partner_id, create_date"
    insert(run, "res_partner", fields, [(1, "Maven", "Maven", True, True, None, 1, 1, since)])
    insert(run, "res_partner", fields, [
        (partner(maven, name), name, name, True, True, sectors.index(maven.accounts[name]["sector"]) + 1
         if name in maven.accounts else None, 1, partner(maven, name), since) for name in maven.customers()
    ])  # fmt: skip
    insert(run, "res_partner", fields, [
        (10 + n, name, name, False, True, None, None, 10 + n, since) for n, name in enumerate(maven.people)
    ])  # fmt: skip
    offices = {manager: maven.reps[rep] for rep, manager in maven.managers.items()} | maven.reps
    insert(run, "res_users", "id, company_id, partner_id, active, login, share, create_date", [
        (1, 1, 1, False, "__system__", False, since), (2, 1, 1, True, "admin", False, since), (4, 1, 300, True, "portal", True, since),
        *((user(maven, name), 1, 10 + n, name != "Moses Frase", name.split()[0].lower() + "@x.example", False, since)
          for n, name in enumerate(maven.people)),
    ])  # fmt: skip
    leaders = {maven.reps[rep]: manager for rep, manager in maven.managers.items()}
    insert(run, "crm_team", "id, name, user_id, sequence, active", [
        (n, _word(name), user(maven, leaders[name]), n, True) for n, name in enumerate(maven.teams, 1)
    ])  # fmt: skip
    insert(run, "crm_team_member", "crm_team_id, user_id, active, create_date, write_date", [
        (maven.teams.index(office) + 1, user(maven, name), True, "2026-05-05 10:00:00", "2026-05-05 10:00:00")
        for name, office in offices.items()
    ])  # fmt: skip
    insert(run, "crm_stage", "id, name, sequence, is_won, fold", [
        (n, _word(name, own), order, name == "Won", False) for n, (name, own, order) in enumerate(STAGES, 1)
    ])  # fmt: skip
    insert(run, "crm_lost_reason", "id, name, active", [(1, _word("Too expensive", "Terlalu mahal"), True)])
    insert(run, "utm_source", "id, name", [(1, "Search engine"), (2, "Newsletter")])
    insert(run, "utm_medium", "id, name, active", [(1, "Website", True), (2, "Phone", True)])
    insert(run, "product_category", "id, name, complete_name", [(1, "All", "All"), (2, "GTX", "All / GTX")])
    for n, name in enumerate(maven.products, 1):
        insert(run, "product_template", "id, name, categ_id, active", [(n, _word(name), 2, True)])
        insert(run, "product_product", "id, product_tmpl_id, active", [(n + 100, n, True)])


def user(maven: Company, name: str) -> int:
    return 20 + maven.people.index(name)


def partner(maven: Company, name: str) -> int | None:
    return 1000 + maven.customers().index(name) if name else None


def _leads(run: Run, maven: Company, edition: int) -> None:
    fields = (
        "id, name, type, active, stage_id, user_id, team_id, company_id, partner_id, source_id, medium_id, lost_reason_id,"
        " expected_revenue, prorated_revenue, probability, automated_probability, date_closed, date_deadline, date_open,"
        " date_last_stage_update, create_date, write_date" + (", won_status" if edition >= 18 else "")
    )
    places = {name: partner(maven, name) for name in maven.customers()}
    people = {name: user(maven, name) for name in maven.people}

    def row(number: int, deal: Deal, **other: object) -> list[object]:
        chance = {"won": 100.0, "lost": 0.0}.get(deal.status, 42.42)
        amount = deal.amount if deal.amount is not None else 1000
        known = {
            "id": number, "name": f"{deal.product} #{number}", "type": "opportunity", "active": deal.status != "lost",
            "stage_id": STAGE[deal.stage], "user_id": people[deal.rep], "team_id": maven.teams.index(maven.reps[deal.rep]) + 1,
            "company_id": 1, "partner_id": places.get(deal.account), "source_id": 1 + number % 2, "medium_id": 1,
            "lost_reason_id": 1 if deal.status == "lost" and number % 3 else None,
            "expected_revenue": 700 if deal.status == "lost" else amount, "prorated_revenue": amount * chance / 100,
            "probability": chance, "automated_probability": chance, "date_closed": closed(deal), "date_deadline": "2018-06-30",
            "date_open": created(deal), "date_last_stage_update": closed(deal) or created(deal), "create_date": created(deal),
            "write_date": "2026-05-05 10:00:00", **other,
        }  # fmt: skip
        if edition >= 18:
            known["won_status"] = other.get("won_status") or {"open": "pending"}.get(deal.status, deal.status)
        return list(known.values())

    insert(run, "crm_lead", fields, [row(n, deal) for n, deal in enumerate(maven.deals, 1)])
    some = maven.deals[::30]
    insert(run, "crm_lead", fields, [
        row(20_000 + n, deal, type="lead", active=n % 4 > 0, stage_id=1, probability=5.0, date_closed=None,
            **({"won_status": "pending"} if edition >= 18 else {})) for n, deal in enumerate(some)
    ])  # fmt: skip
    away = [deal for deal in some if deal.status == "open"]  # put away, which is not lost
    insert(run, "crm_lead", fields, [row(30_000 + n, deal, active=False) for n, deal in enumerate(away)])


def _orders(run: Run, maven: Company) -> None:
    """A confirmed order of each deal that was won; quotations and cancelled orders besides; invoices of them all."""
    head = (
        "id, name, state, partner_id, user_id, team_id, company_id, currency_id, opportunity_id, amount_untaxed, amount_tax,"
        " amount_total, invoice_status, date_order, create_date"
    )
    lines = (
        "order_id, sequence, currency_id, product_id, state, display_type, name, product_uom_qty, price_unit, price_subtotal,"
        " price_tax, price_total"
    )
    places = {name: partner(maven, name) for name in maven.customers()}
    people = {name: user(maven, name) for name in maven.people}
    orders, items, moves = [], [], []
    for number, deal in enumerate(maven.deals, 1):
        state = {"won": "sale", "lost": "cancel" if number % 2 else "sent", "open": "draft"}[deal.status]
        if deal.status != "won" and number % 5:
            continue
        amount = deal.amount or 500
        day = closed(deal) or created(deal)
        orders.append((number, f"S{number:05}", state, places.get(deal.account), people[deal.rep], 1, 1, 2, number, amount,
                       amount / 10, amount * 1.1, "invoiced", day, created(deal)))  # fmt: skip
        product = 101 + maven.products.index(deal.product)
        items.append((number, 9, 2, None, state, "line_section", "Hardware", 0, 0, 0, 0, 0))
        items.append(
            (number, 10, 2, product, state, None, deal.product, 2, amount / 2, amount, amount / 10, amount * 1.1)
        )
        if state == "sale":
            moves.append((number, f"INV/{number}", "posted", "out_invoice", places.get(deal.account), people[deal.rep], 2,
                          day.date(), amount, amount / 10, amount * 1.1, "paid"))  # fmt: skip
    insert(run, "sale_order", head, orders)
    insert(run, "sale_order_line", lines, items)
    fields = (
        "id, name, state, move_type, partner_id, invoice_user_id, currency_id, invoice_date, amount_untaxed, amount_tax,"
        " amount_total, payment_state"
    )
    insert(run, "account_move", fields, moves)


def _log(run: Run, maven: Company) -> None:
    insert(run, "ir_model_fields", "id, model, name, ttype, store", [
        (901, "crm.lead", "stage_id", "many2one", True), (902, "crm.lead", "user_id", "many2one", True),
        (903, "crm.lead", "expected_revenue", "monetary", True), (904, "sale.order", "state", "selection", True),
    ])  # fmt: skip
    insert(run, "mail_activity_type", "id, name, category, active", [
        (1, _word("Email"), "default", True), (2, _word("Call", "Telepon"), "phonecall", True), (3, _word("Meeting"), "meeting", True),
    ])  # fmt: skip
    messages, changes = [], []
    for number, deal in enumerate(maven.deals, 1):
        if deal.stage == "Prospecting":
            continue
        steps = [(1, 3, created(deal).replace(hour=11))]
        if deal.stage == "Won":
            steps.append((3, 4, closed(deal)))  # type: ignore[arg-type]
        for old, new, at in steps:
            messages.append((len(messages) + 1, "crm.lead", number, "notification", 10, None, at))
            changes.append((901, len(messages), old, new, STAGES[old - 1][0], STAGES[new - 1][0]))
        if number % 20 == 0:
            messages.append((len(messages) + 1, "crm.lead", number, "comment", 10, 2, created(deal).replace(hour=12)))
    insert(run, "mail_message", "id, model, res_id, message_type, author_id, mail_activity_type_id, date", messages)
    insert(run, "mail_tracking_value", "field_id, mail_message_id, old_value_integer, new_value_integer, old_value_char,"
           " new_value_char", changes)  # fmt: skip
    insert(run, "calendar_event", "name, start, stop, user_id, opportunity_id, active", [
        ("Visit", created(deal), created(deal).replace(hour=12), user(maven, deal.rep), number, number % 2 == 0)
        for number, deal in enumerate(maven.deals, 1) if number % 25 == 0
    ])  # fmt: skip

"""A CRM that a company made for itself on PostgreSQL: numbers for everything, rows put away by a date, and views."""

# ruff: noqa: E501 (schemas)

from __future__ import annotations

from tests.sources.databases.crms.world import Company, Run, closed, created, insert


def fill(run: Run, maven: Company) -> None:
    who = {name: number for number, name in enumerate(maven.people, 1)}
    firms = {name: number for number, name in enumerate(maven.customers(), 1)}
    run("CREATE TABLE users (id serial PRIMARY KEY, name text, email text, manager_id int, created_at timestamptz)")
    run("CREATE TABLE customers (id serial PRIMARY KEY, company_name text, industry text, created_at timestamptz)")
    run("CREATE TABLE stages (id serial PRIMARY KEY, name text, position int, probability int)")
    run("CREATE TABLE deals (id serial PRIMARY KEY, title text, customer_id int, owner_id int, stage_id int, amount numeric(12,2), currency text,"
        " created_at timestamptz, closed_at timestamptz, expected_close_date date, deleted_at timestamptz)")  # fmt: skip
    run("CREATE TABLE audit_log (id serial, payload jsonb, at timestamptz)")
    insert(
        run,
        "users",
        "id, name, manager_id",
        [(n, name, who.get(maven.managers.get(name, ""))) for name, n in who.items()],
    )
    insert(run, "customers", "id, company_name", [(n, name) for name, n in firms.items()])
    stages = {"Prospecting": 1, "Engaging": 2, "Won": 3, "Lost": 4}
    insert(run, "stages", "id, name, position", [(n, name, n) for name, n in stages.items()])
    insert(run, "deals", "title, customer_id, owner_id, stage_id, amount, currency, created_at, closed_at, deleted_at", [
        (deal.product, firms.get(deal.account), who[deal.rep], stages[deal.stage], deal.amount if deal.amount is not None else 1000,
         "USD", f"{created(deal)}+00", f"{closed(deal)}+00" if deal.closed else None, "2018-01-01" if gone else None)
        for n, deal in enumerate(maven.deals) for gone in ((False, True) if n % 9 == 0 else (False,))
    ])  # fmt: skip
    run("INSERT INTO audit_log (payload, at) VALUES ('{\"a\": 1}', now())")
    run(
        "CREATE VIEW won_deals AS SELECT d.*, u.name AS owner FROM deals d JOIN users u ON u.id = d.owner_id WHERE d.stage_id = 3"
    )
    run(
        "CREATE VIEW v_pipeline AS SELECT d.id AS deal_id, d.title, s.name AS stage, d.amount FROM deals d JOIN stages s ON s.id = d.stage_id"
    )

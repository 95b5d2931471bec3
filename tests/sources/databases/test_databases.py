"""Databases become the same facts as their exports; what is asked of them is asked in their own SQL too."""

from __future__ import annotations

import random
import socket
import sqlite3
import ssl
import struct
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tolok import imports
from tolok.errors import ImportRefused, SourceError
from tolok.settings import create
from tolok.sources import databases
from tolok.sources.databases.options import mysql_tls
from tolok.sources.databases.statement import reading_only
from tolok.workspace import open_workspace

Run = Callable[[str], list[tuple[object, ...]]]


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def insert(run: Run, table: str, rows: list[tuple[object, ...]]) -> None:
    run(f"INSERT INTO {table} VALUES " + ", ".join("(" + ", ".join(map(literal, row)) + ")" for row in rows))


def odoo(run: Run, *, translated: bool) -> None:
    """The tables of an Odoo with 240 opportunities, 60 leads, two pipelines' worth of stages and orders."""
    name = "jsonb" if translated else "varchar"

    def word(english: str, indonesian: str) -> str:
        return f'{{"en_US": "{english}", "id_ID": "{indonesian}"}}' if translated else english

    run(
        "CREATE TABLE res_partner (id int, name varchar, email varchar, is_company bool, parent_id int, user_id int,"
        " city varchar, country_id int, create_date timestamp)"
    )
    run(f"CREATE TABLE res_country (id int, name {name})")
    run("CREATE TABLE res_users (id int, login varchar, partner_id int, active bool, share bool)")
    run(f"CREATE TABLE crm_team (id int, name {name}, user_id int)")
    run(
        "CREATE TABLE crm_team_member (id int, crm_team_id int, user_id int, active bool, create_date timestamp,"
        " write_date timestamp)"
    )
    run(f"CREATE TABLE crm_stage (id int, name {name}, sequence int, is_won bool)")
    run(f"CREATE TABLE crm_lost_reason (id int, name {name})")
    run("CREATE TABLE res_currency (id int, name varchar)")
    run("CREATE TABLE res_company (id int, name varchar, currency_id int)")
    reason = "lost_reason_id" if translated else "lost_reason"
    revenue = "expected_revenue" if translated else "planned_revenue"
    run(
        f"CREATE TABLE crm_lead (id int, name varchar, type varchar, active bool, stage_id int, user_id int, partner_id int,"
        f" company_id int, {revenue} numeric, probability float, create_date timestamp, date_closed timestamp,"
        f" date_deadline date, {reason} int, contact_name varchar, partner_name varchar)"
    )
    run(
        "CREATE TABLE sale_order (id int, name varchar, state varchar, partner_id int, user_id int, date_order timestamp,"
        " currency_id int, opportunity_id int)"
    )
    run(
        "CREATE TABLE sale_order_line (id int, order_id int, product_id int, product_uom_qty numeric, price_unit numeric,"
        " price_subtotal numeric, price_tax numeric, sequence int)"
    )
    run("CREATE TABLE unrelated_audit_log (id int, noise text)")
    insert(run, "res_country", [(1, word("Indonesia", "Indonesia"))])
    insert(run, "res_partner", [
        (1, "Ann Lee", "ann@x.example", False, None, None, None, None, "2024-01-01"),
        (2, "Bob Ray", "bob@x.example", False, None, None, None, None, "2024-01-01"),
        *[(n, f"PT {n}" if n != 12 else "PT 11", None, True, None, 5, "Jakarta", 1, "2024-02-01") for n in range(10, 30)],
    ])  # fmt: skip
    insert(run, "res_users", [(5, "ann", 1, True, False), (6, "bob", 2, True, False), (7, "portal", 10, True, True)])
    insert(run, "crm_team", [(1, word("West", "Barat"), 5)])
    insert(run, "crm_team_member", [(1, 1, 5, True, "2024-01-01", None), (2, 1, 6, True, "2024-01-01", None)])
    stages = [
        (1, word("New", "Baru"), 1, False),
        (2, word("Proposal", "Penawaran"), 5, False),
        (3, word("Won", "Menang"), 9, True),
    ]
    insert(run, "crm_stage", stages)
    insert(run, "crm_lost_reason", [(1, word("Too expensive", "Terlalu mahal"))])
    insert(run, "res_currency", [(1, "EUR")])
    insert(run, "res_company", [(1, "PT Kita", 1)])
    dice = random.Random(3)
    rows: list[tuple[object, ...]] = []
    for number in range(1, 301):
        made = datetime.fromisoformat("2025-01-01 20:00") + timedelta(
            days=dice.randrange(300), minutes=dice.randrange(600)
        )
        outcome = dice.choice(["won", "lost", "open"])
        closed = None if outcome == "open" else made + timedelta(days=dice.randrange(1, 90))
        rows.append((
            number, f"Deal {number}", "lead" if number > 240 else "opportunity", outcome != "lost",
            {"won": 3, "lost": dice.choice([1, 2]), "open": dice.choice([1, 2])}[outcome], dice.choice([5, 6]),
            dice.randrange(10, 30), 1, dice.randrange(1, 900) * 100_000, 50.0, made, closed,
            (made + timedelta(days=60)).date(), 1 if outcome == "lost" else None, "Budi", "PT Budi",
        ))  # fmt: skip
    insert(run, "crm_lead", rows)
    insert(
        run,
        "sale_order",
        [(1, "S001", "sale", 11, 5, "2025-03-01 10:00", 1, 4), (2, "S002", "draft", 12, 6, "2025-04-01", 1, 5)],
    )
    insert(run, "sale_order_line", [(1, 1, None, 2, 500, 1000, 110, 1), (2, 2, None, 1, 700, 700, 77, 1)])


@pytest.mark.postgres
@pytest.mark.parametrize("translated", [True, False], ids=["edition 17", "edition 13"])
def test_a_live_odoo_gives_what_its_own_sql_says(postgres, workspace, translated):
    url, run = postgres
    odoo(run, translated=translated)
    result = imports.run(workspace, [url], source="odoo", today=date(2026, 6, 1))
    assert result.rejected == 0
    assert "unrelated_audit_log" not in str(result.files)
    opened = open_workspace(workspace)
    revenue = "expected_revenue" if translated else "planned_revenue"
    deals = "FROM crm_lead l JOIN crm_stage s ON s.id = l.stage_id WHERE l.type = 'opportunity'"
    won, lost, open_ = run(
        f"SELECT count(*) FILTER (WHERE s.is_won), count(*) FILTER (WHERE NOT l.active), "
        f"count(*) FILTER (WHERE NOT s.is_won AND l.active) {deals}"
    )[0]
    assert (won, lost, open_) == tuple(opened.ask(kpi).value() for kpi in ("deals_won", "deals_lost", "deals_open"))
    assert opened.ask("win_rate").value() == pytest.approx(100 * won / (won + lost))  # type: ignore[operator]
    expected = dict(
        run(
            f"SELECT CASE user_id WHEN 5 THEN 'Ann Lee' ELSE 'Bob Ray' END, sum({revenue}) {deals} AND s.is_won GROUP BY 1"
        )
    )
    found = {row.members["rep"]: row.value for row in opened.ask("won_amount", by="rep").rows()}
    assert {name: float(value) for name, value in found.items() if value} == {n: float(v) for n, v in expected.items()}  # type: ignore[arg-type]
    pipeline = dict(run(f"SELECT s.id, sum({revenue}) {deals} AND NOT s.is_won AND l.active GROUP BY 1"))
    shown = {row.members["stage"]: row.value for row in opened.ask("open_pipeline", by="stage").rows()}
    assert shown["New"] == float(pipeline[1])  # type: ignore[arg-type]
    assert shown["Proposal"] == float(pipeline[2])  # type: ignore[arg-type]
    there = "interval '7 hours'"
    days = run(f"SELECT avg((l.date_closed + {there})::date - (l.create_date + {there})::date) {deals} AND s.is_won")
    assert opened.ask("sales_cycle_length").value() == pytest.approx(float(days[0][0]))  # type: ignore[arg-type]
    made = dict(run(f"SELECT (l.create_date + {there})::date, count(*) {deals} GROUP BY 1"))
    asked = {row.period.start: row.value for row in opened.ask("deals_created", grain="day").rows() if row.value}
    assert asked == made  # the database keeps UTC, days are those of the organisation
    assert opened.ask("new_leads").value() == 60
    # two customers of one name stay two, since the database knows their ids
    names = [row.members["account"] for row in opened.ask("deals_created", by="account").rows()]
    assert names.count("PT 11") == 2
    again = imports.run(workspace, [url], source="odoo", today=date(2026, 6, 1))
    assert again.snapshot == result.snapshot


def espocrm(run: Run) -> None:
    """The tables of an EspoCRM with 200 opportunities, some of them deleted."""
    common = "id varchar(17), name varchar(255), deleted tinyint(1)"
    run(
        f"CREATE TABLE account ({common}, industry varchar(255), billing_address_country varchar(100), created_at datetime)"
    )
    run(
        "CREATE TABLE user (id varchar(17), deleted tinyint(1), user_name varchar(50), first_name varchar(100),"
        " last_name varchar(100), type varchar(24), is_active tinyint(1), default_team_id varchar(17))"
    )
    run("CREATE TABLE team (id varchar(17), name varchar(100), deleted tinyint(1))")
    run(
        f"CREATE TABLE opportunity ({common}, amount decimal(19,4), amount_currency varchar(3), stage varchar(255),"
        " probability int, lead_source varchar(255), close_date date, created_at datetime, account_id varchar(17),"
        " assigned_user_id varchar(17))"
    )
    run(
        f"CREATE TABLE `call` ({common}, status varchar(255), date_start datetime, date_end datetime,"
        " direction varchar(20), parent_id varchar(17), parent_type varchar(100), assigned_user_id varchar(17))"
    )
    insert(run, "team", [("t1", "West", 0)])
    insert(run, "user", [("u1", 0, "ann", "Ann", "Lee", "admin", 1, "t1"), ("u2", 0, "bob", "", "Ray", "regular", 1, "t1"),
                         ("u3", 0, "robot", "", "", "api", 1, None)])  # fmt: skip
    insert(run, "account", [(f"a{n}", f"Toko {n}", 0, "Retail", "Indonesia", "2025-01-01 03:00:00") for n in range(8)])
    dice = random.Random(4)
    rows: list[tuple[object, ...]] = []
    for number in range(200):
        stage = dice.choice(["Prospecting", "Proposal", "Closed Won", "Closed Lost"])
        made = datetime.fromisoformat("2025-01-01 18:00") + timedelta(days=dice.randrange(300))
        close = (made + timedelta(days=dice.randrange(2, 100))).date()
        rows.append((
            f"o{number:03}", f"Deal {number}", 1 if number % 17 == 0 else 0, Decimal(dice.randrange(100, 90_000)) / 4, "EUR",
            stage, 50, "Web", close, made, f"a{dice.randrange(8)}", dice.choice(["u1", "u2"]),
        ))  # fmt: skip
    insert(run, "opportunity", rows)
    insert(run, "`call`", [
        ("c1", "Hello", 0, "Held", "2025-02-01 02:00:00", "2025-02-01 02:30:00", "Outbound", "o001", "Opportunity", "u1"),
        ("c2", "Later", 0, "Planned", "2025-12-01 02:00:00", "2025-12-01 02:30:00", "Outbound", "o001", "Opportunity", "u1"),
    ])  # fmt: skip


@pytest.mark.mysql
def test_a_live_espocrm_gives_what_its_own_sql_says(mysql, workspace):
    url, run = mysql
    espocrm(run)
    result = imports.run(workspace, [url], source="espo", today=date(2026, 6, 1))
    assert result.rejected == 0
    opened = open_workspace(workspace)
    by_stage = dict(run("SELECT stage, count(*) FROM opportunity WHERE deleted = 0 GROUP BY stage"))
    assert opened.ask("deals_won").value() == by_stage["Closed Won"]
    assert opened.ask("deals_lost").value() == by_stage["Closed Lost"]
    revenue = dict(run(
        "SELECT TRIM(CONCAT(COALESCE(u.first_name, ''), ' ', u.last_name)), SUM(o.amount) FROM opportunity o"
        " JOIN user u ON u.id = o.assigned_user_id WHERE o.deleted = 0 AND o.stage = 'Closed Won' GROUP BY 1"
    ))  # fmt: skip
    found = {row.members["rep"]: row.value for row in opened.ask("won_amount", by="rep").rows() if row.value}
    assert found == {name: pytest.approx(float(amount)) for name, amount in revenue.items()}  # type: ignore[arg-type]
    pipeline = run("SELECT SUM(amount) FROM opportunity WHERE deleted = 0 AND stage IN ('Prospecting', 'Proposal')")
    assert opened.ask("open_pipeline").value() == pytest.approx(float(pipeline[0][0]))  # type: ignore[arg-type]
    assert opened.ask("calls").value() == 1
    # a change in the CRM becomes the change here, and an event
    moved = run("SELECT id FROM opportunity WHERE deleted = 0 AND stage = 'Proposal' LIMIT 1")[0][0]
    run(f"UPDATE opportunity SET stage = 'Closed Won', close_date = '2026-05-01' WHERE id = '{moved}'")
    again = imports.run(workspace, [url], source="espo", today=date(2026, 6, 2))
    assert again.changed == 1
    assert open_workspace(workspace).ask("deals_won").value() == by_stage["Closed Won"] + 1  # type: ignore[operator]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A SQLite file of an unknown program: sales and reps, with cells of many types."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE salespeople (id INTEGER PRIMARY KEY, name TEXT, email TEXT);"
            "CREATE TABLE deals (deal_id INTEGER PRIMARY KEY, title TEXT, customer TEXT, rep TEXT, stage TEXT, amount NUMERIC,"
            " created_date TEXT, close_date TEXT);"
            "CREATE TABLE empty_one (id INTEGER);"
            "CREATE TABLE settings (key TEXT, value BLOB);"
        )
        connection.executemany(
            "INSERT INTO salespeople VALUES (?, ?, ?)", [(1, "Ann", "a@x.example"), (2, "Bob", "b@x.example")]
        )
        connection.executemany(
            "INSERT INTO deals VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n, f'D "{n}",\n;', f"PT {n % 5}", "Ann" if n % 2 else "Bob", "Won" if n % 3 else "Lost", 100.25 * n,
                 f"2026-01-{n % 28 + 1:02}", f"2026-03-{n % 28 + 1:02}")
                for n in range(1, 61)
            ],
        )  # fmt: skip
        connection.execute("INSERT INTO settings VALUES ('x', x'00ff')")
    return path


def test_a_sqlite_file_is_read_by_path_and_by_address(shop, workspace, tmp_path):
    truth = sum(1 for n in range(1, 61) if n % 3), sum(Decimal("100.25") * n for n in range(1, 61) if n % 3)
    result = imports.run(workspace, [shop], today=date(2026, 6, 1))
    opened = open_workspace(workspace)
    assert (opened.ask("deals_won").value(), opened.ask("revenue").value()) == (truth[0], float(truth[1]))
    create(tmp_path / "other", name="o", currency="EUR")
    imports.run(tmp_path / "other", [f"sqlite:///{shop}"], today=date(2026, 6, 1), tables=["deals"])
    assert open_workspace(tmp_path / "other").ask("revenue").value() == float(truth[1])
    assert result.rejected == 0


def test_a_query_brings_its_own_result(shop, workspace):
    imports.run(workspace, [shop], query="SELECT * FROM deals WHERE rep = 'Ann'", today=date(2026, 6, 1))
    assert open_workspace(workspace).ask("deals_won").value() == sum(1 for n in range(1, 61) if n % 2 and n % 3)


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE deals",
        "DELETE FROM deals",
        "SELECT 1; DROP TABLE deals",
        "UPDATE deals SET amount = 0",
        "WITH x AS (DELETE FROM deals RETURNING *) SELECT * FROM x",
        "SELECT * INTO copy FROM deals",
        "ATTACH 'x.db' AS x",
        "not sql at all (",
        "",
        "COPY deals TO PROGRAM 'id'",
        "CALL something()",
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mysql"])
def test_only_one_statement_that_reads_is_taken(query, kind):
    with pytest.raises(SourceError) as refusal:
        reading_only(query, kind)
    assert refusal.value.next_step


def test_even_a_statement_that_slips_through_writes_nothing(shop):
    from tolok.sources.databases.connection import opened

    database = opened(databases.parsed(shop))
    with pytest.raises(SourceError):
        list(database.rows("DELETE FROM deals")[1])
    database.close()
    with sqlite3.connect(shop) as connection:
        assert connection.execute("SELECT count(*) FROM deals").fetchone() == (60,)


@pytest.mark.postgres
def test_postgres_is_read_only_in_the_transaction(postgres):
    from tolok.sources.databases.connection import opened

    url, run = postgres
    run("CREATE TABLE t (a int)")
    run("CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'INSERT INTO t VALUES (1) RETURNING 1'")
    database = opened(databases.parsed(url))
    with pytest.raises(SourceError):
        list(database.rows("SELECT bad()")[1])
    database.close()
    assert run("SELECT count(*) FROM t") == [(0,)]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("oracle://u:hush-9@h/db", "reads no oracle"),
        ("postgresql://u:hush-9@127.0.0.1:1/db", "cannot be opened"),
        ("mysql://u:hush-9@127.0.0.1:1/db", "cannot be opened"),
        ("postgresql://u:hush-9@/", "names no host"),
        ("postgresql://u:hush-9@host:port/db", "cannot be read"),
        ("sqlite:///nowhere.db", "does not exist"),
    ],
)
def test_what_cannot_be_reached_is_said_without_the_password(place, says, workspace):
    with pytest.raises(SourceError, match=says) as refusal:
        imports.run(workspace, [place])
    assert "hush-9" not in str(refusal.value)
    assert "hush-9" not in repr(refusal.value)


def test_no_password_is_kept_anywhere(postgres, workspace):
    url, run = postgres
    run("CREATE TABLE deals (deal_id int, name text, stage text, amount numeric, created_date date, close_date date)")
    run("INSERT INTO deals SELECT n, 'D' || n, 'Won', n, '2026-01-01', '2026-02-01' FROM generate_series(1, 30) n")
    imports.run(workspace, [url.replace("tolok@", "tolok:hush-9@")], today=date(2026, 6, 1))
    held = [path for path in workspace.rglob("*") if path.is_file() and b"hush-9" in path.read_bytes()]
    assert held == []


def test_a_wrong_table_and_a_query_of_a_file_are_refused(shop, workspace, tmp_path):
    with pytest.raises(SourceError, match="Did you mean deals"):
        imports.run(workspace, [shop], tables=["deal"])
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ImportRefused, match="no database"):
        imports.run(workspace, [tmp_path / "x.csv"], tables=["deals"])


@pytest.mark.mysql
def test_zero_dates_and_odd_cells_of_mysql_say_nothing(mysql):
    url, run = mysql
    run("SET SESSION sql_mode = ''")
    run("CREATE TABLE odd (d datetime, b bit(1), t tinyint(1), x decimal(10,2), j json, s text)")
    run("INSERT INTO odd VALUES ('0000-00-00 00:00:00', b'1', 1, 1.50, '{\"a\": 1}', 'a\"b,\\nc')")
    table = databases.read(url, tables=["odd"]).tables[0]
    import duckdb

    assert duckdb.connect().sql(f"SELECT * FROM {table.relation}").fetchall() == [
        (1, None, "true", "1", "1.50", '{"a": 1}', 'a"b,\nc')
    ]


def events(workspace: Path) -> list[tuple[object, ...]]:
    """What the facts say of stages, owners and amounts of deals over time, as the source told it."""
    import duckdb

    snapshot = open_workspace(workspace).snapshot()
    with duckdb.connect(str(snapshot.path("deal_events")), read_only=True) as stored:
        return stored.execute(
            'SELECT deal_id, field, old, "new", "at", by_id FROM deal_events WHERE origin = \'history\' ORDER BY "at", id'
        ).fetchall()


@pytest.mark.postgres
@pytest.mark.parametrize("edition", [13, 17])
def test_the_log_of_an_odoo_tells_stages_owners_amounts_and_what_was_done(postgres, workspace, edition):
    url, run = postgres
    odoo(run, translated=edition == 17)
    run("ALTER TABLE res_partner ADD COLUMN commercial_partner_id int")
    run("UPDATE res_partner SET commercial_partner_id = id")
    run(
        "INSERT INTO res_partner (id, name, is_company, parent_id, commercial_partner_id) VALUES (90, 'Ibu Sari', false, 11, 11)"
    )
    run("UPDATE crm_lead SET partner_id = 90 WHERE id = 1")
    run("UPDATE crm_lead SET stage_id = 2, active = true, user_id = 6 WHERE id = 1")
    run("CREATE TABLE ir_model_fields (id int, model varchar, name varchar)")
    names = ("stage_id", "user_id", "expected_revenue", "email_from")
    insert(run, "ir_model_fields", [(70 + place, "crm.lead", name) for place, name in enumerate(names)])
    run("CREATE TABLE mail_activity_type (id int, name varchar, category varchar)")
    run("INSERT INTO mail_activity_type VALUES (1, 'Call', 'phonecall'), (2, 'To-Do', 'default')")
    run(
        "CREATE TABLE mail_message (id int, model varchar, res_id int, date timestamp, author_id int, subject varchar,"
        " mail_activity_type_id int)"
    )
    run(
        "INSERT INTO mail_message VALUES (1, 'crm.lead', 1, '2025-01-05 20:00', 1, null, null),"
        " (2, 'crm.lead', 1, '2025-01-09 02:00', 2, null, null), (3, 'res.partner', 1, '2025-01-09', 1, null, null),"
        " (4, 'crm.lead', 1, '2025-02-01 03:00', 2, 'Rang', 1), (5, 'crm.lead', 250, '2025-02-01', 1, null, null)"
    )
    field, money = ("field_id", "float") if edition == 17 else ("field", "monetary")
    extra = "" if edition == 17 else ", old_value_monetary float, new_value_monetary float"
    run(
        f"CREATE TABLE mail_tracking_value (id int, {field} int, mail_message_id int, old_value_integer int,"
        f" new_value_integer int, old_value_float float, new_value_float float{extra})"
    )
    columns = f"(id, {field}, mail_message_id, old_value_integer, new_value_integer)"
    changes = [(1, 70, 1, 1, 2), (2, 71, 2, 5, 6), (3, 73, 2, 0, 0), (4, 70, 5, 1, 2), (5, 70, 3, 1, 2)]
    insert(run, f"mail_tracking_value {columns}", changes)
    insert(
        run,
        f"mail_tracking_value (id, {field}, mail_message_id, old_value_{money}, new_value_{money})",
        [(6, 72, 2, 100.5, 250)],
    )
    run(
        "CREATE TABLE mail_activity (id int, res_model varchar, res_id int, activity_type_id int, user_id int,"
        " date_deadline date, summary varchar, active bool)"
    )
    insert(run, "mail_activity", [
        (1, "crm.lead", 1, 1, 5, "2027-01-01", "Ring again", True), (2, "crm.lead", 1, 1, 6, "2025-02-01", "Rang", False),
    ])  # fmt: skip
    result = imports.run(workspace, [url], source="odoo", today=date(2026, 6, 1))
    assert result.rejected == 0, result.rejects
    moment = datetime.fromisoformat
    assert [(f, o, n, at, by) for deal, f, o, n, at, by in events(workspace) if deal == "odoo:1"] == [
        ("stage_id", "odoo:1", "odoo:2", moment("2025-01-05 20:00"), "odoo:5"),
        ("owner_id", "odoo:5", "odoo:6", moment("2025-01-09 02:00"), "odoo:6"),
        ("amount", "100.5000", "250.0000", moment("2025-01-09 02:00"), "odoo:6"),
    ]
    assert len(events(workspace)) == 3  # not those of leads, of other records and of other fields
    opened = open_workspace(workspace)
    assert opened.ask("calls").value() == 1  # the planned one does not count, the done one not twice
    assert opened.ask("deals_created", by="account", where={"account": "PT 11"}).value() is not None
    accounts = {row.members["account"] for row in opened.ask("deals_created", by="account").rows()}
    assert "Ibu Sari" not in accounts
    again = imports.run(workspace, [url], source="odoo", today=date(2026, 6, 1))
    assert again.snapshot == result.snapshot


@pytest.mark.postgres
def test_orders_of_an_odoo_without_lines_are_whole(postgres, workspace):
    url, run = postgres
    odoo(run, translated=True)
    run("DROP TABLE sale_order_line")
    run("ALTER TABLE sale_order ADD COLUMN amount_untaxed numeric")
    run("UPDATE sale_order SET amount_untaxed = id * 1000.50")
    imports.run(workspace, [url], source="odoo", today=date(2026, 6, 1))
    assert open_workspace(workspace).ask("revenue").value() == 1000.5


@pytest.mark.mysql
def test_the_stream_of_an_espocrm_tells_stages(mysql, workspace):
    url, run = mysql
    espocrm(run)
    run(
        "CREATE TABLE note (id varchar(17), deleted tinyint(1), type varchar(24), data mediumtext, parent_type varchar(100),"
        " parent_id varchar(17), created_at datetime, created_by_id varchar(17))"
    )
    on = ("Opportunity", "o001")
    insert(run, "note", [
        ("n1", 0, "Create", '{"statusValue":"Prospecting","statusField":"stage"}', *on, "2025-01-02 01:00:00", "u1"),
        ("n2", 0, "Status", '{"field":"stage","value":"Proposal","style":"primary"}', *on, "2025-01-04 01:00:00", "u2"),
        ("n3", 0, "Update", '{"fields":["amount"],"attributes":{"became":{"amount":2}}}', *on, "2025-01-05", "u2"),
        ("n4", 0, "Post", "[]", *on, "2025-01-06 01:00:00", "u2"),
        ("n5", 1, "Status", '{"field":"stage","value":"Closed Won"}', *on, "2025-01-07 01:00:00", "u2"),
        ("n6", 0, "Status", '{"field":"status","value":"Dead"}', "Lead", "l1", "2025-01-07 01:00:00", "u2"),
        ("n7", 0, "Status", "no JSON", *on, "2025-01-08 01:00:00", "u2"),
    ])  # fmt: skip
    result = imports.run(workspace, [url], source="espo", today=date(2026, 6, 1))
    assert result.rejected == 0, result.rejects
    told = [(deal, field, str(new).split("/")[-1], by) for deal, field, _, new, _, by in events(workspace)]
    told = [one for one in told if one[1] != "amount"]
    assert told == [("espo:o001", "stage_id", told[0][2], "espo:u1"), ("espo:o001", "stage_id", told[1][2], "espo:u2")]
    assert "Prospecting" in told[0][2]
    assert "Proposal" in told[1][2]
    assert [(field, new) for _, field, _, new, _, _ in events(workspace) if field == "amount"] == [("amount", "2.0000")]


def test_an_address_with_a_bare_at_or_a_password_among_its_options_is_refused_without_showing_it():
    for url in ("postgresql://a:p@ss/w@host/x", "mysql://h/x?password=p@ss", "postgresql://h/x?password=p%40ss"):
        with pytest.raises(SourceError) as refusal:
            databases.parsed(url)
        assert "ss" not in str(refusal.value).replace("address", "").replace("password", "")


@pytest.mark.mysql
def test_a_timestamp_of_mysql_is_a_moment_and_a_datetime_is_as_written(mysql):
    url, run = mysql
    run("SET time_zone = '+07:00'")
    run("CREATE TABLE sales (id int, amount decimal(9,2), moment timestamp NULL, wall datetime)")
    run("INSERT INTO sales VALUES (1, 5, '2026-01-05 03:00:00', '2026-01-05 03:00:00'), (2, 5, NULL, NULL)")
    (table,) = databases.read(url, tables=["sales"]).tables
    import duckdb

    rows = duckdb.connect().sql(f"SELECT c2, c3 FROM {table.relation}").fetchall()
    assert rows == [("2026-01-04 20:00:00+00:00", "2026-01-05 03:00:00"), (None, None)]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://h/x?tls=on", "no option 'tls'"),
        ("mysql://h/x?ssl_mode=requird", "no ssl_mode 'requird'"),
        ("mysql://h/x?ssl_mode=", "is empty"),
        ("mysql://h/x?ssl-mode=disabled&sslmode=required", "twice"),
        ("postgresql://h/x?ssl_mode=require", "no option 'ssl_mode'"),
        ("postgresql://h/x?sslmod=verify-full", "no option 'sslmod'"),
    ],
)
def test_an_option_of_an_address_that_cannot_be_honoured_is_refused(url, says):
    with pytest.raises(SourceError, match=says):
        databases.parsed(url)


@pytest.mark.parametrize(
    ("options", "verified", "named"),
    [
        ("ssl_mode=required", False, False),
        ("sslmode=require", False, False),
        ("ssl-mode=VERIFY_CA", True, False),
        ("ssl_mode=verify_identity", True, True),
        ("sslmode=verify-full", True, True),
    ],
)
def test_a_mysql_address_says_how_much_of_the_server_is_verified(options, verified, named):
    context = mysql_tls(databases.parsed(f"mysql://h/x?{options}").options)["ssl"]
    assert (context.verify_mode == ssl.CERT_REQUIRED, context.check_hostname) == (verified, named)


def test_a_mysql_address_without_tls_options_prefers_tls_and_disabled_is_disabled(tmp_path):
    assert mysql_tls(databases.parsed("mysql://h/x?charset=utf8").options) == {}
    assert mysql_tls(databases.parsed("mysql://h/x?ssl_mode=disabled").options) == {"ssl_disabled": True}
    for options in ("ssl_ca=nowhere.pem", "ssl_mode=preferred&ssl_ca=ca.pem", "ssl_mode=required&ssl_key=key.pem"):
        with pytest.raises(SourceError):
            mysql_tls(databases.parsed(f"mysql://h/x?{options}").options)


def test_a_mysql_server_without_tls_is_not_asked_for_data_when_tls_is_required():
    greeting = (
        b"\x0a8.0.0\x00" + b"\x01\0\0\0" + b"12345678\x00" + struct.pack("<HBHHB", 0xF7FF & ~0x0800, 45, 2, 8, 21)
    )
    greeting += b"\0" * 10 + b"123456789012\x00" + b"mysql_native_password\x00"
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.settimeout(5)
                connection.sendall(struct.pack("<I", len(greeting)) + greeting)
                received.append(connection.recv(4096))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        with pytest.raises(SourceError):
            databases.read(f"mysql://ana:hush@127.0.0.1:{port}/x?ssl_mode=required")
        thread.join(5)
    assert received == [b""]  # nobody named themselves

"""Live CRMs, named by nothing but their database's address: the published truth comes out, and what changes is recorded."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.disguise.maven import figures
from tests.sources.databases.crms import espocrm, odoo, others, own, replicas, suitecrm
from tests.sources.databases.crms.world import Company, Run, company, ported

import tolok
from tolok import imports
from tolok.errors import SourceError
from tolok.imports import ImportResult
from tolok.imports.refresh import listed, refresh
from tolok.settings import create, load
from tolok.sources import databases
from tolok.sources.databases import connection
from tolok.workspace import open_workspace

pytestmark = pytest.mark.data
TODAY = date(2026, 6, 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path / "w", name="w", currency="USD", timezone="UTC")
    return tmp_path / "w"


def taken(workspace: Path, url: str) -> ImportResult:
    result = imports.run(workspace, [url], today=TODAY)
    assert result.rejected == 0, result.rejects
    return result


def check(workspace: Path, maven: Company, *, teams: bool = True, revenue: bool = True) -> None:
    """The figures of the published export, to the last deal."""
    opened, truth = open_workspace(workspace), figures(maven.deals)
    central = ("deals_won", "deals_lost", "deals_open")
    assert tuple(opened.ask(kpi).value() for kpi in central) == (truth.won, truth.lost, truth.open)
    assert opened.ask("win_rate").value() == pytest.approx(truth.win_rate)
    assert opened.ask("won_amount").value() == truth.revenue
    if revenue:
        assert opened.ask("revenue").value() == truth.revenue
    assert opened.ask("sales_cycle_length").value() == pytest.approx(truth.cycle)
    by_rep = {row.members["rep"]: row.value for row in opened.ask("won_amount", by="rep").rows() if row.value}
    assert by_rep == {rep: amount for rep, amount in truth.by_rep.items() if amount}
    if teams:
        expected: dict[str, float] = {}
        for rep, amount in truth.by_rep.items():
            expected[maven.reps[rep]] = expected.get(maven.reps[rep], 0) + amount
        found = {row.members["team"]: row.value for row in opened.ask("won_amount", by="team").rows() if row.value}
        assert found == expected
    by_account: dict[str, float] = {}
    for deal in maven.deals:
        if deal.status == "won":
            by_account[deal.account] = by_account.get(deal.account, 0) + (deal.amount or 0)
    found = {row.members["account"]: row.value for row in opened.ask("won_amount", by="account").rows() if row.value}
    assert found == by_account


def stages(workspace: Path) -> list[tuple[str, str]]:
    """The stages in their order, with their outcome."""
    import duckdb

    with duckdb.connect(str(open_workspace(workspace).snapshot().path("stages")), read_only=True) as stored:
        return stored.execute("SELECT name, outcome FROM stages ORDER BY position, name").fetchall()


def moves(workspace: Path) -> int:
    """How many changes of stage the source's own history told."""
    import duckdb

    with duckdb.connect(str(open_workspace(workspace).snapshot().path("deal_events")), read_only=True) as stored:
        told = "SELECT count(*) FROM deal_events WHERE field = 'stage_id' AND origin = 'history'"
        return int(stored.execute(told).fetchone()[0])  # type: ignore[index]


Fill = Callable[[Run, Company], None]


@pytest.mark.mysql
@pytest.mark.parametrize(
    ("fill", "last", "every"), [(espocrm.fill, "Negotiation", 8), (suitecrm.fill, "Negotiation/Review", 7)]
)
def test_a_crm_on_mysql_comes_to_the_published_truth(mysql, workspace, data, fill: Fill, last, every):
    url, run = mysql
    maven = company(data / "maven_crm", every)
    fill(run, maven)
    taken(workspace, url)
    check(workspace, maven)
    assert stages(workspace) == [
        ("Prospecting", "open"),
        (last, "open"),
        ("Closed Won", "won"),
        ("Closed Lost", "lost"),
    ]
    assert moves(workspace) >= sum(deal.stage != "Prospecting" for deal in maven.deals) + figures(maven.deals).won


@pytest.mark.postgres
def test_an_odoo_of_hundreds_of_tables_comes_to_the_published_truth(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm")
    odoo.fill(run, maven)
    taken(workspace, url)
    check(workspace, maven)
    assert stages(workspace) == [("New", "open"), ("Qualified", "open"), ("Proposition", "open"), ("Won", "won")]
    engaged = sum(deal.stage != "Prospecting" for deal in maven.deals)
    assert moves(workspace) == engaged + figures(maven.deals).won


@pytest.mark.postgres
def test_an_espocrm_on_postgres_is_the_same(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    espocrm.fill(ported(run, "postgresql"), maven)
    taken(workspace, url)
    check(workspace, maven)


def test_a_crm_copied_into_a_sqlite_file_is_the_same(tmp_path, workspace, data):
    maven = company(data / "maven_crm", every=40)
    with sqlite3.connect(tmp_path / "crm.sqlite") as connection:
        odoo.fill(ported(lambda statement: connection.execute(statement).fetchall(), "sqlite"), maven, rest=0)
    taken(workspace, str(tmp_path / "crm.sqlite"))
    check(workspace, maven)


@pytest.mark.mysql
def test_an_espocrm_whose_stages_have_names_of_their_own_is_the_same(mysql, workspace, data):
    url, run = mysql
    maven = company(data / "maven_crm", every=40)
    espocrm.fill(run, maven, notes=False)
    for old, new in {"Closed Won": "Deal Tutup", "Closed Lost": "Tidak Jadi", "Negotiation": "Nego"}.items():
        run(f"UPDATE opportunity SET stage = '{new}' WHERE stage = '{old}'")
        run(f"UPDATE opportunity SET last_stage = '{new}' WHERE last_stage = '{old}'")
    run(
        "UPDATE opportunity SET probability = 0 WHERE stage = 'Prospecting'"
    )  # an open deal without a chance is not lost
    run("UPDATE opportunity SET probability = 100 WHERE stage = 'Nego' LIMIT 1")  # nor is one that is sure won
    taken(workspace, url)
    check(workspace, maven)


@pytest.mark.postgres
@pytest.mark.parametrize("edition", [18])
def test_an_odoo_in_another_zone_counts_days_of_the_organisation(postgres, tmp_path, data, edition):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    odoo.fill(run, maven, edition=edition, rest=0)
    create(tmp_path / "w", name="w", currency="USD", timezone="America/New_York")
    taken(tmp_path / "w", url)
    check(tmp_path / "w", maven)  # half past eight in the morning and three in the afternoon are the same day there


@pytest.mark.postgres
@pytest.mark.parametrize("style", ["fivetran", "heroku"])
def test_a_copy_of_salesforce_is_known_however_it_spells_its_columns(postgres, workspace, data, style):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    replicas.salesforce(run, maven, style)
    taken(workspace, url)
    check(workspace, maven)
    assert [outcome for _, outcome in stages(workspace)] == ["open", "open", "won", "lost"]
    engaged = sum(deal.stage != "Prospecting" for deal in maven.deals)
    assert moves(workspace) == len(maven.deals) + engaged + sum(deal.closed is not None for deal in maven.deals)


@pytest.mark.postgres
@pytest.mark.parametrize("fill", [replicas.hubspot, replicas.twenty])
def test_a_crm_in_a_schema_of_its_own_comes_to_the_published_truth(postgres, workspace, data, fill: Fill):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    fill(run, maven)
    taken(workspace, url)
    check(workspace, maven, teams=False)


@pytest.mark.postgres
def test_of_two_workspaces_in_one_database_a_person_names_the_one(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm", every=100)
    replicas.twenty(run, maven, "workspace_one")
    replicas.twenty(run, maven, "workspace_two")
    with pytest.raises(SourceError, match="2 copies of twenty: workspace_one, workspace_two"):
        taken(workspace, url)
    taken(workspace, f"{url}?schema=workspace_two")
    check(workspace, maven, teams=False)


def changed(workspace: Path) -> list[tuple[object, ...]]:
    """What the difference between two imports tells of deals: field, old, new."""
    import duckdb

    with duckdb.connect(str(open_workspace(workspace).snapshot().path("deal_events")), read_only=True) as stored:
        return stored.execute(
            "SELECT field, old, \"new\" FROM deal_events WHERE origin = 'difference' ORDER BY ALL"
        ).fetchall()


@pytest.mark.mysql
def test_what_changes_in_a_live_crm_is_recorded_and_nothing_else(mysql, workspace, data):
    url, run = mysql
    maven = company(data / "maven_crm", every=40)
    espocrm.fill(run, maven)
    first = taken(workspace, url)
    listed(workspace, load(workspace), url, first.connection)
    assert taken(workspace, url).snapshot == first.snapshot
    won = next(deal for deal in maven.deals if deal.status == "won")
    lost = next(deal for deal in maven.deals if deal.status == "lost")
    open_ = next(deal for deal in maven.deals if deal.stage == "Engaging")
    run(f"UPDATE opportunity SET deleted = 1 WHERE id = '{espocrm.key('deal', lost.id)}'")
    run(f"UPDATE opportunity SET amount = amount + 1000 WHERE id = '{espocrm.key('deal', won.id)}'")
    run(
        "UPDATE opportunity SET stage = 'Closed Won', last_stage = 'Closed Won', probability = 100, amount = 777,"
        f" close_date = '2018-01-15' WHERE id = '{espocrm.key('deal', open_.id)}'"
    )
    run(
        "INSERT INTO opportunity (id, deleted, name, amount, stage, last_stage, probability, close_date, amount_currency,"
        " created_at)"
        " VALUES ('new-one', 0, 'New', 50, 'Prospecting', 'Prospecting', 10, '2018-05-01', 'USD', '2018-01-10 09:00:00')"
    )
    (result,) = refresh(workspace)
    assert result.result is not None
    assert result.result.facts["deals"] == {"new": 1, "changed": 2, "deleted": 1}
    truth, opened = figures(maven.deals), open_workspace(workspace)
    assert opened.ask("deals_won").value() == truth.won + 1
    assert opened.ask("deals_lost").value() == truth.lost - 1
    assert opened.ask("deals_open").value() == truth.open  # one was won, one is new
    assert opened.ask("won_amount").value() == truth.revenue + 1777
    assert ("amount", f"{won.amount}.0000", f"{(won.amount or 0) + 1000}.0000") in changed(workspace)
    moved = [
        (str(old).split("/")[-1], str(new).split("/")[-1])
        for field, old, new in changed(workspace)
        if field == "stage_id"
    ]
    assert moved == [
        (f"{first.connection}:Negotiation", f"{first.connection}:Closed Won")
    ]  # its stream does not say it
    assert sum(field == "deleted" for field, _, _ in changed(workspace)) == 1
    assert taken(workspace, url).snapshot == result.result.snapshot


@pytest.mark.mysql
@pytest.mark.parametrize("fill", [others.vtiger, others.krayin, others.erpnext, others.dolibarr, others.frappe_crm])
def test_other_crms_on_mysql_come_to_the_published_truth(mysql, workspace, data, fill: Fill):
    url, run = mysql
    maven = company(data / "maven_crm", every=40)
    fill(run, maven)
    taken(workspace, url)
    check(workspace, maven, teams=fill not in (others.dolibarr, others.frappe_crm))


@pytest.mark.postgres
def test_a_crm_of_their_own_is_told_by_its_tables_and_not_again_by_its_views(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    own.fill(run, maven)
    result = taken(workspace, url)
    check(workspace, maven, teams=False)
    assert "won_deals: not imported, it is a view of other tables" in "\n".join(result.notes)
    assert stages(workspace) == [("Prospecting", "open"), ("Engaging", "open"), ("Won", "won"), ("Lost", "lost")]
    run(
        "UPDATE deals SET deleted_at = now() WHERE id = (SELECT min(id) FROM deals WHERE stage_id = 4 AND deleted_at IS NULL)"
    )
    assert taken(workspace, url).facts["deals"] == {"new": 0, "changed": 0, "deleted": 1}


@pytest.mark.postgres
@pytest.mark.parametrize("asked", [{"tables": ["crm_lead"]}, {"query": "select * from crm_lead where id > 0"}])
def test_one_table_of_a_known_crm_is_what_it_is_with_the_names_of_its_ids(postgres, workspace, data, asked):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    odoo.fill(run, maven, rest=0)
    result = imports.run(workspace, [url], today=TODAY, **asked)
    assert result.rejected == 0
    check(workspace, maven)


@pytest.mark.mysql
def test_who_was_deleted_keeps_the_deals_and_the_name(mysql, workspace, data):
    url, run = mysql
    maven = company(data / "maven_crm", every=40)
    espocrm.fill(run, maven, notes=False)
    run(f"UPDATE user SET deleted = 1 WHERE id = '{espocrm.key('user', 'Darcel Schlecht')}'")
    run(f"UPDATE account SET deleted = 1 WHERE id = '{espocrm.key('account', 'Kan-code')}'")
    taken(workspace, url)
    check(workspace, maven)


@pytest.mark.postgres
def test_a_reader_with_select_alone_is_enough(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    odoo.fill(run, maven, rest=0)
    run("DROP ROLE IF EXISTS looker")
    run("CREATE ROLE looker LOGIN")
    run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    try:
        taken(workspace, url.replace("tolok@", "looker@"))
        check(workspace, maven)
    finally:
        run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM looker")
        run("DROP ROLE looker")


@pytest.mark.postgres
def test_a_query_that_says_who_won_and_who_is_no_longer_active_tells_who_lost(postgres, workspace, data):
    url, run = postgres
    maven = company(data / "maven_crm", every=40)
    odoo.fill(run, maven, rest=0)
    query = (
        "SELECT l.id, s.name AS stage, s.is_won, l.active, l.expected_revenue, l.create_date, l.date_closed FROM crm_lead l"
        " JOIN crm_stage s ON s.id = l.stage_id WHERE l.type = 'opportunity'"
    )
    result = imports.run(workspace, [url], query=query, today=TODAY)
    assert result.rejected == 0
    told = {row.kpi: row.value for row in tolok.open(str(workspace)).ask("deals_won", "deals_lost").rows()}
    assert told == {"deals_won": figures(maven.deals).won, "deals_lost": figures(maven.deals).lost}


@pytest.mark.postgres
def test_a_table_that_somebody_is_rebuilding_is_not_waited_for_all_day(postgres, monkeypatch):
    import psycopg

    url, run = postgres
    run("CREATE TABLE deals (id int, stage text, amount int)")
    monkeypatch.setattr(connection, "LOCK_SECONDS", 1)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE deals IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(SourceError, match="lock timeout"):
            databases.read(url)

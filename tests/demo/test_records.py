"""The simulated records are whole: every reference resolves, sums are exact, history agrees with the present."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tolok.demo import Company, facts, simulate, write_csv
from tolok.errors import QuestionError
from tolok.model import FACTS


def one(engine: duckdb.DuckDBPyConnection, query: str) -> object:
    row = engine.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_every_fact_has_the_models_columns_and_types(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    for name in company.tables:
        described = {row[0]: row[1] for row in engine.execute(f'DESCRIBE "{name}"').fetchall()}
        assert described == {column.name: column.sql_type for column in FACTS[name].columns}
        assert set(company.tables[name]) <= set(FACTS[name].column_names)
        assert one(engine, f'SELECT count(*) = count(DISTINCT id) FROM "{name}"')


def test_every_reference_resolves_and_every_choice_is_allowed(
    company: Company, engine: duckdb.DuckDBPyConnection
) -> None:
    checked = 0
    for name in company.tables:
        for column in FACTS[name].columns:
            if column.to:
                lost = f'SELECT count(*) FROM "{name}" WHERE "{column.name}" NOT IN (SELECT id FROM "{column.to}")'
                assert one(engine, lost) == 0, (name, column.name)
                checked += 1
            if column.values:
                given = engine.execute(f'SELECT DISTINCT "{column.name}" FROM "{name}"').fetchall()
                assert {row[0] for row in given} - {None} <= set(column.values), (name, column.name)
    assert checked > 40


def test_nothing_real_lies_after_the_end_and_little_before_the_start(
    company: Company, engine: duckdb.DuckDBPyConnection
) -> None:
    for name in company.tables:
        for column in FACTS[name].real_dates:
            planned = "WHERE done" if name == "activities" else ""
            last = one(engine, f'SELECT max("{column}") FROM "{name}" {planned}')
            assert last is None or last <= company.end, (name, column)
    assert one(engine, "SELECT count(*) FROM activities WHERE happened_on > DATE '2026-10-31' AND NOT done") > 0
    assert one(engine, "SELECT min(ordered_on) FROM orders") == date(2023, 11, 1)
    assert one(engine, "SELECT min(coalesce(closed_on, DATE '2026-10-31')) FROM deals") >= date(2023, 10, 1)


def test_instants_and_local_dates_agree(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    for name in company.tables:
        names = set(company.tables[name])
        for instant in (column for column in names if column.endswith("_at")):
            day = instant.replace("_at", "_on") if instant != "started_at" else "happened_on"
            if day in names:
                wrong = f'SELECT count(*) FROM "{name}" WHERE CAST("{instant}" + INTERVAL 7 HOUR AS DATE) <> "{day}"'
                assert one(engine, wrong) == 0, (name, instant)


def test_amounts_are_exact(engine: duckdb.DuckDBPyConnection) -> None:
    assert one(engine, "SELECT count(*) FROM orders WHERE amount <> quantity * unit_price") == 0
    assert one(engine, "SELECT count(*) FROM deal_lines WHERE amount <> quantity * unit_price") == 0
    assert one(engine, "SELECT count(*) FROM orders WHERE (amount < 0) <> (kind = 'return')") == 0
    assert one(engine, "SELECT count(*) FROM orders WHERE currency = 'IDR' AND tax <> round(amount * 11 / 100)") == 0
    of_lines = """
        SELECT count(*) FROM deals d JOIN (SELECT deal_id, sum(amount) AS total FROM deal_lines GROUP BY 1) l
        ON l.deal_id = d.id WHERE l.total <> d.amount
    """
    assert one(engine, of_lines) == 0
    of_deals = """
        SELECT count(*) FROM (SELECT deal_id, sum(amount) AS total FROM orders
                              WHERE kind = 'sale' AND deal_id IS NOT NULL GROUP BY 1) o
        JOIN deals d ON d.id = o.deal_id WHERE o.total <> d.amount
    """
    assert one(engine, of_deals) == 0
    paid = """
        WITH due AS (SELECT document, sum(amount + tax) AS total FROM orders GROUP BY 1),
             got AS (SELECT document, sum(amount) AS total, count(*) AS parts FROM payments GROUP BY 1)
        SELECT count(*) FILTER (got.total > due.total), count(*) FILTER (parts = 2),
               count(*) FILTER (parts = 2 AND got.total <> due.total)
        FROM got JOIN due USING (document)
    """
    row = engine.execute(paid).fetchone()
    assert row is not None
    assert row[0] == 0
    assert row[1] > 100
    assert row[2] == 0


def test_targets_add_up_from_reps_to_teams_to_the_company(engine: duckdb.DuckDBPyConnection) -> None:
    sums = engine.execute("""
        SELECT from_on, sum(value) FILTER (rep_id IS NOT NULL), sum(value) FILTER (team_id IS NOT NULL),
               sum(value) FILTER (rep_id IS NULL AND team_id IS NULL)
        FROM targets WHERE kpi = 'revenue' GROUP BY 1
    """).fetchall()
    assert len(sums) == 38
    assert all(by_rep == by_team == whole for _, by_rep, by_team, whole in sums)
    per_team = """
        SELECT count(*) FROM (
            SELECT t.from_on, m.team_id, sum(t.value) AS total FROM targets t
            JOIN memberships m ON m.rep_id = t.rep_id AND t.from_on >= m.from_on
                AND (m.to_on IS NULL OR t.from_on <= m.to_on)
            WHERE t.kpi = 'revenue' GROUP BY ALL) r
        FULL JOIN (SELECT from_on, team_id, value FROM targets WHERE kpi = 'revenue' AND team_id IS NOT NULL) t
            USING (from_on, team_id)
        WHERE r.total IS DISTINCT FROM t.value AND from_on <= DATE '2026-10-31'
    """
    assert one(engine, per_team) == 0


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("stage_id", "stage_id"),
        ("status", "status"),
        ("owner_id", "owner_id"),
        ("amount", "CAST(amount AS VARCHAR)"),
        ("expected_close_on", "CAST(expected_close_on AS VARCHAR)"),
        ("closed_on", "CAST(closed_on AS VARCHAR)"),
        ("created", "CAST(created_on AS VARCHAR)"),
    ],
)
def test_the_last_event_of_a_field_is_the_deals_present_value(
    engine: duckdb.DuckDBPyConnection, field: str, column: str
) -> None:
    wrong = f"""
        SELECT count(*) FROM deals d
        LEFT JOIN (SELECT deal_id, arg_max(new, id) AS value FROM deal_events WHERE field = '{field}' GROUP BY 1) e
            ON e.deal_id = d.id
        WHERE e.value IS DISTINCT FROM {column}
    """
    assert one(engine, wrong) == 0


def test_history_is_a_chain_in_time(engine: duckdb.DuckDBPyConnection) -> None:
    broken = """
        SELECT count(*) FILTER (old IS DISTINCT FROM before), count(*) FILTER ("at" < earlier) FROM (
            SELECT *, lag(new) OVER w AS before, lag("at") OVER w AS earlier FROM deal_events
            WINDOW w AS (PARTITION BY deal_id, field ORDER BY id))
    """
    assert engine.execute(broken).fetchone() == (0, 0)
    assert one(engine, 'SELECT count(*) FROM deal_events WHERE CAST("at" + INTERVAL 7 HOUR AS DATE) <> "on"') == 0
    backwards = """
        SELECT count(*) FROM (SELECT s.position, lag(s.position) OVER (PARTITION BY deal_id ORDER BY e.id) AS before
            FROM deal_events e JOIN stages s ON s.id = e.new WHERE e.field = 'stage_id')
        WHERE position <= before
    """
    assert one(engine, backwards) == 0


def test_people_are_where_their_memberships_say(engine: duckdb.DuckDBPyConnection) -> None:
    overlapping = """
        SELECT count(*) FROM memberships a JOIN memberships b ON a.rep_id = b.rep_id AND a.id < b.id
            AND a.from_on <= coalesce(b.to_on, DATE '9999-01-01') AND b.from_on <= coalesce(a.to_on, DATE '9999-01-01')
    """
    assert one(engine, overlapping) == 0
    today = """
        SELECT count(*) FROM reps r JOIN memberships m ON m.rep_id = r.id AND m.to_on IS NULL
        WHERE r.team_id <> m.team_id OR r.manager_id IS DISTINCT FROM m.manager_id OR NOT r.active
    """
    assert one(engine, today) == 0
    assert one(engine, "SELECT count(*) FROM reps WHERE left_on IS NOT NULL") >= 5
    moved = "SELECT count(*) FROM (SELECT rep_id FROM memberships GROUP BY 1 HAVING count(DISTINCT team_id) > 1)"
    assert one(engine, moved) == 4
    early = """
        SELECT count(*) FROM orders o JOIN reps r ON r.id = o.owner_id
        WHERE o.ordered_on < r.hired_on OR o.ordered_on >= r.left_on
    """
    assert one(engine, early) == 0


def test_leads_and_deals_know_each_other(engine: duckdb.DuckDBPyConnection) -> None:
    assert one(engine, "SELECT count(*) FROM leads l JOIN deals d ON d.id = l.deal_id WHERE d.lead_id <> l.id") == 0
    assert one(engine, "SELECT count(*) FROM deals d JOIN leads l ON l.id = d.lead_id WHERE l.deal_id <> d.id") == 0
    order = """
        SELECT count(*) FROM leads l JOIN deals d ON d.id = l.deal_id
        WHERE d.created_on < l.created_on OR l.first_response_at < l.created_at OR d.lead_source <> l.lead_source
    """
    assert one(engine, order) == 0
    assert one(engine, "SELECT count(*) FROM leads WHERE first_response_at < created_at") == 0


def test_plain_values_and_loaded_tables_are_the_same(company: Company, engine: duckdb.DuckDBPyConnection) -> None:
    plain = facts(company)
    for name in ("deals", "orders", "activities", "subscriptions", "observations", "exchange_rates", "reps"):
        rows = engine.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchmany(400)
        listed = list(zip(*(plain[name][column] for column in FACTS[name].column_names), strict=True))[:400]
        assert rows == listed
    assert sum(plain["orders"]["amount"]) == one(engine, "SELECT sum(amount) FROM orders")
    assert isinstance(plain["orders"]["amount"][0], Decimal)


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(tmp_path: Path) -> None:
    def digest(seed: int, folder: Path) -> dict[str, str]:
        small = simulate(seed=seed, scale=0.1, reps=12)
        return {path.name: sha256(path.read_bytes()).hexdigest() for path in write_csv(small, folder)}

    first = digest(7, tmp_path / "a")
    assert digest(7, tmp_path / "b") == first
    other = digest(8, tmp_path / "c")
    assert sum(first[name] == other[name] for name in first) <= 2  # products and stages are the same


def test_an_earlier_export_is_the_same_company_with_less_known(company: Company) -> None:
    before = simulate(seed=1, as_of=date(2026, 8, 31))
    for name, table in before.tables.items():
        now = company.tables[name]
        lost = set(table["source_id"].tolist()) - set(now["source_id"].tolist())
        if name == "activities":  # what was planned may not have taken place
            lost &= set(table["source_id"][~table["done"]].tolist())
            assert len(lost) < 30
        else:
            assert not lost, name
    place = {code: n for n, code in enumerate(company.tables["deals"]["source_id"])}
    rows = np.array([place[code] for code in before.tables["deals"]["source_id"]])
    assert (company.tables["deals"]["created_on"][rows] == before.tables["deals"]["created_on"]).all()
    was_won = before.tables["deals"]["status"] == "won"
    assert (company.tables["deals"]["status"][rows][was_won] == "won").all()
    assert (before.tables["deals"]["status"] == "open").sum() > 100
    # orders of August that were entered in September
    late = company.tables["orders"]["ordered_on"] <= np.datetime64("2026-08-31")
    assert 5 < late.sum() - before.rows("orders") < 400


def test_size_follows_scale_and_reps() -> None:
    small, large = simulate(scale=0.2, reps=10), simulate(scale=0.4, reps=20)
    assert 3.4 < large.rows("deals") / small.rows("deals") < 4.6
    assert 3.4 < large.rows("activities") / small.rows("activities") < 4.6
    assert simulate(scale=0.1, reps=6, start=date(2020, 1, 1), years=1).end == date(2020, 12, 31)
    with pytest.raises(QuestionError, match="at least 6 reps"):
        simulate(reps=2)
    with pytest.raises(QuestionError, match="nothing to see"):
        simulate(as_of=date(2020, 1, 1))


def test_exports_are_a_realistic_mess(tmp_path: Path) -> None:
    company = simulate(scale=0.1, reps=12)
    files = {path.name: path.read_text(encoding="utf-8").splitlines() for path in write_csv(company, tmp_path)}
    assert files["penjualan.csv"][0].startswith("No Faktur;Baris;Tanggal Faktur;")
    assert ";Rp " in files["penjualan.csv"][1]
    assert files["opportunities.csv"][0].startswith("Opportunity ID,Opportunity Name,")
    assert len(files["penjualan.csv"]) == company.rows("orders") + 1
    assert len(files["activities.csv"]) == company.rows("activities") + 1

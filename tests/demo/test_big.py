"""A company of any size: whole, the same each time, and plausible."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from tolok.demo import BigCompany, simulate_big, write_big_csv
from tolok.model import FACTS


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> BigCompany:
    return simulate_big(tmp_path_factory.mktemp("big"), deals=20_000, activities=40_000, orders=8_000, reps=200)


@pytest.fixture(scope="module")
def engine(big: BigCompany) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for fact in big.rows:
        connection.read_parquet(str(big.parquet(fact))).create(fact)
    return connection


def test_rows_are_as_many_as_asked_and_columns_are_the_models(
    big: BigCompany, engine: duckdb.DuckDBPyConnection
) -> None:
    assert (big.rows["deals"], big.rows["activities"], big.rows["orders"], big.rows["reps"]) == (
        20_000,
        40_000,
        8_000,
        200,
    )
    assert big.rows["deal_events"] == pytest.approx(60_000, rel=0.05)
    for fact in big.rows:
        described = {row[0]: row[1] for row in engine.execute(f"DESCRIBE {fact}").fetchall()}
        assert described == {column.name: column.sql_type for column in FACTS[fact].columns}
        assert engine.execute(f"SELECT count(*), count(DISTINCT id) FROM {fact}").fetchone() == (big.rows[fact],) * 2


def test_references_resolve_and_choices_are_allowed(big: BigCompany, engine: duckdb.DuckDBPyConnection) -> None:
    for fact in big.rows:
        for column in FACTS[fact].columns:
            if column.to in big.rows:
                lost = f'SELECT count(*) FROM {fact} WHERE "{column.name}" NOT IN (SELECT id FROM {column.to})'
                assert engine.execute(lost).fetchone() == (0,), (fact, column.name)
            if column.values:
                given = engine.execute(f'SELECT DISTINCT "{column.name}" FROM {fact}').fetchall()
                assert {row[0] for row in given} - {None} <= set(column.values)


def test_history_agrees_with_the_deals(engine: duckdb.DuckDBPyConnection) -> None:
    wrong = """
        SELECT count(*) FROM deals d
        JOIN (SELECT deal_id, arg_max(new, id) AS stage, max("on") AS last, min("on") AS first
              FROM deal_events GROUP BY 1) e ON e.deal_id = d.id
        WHERE e.stage <> d.stage_id OR e.first <> d.created_on OR e.last <> coalesce(d.closed_on, e.last)
    """
    assert engine.execute(wrong).fetchone() == (0,)


def test_values_are_plausible_and_independent(engine: duckdb.DuckDBPyConnection) -> None:
    row = engine.execute("""
        SELECT avg(CAST(status = 'won' AS INTEGER)) FILTER (status <> 'open'), corr(amount, closed_on - created_on),
               avg(amount) FILTER (status = 'won') / avg(amount) FILTER (status = 'lost'), count(DISTINCT owner_id)
        FROM deals
    """).fetchone()
    assert row is not None
    assert row[0] == pytest.approx(0.34, abs=0.02)
    assert abs(row[1]) < 0.05
    assert row[2] == pytest.approx(1.0, abs=0.1)
    assert row[3] == 200


def test_the_export_has_23_columns_and_a_later_one_differs_in_the_share_asked(big: BigCompany, tmp_path: Path) -> None:
    first, later = (write_big_csv(big, tmp_path / f"{share}.csv", changed=share) for share in (0.0, 0.01))
    rows, changed = (list(csv.reader(path.open(encoding="utf-8"))) for path in (first, later))
    assert len(rows[0]) == 23
    assert len(rows) == len(changed) == 20_001
    different = sum(sorted(rows)[n] != sorted(changed)[n] for n in range(len(rows)))
    assert different == pytest.approx(200, rel=0.3)


def test_it_is_the_same_each_time(big: BigCompany, engine: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    again = simulate_big(tmp_path, deals=20_000, activities=10, orders=10, reps=200)
    difference = f"SELECT count(*) FROM (FROM deals EXCEPT FROM '{again.parquet('deals')}')"
    assert engine.execute(difference).fetchone() == (0,)

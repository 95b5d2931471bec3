"""The embedded engine: columns in one form, rows written by hand, a closed door to everything else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import numpy as np
import pytest
import sqlglot
from sqlglot import exp

from tolok.errors import DefinitionError, EngineError, Unsupported, WorkspaceError
from tolok.model import FACTS
from tolok.store.columns import fetch
from tolok.store.duckdb import DuckDBEngine
from tolok.store.snapshots import Snapshots


def ask(engine: DuckDBEngine, sql: str) -> dict[str, list[object]]:
    return {name: values.tolist() for name, values in engine.run(sqlglot.parse_one(sql, dialect="duckdb")).items()}


ROWS = {
    "deals": [
        {"id": "a", "status": "won", "amount": "10.10", "closed_on": "2025-01-31", "closed_at": "2025-01-31 09:30"},
        {"status": "open", "repeat": 2, "name": "x"},
    ],
    "activities": [{"done": True, "happened_on": date(2025, 2, 1)}, {"done": False}, {"kind": "call"}],
}


def test_takes_rows_written_by_hand() -> None:
    with DuckDBEngine.from_rows(ROWS) as engine:
        assert ask(engine, "SELECT id, status, name FROM deals ORDER BY id") == {
            "id": ["2", "3", "a"],
            "status": ["open", "open", "won"],
            "name": ["x", "x", None],
        }
        _, rows = engine.rows(sqlglot.parse_one("SELECT amount, closed_on, closed_at FROM deals WHERE id = 'a'"))
        assert rows == [
            (Decimal("10.1000"), date(2025, 1, 31), datetime(2025, 1, 31, 9, 30, tzinfo=UTC).replace(tzinfo=None))
        ]
        assert engine.has("deals")
        assert not engine.has("leads")
        assert engine.coverage.ends_on == date(2025, 2, 1)
        assert engine.coverage.filled("deals", "amount")
        assert not engine.coverage.filled("deals", "region")


def test_engines_over_rows_do_not_see_each_other() -> None:
    with DuckDBEngine.from_rows(ROWS) as one, DuckDBEngine.from_rows({"leads": [{}]}) as other:
        assert ask(one, "SELECT COUNT(*) AS n FROM deals") == {"n": [3]}
        assert ask(other, "SELECT COUNT(*) AS n FROM deals") == {"n": [0]}
        assert ask(one, "SELECT COUNT(*) AS n FROM leads") == {"n": [0]}
        one.close()
        assert ask(other, "SELECT COUNT(*) AS n FROM leads") == {"n": [1]}


def test_has_every_fact_of_the_model_even_without_data() -> None:
    with DuckDBEngine.from_rows({}) as engine:
        for name, fact in FACTS.items():
            query = exp.select("*").from_(exp.to_table(name))
            assert engine.rows(query) == (list(fact.column_names), [])
        assert engine.coverage.ends_on is None


def test_columns_have_one_form() -> None:
    with DuckDBEngine.from_rows(ROWS) as engine:
        found = engine.run(
            sqlglot.parse_one(
                "SELECT COUNT(*) AS whole, SUM(amount) AS amount, MAX(closed_on) AS day, MAX(closed_at) AS moment,"
                " status, MAX(amount) > 5 AS sure, CAST(MAX(amount) AS INTEGER) AS maybe FROM deals"
                " GROUP BY status ORDER BY status"
            )
        )
    assert {name: str(values.dtype) for name, values in found.items()} == {
        "whole": "int64",
        "amount": "float64",
        "day": "datetime64[D]",
        "moment": "datetime64[us]",
        "status": "object",
        "sure": "object",
        "maybe": "float64",
    }
    assert all(type(values) is np.ndarray for values in found.values())
    assert found["whole"].tolist() == [2, 1]
    assert np.isnan(found["amount"][0])
    assert found["amount"][1] == 10.1
    assert np.isnat(found["day"][0])
    assert found["sure"].tolist() == [None, True]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({"deal": []}, r"no fact 'deal'\. Did you mean deals"),
        ({"deals": [{"amout": 1}]}, r"deals has no column 'amout'\. Did you mean amount"),
        ({"deals": [{"amount": "1,5"}]}, "deals.amount is of type money, which '1,5' is not"),
        ({"deals": [{"closed_on": "31/01/2025"}]}, "of type date"),
        ({"activities": [{"done": "perhaps"}]}, "of type boolean"),
        ({"reps": [{"hired_on": 3}]}, "of type date"),
        ({"stages": [{"position": 1.5}]}, "of type integer"),
    ],
)
def test_refuses_rows_that_are_not_of_the_model(rows: dict[str, list[dict[str, object]]], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        DuckDBEngine.from_rows(rows)


def test_instants_are_kept_in_utc() -> None:
    with DuckDBEngine.from_rows({"deals": [{"closed_at": "2025-01-31T09:30:00+07:00"}]}) as engine:
        _, rows = engine.rows(sqlglot.parse_one("SELECT closed_at FROM deals"))
    assert rows == [(datetime(2025, 1, 31, 2, 30, tzinfo=UTC).replace(tzinfo=None),)]


def test_opens_only_the_facts_that_are_asked_for(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path / "facts")
    with snapshots.write() as draft:
        draft.put("deals", "SELECT 'a' AS id")
        draft.put("leads", "SELECT 'l' AS id")
        draft.publish("import")
    snapshots.current().path("leads").unlink()  # type: ignore[union-attr]
    with DuckDBEngine(snapshots.current()) as engine:
        assert ask(engine, "SELECT COUNT(*) AS n FROM deals") == {"n": [1]}
        with pytest.raises(WorkspaceError, match="removed while it was being read"):
            ask(engine, "SELECT COUNT(*) AS n FROM leads")


def test_reads_a_snapshot_of_an_older_model(tmp_path: Path) -> None:
    """A column that came into the model later is empty in snapshots from before."""
    snapshots = Snapshots(tmp_path / "facts")
    with snapshots.write() as draft:
        draft.put("deals", "SELECT 'a' AS id, 'Java' AS region")
        draft.publish("import")
    snapshot = snapshots.current()
    assert snapshot is not None
    old = duckdb.connect(str(snapshot.path("deals")))
    old.execute("ALTER TABLE deals DROP COLUMN region; CHECKPOINT")
    old.close()
    record = snapshots.folder / "000001.json"
    record.write_text(record.read_text().replace('    "region",\n', ""))
    record.write_text(record.read_text().replace('"region",', ""))
    with DuckDBEngine(snapshots.current()) as engine:
        assert ask(engine, "SELECT id, region FROM deals") == {"id": ["a"], "region": [None]}


def test_cannot_read_or_write_anything_but_its_facts(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with DuckDBEngine.from_rows(ROWS) as engine:
        for statement in (
            f"SELECT * FROM read_csv('{secret}')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/other.duckdb'",
            "SET memory_limit = '100GB'",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                engine._connection.execute(statement)
        with pytest.raises((Unsupported, EngineError)):
            ask(engine, f"SELECT * FROM read_csv('{secret}')")
    assert not (tmp_path / "out.csv").exists()


def test_refuses_functions_without_a_declared_form() -> None:
    with DuckDBEngine.from_rows(ROWS) as engine:
        for sql in ("SELECT getenv('HOME')", "SELECT APPROX_QUANTILE(amount, 0.5) FROM deals"):
            with pytest.raises(Unsupported, match="duckdb has no declared form of"):
                ask(engine, sql)


def test_division_by_nothing_is_empty() -> None:
    with DuckDBEngine.from_rows(ROWS) as engine:
        found = ask(engine, "SELECT SUM(amount) / COUNT(*) FILTER (WHERE status = 'lost') AS x, 7 / 2 AS y FROM deals")
    assert np.isnan(found["x"][0])  # type: ignore[arg-type]
    assert found["y"] == [3.5]


def test_says_what_failed_without_a_traceback() -> None:
    with DuckDBEngine.from_rows(ROWS) as engine, pytest.raises(EngineError, match=r"Answering the question failed: .*"):
        ask(engine, "SELECT amuont FROM deals")


def test_seventy_two_thousand_rows_become_columns_in_an_instant() -> None:
    columns = ", ".join(
        f"CAST(k AS VARCHAR) AS t{at}, CAST(k * {at} AS DECIMAL(38, 4)) AS v{at}, CAST(k AS BIGINT) AS n{at}"
        for at in range(10)
    )
    sql = f"SELECT {columns} FROM (SELECT UNNEST(range(72000)) AS k)"
    with DuckDBEngine.from_rows({}) as engine:
        took = []
        for _ in range(3):
            result = engine._connection.execute(sql)
            start = time.perf_counter()
            found = fetch(result)
            took.append(time.perf_counter() - start)
    assert len(found) == 30
    assert len(found["t3"]) == 72_000
    # 60 ms where nothing else runs, query included; generous here, because machines that test are busy.
    assert min(took) < 0.4


READER = """
    import os, sys
    from pathlib import Path
    import sqlglot
    from tolok.store.duckdb import DuckDBEngine
    from tolok.store.snapshots import Snapshots
    sqlglot.parse_one("SELECT 1").sql(dialect="duckdb")
    os.setuid(65534)
    snapshots = Snapshots(Path(sys.argv[1]))
    try:
        (snapshots.folder / "x").write_text("x")
    except PermissionError:
        engine = DuckDBEngine(snapshots.as_of(snapshots.today()))
        print(engine.run(sqlglot.parse_one("SELECT COUNT(*) AS n FROM deals"))["n"][0])
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become a user who may not write")
def test_reading_needs_no_right_to_write() -> None:
    folder = Path("/tmp") / f"tolok-test-{os.getpid()}"  # noqa: S108 - below a folder that the other user may enter
    folder.mkdir(mode=0o755)
    try:
        snapshots = Snapshots(folder / "facts")
        with snapshots.write() as draft:
            draft.put("deals", "SELECT 'a' AS id")
            draft.publish("import")
        command = [sys.executable, "-c", textwrap.dedent(READER), str(snapshots.folder)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert ended.stdout.strip() == "1", ended.stderr
    finally:
        shutil.rmtree(folder)

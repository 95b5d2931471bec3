"""PostgreSQL gives what DuckDB gives, in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
import sqlglot
from sqlglot import exp

from tolok.errors import EngineError, Unsupported
from tolok.store.duckdb import DuckDBEngine
from tolok.store.forms import FORMS
from tolok.store.postgres import PostgresEngine, load_facts

pytestmark = pytest.mark.postgres

DEALS = [
    {
        "id": f"d{number}",
        "status": ("won", "lost", "open")[number % 3],
        "amount": f"{number * 7 % 13}.25",
        "owner_id": ("r1", "r2", None)[number % 3 if number % 5 else 2],
        "name": ("Ána", "ana", "Zoë", "émile", 'o"x', None)[number % 6],
        "created_on": f"2024-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "closed_on": f"2025-{number % 12 + 1:02d}-{number % 27 + 1:02d}" if number % 3 != 2 else None,
        "created_at": f"2024-01-{number % 28 + 1:02d} 08:{number % 60:02d}",
        "closed_at": f"2024-02-{number % 28 + 1:02d} 17:30:15.5" if number % 3 != 2 else None,
        "extra": {"Jalur": f"j{number % 4}", "a.b": "x"} if number % 4 else None,
    }
    for number in range(60)
]
REPS = [{"id": "r1", "name": "Darcel"}, {"id": "r2", "name": "Vicki"}]
LEADS = [{"id": "l1", "lead_source": "web", "created_on": "2024-01-01"}]


@pytest.fixture(scope="module")
def engines(postgres_url: str) -> Iterator[tuple[DuckDBEngine, PostgresEngine]]:
    embedded = DuckDBEngine.from_rows({"deals": DEALS, "reps": REPS, "leads": LEADS})
    copied = load_facts(postgres_url, "facts of 'tests'", embedded)
    assert copied == {"deals": 60, "reps": 2, "leads": 1}
    server = PostgresEngine(postgres_url, "facts of 'tests'")
    yield embedded, server
    server.close()
    embedded.close()


QUERIES = {
    "counts and sums": "SELECT status, COUNT(*) AS n, SUM(amount) AS s FROM deals GROUP BY status ORDER BY status",
    "filter and distinct": "SELECT COUNT(*) FILTER (WHERE status = 'won') AS won, "
    "COUNT(DISTINCT owner_id) AS o FROM deals",
    "days between dates": "SELECT id, closed_on - created_on AS days FROM deals ORDER BY id",
    "a day later": "SELECT id, closed_on + 30 AS d, "
    "CAST(closed_on - INTERVAL '1' MONTH AS DATE) AS m FROM deals ORDER BY id",
    "start of the month": "SELECT CAST(DATE_TRUNC('MONTH', created_on) AS DATE) AS m, COUNT(*) AS n FROM deals "
    "GROUP BY 1 ORDER BY 1",
    "start of the week": "SELECT CAST(DATE_TRUNC('WEEK', created_on) AS DATE) AS m, COUNT(*) AS n FROM deals "
    "GROUP BY 1 ORDER BY 1",
    "running sum": "SELECT id, SUM(amount) OVER (PARTITION BY status ORDER BY created_on, id ROWS BETWEEN UNBOUNDED "
    "PRECEDING AND CURRENT ROW) AS s FROM deals ORDER BY id",
    "order of text": "SELECT name, COUNT(*) AS n FROM deals GROUP BY name ORDER BY name NULLS LAST",
    "seconds between moments": "SELECT id, EXTRACT(EPOCH FROM (closed_at - created_at)) AS s FROM deals ORDER BY id",
    "quotient": "SELECT SUM(amount) / COUNT(*) AS a, COUNT(*) / 7 AS b, "
    "SUM(amount) / (COUNT(*) - 60) AS none FROM deals",
    "join": "SELECT r.name, SUM(d.amount) AS s FROM deals AS d LEFT JOIN reps AS r ON r.id = d.owner_id "
    "GROUP BY r.name ORDER BY r.name NULLS LAST",
    "a fact that is empty": "SELECT COUNT(*) AS n, SUM(o.amount) AS s "
    "FROM deals AS d JOIN orders AS o ON o.deal_id = d.id",
    "missing of every type": "SELECT owner_id, amount, closed_on, closed_at, CAST(NULL AS BOOLEAN) AS b, "
    "status = 'won' AS w, CAST(amount AS BIGINT) AS i FROM deals ORDER BY id",
    "first and last": "SELECT MIN(closed_on) AS f, MAX(created_at) AS l, MIN(name) AS t FROM deals",
    "least and greatest": "SELECT id, LEAST(amount, 5) AS l, GREATEST(amount, 5) AS g FROM deals ORDER BY id",
    "names in lower case": "SELECT id, REPLACE(LOWER(name), 'e', '') AS x, LENGTH(name) AS l FROM deals ORDER BY id",
    "small numbers": "SELECT AVG(amount) AS a, MIN(FLOOR(amount)) AS f, MAX(CEIL(amount)) AS c, "
    "SUM(ABS(amount - 5)) AS s, SUM(NULLIF(amount, 0.25)) AS n FROM deals",
    "ranks": "SELECT id, RANK() OVER w AS r, DENSE_RANK() OVER w AS d, ROW_NUMBER() OVER (ORDER BY id) AS n, "
    "LAG(id) OVER w AS lag, LEAD(id) OVER w AS lead, FIRST_VALUE(id) OVER w AS f, LAST_VALUE(amount) OVER w AS l "
    "FROM deals WINDOW w AS (ORDER BY amount, id) ORDER BY id",
    "exists": "SELECT id, COALESCE(name, '-') AS n FROM deals AS d "
    "WHERE EXISTS(SELECT 1 FROM reps AS r WHERE r.id = d.owner_id) OR status = 'open' AND amount > 9 ORDER BY id",
    "in a list made by a query": "SELECT COUNT(*) AS n FROM deals "
    "WHERE owner_id IN (SELECT id FROM reps WHERE name = 'Vicki')",
    "case": "SELECT SUM(CASE WHEN status = 'won' THEN amount END) AS s FROM deals WHERE NOT status IN ('open')",
}


def same(left: np.ndarray, right: np.ndarray) -> bool:
    if left.dtype.kind == "f":
        return bool(np.allclose(left, right, rtol=1e-12, equal_nan=True))
    return left.tolist() == right.tolist()


@pytest.mark.parametrize("what", QUERIES)
def test_gives_the_same_columns(engines: tuple[DuckDBEngine, PostgresEngine], what: str) -> None:
    query = sqlglot.parse_one(QUERIES[what], dialect="duckdb")
    left, right = (engine.run(query) for engine in engines)
    assert list(left) == list(right)
    assert [values.dtype for values in left.values()] == [values.dtype for values in right.values()]
    for name, values in left.items():
        assert same(values, right[name]), name


def test_every_function_declared_for_postgres_is_compared(engines: tuple[DuckDBEngine, PostgresEngine]) -> None:
    asked = {type(node) for sql in QUERIES.values() for node in sqlglot.parse_one(sql, dialect="duckdb").walk()}
    elsewhere = {exp.PercentileCont, exp.JSONExtractScalar}  # in the tests below
    assert set(FORMS["postgres"]) - asked - elsewhere == set()


@pytest.mark.parametrize("share", ["0.25", "0.5", "0.9"])
def test_gives_the_same_quantiles(engines: tuple[DuckDBEngine, PostgresEngine], share: str) -> None:
    value = exp.cast(exp.column("amount"), "double")
    quantile = exp.WithinGroup(
        this=exp.PercentileCont(this=exp.Literal.number(share)),
        expression=exp.Order(expressions=[exp.Ordered(this=value, nulls_first=False)]),
    )
    query = exp.select("status", exp.alias_(quantile, "q")).from_("deals").group_by("status").order_by("status")
    left, right = (engine.run(query)["q"] for engine in engines)
    for status, found in zip(["lost", "open", "won"], left, strict=True):
        amounts = [float(row["amount"]) for row in DEALS if row["status"] == status]
        assert found == pytest.approx(np.quantile(amounts, float(share)))
    assert np.allclose(left, right)


@pytest.mark.parametrize("key", ["Jalur", "a.b", "it's", 'qu"ote', "nothing"])
def test_reads_the_same_extra_column(engines: tuple[DuckDBEngine, PostgresEngine], key: str) -> None:
    path = exp.JSONPath(expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=key)])
    value = exp.JSONExtractScalar(this=exp.column("extra"), expression=path, only_json_types=True)
    query = exp.select(exp.alias_(value, "x")).from_("deals").order_by("id")
    left, right = (engine.run(query)["x"].tolist() for engine in engines)
    assert left == right
    wanted = {row["id"]: (row["extra"] or {}).get(key) for row in DEALS}
    assert left == [wanted[name] for name in sorted(wanted)]


def test_opens_rows_with_exact_values(engines: tuple[DuckDBEngine, PostgresEngine]) -> None:
    query = sqlglot.parse_one("SELECT * FROM deals ORDER BY id")
    left, right = (engine.rows(query, 7) for engine in engines)
    assert len(left[1]) == 7
    assert left == right


def test_counts_the_same_coverage(engines: tuple[DuckDBEngine, PostgresEngine]) -> None:
    left, right = (engine.coverage for engine in engines)
    last = max(row["closed_on"] for row in DEALS if row["closed_on"])
    assert left.ends_on == date.fromisoformat(last) == right.ends_on
    assert right == left
    assert engines[1].has("deals")
    assert not engines[1].has("orders")


def test_only_reads(engines: tuple[DuckDBEngine, PostgresEngine]) -> None:
    with pytest.raises(EngineError, match="read-only"):
        engines[1].run(sqlglot.parse_one("DELETE FROM deals", dialect="postgres"))


def test_replaces_the_facts_of_before(postgres_url: str) -> None:
    for count in (3, 1):
        with DuckDBEngine.from_rows({"deals": DEALS[:count]}) as source:
            assert load_facts(postgres_url, "twice", source)["deals"] == count
    with PostgresEngine(postgres_url, "twice") as engine:
        assert engine.run(sqlglot.parse_one("SELECT COUNT(*) AS n FROM deals"))["n"].tolist() == [1]


def test_names_a_database_that_does_not_answer_without_its_password() -> None:
    with pytest.raises(EngineError) as refusal:
        PostgresEngine("postgresql://ana:s3cret@127.0.0.1:1/sales?connect_timeout=2")
    assert "s3cret" not in str(refusal.value)
    assert "ana:***@127.0.0.1" in str(refusal.value)


def test_refuses_what_it_has_no_form_of(engines: tuple[DuckDBEngine, PostgresEngine]) -> None:
    for sql in ("SELECT ANY_VALUE(name) FROM deals", "SELECT * FROM deals ASOF JOIN leads ON deals.id >= leads.id"):
        with pytest.raises(Unsupported, match="no declared form"):
            engines[1].run(sqlglot.parse_one(sql, dialect="duckdb"))

"""One simulated company for all tests here, as facts in a DuckDB connection."""

from __future__ import annotations

import duckdb
import pytest

from tolok.demo import Company, load, simulate


@pytest.fixture(scope="session")
def company() -> Company:
    return simulate(seed=1)


@pytest.fixture(scope="session")
def engine(company: Company) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load(company, connection)
    return connection

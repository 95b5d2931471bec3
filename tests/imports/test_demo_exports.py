"""Every fact of the simulated company, read from its own exports, is what was simulated, but for what they do not say."""

from __future__ import annotations

import duckdb
import pytest

from tolok import demo, settings
from tolok.imports import ImportResult, run
from tolok.imports.run import snapshots_of
from tolok.model import FACTS

KEYS = {
    "orders": ("document", "line"),
    "costs": ("spent_on", "kind", "name", "campaign", "channel", "region", "team_id", "amount"),
    "exchange_rates": ("on", "currency"),
    "targets": ("kpi", "from_on", "rep_id", "team_id"),
    "observations": ("series", "on", "region"),
    "pipelines": ("name",),
}
"""What tells rows apart where the exports have no ids; elsewhere the id."""

NOT_EXPORTED = {
    ("deals", "pipeline_id"), ("stages", "pipeline_id"), ("deals", "closed_at"), ("answers", "answered_at"),
    ("products", "currency"), ("costs", "currency"), ("activities", "extra"), ("orders", "extra"),
    ("orders", "ordered_at"), ("pipelines", "position"),
}  # fmt: skip
"""Pipelines are exported by name and have no ids; ordering, closing and answering by day; amounts in rupiah, which is the
workspace's own currency; what is extra keeps the exports' own headings."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[duckdb.DuckDBPyConnection, ImportResult]:
    """A connection with the simulated facts, and those imported from the exports as ``read_<fact>``."""
    folder = tmp_path_factory.mktemp("demo")
    company = demo.simulate(seed=1)
    exports = folder / "demo"
    demo.write_csv(company, exports)
    workspace = folder / "shop"
    settings.create(workspace, currency="IDR", timezone=company.timezone)
    result = run(workspace, [exports], today=company.end)
    engine = duckdb.connect()
    demo.load(company, engine)
    snapshot = snapshots_of(workspace, settings.load(workspace)).current()
    assert snapshot is not None
    for fact in company.tables:
        engine.execute(f"ATTACH '{snapshot.path(fact)}' AS file_{fact} (READ_ONLY)")
        engine.execute(f'CREATE VIEW "read_{fact}" AS SELECT * FROM file_{fact}."{fact}"')
    return engine, result


def joined(fact: str) -> str:
    """Simulated rows as ``t`` beside imported rows as ``i``."""
    names = KEYS.get(fact, ("id",))
    listed = ", ".join(f'"{name}"' for name in names)
    same = " AND ".join(f't."{name}" IS NOT DISTINCT FROM i."{name}"' for name in names)
    counted = f"row_number() OVER (PARTITION BY {listed} ORDER BY source_id) AS nth"
    return f'(SELECT *, {counted} FROM "{fact}") t JOIN (SELECT *, {counted} FROM "read_{fact}") i ON {same} AND t.nth = i.nth'


def one(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def test_nothing_is_rejected_and_every_file_is_known(imported) -> None:
    _, result = imported
    assert (result.rejected, result.imported) == (0, result.rows)
    assert all(file.table for file in result.files)
    assert {file.file: file.recognised_as for file in result.files}["opportunities.csv"] == "plain"


@pytest.mark.parametrize("fact", sorted(demo.simulate(seed=1).tables))
def test_imported_facts_are_the_simulated_ones(fact: str, imported) -> None:
    engine, _ = imported
    rows = one(engine, f'SELECT count(*) FROM "{fact}"')
    own = "WHERE origin = 'history'" if fact == "deal_events" else ""
    assert one(engine, f'SELECT count(*) FROM "read_{fact}" {own}') == rows
    assert one(engine, f"SELECT count(*) FROM {joined(fact)}") == rows
    for column in FACTS[fact].columns:
        if column.name in ("id", "source", "source_id", "owner_at_close_id") or (fact, column.name) in NOT_EXPORTED:
            continue
        name = f'"{column.name}"'
        other = one(engine, f"SELECT count(*) FROM {joined(fact)} WHERE t.{name} IS DISTINCT FROM i.{name}")
        assert other == 0, f"{column.name}: {other} of {rows}"


def test_pipelines_and_stages_belong_together_by_name(imported) -> None:
    engine, _ = imported
    for fact in ("deals", "stages"):
        query = (
            f"SELECT count(*) FROM {fact} t JOIN read_{fact} i USING (id) JOIN pipelines p ON p.id = t.pipeline_id "
            f"JOIN read_pipelines q ON q.id = i.pipeline_id WHERE p.name = q.name"
        )
        assert one(engine, query) == one(engine, f"SELECT count(*) FROM {fact}")


def test_only_deals_entered_late_get_an_event_beside_their_history(imported) -> None:
    """The history says when the outcome was entered; the deal's own date says when it was."""
    engine, _ = imported
    derived = "SELECT deal_id, \"on\" FROM read_deal_events WHERE origin = 'derived'"
    late = (
        "SELECT d.id FROM deals d JOIN deal_events e ON e.deal_id = d.id AND e.field = 'status' AND e.new = d.status "
        "AND d.status <> 'open' WHERE e.\"on\" > d.closed_on"
    )
    assert one(engine, f"SELECT count(*) FROM ({derived})") == one(engine, f"SELECT count(*) FROM ({late})") > 0
    assert one(engine, f"SELECT count(*) FROM ({derived}) WHERE deal_id NOT IN ({late})") == 0


def test_who_owned_a_deal_on_its_closing_day_differs_only_where_it_was_handed_on_before_it_was_entered(
    imported,
) -> None:
    engine, _ = imported
    differs = "i.owner_at_close_id IS DISTINCT FROM t.owner_at_close_id"
    query = f"SELECT count(*) FROM read_deals i JOIN deals t USING (id) WHERE {differs}"
    handed_on = "EXISTS (SELECT 1 FROM deal_events e WHERE e.deal_id = i.id AND e.field = 'owner_id' AND e.\"on\" > i.closed_on)"
    assert 0 < one(engine, query) == one(engine, f"{query} AND {handed_on}") < 20

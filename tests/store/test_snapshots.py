"""Snapshots: published whole or not at all, shared, asked by day, rolled back, thinned out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import sqlglot

from tolok.errors import EngineError, TolokError, WorkspaceError
from tolok.model import FACTS, Fact
from tolok.store.connection import Limits
from tolok.store.duckdb import DuckDBEngine
from tolok.store.retention import Retention, kept
from tolok.store.snapshots import Snapshots

START = datetime(2026, 1, 10, 20, 0, tzinfo=UTC)


class Clock:
    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def snapshots(tmp_path: Path, clock: Clock) -> Snapshots:
    return Snapshots(tmp_path / "facts", clock=clock, timezone="Asia/Jakarta")


def deals(count: int, on: str = "2025-06-30") -> str:
    columns = f"CAST(range AS VARCHAR) AS id, 'won' AS status, 10 AS amount, DATE '{on}' AS closed_on"
    return f"SELECT {columns} FROM range({count})"


def publish(snapshots: Snapshots, **facts: str) -> str:
    with snapshots.write() as draft:
        for name, select in facts.items():
            draft.put(name, select)
        return draft.publish("import", {"import": "i1"}).id


def count(snapshots: Snapshots, fact: str = "deals") -> int:
    with DuckDBEngine(snapshots.current()) as engine:
        return int(engine.run(sqlglot.parse_one(f"SELECT COUNT(*) AS n FROM {fact}"))["n"][0])


def test_there_is_none_before_the_first(snapshots: Snapshots) -> None:
    assert snapshots.current() is None
    assert snapshots.list() == ()
    with pytest.raises(WorkspaceError, match="Nothing has been imported"):
        snapshots.as_of(date(2026, 1, 1))


def test_publishes_types_coverage_and_where_the_data_ends(snapshots: Snapshots) -> None:
    with snapshots.write() as draft:
        rows = draft.put(
            "deals",
            "SELECT * FROM (VALUES ('a', 'won', '1.5', '2025-03-01', '2027-01-01', 'USD'), ('b', 'open', NULL, NULL,"
            " '2028-01-01', NULL)) AS t (id, status, amount, closed_on, expected_close_on, currency)",
        )
        draft.put(
            "activities",
            "SELECT 'x' AS id, DATE '2026-01-11' AS happened_on UNION ALL SELECT 'y', DATE '2026-01-12'",
        )
        snapshot = draft.publish("import", {"import": "i7"})
    assert rows == 2
    assert snapshots.current() == snapshot
    assert (snapshot.id, snapshot.kind, snapshot.import_id, snapshot.created_at) == ("000001", "import", "i7", START)
    assert snapshot.facts["deals"].columns == FACTS["deals"].column_names
    deal = snapshot.coverage.facts["deals"]
    assert deal.filled == {"id": 2, "status": 2, "amount": 1, "closed_on": 1, "expected_close_on": 2, "currency": 1}
    assert (deal.first, deal.last, deal.currencies) == (date(2025, 3, 1), date(2025, 3, 1), ("USD",))
    # It is the 11th in Jakarta: a meeting of that day has happened, the one of tomorrow is planned.
    assert snapshot.coverage.ends_on == date(2026, 1, 11)
    assert not snapshot.coverage.has("orders")
    file = duckdb.connect(str(snapshot.path("deals")), read_only=True)
    types = dict(file.execute("SELECT column_name, column_type FROM (DESCRIBE deals)").fetchall())
    assert types == {column.name: column.sql_type for column in FACTS["deals"].columns}


def test_a_kept_fact_says_more_on_a_later_day(snapshots: Snapshots, clock: Clock) -> None:
    publish(snapshots, activities="SELECT 'y' AS id, DATE '2026-01-12' AS happened_on")
    assert snapshots.current().ends_on is None  # type: ignore[union-attr]
    clock.now += timedelta(days=7)
    publish(snapshots, deals=deals(1))
    assert snapshots.current().ends_on == date(2026, 1, 12)  # type: ignore[union-attr]
    clock.now += timedelta(days=7)
    assert snapshots.rollback("1").ends_on == date(2026, 1, 12)


def test_facts_that_do_not_change_are_shared(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(5), leads="SELECT 'l' AS id")
    publish(snapshots, deals=deals(6))
    first, second = snapshots.list()
    assert first.facts["leads"] == second.facts["leads"]
    assert first.facts["deals"].file != second.facts["deals"].file
    assert count(snapshots) == 6
    assert count(snapshots, "leads") == 1


def test_a_draft_shows_what_is_and_what_would_be(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(3))
    with snapshots.write() as draft:
        ask = lambda sql: draft.connection.execute(sql).fetchone()[0]  # noqa: E731
        draft.put("deals", "SELECT *, hash(id) AS _hash FROM next.deals UNION ALL BY NAME SELECT 'new' AS id")
        draft.put("deals", "SELECT * FROM next.deals WHERE id <> '0'")
        assert (ask("SELECT count(*) FROM now.deals"), ask("SELECT count(*) FROM next.deals")) == (3, 3)
        assert ask("SELECT count(_hash) FROM next.deals") == 2
        assert ask("SELECT count(amount) FROM now.orders") == 0
        assert draft.changed == ("deals",)
        draft.keep("deals")
        assert draft.changed == ()
        draft.drop("deals")
        assert ask("SELECT count(*) FROM next.deals") == 0
        draft.publish("edit")
    assert "deals" not in snapshots.current().facts  # type: ignore[union-attr]


def test_the_importers_own_columns_are_kept_but_not_shown_to_questions(snapshots: Snapshots) -> None:
    publish(snapshots, deals="SELECT 'a' AS id, 42 AS _hash")
    with snapshots.write() as draft:
        assert draft.connection.execute("SELECT _hash FROM now.deals").fetchall() == [(42,)]
    with DuckDBEngine(snapshots.current()) as engine:
        names, rows = engine.rows(sqlglot.parse_one("SELECT * FROM deals"))
        assert tuple(names) == FACTS["deals"].column_names
        assert len(rows) == 1


@pytest.mark.parametrize("changed", [3, 700])
@pytest.mark.parametrize("own", ["", ", hash(id) AS _hash"])
def test_replaces_a_part_of_a_fact(snapshots: Snapshots, changed: int, own: str) -> None:
    before = f"SELECT *{own} FROM ({deals(1000)})"
    publish(snapshots, deals=before)
    with snapshots.write() as draft:
        rows = draft.patch(
            "deals",
            gone=f"SELECT CAST(range AS VARCHAR) FROM range({changed}) UNION ALL SELECT '999' UNION ALL SELECT NULL",
            rows=f"SELECT *{own} FROM (SELECT CAST(range AS VARCHAR) AS id, 20.5 AS amount FROM range({changed + 0}))",
        )
        assert rows == 999
        assert (
            draft.patch("deals", gone="SELECT '5'", rows="SELECT 'x' AS id, 7 AS amount" + own.replace("id", "'x'"))
            == 999
        )
        assert draft.connection.execute("SELECT sum(amount) FROM now.deals").fetchall() == [(10_000,)]
        draft.publish("import")
    kept_ones = 999 - changed
    five = Decimal("20.5") if changed > 5 else Decimal(10)
    with DuckDBEngine(snapshots.current()) as engine:
        _, found = engine.rows(sqlglot.parse_one("SELECT SUM(amount) AS s, COUNT(DISTINCT id) AS n FROM deals"))
    assert found == [(kept_ones * 10 + changed * Decimal("20.5") - five + 7, 999)]
    assert snapshots.list()[0].facts["deals"].rows == 1000


def test_a_part_of_nothing_is_the_whole(snapshots: Snapshots) -> None:
    with snapshots.write() as draft:
        assert draft.patch("deals", gone="SELECT 'a'", rows="SELECT 'b' AS id") == 1
        draft.publish("import")
    assert count(snapshots) == 1


def test_says_whether_people_changed_teams(snapshots: Snapshots) -> None:
    publish(snapshots, memberships="SELECT 'm1' AS id, 'r1' AS rep_id, 't1' AS team_id")
    publish(snapshots, memberships="SELECT * FROM next.memberships UNION ALL BY NAME SELECT 'm2' AS id, 'r1' AS rep_id")
    publish(snapshots, deals=deals(1))
    assert [snapshot.memberships_change for snapshot in snapshots.list()] == [False, True, True]


def test_an_error_on_the_way_changes_nothing(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(3))
    before = sorted(path.name for path in snapshots.folder.iterdir())
    with pytest.raises(EngineError, match="Conversion"), snapshots.write() as draft:
        draft.put("deals", "SELECT 'x' AS id, 'much' AS amount")
    with pytest.raises(EngineError, match=r"no column 'amout'.*Did you mean amount"), snapshots.write() as draft:
        draft.put("deals", "SELECT 'x' AS id, 1 AS amout")
    with pytest.raises(RuntimeError), snapshots.write() as draft:
        draft.put("deals", deals(99))
        raise RuntimeError
    assert sorted(path.name for path in snapshots.folder.iterdir()) == before
    assert count(snapshots) == 3


def test_rolls_back_by_publishing_the_old_one_again(snapshots: Snapshots, clock: Clock) -> None:
    publish(snapshots, deals=deals(3))
    clock.now += timedelta(days=1)
    publish(snapshots, deals=deals(8))
    clock.now += timedelta(days=1)
    back = snapshots.rollback("1")
    assert (back.id, back.kind, back.about) == ("000003", "rollback", {"to": "000001", "from": "000002"})
    assert count(snapshots) == 3
    assert snapshots.as_of(date(2026, 1, 12)).id == "000002"
    with pytest.raises(WorkspaceError, match="no snapshot 'x'"):
        snapshots.rollback("x")


def test_knows_what_was_current_at_the_end_of_a_day_where_the_company_is(snapshots: Snapshots, clock: Clock) -> None:
    publish(snapshots, deals=deals(1))  # 2026-01-11 03:00 in Jakarta
    clock.now = datetime(2026, 1, 11, 16, 59, tzinfo=UTC)  # 23:59 in Jakarta
    publish(snapshots, deals=deals(2))
    clock.now = datetime(2026, 1, 11, 17, 0, tzinfo=UTC)  # midnight
    publish(snapshots, deals=deals(3))
    assert snapshots.as_of(date(2026, 1, 11)).id == "000002"
    assert snapshots.as_of(date(2026, 1, 11), "UTC").id == "000003"
    assert snapshots.as_of(date(2030, 1, 1)).id == "000003"
    with pytest.raises(
        WorkspaceError, match=r"no snapshot was published.*oldest kept snapshot is 000001 of 2026-01-11"
    ):
        snapshots.as_of(date(2026, 1, 10))


def test_refuses_a_day_whose_snapshot_is_no_longer_kept(tmp_path: Path, clock: Clock) -> None:
    snapshots = Snapshots(tmp_path / "facts", keep=Retention(last=2, months=2), clock=clock)
    for day in range(8):
        clock.now = START + timedelta(days=10 * day)
        publish(snapshots, deals=deals(day + 1))
    assert [snapshot.id for snapshot in snapshots.list()] == ["000005", "000007", "000008"]
    assert [gone.id for gone in snapshots.removed()] == ["000001", "000002", "000003", "000004", "000006"]
    assert snapshots.as_of(date(2026, 2, 28)).id == "000005"
    with pytest.raises(WorkspaceError, match=r"no longer kept\. The oldest kept snapshot is 000005"):
        snapshots.as_of(date(2026, 2, 10))
    with pytest.raises(WorkspaceError, match="no longer kept"):  # not the one before it, which knew less
        snapshots.as_of(date(2026, 3, 5))
    with pytest.raises(WorkspaceError, match="no longer kept"):
        snapshots.get("000001")


def test_removing_snapshots_never_removes_a_file_that_a_kept_one_uses(tmp_path: Path, clock: Clock) -> None:
    snapshots = Snapshots(tmp_path / "facts", keep=Retention(last=1, months=0), clock=clock)
    publish(snapshots, deals=deals(4), leads="SELECT 'l' AS id")
    for number in range(3):
        publish(snapshots, leads=f"SELECT 'l{number}' AS id")
    assert [snapshot.id for snapshot in snapshots.list()] == ["000004"]
    files = {path.name for path in snapshots.folder.glob("*.duckdb")}
    assert files == {"deals-000001.duckdb", "leads-000004.duckdb"}
    assert count(snapshots) == 4


def test_keeps_the_latest_and_the_last_of_each_month() -> None:
    days = [(f"{number:03d}", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)) for number in range(120)]
    keep = kept(days, Retention(last=3, months=3))
    # Ends of February and March; April's last is among the latest three.
    assert keep == {"117", "118", "119", "058", "089"}
    assert kept(days, Retention(last=0, months=0)) == {"119"}


def test_forgetting_reaches_every_kept_snapshot(snapshots: Snapshots) -> None:
    contacts = "SELECT 'c' || range AS id, 'Ana' AS name, 'a@b.c' AS email FROM range({})"
    publish(snapshots, contacts=contacts.format(2), deals=deals(1))
    publish(snapshots, deals=deals(2))
    publish(snapshots, contacts=contacts.format(3))

    def edit(fact: Fact, relation: str) -> str | None:
        if fact.name != "contacts":
            return None
        return f"SELECT * REPLACE (CASE WHEN id = 'c1' THEN NULL ELSE name END AS name, NULL AS email) FROM {relation}"

    assert snapshots.rewrite(edit, {"forgotten_on": "2026-01-11"}) == 2
    for snapshot, size in zip(snapshots.list(), (2, 2, 3), strict=True):
        with DuckDBEngine(snapshot) as engine:
            _, rows = engine.rows(sqlglot.parse_one("SELECT id, name, email FROM contacts ORDER BY id"))
        assert rows == [(f"c{number}", None if number == 1 else "Ana", None) for number in range(size)]
        assert snapshot.about["forgotten_on"] == "2026-01-11"
    assert all(b"a@b.c" not in path.read_bytes() for path in snapshots.folder.iterdir() if path.is_file())


def test_a_damaged_record_is_named_and_nothing_is_removed(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(3))
    publish(snapshots, deals=deals(4))
    record = snapshots.folder / "000002.json"
    record.write_text(record.read_text()[:40])
    with pytest.raises(WorkspaceError, match="snapshot 000002 is damaged"):
        snapshots.current()
    with pytest.raises(WorkspaceError, match="damaged"):
        publish(snapshots, deals=deals(5))
    assert (snapshots.folder / "deals-000002.duckdb").exists()
    record.unlink()
    assert count(snapshots) == 3


def test_a_record_of_a_newer_tolok_is_refused(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(3))
    record = snapshots.folder / "000001.json"
    record.write_text(record.read_text().replace('"format": 1', '"format": 99'))
    with pytest.raises(WorkspaceError, match="newer Tolok"):
        snapshots.current()


def test_a_record_cannot_name_a_file_elsewhere(snapshots: Snapshots) -> None:
    publish(snapshots, deals=deals(3))
    record = snapshots.folder / "000001.json"
    record.write_text(record.read_text().replace("deals-000001.duckdb", "../deals-000001.duckdb"))
    with pytest.raises(WorkspaceError, match="damaged"):
        snapshots.current()


def test_a_second_writer_is_refused_without_waiting(snapshots: Snapshots) -> None:
    refused = pytest.raises(WorkspaceError, match=rf"Another import .*process {os.getpid()}")
    with snapshots.write(), refused, snapshots.write(wait=False):
        pass


def test_memory_stays_within_its_limit(tmp_path: Path) -> None:
    snapshots = Snapshots(tmp_path / "facts", limits=Limits(memory="60MB", threads=2))
    rows = "SELECT md5(CAST(range AS VARCHAR)) AS id, md5(CAST(range + 1 AS VARCHAR)) AS name FROM range(900000)"
    with snapshots.write() as draft:
        draft.connection.execute(f"CREATE TABLE staged AS {rows}")
        # Sorting this text does not fit: it must go to the disk, inside the draft's own folder.
        draft.put("deals", "SELECT * FROM staged ORDER BY name")
        draft.publish("import")
    assert count(snapshots) == 900_000
    assert not list(snapshots.folder.glob("work-*"))


SMALL = """
    import resource, sys
    from pathlib import Path
    from tolok.store.snapshots import Snapshots
    from tolok.errors import TolokError
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
    try:
        with Snapshots(Path(sys.argv[1])).write() as draft:
            draft.put("deals", "SELECT md5(CAST(range AS VARCHAR)) AS id FROM range(300000)")
            draft.publish("import")
    except TolokError as error:
        print(error)
        sys.exit(7)
"""


@pytest.mark.parametrize("size", [100, 20_000, 1_000_000])
def test_files_that_may_not_grow_leave_the_last_snapshot_whole(snapshots: Snapshots, size: int) -> None:
    publish(snapshots, deals=deals(3))
    before = sorted(path.name for path in snapshots.folder.iterdir())
    command = [sys.executable, "-c", textwrap.dedent(SMALL), str(snapshots.folder), str(size)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 7, ended.stderr
    assert "disk is full" in ended.stdout
    assert sorted(path.name for path in snapshots.folder.iterdir()) == before
    assert count(snapshots) == 3


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("mount"), reason="only root can make a small disk")
def test_a_full_disk_leaves_the_last_snapshot_whole(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tolok", str(disk)], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        snapshots = Snapshots(disk / "facts")
        publish(snapshots, deals=deals(3))
        before = sorted(path.name for path in snapshots.folder.iterdir())
        for _ in range(2):
            with pytest.raises(TolokError, match="disk is full"):
                publish(snapshots, deals="SELECT md5(CAST(range AS VARCHAR)) AS id FROM range(400000)")
            assert sorted(path.name for path in snapshots.folder.iterdir()) == before
        assert count(snapshots) == 3
        publish(snapshots, deals=deals(9))
        assert count(snapshots) == 9
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_amounts_are_exact(snapshots: Snapshots) -> None:
    publish(snapshots, deals="SELECT 'a' AS id, '99999999999999.9999' AS amount")
    with DuckDBEngine(snapshots.current()) as engine:
        _, rows = engine.rows(sqlglot.parse_one("SELECT amount FROM deals"))
    assert rows == [(Decimal("99999999999999.9999"),)]

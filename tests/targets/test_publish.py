"""Approved targets in the facts: published, replaced, kept apart from imported ones; and carried over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tolok import imports
from tolok.kpis.load import catalogue
from tolok.periods import Calendar
from tolok.settings import create
from tolok.targets.carry_over import carried_over
from tolok.targets.publish import publish
from tolok.targets.scope import Scope
from tolok.targets.target import Target
from tolok.workspace import Workspace, open_workspace

NOW = datetime(2026, 11, 23, tzinfo=UTC)
REP = Scope.of({"rep": "shop:R'1"})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "shop"
    create(folder, name="Shop", currency="IDR")
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "deals.csv").write_text(
        "Deal ID,Deal name,Owner,Amount,Status,Created,Closed date\n1,A,Ayu,100,Won,2025-12-01,2026-01-10\n", "utf-8"
    )
    (exports / "targets.csv").write_text(
        "Target ID,KPI,From,To,Target value\nP1,revenue,2026-01-01,2026-01-31,500\nP2,revenue,2026-02-01,2026-02-28,600\n",
        "utf-8",
    )
    imports.run(folder, [exports], source="shop")
    return open_workspace(folder)


def approved(value: str, month: int = 1, scope: Scope | None = None) -> Target:
    last = {1: 31, 2: 28}[month]
    return Target(
        "revenue", date(2026, month, 1), date(2026, month, last), Decimal(value), scope or Scope(),
        "IDR", state="approved", at=NOW,
    )  # fmt: skip


def asked(workspace: Workspace, month: int = 1) -> float | None:
    there = open_workspace(workspace.folder)
    end = date(2026, month, {1: 31, 2: 28}[month])
    return next(there.ask("revenue", start=date(2026, month, 1), end=end, compare="target").rows()).target


def test_an_approved_target_takes_the_place_of_the_imported_one(workspace: Workspace) -> None:
    assert (asked(workspace), asked(workspace, 2)) == (500, 600)
    before = workspace.snapshots.current()
    published = publish(workspace.snapshots, [approved("750.50")], by="dina")
    assert published is not None
    assert before is not None
    assert published.about["revenue_from"] == before.about["revenue_from"]
    assert published.facts["deals"].file == before.facts["deals"].file  # what did not change is shared
    assert (asked(workspace), asked(workspace, 2)) == (750.5, 600)


def test_publishing_the_same_again_publishes_nothing(workspace: Workspace) -> None:
    assert publish(workspace.snapshots, [approved("750.50")]) is not None
    assert publish(workspace.snapshots, [approved("750.5")]) is None


def test_the_next_version_replaces_the_one_before_and_withdrawing_brings_back_the_plan(workspace: Workspace) -> None:
    first = approved("700")
    second = first.revised(Decimal(800), by="dina", at=NOW, why="more").moved("approved", by="dina", at=NOW)
    publish(workspace.snapshots, [first, second])
    assert asked(workspace) == 800
    publish(workspace.snapshots, [])
    assert asked(workspace) == 500


def test_only_approved_targets_are_published(workspace: Workspace) -> None:
    proposal = approved("700").revised(Decimal(900), by="dina", at=NOW, why="more")
    publish(workspace.snapshots, [approved("700"), proposal])
    assert asked(workspace) == 700


def test_an_import_after_it_leaves_approved_targets_alone(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace.snapshots, [approved("750", scope=REP), approved("750")])
    (tmp_path / "exports" / "targets.csv").write_text(
        "Target ID,KPI,From,To,Target value\nP1,revenue,2026-01-01,2026-01-31,510\nP2,revenue,2026-02-01,2026-02-28,610\n",
        "utf-8",
    )
    imports.run(workspace.folder, [tmp_path / "exports"], source="shop")
    assert (asked(workspace), asked(workspace, 2)) == (750, 610)
    current = open_workspace(workspace.folder).snapshots.current()
    assert current is not None
    assert current.facts["targets"].rows == 4


def test_targets_can_be_published_before_any_import(tmp_path: Path) -> None:
    create(tmp_path / "new", name="New", currency="USD")
    there = open_workspace(tmp_path / "new")
    assert publish(there.snapshots, [approved("1")]) is not None


def test_last_years_targets_are_carried_over_with_an_uplift() -> None:
    rate = Target("win_rate", date(2026, 1, 1), date(2026, 3, 31), Decimal(30), state="approved")
    money = Target("revenue", date(2026, 2, 1), date(2026, 2, 28), Decimal(1001), REP, "IDR", state="approved")
    gone = Target("revenue", date(2026, 2, 1), date(2026, 2, 28), Decimal(5), Scope.of({"rep": "gone"}), "IDR")
    old = Target("revenue", date(2024, 2, 1), date(2024, 2, 29), Decimal(5), currency="IDR")
    found = carried_over(
        [rate, money, gone, old],
        catalogue(),
        Calendar(),
        date(2026, 11, 23),
        uplift=Decimal(10),
        is_there=lambda scope: scope.get("rep") != "gone",
    )
    assert [(str(one.start), str(one.end), one.value, one.state) for one in found.targets] == [
        ("2027-01-01", "2027-03-31", 30, "proposed"),
        ("2027-02-01", "2027-02-28", 1101, "proposed"),
    ]
    assert found.left_out == (gone, old)

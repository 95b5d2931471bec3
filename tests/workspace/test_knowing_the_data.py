"""What a workspace says about its data: how new it is, what is wrong with it, and why a figure is another now."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tolok.query.question import Filter, Question, Viewer
from tolok.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    settings = 'name = "Shop"\ncurrency = "USD"\nworking_days = "mon-sat"\nholidays_country = "ID"\n'
    (tmp_path / "tolok.toml").write_text(settings + 'closed_on = ["2026-03-02"]\n', encoding="utf-8")
    return open_workspace(tmp_path)


def publish(workspace: Workspace, deals: str) -> str:
    with workspace.snapshots.write() as draft:
        draft.put("reps", "SELECT 'ann' AS id, 'Ann' AS name UNION ALL SELECT 'bob', 'Bob'")
        draft.put(
            "deals",
            "SELECT id, id AS name, owner_id, amount, 'USD' AS currency, status, DATE '2026-01-01' AS created_on, closed_on"
            f" FROM (VALUES {deals}) AS t(id, owner_id, amount, status, closed_on)",
        )
        draft.put("activities", "SELECT 'a1' AS id, 'call' AS kind, 'ann' AS rep_id, DATE '2026-02-10' AS happened_on")
        draft.publish("import")
    return workspace.snapshot().id


FIRST = """('d1', 'ann', 100, 'won', DATE '2026-01-10'), ('d2', 'ann', 50, 'won', DATE '2026-01-11'),
('d3', 'bob', 70, 'won', DATE '2026-01-12'), ('d4', 'bob', 10, 'lost', DATE '2026-01-31')"""
SECOND = """('d1', 'ann', 120, 'won', DATE '2026-01-10'), ('d3', 'bob', 70, 'lost', DATE '2026-01-12'),
('d5', 'ann', 5, 'won', DATE '2026-01-13'), ('d4', 'bob', 10, 'lost', DATE '2026-01-31'),
('d6', 'ann', 900, 'won', DATE '2026-02-13')"""


def test_a_figure_that_changed_is_explained_by_its_rows(workspace: Workspace) -> None:
    before, after = publish(workspace, FIRST), publish(workspace, SECOND)
    january = Question((), start=date(2026, 1, 1), end=date(2026, 1, 31))
    found = workspace.what_changed("won_amount", january, before, after)
    assert (found.before, found.after) == (220, 125)
    [side] = found.sides
    assert [row["id"] for row in side.added] == ["d5"]
    assert [row["id"] for row in side.removed] == ["d2", "d3"]
    assert [(row.id, sorted(row.cells)) for row in side.changed] == [("d1", ["amount"])]
    assert [float(str(cell)) for cell in side.changed[0].cells["amount"]] == [100, 120]
    moved = sum(float(str(row["amount"])) for row in side.added) - sum(
        float(str(row["amount"])) for row in side.removed
    )
    assert found.before + moved + 20 == found.after
    assert side.complete
    assert not found.same
    assert workspace.what_changed("won_amount", january, before, before).same


def test_what_changed_is_told_of_own_rows_only(workspace: Workspace) -> None:
    before, after = publish(workspace, FIRST), publish(workspace, SECOND)
    question = Question((), start=date(2026, 1, 1), end=date(2026, 1, 31), viewer=Viewer("bob", frozenset({"bob"})))
    found = workspace.what_changed("won_amount", question, before, after)
    [side] = found.sides
    assert (side.added, side.changed) == ((), ())
    assert [row["id"] for row in side.removed] == ["d3"]
    ann = Question((), where=(Filter("rep", ("Ann",)),), start=date(2026, 1, 1), end=date(2026, 1, 31))
    assert workspace.what_changed("won_amount", ann, before, after).after == 125


def test_more_rows_than_were_read_are_said(workspace: Workspace) -> None:
    before, after = publish(workspace, FIRST), publish(workspace, SECOND)
    found = workspace.what_changed("deals_won", Question(()), before, after, limit=1)
    assert not found.sides[0].complete
    assert not found.same


def test_a_kpi_is_as_new_as_the_oldest_of_its_facts(workspace: Workspace) -> None:
    publish(workspace, FIRST)
    fresh = workspace.freshness()
    assert set(fresh) == set(workspace.definitions)
    assert fresh["win_rate"].reaches == date(2026, 1, 31)
    assert fresh["calls"].reaches == date(2026, 2, 10)
    assert fresh["win_rate"].behind(workspace.today) == 10
    assert fresh["nps"].reaches is None
    assert fresh["nps"].lacking == ("answers",)
    assert fresh["win_rate"].imported_at == workspace.snapshot().created_at


def test_gaps_are_told_beside_the_kpis_that_they_cost(workspace: Workspace) -> None:
    publish(workspace, FIRST + ", ('d9', 'ann', 5, 'won', NULL)")
    quality = workspace.quality()
    assert any(finding.rows == 1 and finding.fact == "deals" for finding in quality["deals_won"])
    assert any(finding.fact == "answers" for finding in quality["nps"])
    assert not any(finding.fact == "answers" for finding in quality["deals_won"])
    assert workspace.quality() is quality
    publish(workspace, FIRST)
    assert not any(
        finding.rows == 1 and finding.fact == "deals" for finding in workspace.quality().get("deals_won", ())
    )


def test_what_has_not_happened_is_no_gap(workspace: Workspace) -> None:
    with workspace.snapshots.write() as draft:
        draft.put(
            "leads",
            "SELECT id, DATE '2026-01-05' AS created_on, qualified_on"
            " FROM (VALUES ('l1', DATE '2026-01-06'), ('l2', NULL)) AS t(id, qualified_on)",
        )
        draft.put(
            "tickets",
            "SELECT id, 'ann' AS owner_id, DATE '2026-01-05' AS opened_on, TIMESTAMP '2026-01-05 09:00' AS opened_at,"
            " solved_on, solved_at, TIMESTAMP '2026-01-05 10:00' AS first_response_at FROM (VALUES"
            " ('t1', DATE '2026-01-06', TIMESTAMP '2026-01-06 09:00'), ('t2', NULL, NULL), ('t3', DATE '2026-01-07', NULL)"
            ") AS t(id, solved_on, solved_at)",
        )
        draft.publish("import")
    assert workspace.ask("qualified_leads").value() == 1
    assert not any("qualified" in finding.says for finding in workspace.check())
    solved = [finding for finding in workspace.check() if "solved" in finding.says]
    assert [(finding.rows, finding.kpis) for finding in solved] == [(1, ("resolution_time",))]


def test_nobody_waits_for_a_look_that_was_not_asked_for(workspace: Workspace) -> None:
    publish(workspace, FIRST)
    assert workspace.known_quality() is None
    assert workspace.quality() is workspace.known_quality()
    assert workspace.trying(workspace.definitions).known_quality() is None
    publish(workspace, SECOND)
    assert workspace.known_quality() is None


def test_working_days_leave_out_holidays_and_days_closed(workspace: Workspace) -> None:
    start, end = date(2026, 3, 1), date(2026, 3, 15)
    days = [start + timedelta(days=n) for n in range(15)]
    assert workspace.working_days(start, end) == sum(day.weekday() < 6 for day in days) - 1
    assert workspace.working_days(date(2026, 3, 21), date(2026, 3, 21)) == 0  # Lebaran, a Saturday
    assert workspace.working_days(end, start) == 0


@pytest.mark.parametrize(("lost", "decided", "told"), [(0, 20, True), (1, 20, False), (0, 19, False), (20, 20, True)])
def test_deals_that_all_ended_in_one_way_are_doubted(workspace: Workspace, lost: int, decided: int, told: bool) -> None:
    rows = [f"('d{n}', 'ann', 10, '{'lost' if n < lost else 'won'}', DATE '2026-01-10')" for n in range(decided)]
    publish(workspace, ", ".join(rows))
    found = [finding for finding in workspace.check() if "a rate of wins says nothing" in finding.says]
    assert bool(found) is told
    assert all("win_rate" in finding.kpis and finding.rows == decided for finding in found)

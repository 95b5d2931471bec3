"""Moves that people enter: they count from their day on, survive imports, and can be taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tolok import imports
from tolok.errors import DefinitionError
from tolok.imports import moves
from tolok.imports.leaders import Leader
from tolok.imports.moves import Move
from tolok.query.browse import Listing
from tolok.query.question import Question, Viewer
from tolok.settings import create
from tolok.workspace import open_workspace

PEOPLE = """name,team,manager,hired_on
Ana,West,Wira,2024-01-01
Budi,West,Wira,2024-01-01
Citra,East,Eka,2024-01-01
Wira,West,,2024-01-01
Eka,East,,2024-01-01
"""
DEALS = """id,name,owner,amount,status,created_on,closed_on
1,One,Ana,100,Won,2026-01-05,2026-01-20
2,Two,Ana,200,Won,2026-03-05,2026-03-20
3,Three,Budi,400,Won,2026-03-05,2026-03-20
4,Four,Citra,800,Won,2026-03-05,2026-03-20
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "w"
    create(folder, name="w", currency="IDR")
    for name, text in (("reps", PEOPLE), ("deals", DEALS)):
        (tmp_path / f"{name}.csv").write_text(text)
    imports.run(folder, [tmp_path / "reps.csv", tmp_path / "deals.csv"], source="crm")
    return folder


def by_team(folder: Path) -> dict[str | None, float | None]:
    answer = open_workspace(folder).ask("won_amount", by="team", start="2026-01-01", end="2026-12-31")
    return {row.members["team"]: row.value for row in answer.rows()}


def ids(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    found = open_workspace(folder).organisation(date(2026, 6, 1))
    return {r.name: r.id for r in found.reps.values()}, {t.name: t.id for t in found.teams.values()}


def test_a_move_counts_from_its_day_on_and_not_before(workspace: Path) -> None:
    reps, teams = ids(workspace)
    assert by_team(workspace) == {"West": 700, "East": 800}
    snapshots = open_workspace(workspace).snapshots
    moves.publish(workspace, snapshots, [Move(reps["Ana"], teams["East"], date(2026, 2, 1))])
    assert by_team(workspace) == {"West": 500, "East": 1000}
    before, after = (open_workspace(workspace).organisation(day) for day in (date(2026, 1, 31), date(2026, 2, 1)))
    assert before.reps[reps["Ana"]].team_id == teams["West"]
    assert after.reps[reps["Ana"]].team_id == teams["East"]
    assert reps["Ana"] in before.reports(reps["Wira"])
    assert reps["Ana"] not in after.reports(reps["Wira"])
    assert reps["Ana"] in after.reports(reps["Eka"])


def test_a_move_survives_imports_and_is_taken_back_without_a_trace(workspace: Path, tmp_path: Path) -> None:
    reps, teams = ids(workspace)
    snapshots = open_workspace(workspace).snapshots
    moves.publish(workspace, snapshots, [Move(reps["Ana"], teams["East"], date(2026, 2, 1))])
    (tmp_path / "deals.csv").write_text(DEALS.replace("800", "900"))
    imports.run(workspace, [tmp_path / "reps.csv", tmp_path / "deals.csv"], source="crm", complete=True)
    assert by_team(workspace) == {"West": 500, "East": 1100}
    moves.publish(workspace, snapshots, [])
    assert by_team(workspace) == {"West": 700, "East": 900}


def test_saying_the_same_again_publishes_nothing(workspace: Path) -> None:
    reps, teams = ids(workspace)
    snapshots = open_workspace(workspace).snapshots
    wanted = [Move(reps["Ana"], teams["East"], date(2026, 2, 1), by="admin")]
    assert moves.publish(workspace, snapshots, wanted) is not None
    assert moves.publish(workspace, snapshots, wanted) is None
    assert moves.read(workspace) == tuple(wanted)


def test_a_manager_led_a_rep_until_the_move(workspace: Path) -> None:
    reps, teams = ids(workspace)
    snapshots = open_workspace(workspace).snapshots
    moves.publish(workspace, snapshots, [Move(reps["Ana"], teams["East"], date(2026, 2, 1))])
    found = open_workspace(workspace).organisation(date(2026, 6, 1))
    stretches = {(led.rep, led.until_on) for led in found.led(reps["Wira"])}
    assert (reps["Ana"], date(2026, 2, 1)) in stretches
    assert (reps["Budi"], None) in stretches
    assert reps["Citra"] not in {rep for rep, _ in stretches}


def test_moves_of_people_who_are_not_there_are_passed_over(workspace: Path) -> None:
    _, teams = ids(workspace)
    snapshots = open_workspace(workspace).snapshots
    moves.publish(workspace, snapshots, [Move("crm:nobody", teams["East"], date(2026, 2, 1))])
    assert by_team(workspace) == {"West": 700, "East": 800}


@pytest.mark.parametrize(
    "text",
    ["[[move", "move = 3", '[[move]]\nrep = "x"', '[[move]]\nrep = "x"\nteam = "y"\nfrom_on = "2026"\n', "a = 1"],
)
def test_a_file_that_says_no_moves_is_refused_with_its_name(workspace: Path, text: str) -> None:
    file = workspace / moves.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    with pytest.raises(DefinitionError) as refusal:
        moves.read(workspace)
    assert "moves.toml" in str(refusal.value)


def test_a_manager_keeps_the_rows_of_the_time_they_led_and_no_others(workspace: Path) -> None:
    reps, teams = ids(workspace)
    snapshots = open_workspace(workspace).snapshots
    moves.publish(workspace, snapshots, [Move(reps["Ana"], teams["East"], date(2026, 2, 1))])
    opened = open_workspace(workspace)
    found = opened.organisation(date(2026, 6, 1))
    today = found.reports(reps["Wira"]) | {reps["Wira"]}
    assert reps["Ana"] not in today
    for led, wanted in ((found.led(reps["Wira"]), {"One", "Three"}), ((), {"Three"})):
        viewer = Viewer("Wira", today, led=led)
        question = Question(("deals_won",), viewer=viewer, start=date(2026, 1, 1), end=date(2026, 12, 31))
        (side,) = opened.records(question)
        assert {row[side.columns.index("name")] for row in side.rows} == wanted
        assert next(iter(opened.answer(question).rows())).value == len(wanted)
        listed = opened.browse(Listing("deals", ("name",), viewer=viewer)).records
        assert {item.get("name") for item in listed} == wanted
        for item in opened.browse(Listing("deals", ("name",))).records:
            assert (opened.record("deals", item.id, viewer) is not None) == (item.get("name") in wanted)


def test_a_leader_who_changes_sees_the_right_thing_from_that_day(workspace: Path) -> None:
    """Wira led West until 1 February; Budi leads it since then, and Ana joined East on 1 March."""
    reps, teams = ids(workspace)
    change = Leader(teams["West"], reps["Budi"], date(2026, 2, 1), before=reps["Wira"])
    move = Move(reps["Ana"], teams["East"], date(2026, 3, 1))
    moves.publish(workspace, open_workspace(workspace).snapshots, [move], [change])
    opened = open_workspace(workspace)
    west = teams["West"]
    seen = {}
    for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1)):
        found = opened.organisation(day)
        seen[day] = found.teams[west].manager_id, found.reports(reps["Wira"]), found.reports(reps["Budi"])
    everybody_else = {name: frozenset({reps["Ana"], reps[name]}) for name in ("Budi", "Wira")}
    assert seen[date(2026, 1, 31)] == (reps["Wira"], everybody_else["Budi"], frozenset())
    assert seen[date(2026, 2, 1)] == (reps["Budi"], frozenset(), everybody_else["Wira"])
    assert seen[date(2026, 3, 1)] == (reps["Budi"], frozenset(), {reps["Wira"]})
    today = opened.organisation(date(2026, 6, 1))
    led = {(item.rep, item.from_on, item.until_on) for item in today.led(reps["Wira"])}
    assert led == {(reps["Ana"], date.min, date(2026, 2, 1)), (reps["Budi"], date.min, date(2026, 2, 1))}
    led = {(item.rep, item.from_on, item.until_on) for item in today.led(reps["Budi"])}
    assert led == {(reps["Ana"], date(2026, 2, 1), date(2026, 3, 1)), (reps["Wira"], date(2026, 2, 1), None)}
    assert reps["Ana"] in today.reports(reps["Eka"])


def test_figures_by_manager_follow_the_leader_and_rows_do_too(workspace: Path) -> None:
    reps, teams = ids(workspace)
    change = Leader(teams["West"], reps["Budi"], date(2026, 2, 1), before=reps["Wira"])
    moves.publish(workspace, open_workspace(workspace).snapshots, [], [change])
    opened = open_workspace(workspace)
    answer = opened.ask("won_amount", by="manager", start="2026-01-01", end="2026-12-31")
    by_manager = {row.members["manager"]: row.value for row in answer.rows() if row.value}
    assert by_manager == {"Wira": 100, "Budi": 200, "Eka": 800} | {
        name: value for name, value in by_manager.items() if name not in ("Wira", "Budi", "Eka")
    }
    today = opened.organisation(date(2026, 6, 1))
    viewer = Viewer("Wira", today.reports(reps["Wira"]) | {reps["Wira"]}, led=today.led(reps["Wira"]))
    (side,) = opened.records(Question(("deals_won",), viewer=viewer, start=date(2026, 1, 1), end=date(2026, 12, 31)))
    assert {row[side.columns.index("name")] for row in side.rows} == {"One"}


def test_leaders_survive_imports_and_are_taken_back_without_a_trace(workspace: Path, tmp_path: Path) -> None:
    reps, teams = ids(workspace)
    before = open_workspace(workspace).organisation(date(2026, 6, 1))
    changes = [
        Leader(teams["West"], reps["Budi"], date(2026, 2, 1), before=reps["Wira"]),
        Leader(teams["West"], reps["Ana"], date(2026, 4, 1), before=reps["Budi"]),
    ]
    moves.publish(workspace, open_workspace(workspace).snapshots, [], changes)
    assert moves.read_leaders(workspace) == tuple(changes)
    (tmp_path / "reps.csv").write_text(PEOPLE + "Dewi,West,Wira,2026-05-01\n")
    imports.run(workspace, [tmp_path / "reps.csv"], source="crm")
    found = open_workspace(workspace)
    assert found.organisation(date(2026, 3, 1)).teams[teams["West"]].manager_id == reps["Budi"]
    dewi = next(rep for rep in found.organisation(date(2026, 6, 1)).reps.values() if rep.name == "Dewi")
    assert dewi.manager_id == reps["Ana"]
    moves.publish(workspace, found.snapshots, [], [])
    after = open_workspace(workspace).organisation(date(2026, 6, 1))
    assert {key: rep.manager_id for key, rep in after.reps.items() if key != dewi.id} == {
        key: rep.manager_id for key, rep in before.reps.items()
    }


@pytest.mark.parametrize(
    "text", ["leader = 3", '[[leader]]\nrep = "x"', '[[leader]]\nrep = "x"\nteam = "y"\nfrom_on = "2026"\n']
)
def test_a_file_that_says_no_leaders_is_refused_with_its_name(workspace: Path, text: str) -> None:
    file = workspace / moves.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    with pytest.raises(DefinitionError) as refusal:
        moves.read_leaders(workspace)
    assert "moves.toml" in str(refusal.value)

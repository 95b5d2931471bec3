"""``tolok target`` as a stranger types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tolok import imports
from tolok.cli import tolok
from tolok.errors import TolokError
from tolok.settings import create

DEALS = "Deal ID,Deal name,Owner,Team,Amount,Status,Created,Closed date\n" + "".join(
    f"{number},D{number},{owner},{team},{100 + 10 * month},Won,2025-{month:02}-01,2025-{month:02}-15\n"
    for number, (month, owner, team) in enumerate(
        (month, owner, team) for month in range(1, 13) for owner, team in (("Ayu", "Jawa"), ("Budi", "Bali"))
    )
)
TARGETS = "Target ID,KPI,From,To,Target value\nP1,revenue,2025-12-01,2025-12-31,500\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("target") / "shop"
    create(place, name="Shop", currency="USD")
    exports = place.parent / "exports"
    exports.mkdir()
    (exports / "deals.csv").write_text(DEALS, "utf-8")
    (exports / "targets.csv").write_text(TARGETS, "utf-8")
    imports.run(place, [exports], source="shop")
    return place


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(tolok, ["target", *words, "-w", str(folder)])
    if result.exception is not None:
        raise result.exception
    return result.output


def alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, as the commands that write app rows need."""
    return subprocess.run(
        [sys.executable, "-m", "tolok", "target", *words, "-w", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


def test_imported_targets_are_listed(folder: Path) -> None:
    listed = json.loads(run(folder, "list", "--json"))["targets"]
    assert [(one["kpi"], one["value"], one["source"]) for one in listed] == [("revenue", 500, "shop")]
    assert "There are none." in run(folder, "list", "--period", "2030")


def test_the_pace_of_a_period_that_is_over_is_its_result(folder: Path) -> None:
    """December: two deals of 220 against 500."""
    found = json.loads(run(folder, "pace", "revenue", "--period", "2025-12", "--json"))
    assert (found["actual"], found["target"], found["attained"]) == (440, 500, 88)


def test_a_target_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(TolokError, match="There is no target of win_rate"):
        run(folder, "pace", "win_rate")


def test_a_sentence_is_judged_by_the_history(folder: Path) -> None:
    # the data ends on 15 December: November is the last whole month
    found = json.loads(run(folder, "smart", "revenue of 500 per month in Q1 2035", "--json"))
    assert [one["value"] for one in found["targets"]] == [500, 500, 500]
    reasons = {one["criterion"]: one for one in found["verdicts"]}
    assert reasons["achievable"]["judgement"] == "no"
    assert "the best was 84 % ($420, 2025-11)" in reasons["achievable"]["reason"]
    with pytest.raises(TolokError, match="how much and by when"):
        run(folder, "smart", "increase sales")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("share", "revenue", "-10", "2035"), "negative"),
        (("share", "revenue", "1000", "2020"), "has passed"),
        (("share", "revenue", "1000", "2035", "--team", "Jaws"), "Did you mean Jawa"),
        (("share", "revnue", "1000", "2035"), "Did you mean revenue"),
        (("list", "--period", "soon"), "no period"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, words: tuple[str, ...], says: str) -> None:
    with pytest.raises(TolokError) as refused:
        run(folder, *words)
    assert says in str(refused.value)


def test_shares_add_up(folder: Path) -> None:
    made = json.loads(run(folder, "share", "revenue", "1000.01", "2035", "--by", "equal", "--json"))["targets"]
    for level in (set(), {"team"}, {"rep"}):
        cents = [round(100 * one["value"]) for one in made if set(one["scope"]) == level]
        assert sum(cents) == 100_001, level


def test_set_approved_and_published_from_the_command_line(folder: Path) -> None:
    refused = alone(folder, "set", "revenue", "ten", "2035-01")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "“ten” is not a number" in refused.stderr
    done = alone(folder, "set", "revenue", "750", "2035-01", "--team", "jawa", "--approve", "--json")
    assert done.returncode == 0, done.stderr
    assert [one["state"] for one in json.loads(done.stdout)["targets"]] == ["approved"]
    listed = json.loads(run(folder, "list", "--period", "2035-01", "--json"))["targets"]
    assert [(one["value"], one["source"]) for one in listed] == [(750, "tolok")]
    again = alone(folder, "set", "revenue", "800", "2035-01", "--team", "jawa")
    assert "changed with a reason" in again.stderr
    assert "Nothing to publish" in alone(folder, "publish").stdout

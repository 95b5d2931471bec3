"""What README, CONTRIBUTING and the decisions say is true: commands exist, links lead somewhere, figures come out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tolok.cli import tolok
from tolok.kpis.load import catalogue

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def commands(text: str) -> list[list[str]]:
    """The `tolok …` lines of a page's code blocks, as their words."""
    lines = [line.strip() for line in text.splitlines() if line.startswith("    tolok ")]
    return [shlex.split(line, comments=True) for line in lines]


def indented_after(text: str, start: str) -> list[str]:
    """The words of each line of the first code block after a sentence."""
    lines = text[text.index(start) :].splitlines()[1:]
    first = next(place for place, line in enumerate(lines) if line.startswith("    "))
    block = []
    for line in lines[first:]:
        if line and not line.startswith("    "):
            break
        block.append(line.strip())
    return [line for line in block if line]


@pytest.mark.parametrize("words", commands(README), ids=" ".join)
def test_a_command_of_the_readme_is_understood(words: list[str]) -> None:
    command = tolok.get_command(click.Context(tolok), words[1])
    assert command is not None, f"there is no tolok {words[1]}"
    # paths that must exist are not there: only names of options and the number of arguments are looked at
    parser = command.make_parser(click.Context(command))
    parser.parse_args(words[2:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: page.name)
def test_a_make_target_that_is_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^    )make (\w+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert named
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_number_of_kpis_is_the_catalogue_s() -> None:
    for page in (README, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")):
        counts = re.findall(r"(\d+) KPIs", page)
        assert counts
        assert set(counts) == {str(len(catalogue()))}


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_is_dated_titled_and_at_most_a_page(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert lines[2] == page.name[:10]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", lines[2])
    assert len(lines) <= 50


@pytest.mark.data
def test_the_tour_of_the_readme_prints_what_it_says(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of the tour runs on the Maven export, and the printed figures are those of the page."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "maven_crm").symlink_to(data / "maven_crm")
    printed = {}
    for words in commands(README):
        result = CliRunner().invoke(tolok, words[1:], catch_exceptions=False)
        assert result.exit_code == 0, (words, result.output)
        printed[" ".join(words)] = result.output
    promised = indented_after(README, "On the Maven CRM export")
    shown = printed["tolok kpi win_rate revenue sales_cycle_length deals_won -w shop"].splitlines()
    assert [line.split() for line in promised] == [line.split() for line in shown if line.strip()]


@pytest.mark.data
def test_the_python_of_the_readme_runs(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four lines of Python give the published win rate, and revenue by rep that adds up to the published total."""
    monkeypatch.chdir(tmp_path)
    for words in (["init", "shop", "--currency", "USD"], ["import", str(data / "maven_crm"), "-w", "shop"]):
        assert CliRunner().invoke(tolok, words, catch_exceptions=False).exit_code == 0
    said: list[tuple[object, ...]] = []
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    exec(code.group(1), {"print": lambda *words: said.append(words)})  # noqa: S102
    (win_rate,), *rows = said
    assert win_rate == pytest.approx(100 * 4238 / 6711)
    assert sum(value for _, _, value, _ in rows if value) == pytest.approx(10_005_534)  # type: ignore[misc]
    assert {rep for _, rep, _, _ in rows} >= {"Darcel Schlecht"}

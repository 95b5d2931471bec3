"""The tutorial prints what it says: its commands are run on its file, line by line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from tolok.cli import tolok

TUTORIAL = (Path(__file__).resolve().parents[2] / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```csv\n(?P<csv>.*?)```|(?P<shown>(?:^    [^\n]*\n|^\n(?=    ))+)", re.DOTALL | re.MULTILINE)


def steps() -> list[tuple[str, list[str]]]:
    """What the tutorial does in its order: a file's lines, or a command with the lines it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.finditer(TUTORIAL):
        if block["csv"]:
            found.append(("csv", block["csv"].splitlines()))
            continue
        for line in block["shown"].splitlines():
            text = line[4:]
            if text.startswith("$ "):
                found.append((text[2:], []))
            elif text.strip() or (found and found[-1][1]):
                found[-1][1].append(text)
    return found


def assert_shown(promised: list[str], printed: str) -> None:
    """The promised lines stand in what was printed, one after the other; only an ellipsis stands for others."""
    lines = [line.rstrip() for line in printed.splitlines()]
    at, free = 0, False
    for text in (line.rstrip() for line in promised):
        if text.strip() == "…":
            free = True
            continue
        assert text in lines[at:] if free else lines[at : at + 1] == [text], (text, lines[at : at + 3])
        at, free = lines.index(text, at) + 1, False
    assert free or not any(line for line in lines[at:]), lines[at:]


def test_the_tutorial_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    file = tmp_path / "penjualan.csv"
    ran = 0
    for command, lines in steps():
        if command == "csv":
            new = {line.split(";")[0]: line for line in lines}
            old = [] if not file.exists() else [line for line in file.read_text().splitlines() if "Total" not in line]
            kept = [new.pop(line.split(";")[0], line) for line in old] if old else []
            file.write_text("\n".join([*kept, *(new.values() if old else lines)]) + "\n")
            continue
        promised = list(lines)
        while promised and not promised[-1].strip():
            promised.pop()
        result = CliRunner().invoke(tolok, shlex.split(command)[1:], catch_exceptions=False)
        assert result.exit_code == 0, (command, result.output)
        assert_shown(promised, result.output)
        ran += 1
    assert ran == 12

"""The reference is what the code says today, and the check notices when it is not."""

from __future__ import annotations

import re
import shutil
from itertools import groupby
from pathlib import Path

import pytest

from tolok.docs import main, pages
from tolok.kpis.load import catalogue
from tolok.model import FACTS
from tolok.settings import declared

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


def test_the_pages_are_all_there_is() -> None:
    assert {path.name for path in REFERENCE.iterdir()} == set(pages())


def test_every_kpi_fact_column_and_setting_is_in_its_page() -> None:
    made = pages()
    assert [id_ for id_ in catalogue() if f"\n`{id_}` · " not in made["kpis.md"]] == []
    assert [name for name in FACTS if f"\n## {name}\n" not in made["facts.md"]] == []
    missing = [c.name for fact in FACTS.values() for c in fact.columns if f"| {c.name} | " not in made["facts.md"]]
    assert missing == []
    assert [setting.name for setting in declared() if f"\n| {setting.name} | " not in made["settings.md"]] == []


def test_a_table_keeps_its_columns_whatever_the_texts_hold() -> None:
    for name, text in pages().items():
        for is_table, lines in groupby(text.splitlines(), key=lambda line: line.startswith("|")):
            if is_table:
                assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1, name


def test_the_check_names_a_page_that_is_old_or_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(REFERENCE, tmp_path / "docs" / "reference")
    monkeypatch.chdir(tmp_path)
    assert main(["--check"]) == 0
    (tmp_path / "docs" / "reference" / "facts.md").write_text("# Facts\n", encoding="utf-8")
    (tmp_path / "docs" / "reference" / "kpis.md").unlink()
    assert main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "facts.md" in said
    assert "kpis.md" in said
    assert "dimensions.md" not in said
    assert "make docs" in said


def test_writing_the_pages_makes_the_check_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0

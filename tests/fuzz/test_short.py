"""A short form of `make fuzz` with fixed seeds: some spoiled files of every kind are read or refused in a sentence."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.fuzz.checks import imports, reads
from tests.fuzz.mutations import spoiled
from tests.fuzz.seeds import seeds

SEEDS = seeds()
GUARDED = {"deals.xlsx", "old.xls", "deals.ods", "export.zip"}
"""Files that are opened in a process of their own, which takes a while."""


@pytest.mark.parametrize("name", SEEDS)
def test_what_was_not_spoiled_is_read_and_imported(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(SEEDS[name])
    assert reads(path, tmp_path) == "read"


@pytest.mark.parametrize("name", SEEDS)
def test_a_spoiled_file_is_read_or_refused(name: str, tmp_path: Path) -> None:
    for number in range(4 if name in GUARDED else 12):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / name
        path.write_bytes(spoiled(name, SEEDS[name], random.Random(f"{name} {number}")))
        assert reads(path, folder) in ("read", "refused")


@pytest.mark.parametrize("name", ["deals.csv", "faktur.csv", "deals.xlsx", "export.zip"])
def test_every_record_of_a_spoiled_file_is_imported_or_rejected(name: str, tmp_path: Path) -> None:
    for number in range(2 if name in GUARDED else 4):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / name
        path.write_bytes(spoiled(name, SEEDS[name], random.Random(f"import {name} {number}")))
        assert imports(path, folder) in ("imported", "refused")

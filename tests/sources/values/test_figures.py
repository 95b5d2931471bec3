"""What a column holds, counted before anything is decided about it."""

from __future__ import annotations

import pytest

from tolok.sources import files
from tolok.sources.values.figures import collect
from tolok.store.connection import Limits, connect


@pytest.mark.parametrize("prefix", ["D", "Peluang ", "SO-2024-", "x"])
def test_ids_that_are_all_different_are_seen_to_be_unique_and_repeated_ones_are_not(tmp_path, prefix):
    path = tmp_path / "deals.csv"
    path.write_text("id,twice\n" + "".join(f"{prefix}{n},{prefix}{n - n % 5 // 4}\n" for n in range(50_000)))
    connection = connect(None, Limits())
    table = files.read(path, connection, limits=files.Limits()).tables[0]
    ids, twice = collect(table, connection)
    assert ids.distinct == 50_000
    assert ids.unique
    assert twice.distinct == 40_000
    assert not twice.unique

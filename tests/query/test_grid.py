"""Rows of a statement become members × slots: every figure in its place, members in the order of their names."""

from __future__ import annotations

import random

import numpy as np
import pytest
from sqlglot import exp

from tolok.query.flow import Scan
from tolok.query.grid import shaped
from tolok.query.parts import Part


@pytest.mark.parametrize("seed", range(60))
def test_every_figure_stands_at_its_member_and_slot(seed: int) -> None:
    chance = random.Random(seed)
    dimensions = chance.randint(0, 3)
    values = [[None, *(f"i{number}" for number in range(chance.randint(0, 4)))] for _ in range(dimensions)]
    rows = {}
    for _ in range(chance.randint(0, 40)):
        rows[chance.randint(0, 1), chance.randint(0, 2), tuple(chance.choice(each) for each in values)] = (
            chance.random()
        )
    columns = {name: np.array([key[place] for key in rows], dtype=np.int64) for place, name in enumerate(("scan", "k"))}
    columns["p0"] = np.array(list(rows.values()), dtype=np.float64)
    for position in range(dimensions):
        ids = [key[2][position] for key in rows]
        columns[f"d{position}"] = np.array([*ids, None], dtype=object)[:-1]
        columns[f"n{position}"] = np.array([*(_name(word) for word in ids), None], dtype=object)[:-1]
    layout = tuple(Scan(exp.Select(), (Part(name, "double"),)) for name in "ab")
    grid, names, ids_found = shaped(columns, layout, dimensions, 3)
    wanted = sorted({member for _, _, member in rows}, key=_order) if dimensions else [()]
    assert list(ids_found) == wanted
    assert list(names) == [tuple(_name(word) for word in member) for member in wanted]
    for (scan, slot, member), value in rows.items():
        assert grid["ab"[scan]][wanted.index(member), slot] == value
    assert sum(int(np.isfinite(grid[name]).sum()) for name in "ab") == len(rows)


def _name(word: str | None) -> str | None:
    return None if word is None else "alike" if word in ("i1", "i2") else f"N{word[::-1]}"


def _order(member: tuple[str | None, ...]) -> list[tuple[bool, str]]:
    return [(word is None, word or "") for each in member for word in (_name(each), each)]

"""Cells are trimmed and blanked alike, whatever stands around them; ids come to one form."""

from __future__ import annotations

import duckdb
import pytest

from tolok.sources.values.cells import cleaned, present, trimmed
from tolok.sources.values.identities import SALESFORCE, identity_sql

CELLS = [
    (None, None),
    ("", None),
    ("  ", None),
    ("a", "a"),
    (" a\t", "a"),
    ("\u00a0a\u00a0", "a"),
    ("é", "é"),
    ("a é", "a é"),
    ("-", None),
    (" n/a ", None),
    ("NaN", None),
    ("\ufeffid", "id"),
    ("a~", "a~"),
]


@pytest.mark.parametrize(("cell", "said"), CELLS)
def test_a_cell_loses_the_blanks_around_it_and_is_null_where_it_says_nothing(cell, said):
    query = f"SELECT {cleaned('x')}, {present('x')}, {trimmed('x')} FROM (SELECT ?::VARCHAR AS x)"
    found, there, bare = duckdb.execute(query, [cell]).fetchone()
    assert found == said
    assert there is (said is not None)
    assert bare == (cell if cell is None else cell.strip(" \t\r\n\u00a0\ufeff"))


@pytest.mark.parametrize(
    ("cell", "format", "found"),
    [
        ("17850.0", "", "17850"),
        ("17850.5", "", "17850.5"),
        ("{0A1B-2C}", "", "0a1b-2c"),
        ("6.28E+12", "", None),
        ("A+B", "", "A+B"),
        ("006bm00000LKJNN", SALESFORCE, "006bm00000LKJNNAA5"),
        ("006bm00000LKJNNAA5", SALESFORCE, "006bm00000LKJNNAA5"),
        ("000000000000000", SALESFORCE, None),
        ("short", SALESFORCE, "short"),
    ],
)
def test_ids_come_to_one_form(cell, format, found):
    assert duckdb.execute(f"SELECT {identity_sql('x', format)} FROM (SELECT ?::VARCHAR AS x)", [cell]).fetchone() == (
        found,
    )

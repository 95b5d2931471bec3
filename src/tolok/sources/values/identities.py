"""Ids as sources write them, brought to one form: 15 or 18 characters, braces, a decimal point that a tool added."""

from __future__ import annotations

from tolok.sources.values.cells import only_where

SALESFORCE = "salesforce"
"""The form of ids that are 15 characters in reports and 18 in the API: always 18, and an empty lookup is nothing."""

DAMAGED = r"'^[0-9][.,][0-9]+[eE][+][0-9]+$'"


def identity_sql(cell: str, format: str = "") -> str:
    """An id without braces and without the ``.0`` of a number column; null where a spreadsheet has rounded it."""
    if format == SALESFORCE:
        empty = "('000000000000000AAA', '000000000000000')"
        whole = (
            f"CASE WHEN cell IN {empty} THEN NULL WHEN regexp_full_match(cell, '[a-zA-Z0-9]{{15}}') "
            f"THEN {_eighteen('cell')} ELSE cell END"
        )
        return only_where(f"length({cell}) = 15 OR {cell} IN {empty}", cell, whole)
    mended = (
        f"CASE WHEN {damaged_sql('cell')} THEN NULL "
        "WHEN regexp_full_match(cell, '[0-9]+\\.0') THEN left(cell, length(cell) - 2) "
        "WHEN prefix(cell, '{') AND suffix(cell, '}') THEN lower(substr(cell, 2, length(cell) - 2)) ELSE cell END"
    )
    return only_where(f"contains({cell}, '+') OR suffix({cell}, '.0') OR prefix({cell}, '{{')", cell, mended)


def damaged_sql(cell: str) -> str:
    """True where a spreadsheet has turned an id into 6.28E+12: the digits are lost."""
    return f"(contains({cell}, '+') AND regexp_full_match({cell}, {DAMAGED}))"


def _eighteen(cell: str) -> str:
    """The case-insensitive form: three check characters, each from the capitals of five characters."""
    check = []
    for chunk in range(3):
        bits = " + ".join(
            f"CASE WHEN substr({cell}, {chunk * 5 + place + 1}, 1) BETWEEN 'A' AND 'Z' THEN {2**place} ELSE 0 END"
            for place in range(5)
        )
        check.append(f"substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + {bits}, 1)")
    return f"{cell} || {' || '.join(check)}"

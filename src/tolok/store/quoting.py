"""Names and text in SQL: the one place of the store where either is quoted."""

from __future__ import annotations


def identifier(name: str) -> str:
    """A quoted name of a column, table or schema.

    >>> identifier('a"b')
    '"a""b"'
    """
    return '"' + name.replace("\x00", "").replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal.

    >>> literal("O'Neill")
    "'O''Neill'"
    """
    return "'" + text.replace("\x00", "").replace("'", "''") + "'"

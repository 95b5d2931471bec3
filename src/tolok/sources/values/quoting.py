"""Text in SQL: the one place where a literal or a column name is quoted."""

from __future__ import annotations

from collections.abc import Iterable


def literal(text: str) -> str:
    """A string literal; NUL bytes cannot be written in SQL and are left out.

    >>> literal("O'Neill")
    "'O''Neill'"
    """
    return "'" + text.replace("\x00", "").replace("'", "''") + "'"


def literals(words: Iterable[str]) -> str:
    return ", ".join(literal(word) for word in words)


def identifier(name: str) -> str:
    """A quoted column or table name.

    >>> identifier('a"b')
    '"a""b"'
    """
    return '"' + name.replace("\x00", "").replace('"', '""') + '"'

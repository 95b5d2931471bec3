"""Two spellings of one thing: proposed for a person to confirm, never merged in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tolok.sources.mapping import Synonym
from tolok.sources.values.words import plain


def bare(text: str) -> str:
    """A name without case, accents, spaces and punctuation.

    >>> bare("GTX Pro") == bare("GTXPro")
    True
    """
    return re.sub(r"[\W_]+", "", plain(text))


def propose_synonyms(fact: str, written: Iterable[str], names: Mapping[str, int] | Iterable[str]) -> list[Synonym]:
    """For each value that is not among the names, the one name it nearly equals.

    Equal without case, spaces and punctuation; or one letter apart (two in 10 letters and more) from exactly one name.
    Names that differ in a digit are different things.

    >>> propose_synonyms("products", ["GTXPro", "MG Special"], ["GTX Pro", "MG Special"])
    [Synonym(fact='products', written='GTXPro', means='GTX Pro', confirmed=False)]
    """
    known = list(names)
    exact = set(known)
    by_bare: dict[str, list[str]] = {}
    for name in known:
        by_bare.setdefault(bare(name), []).append(name)
    by_length: dict[int, list[str]] = {}
    for key in by_bare:
        by_length.setdefault(len(key), []).append(key)
    found = []
    for value in written:
        if value in exact:
            continue
        key = bare(value)
        if not key:
            continue
        same = by_bare.get(key, [])
        if len(same) == 1:
            found.append(Synonym(fact, value, same[0]))
        elif not same and len(known) <= 5_000:
            near = _near(key, by_length)
            if len(near) == 1 and len(by_bare[near[0]]) == 1:
                found.append(Synonym(fact, value, by_bare[near[0]][0]))
    return found


def _near(key: str, by_length: dict[int, list[str]]) -> list[str]:
    allowed = 0 if len(key) < 5 else 1 if len(key) < 10 else 2
    return [
        other
        for length in range(len(key) - allowed, len(key) + allowed + 1)
        for other in by_length.get(length, ())
        if allowed and re.findall(r"\d", other) == re.findall(r"\d", key) and distance(key, other, allowed) <= allowed
    ]


def distance(first: str, second: str, limit: int) -> int:
    """Letters to change, add, leave out or swap with their neighbour; stops counting above the limit.

    >>> distance("technolgy", "technology", 2), distance("abc", "xyz", 1)
    (1, 2)
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        current = [i]
        for j, b in enumerate(second, start=1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, row = row, current
    return min(row[-1], limit + 1)

"""Spellings that may be of one thing: what was proposed, what a person decided, and writing that into the mapping."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import sqlglot

from tolok.errors import DefinitionError
from tolok.model import FACTS
from tolok.sources import mapping_file
from tolok.sources.mapping import Synonym
from tolok.store.duckdb import DuckDBEngine

Verdict = Literal["open", "confirmed", "refused"]
VERDICTS: tuple[Verdict, ...] = ("open", "confirmed", "refused")


class DecidedMeanwhile(Exception):
    """The pair is no longer as the person saw it."""


@dataclass(frozen=True)
class Pair:
    """Two spellings in one source, and what was decided about them."""

    source: str
    synonym: Synonym

    @property
    def verdict(self) -> Verdict:
        return "confirmed" if self.synonym.confirmed else "refused" if self.synonym.refused else "open"


def pairs(folder: Path) -> tuple[list[Pair], list[str]]:
    """All pairs of a workspace, the open ones first; and the mappings that cannot be read, by name."""
    found, unread = [], []
    for path in sorted((folder / "mappings").glob("*.toml")):
        try:
            found += [Pair(path.stem, synonym) for synonym in mapping_file.load(path).synonyms]
        except DefinitionError:
            unread.append(path.stem)
    found.sort(key=lambda one: (VERDICTS.index(one.verdict), one.source, one.synonym.fact, one.synonym.means))
    return found, unread


def decide(folder: Path, source: str, fact: str, written: str, was: str, verdict: Verdict) -> Pair | None:
    """Write a decision into the mapping; None where there is no such pair.

    Raises DecidedMeanwhile where the pair is no longer as the person saw it.
    """
    path = folder / "mappings" / f"{source}.toml"
    if path not in (folder / "mappings").glob("*.toml"):
        return None
    with alone(folder):
        mapping = mapping_file.load(path)
        at = next((n for n, one in enumerate(mapping.synonyms) if (one.fact, one.written) == (fact, written)), None)
        if at is None:
            return None
        before = Pair(source, mapping.synonyms[at])
        if before.verdict != was:
            raise DecidedMeanwhile
        now = replace(before.synonym, confirmed=verdict == "confirmed", refused=verdict == "refused")
        changed = (*mapping.synonyms[:at], now, *mapping.synonyms[at + 1 :])
        mapping_file.save(replace(mapping, synonyms=changed), path)
    return before


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One writer of mappings at a time."""
    with (folder / "mappings" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def uses(engine: DuckDBEngine, shown: Sequence[Pair]) -> dict[tuple[str, str], int]:
    """How many rows name each spelling."""
    counted: dict[tuple[str, str], int] = {}
    for fact in {one.synonym.fact for one in shown}:
        names = {name for one in shown if one.synonym.fact == fact for name in (one.synonym.written, one.synonym.means)}
        parts = [
            f'SELECT "{column.name}" AS id FROM "{name}"'
            for name, other in FACTS.items()
            if not other.derived_from and engine.has(name)
            for column in other.columns
            if column.type == "ref" and column.to == fact
        ]
        if not parts or not FACTS[fact].by_name:
            continue
        text = (
            f'SELECT o."{FACTS[fact].by_name}" AS name, count(*) AS n FROM ({" UNION ALL ".join(parts)}) AS u '
            f'JOIN "{fact}" AS o ON o.id = u.id WHERE o."{FACTS[fact].by_name}" IN (\'\') GROUP BY 1'
        )
        query = sqlglot.parse_one(text, dialect="duckdb")
        wanted = query.find(sqlglot.exp.In)
        assert wanted is not None
        wanted.set("expressions", [sqlglot.exp.Literal.string(name) for name in sorted(names)])
        counted.update({(fact, str(name)): int(n) for name, n in engine.rows(query)[1]})
    return counted

"""Which fact a table holds: every pair of table and fact is scored, with the best assignment of its columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tolok.model import FACTS, Column
from tolok.sources.headings import named, normal, table_words
from tolok.sources.recognise.choices import meaning_of
from tolok.sources.recognise.meanings import Vocabulary, meanings, vocabularies
from tolok.sources.recognise.outcomes import outcome_of
from tolok.sources.values.figures import Figures
from tolok.sources.values.inference import TableReading

ENOUGH = 3.0
"""The score from which a table is taken to hold a fact."""


@dataclass(frozen=True)
class Assigned:
    """A source column given to a column of a fact."""

    figures: Figures
    to: str
    confidence: float
    why: str


@dataclass(frozen=True)
class Candidate:
    """One fact that a table may hold, its columns and its score."""

    fact: str
    score: float
    columns: tuple[Assigned, ...]
    system: str = ""
    constants: dict[str, str] = field(default_factory=dict)

    def column(self, to: str) -> Assigned | None:
        return next((column for column in self.columns if column.to == to), None)


def candidates(reading: TableReading) -> list[Candidate]:
    """The facts that a table may hold, best first; only those whose needs are met."""
    found = []
    words = table_words(reading.table.file, reading.table.sheet)
    headings = {normal(column.header) for column in reading.columns}
    for vocabulary in vocabularies().values():
        columns = assign(reading, vocabulary.fact)
        have = {column.to for column in columns}
        if not all(have & set(group) for group in vocabulary.needs):
            continue
        found.append(Candidate(vocabulary.fact, _score(vocabulary, columns, words, headings), columns))
    return sorted(found, key=lambda candidate: -candidate.score)


def _score(vocabulary: Vocabulary, columns: tuple[Assigned, ...], words: list[str], headings: set[str]) -> float:
    total = sum(vocabulary.marks.get(column.to, 0.15) * column.confidence for column in columns)
    total += min(len(headings & vocabulary.strong), 3) * 1.3
    total += 3.0 * named(words, vocabulary.names)
    total -= 1.2 * len(headings & vocabulary.against)
    explained = len({column.figures.index for column in columns}) / max(len(headings), 1)
    return total * (0.6 + 0.4 * explained)


def assign(
    reading: TableReading, fact: str, *, taken: frozenset[int] = frozenset(), filled: frozenset[str] = frozenset()
) -> tuple[Assigned, ...]:
    """The best column for each heading, by words and values; one heading for each column."""
    pairs: list[tuple[float, int, Assigned]] = []
    for column in reading.columns:
        if column.index in taken:
            continue
        for meaning in meanings(column.header, fact):
            if meaning.column in filled:
                continue
            target = FACTS[fact].column(meaning.column)
            if target is None:
                continue
            fit = fits(reading, column, target, fact)
            if fit <= 0:
                continue
            confidence = round(meaning.weight * fit, 3)
            pairs.append((confidence, -column.index, Assigned(column, meaning.column, confidence, meaning.why)))
    pairs.sort(key=lambda pair: (-pair[0], -pair[1]))
    used: set[int] = set()
    done: set[str] = set()
    chosen = []
    for _, _, assigned in pairs:
        if assigned.figures.index in used or assigned.to in done:
            continue
        used.add(assigned.figures.index)
        done.add(assigned.to)
        chosen.append(assigned)
    return tuple(sorted(chosen, key=lambda assigned: assigned.figures.index))


_ENTITIES = frozenset(
    {"deals", "leads", "accounts", "reps", "contacts", "products", "teams", "tickets", "subscriptions"}
)


def fits(reading: TableReading, column: Figures, target: Column, fact: str) -> float:
    """How far the values of a column can be what the target holds: 1 fits, 0 cannot be."""
    if column.filled == 0:
        return 0.5
    if target.type in ("date", "instant"):
        share = reading.date(column).share
        return share if share >= 0.5 else 0.0
    if target.type in ("money", "number", "rate", "integer"):
        return _number_fit(reading, column, target, fact)
    if target.type == "boolean":
        share = reading.boolean(column).share
        return share if share >= 0.7 else 0.0
    if target.type == "choice":
        return _choice_fit(column, target, fact)
    dates = reading.date(column)
    if dates.share > 0.9 and not dates.bare:
        return 0.0
    number = reading.number(column)
    if target.name in ("source_id", "document"):
        if number.share > 0.9 and any("." in s or "," in s for s in column.samples if not s.endswith(".0")):
            return 0.0
        if target.name == "source_id" and fact in _ENTITIES and not column.unique:
            return 0.0
        return 1.0
    if target.name == "source_status" and normal(column.header) == "state":  # of the order, or of the country?
        status = FACTS[fact].column("status")
        known = [count for word, count in column.words.items() if status and meaning_of(word, fact, status)]
        return 1.0 if column.share(sum(known)) >= 0.3 else 0.0
    if target.name == "currency":
        return 1.0 if column.longest <= 20 and number.share < 0.5 else 0.0
    if target.name == "name" and target.type == "text" and number.share > 0.9:
        return 0.0
    if target.name == "email":
        return 1.0 if any("@" in sample for sample in column.samples) else 0.2
    if (
        target.type == "ref"
        and number.share > 0.9
        and (normal(column.header) in ("sales", "marketing") or not _whole(reading, column))
    ):
        return 0.0
    if target.type == "text" and number.share > 0.95 and target.name not in ("code", "rating", "phone"):
        return 0.4
    return 1.0


def _whole(reading: TableReading, column: Figures) -> bool:
    """Whether no cell has a fraction: codes and numbers of customers, not amounts."""
    if any(re.search(r"[.,]\d*[1-9]\d*$", sample) for sample in column.samples):
        return False
    return not any(re.search(r"[.,]0", shape) and not shape.endswith(".0") for shape in column.shapes)


def _number_fit(reading: TableReading, column: Figures, target: Column, fact: str) -> float:
    share = reading.number(column).share
    if share < 0.6:
        return 0.0
    dates = reading.date(column)
    if dates.share > 0.9 and (not dates.bare or dates.format == "%Y%m%d"):
        return 0.0
    if target.name == "line" and (share < 0.99 or column.high is None or column.high > 10_000):
        return 0.0  # “Item No.” of an article
    if target.name == "probability" and column.high is not None and column.high > 100:
        return 0.0
    return share


def _choice_fit(column: Figures, target: Column, fact: str) -> float:
    if not column.words:
        return 0.0
    if target.name == "status" and fact == "deals":
        known = sum(count for word, count in column.words.items() if outcome_of(word))
        decided = any(outcome_of(word) in ("won", "lost") for word in column.words)
        return column.share(known) if column.share(known) >= 0.7 and (decided or column.share(known) > 0.95) else 0.0
    if target.name == "field":
        return 1.0 if column.distinct < 60 else 0.0
    known = sum(count for word, count in column.words.items() if meaning_of(word, fact, target))
    share = column.share(known)
    if fact == "activities" and target.name == "kind":
        return max(0.6, share) if column.distinct <= 60 else 0.0
    if fact == "costs" and target.name == "kind":
        return 0.8
    return share if share >= 0.6 else 0.0

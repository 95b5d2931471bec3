"""What is new, what has changed and what is gone, against the rows that stand."""

from __future__ import annotations

from dataclasses import dataclass

from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.values.quoting import identifier, literal

HASH = "_hash"
FEW = 0.1
"""The part of a fact up to which its changed rows are copied to look at them again."""


@dataclass(frozen=True)
class Change:
    """One fact's change. ``rows`` are the new and changed rows; ``gone`` the ids that go; both tables or relations."""

    fact: str
    rows: str
    gone: str
    new: int
    changed: int
    deleted: int
    first: bool  # nothing stood before: all rows are new
    before: str = ""  # a relation in which the changed rows are found as they stood

    @property
    def nothing(self) -> bool:
        return not (self.new or self.changed or self.deleted)


def hashed(fact: str) -> str:
    """SQL of a number that is another one where any column is."""
    return "hash(" + ", ".join(identifier(name) for name in FACTS[fact].column_names) + ")"


def difference(work: Work, fact: str, relation: str, *, gone: str = "") -> Change:
    """Compare rows with those that stand. ``gone`` is a query of ids that the source no longer has."""
    if not work.stands(fact):
        rows = work.draft.put(fact, f"SELECT *, {hashed(fact)} AS {HASH} FROM {relation}")
        return Change(fact, work.next(fact), "", rows, 0, 0, True)
    now = work.now(fact)
    stored = HASH in {row[0] for row in work.run(f"DESCRIBE {now}").fetchall()}
    before = f"SELECT id, {HASH if stored else hashed(fact)} AS old_hash FROM {now}"
    found = work.table(
        f"changed_{fact}",
        f"SELECT m.*, b.id IS NULL AS _new FROM (SELECT *, {hashed(fact)} AS {HASH} FROM {relation}) m "
        f"LEFT JOIN ({before}) b ON b.id = m.id WHERE b.id IS NULL OR b.old_hash IS DISTINCT FROM m.{HASH}",
    )
    before = _before(work, fact, found)
    if stored:  # a hash of another version of the engine proves nothing
        _drop_equal(work, fact, found, before)
    lost = work.table(
        f"gone_{fact}", f"SELECT id FROM {now} WHERE id IN ({gone})" if gone else f"SELECT id FROM {now} WHERE false"
    )
    new, changed = work.one(f"SELECT count(*) FILTER (_new), count(*) FILTER (NOT _new) FROM {found}")
    change = Change(fact, found, lost, new, changed, work.count(lost), False, before)
    if not change.nothing:
        _put(work, change)
    return change


def _before(work: Work, fact: str, found: str) -> str:
    """The rows that have changed as they stood: fetched once where they are few, for several steps look at them."""
    few = work.draft.current.facts[fact].rows * FEW if work.draft.current else 0
    if work.count(f"{found} WHERE NOT _new") > few:
        return work.now(fact)
    return work.table(
        f"before_{fact}", f"SELECT * FROM {work.now(fact)} WHERE id IN (SELECT id FROM {found} WHERE NOT _new)"
    )


def _drop_equal(work: Work, fact: str, found: str, before: str) -> None:
    same = " AND ".join(
        f"c.{identifier(name)} IS NOT DISTINCT FROM f.{identifier(name)}" for name in FACTS[fact].column_names
    )
    work.run(
        f"DELETE FROM {found} WHERE NOT _new AND id IN (SELECT f.id FROM {found} f JOIN {before} c "
        f"ON c.id = f.id WHERE {same})"
    )


def _put(work: Work, change: Change) -> None:
    columns = ", ".join(identifier(name) for name in FACTS[change.fact].column_names)
    work.draft.patch(
        change.fact,
        gone=f"SELECT id FROM {change.rows} WHERE NOT _new UNION ALL SELECT id FROM {change.gone}",
        rows=f"SELECT {columns}, {HASH} FROM {change.rows}",
    )


def absent(work: Work, fact: str, relation: str, *, complete: bool, documents: bool, deleted: str) -> str:
    """A query of the ids that go: said to be deleted, no longer in a complete export, or lines of a document given anew."""
    own = f"source = {literal(work.source)}"
    parts = [deleted] if deleted else []
    if complete:
        parts.append(f"SELECT id FROM {work.now(fact)} WHERE {own} AND id NOT IN (SELECT id FROM {relation})")
    elif documents:
        document = identifier(FACTS[fact].document)
        parts.append(
            f"SELECT id FROM {work.now(fact)} WHERE {own} AND {document} IN (SELECT {document} FROM {relation}) "
            f"AND id NOT IN (SELECT id FROM {relation})"
        )
    return " UNION ALL ".join(parts)

"""What ``tolok check`` is told about an import: blank cells, references to nothing, spellings that may be one thing."""

from __future__ import annotations

from collections.abc import Iterable

from tolok.imports.staging import Staged
from tolok.imports.work import Work
from tolok.model import FACTS
from tolok.sources.mapping import Synonym
from tolok.sources.values.quoting import identifier, literal

COMPARED = ("products", "accounts", "reps", "teams")
MOST = 500


def blanks(work: Work, staged: Iterable[Staged]) -> list[dict[str, object]]:
    """How many cells of each mapped column are blank."""
    found: list[dict[str, object]] = []
    for one in staged:
        columns = [name for name in one.provides if name not in ("extra",) and name not in one.mapping.constants]
        if not columns:
            continue
        counted = ", ".join(f"count(*) - count({identifier(name)})" for name in columns)
        row = work.one(f"SELECT count(*), {counted} FROM {one.relation}")
        found += [
            {"file": one.table.title, "fact": one.mapping.fact, "column": name, "rows": row[0], "blank": blank}
            for name, blank in zip(columns, row[1:], strict=True)
            if blank
        ]
    return found


def spellings(work: Work) -> list[Synonym]:
    """Names in one fact that differ only by spaces, case or punctuation: proposed, never merged."""
    own = {(one.fact, one.written) for one in work.mapping.synonyms}
    found = []
    for fact in COMPARED:
        relation = work.next(fact)
        plain = "lower(regexp_replace(strip_accents(name), '[^\\p{L}\\p{N}]', '', 'g'))"
        filled = [c.name for c in FACTS[fact].columns if c.name not in ("id", "source", "source_id", "name", "extra")]
        told = " + ".join(f"({identifier(name)} IS NOT NULL)::INTEGER" for name in filled)
        rows = work.run(
            f"SELECT list({{'name': name, 'told': told}} ORDER BY told DESC, name) FROM "
            f"(SELECT name, {plain} AS plain, max({told}) AS told "
            f"FROM {relation} WHERE source = {literal(work.source)} AND name IS NOT NULL GROUP BY ALL) "
            f"WHERE plain <> '' GROUP BY plain HAVING count(*) > 1 LIMIT {MOST}"
        ).fetchall()
        used = _used(work, fact) if rows else {}
        for (forms,) in rows:
            # the spelling of a list, that tells more of it; else the one that most rows have
            best = max(forms, key=lambda form: (form["told"], used.get(form["name"], 0)))["name"]
            names = [form["name"] for form in forms if form["name"] != best and (fact, form["name"]) not in own]
            found += [Synonym(fact, name, best) for name in names]
    return found


_USED_BY = {
    "accounts": (("deals", "account_id"), ("orders", "account_id")),
    "reps": (("deals", "owner_id"), ("orders", "owner_id")),
    "products": (("deals", "product_id"), ("orders", "product_id")),
}


def _used(work: Work, fact: str) -> dict[str, int]:
    """How many deals and order lines have each name."""
    rows = " UNION ALL ".join(f"SELECT {column} AS used FROM {work.next(by)}" for by, column in _USED_BY.get(fact, ()))
    if not rows:
        return {}
    query = f"SELECT n.name, count(*) FROM ({rows}) r JOIN {work.next(fact)} n ON n.id = r.used GROUP BY 1"
    return dict(work.run(query).fetchall())

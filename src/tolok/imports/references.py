"""Who is meant: references as written, by id or by name, become ids of rows that are there or are made for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tolok.imports.identity import HELD, Group
from tolok.imports.work import Work
from tolok.model import FACTS, Column
from tolok.sources.values.quoting import identifier, literal

MADE = frozenset({"reps", "accounts", "products", "teams"})
"""Facts in which a name or id that nobody has heard of gets a row, rather than being lost."""

ACROSS = frozenset({"reps", "products", "teams", "stages", "pipelines"})
"""Facts whose rows are known by the same name in every connection; accounts are matched by a person only."""

BY_STAGE = frozenset({"stages", "pipelines"})
"""Facts that are resolved together, stage by stage."""


@dataclass
class Resolved:
    """For each fact referred to: the table of what was written and the id that it means."""

    tables: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)  # fact → table of the rows made for unknown names
    unresolved: list[dict[str, object]] = field(default_factory=list)


def resolve(work: Work, groups: Sequence[Group], extra: Sequence[tuple[str, str, str]] = ()) -> Resolved:
    """Look up every reference of an import. ``extra`` are more of them: fact, "id" or "name" or "", and a query."""
    wanted: dict[str, list[str]] = {}
    for group in groups:
        for column in references(group):
            by = literal(group.by.get(column.name, ""))
            name = identifier(column.name)
            managing = str(column.name == "manager_id").lower()
            wanted.setdefault(column.to, []).append(
                f"SELECT DISTINCT {by} AS how, {name} AS written, {managing} AS managing FROM {group.relation}"
            )
    for fact, by, query in extra:
        wanted.setdefault(fact, []).append(
            f"SELECT DISTINCT {literal(by)} AS how, written, false AS managing FROM ({query})"
        )
    found = Resolved()
    for fact, queries in wanted.items():
        union = " UNION ".join(queries)
        asked = work.table(
            "wanted",
            f"SELECT how, written, bool_and(x.managing) AS managing FROM ({union}) x WHERE written IS NOT NULL GROUP BY ALL",
        )
        _look_up(work, fact, asked, groups, found)
    return found


def references(group: Group) -> list[Column]:
    """The reference columns of a group that are looked up here."""
    return [
        column
        for column in group.fact.columns
        if column.type == "ref" and column.name in group.provides and column.to not in BY_STAGE
    ]


def _look_up(work: Work, fact: str, asked: str, groups: Sequence[Group], found: Resolved) -> None:
    meant = _synonyms(work, fact)
    known = _known(work, fact, asked, groups)
    mail = fact == "reps"
    select = (
        f"SELECT a.how, a.written, a.managing, coalesce(m.means, a.written) AS meant FROM {asked} a "
        f"LEFT JOIN {meant} m ON m.written = a.written"
    )
    matches = [("i", "source_id", "own", "any"), ("n", "name", "own", "name")]
    if mail:
        matches.append(("e", "email", "own", "any"))
    matches.append(("xi", "source_id", "other", "any"))
    if fact in ACROSS:
        matches.append(("xn", "name", "other", "name"))
        if mail:
            matches.append(("xe", "email", "other", "any"))
    joins, values = "", []
    for alias, column, whose, _ in matches:
        test = "own" if whose == "own" else "NOT own"
        key = f"lower({column})" if column == "email" else column
        joins += (
            f" LEFT JOIN (SELECT {key} AS key, min(id) AS id, count(DISTINCT id) AS n FROM {known} "
            f"WHERE {test} AND {column} IS NOT NULL GROUP BY 1) {alias} "
            f"ON {alias}.key = {'lower(a.meant)' if column == 'email' else 'a.meant'}"
        )
        certain = f"{alias}.id" if fact in MADE and whose == "own" else f"CASE WHEN {alias}.n = 1 THEN {alias}.id END"
        values.append(certain)
    by_name_first = [values[1], values[0], *values[2:]]
    if not FACTS[fact].by_name:
        by_name_first = values
    resolved = work.table(
        f"resolved_{fact}",
        f"SELECT a.how, a.written, a.managing, a.meant, CASE WHEN a.how = 'name' THEN coalesce({', '.join(by_name_first)}) "
        f"ELSE coalesce({', '.join(values)}) END AS id FROM ({select}) a{joins}",
    )
    if fact in MADE:
        found.made[fact] = work.table(
            f"made_{fact}",
            f"SELECT {work.prefix} || meant AS id, meant AS source_id, meant AS name{_quota(fact)} FROM {resolved} "
            f"WHERE id IS NULL GROUP BY meant",
        )
        work.run(f"UPDATE {resolved} SET id = {work.prefix} || meant WHERE id IS NULL")
    else:
        count, example = work.one(f"SELECT count(*), min(written) FROM {resolved} WHERE id IS NULL")
        if count:
            found.unresolved.append({"fact": fact, "different": count, "example": example})
        # an id without a row keeps pointing at the row that a later import may bring
        work.run(f"UPDATE {resolved} SET id = {work.prefix} || written WHERE id IS NULL AND how = 'id'")
    found.tables[fact] = resolved


def _quota(fact: str) -> str:
    """Who is only named as somebody's manager carries no quota."""
    return ", CASE WHEN bool_and(managing) THEN false END AS quota_carrying" if fact == "reps" else ""


def _synonyms(work: Work, fact: str) -> str:
    pairs = [
        f"({literal(one.written)}, {literal(one.means)})"
        for one in work.mapping.synonyms
        if one.fact == fact and one.confirmed
    ]
    values = ", ".join(pairs) or "(NULL, NULL)"
    return f"(SELECT * FROM (VALUES {values}) AS s(written, means) WHERE written IS NOT NULL)"


def _known(work: Work, fact: str, asked: str, groups: Sequence[Group]) -> str:
    """The rows that a reference may mean: those of this import, and those that stand."""
    model = FACTS[fact]
    meant = _synonyms(work, fact)
    named = identifier(model.by_name) if model.by_name else "CAST(NULL AS VARCHAR)"
    email = "email" if model.column("email") else "CAST(NULL AS VARCHAR)"
    parts = []
    for group in groups:
        if group.fact.name == fact:
            name = named if model.by_name in group.provides else "CAST(NULL AS VARCHAR)"
            mail = "email" if "email" in group.provides else "CAST(NULL AS VARCHAR)"
            parts.append(
                f"SELECT {work.prefix} || source_id AS id, source_id, {name} AS name, {mail} AS email, true AS own "
                f"FROM {group.relation}"
            )
    if work.stands(fact):
        parts.append(
            f"SELECT id, source_id, {named} AS name, {email} AS email, source = {literal(work.source)} AS own "
            f"FROM {work.now(fact)}"
        )
    if not parts:
        nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in ("id", "source_id", "name", "email"))
        return work.table("known", f"SELECT {nothing}, true AS own WHERE false")
    words = f"(SELECT written FROM {asked} UNION SELECT means FROM {meant})"
    union = " UNION ALL ".join(parts)
    return work.table(
        "known",
        f"SELECT * FROM ({union}) WHERE source_id IN {words} OR name IN {words} "
        f"OR lower(email) IN (SELECT lower(written) FROM {words})",
    )


def applied(work: Work, group: Group, resolved: Resolved) -> Group:
    """The group with ids in place of what was written."""
    columns = references(group)
    if not columns:
        return group
    joins, chosen = "", []
    changed = {}
    for place, column in enumerate(columns):
        by = literal(group.by.get(column.name, ""))
        name = identifier(column.name)
        joins += (
            f" LEFT JOIN {resolved.tables[column.to]} r{place} ON r{place}.written = g.{name} AND r{place}.how = {by}"
        )
        changed[column.name] = f"r{place}.id AS {name}"
    for name in (*group.provides, *HELD):
        chosen.append(changed.get(name, f"g.{identifier(name)}"))
    return replace(group, relation=f"(SELECT {', '.join(chosen)} FROM {group.relation} g{joins})")

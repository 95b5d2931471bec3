"""Who a row is: the id that its source gave, a name, a document and ordinal, or what does not change about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tolok.imports.staging import Staged
from tolok.imports.work import Work
from tolok.model import FACTS, Fact
from tolok.sources.values.quoting import identifier, literal

NATURAL: dict[str, tuple[str, ...]] = {
    "deals": ("name", "account_id", "contact_id", "product_id", "lead_id", "created_on", "created_at"),
    "leads": ("name", "company", "created_on", "created_at", "lead_source"),
    "contacts": ("email", "name", "account_id"),
    "activities": ("kind", "rep_id", "account_id", "deal_id", "lead_id", "contact_id", "subject", "happened_on",
                   "started_at"),
    "subscriptions": ("account_id", "product_id", "plan", "started_on", "trial_started_on"),
    "memberships": ("rep_id", "team_id", "from_on"),
    "targets": ("kpi", "from_on", "to_on", "currency", "rep_id", "team_id", "account_id", "product_id", "category",
                "region", "channel", "segment"),
    "exchange_rates": ("currency", "into", "on"),
    "observations": ("series", "on", "grain", "rep_id", "team_id", "account_id", "product_id", "category", "region",
                     "channel", "segment"),
    "credits": ("deal_id", "document", "rep_id"),
    "tickets": ("subject", "account_id", "opened_on", "opened_at"),
    "stages": ("pipeline_id", "name"),
    "deal_events": ("deal_id", "field", "on", "at", "old", "new"),
}  # fmt: skip
"""What stays the same about a row that has no id of its own; of other facts, everything that the table gives."""

ONE_EACH = frozenset({"memberships", "targets", "exchange_rates", "credits", "stages"})
"""Facts of which a second row with the same key is the same thing said again, not another thing."""

HELD = ("_row", "_line", "_table")


@dataclass(frozen=True)
class Group:
    """Rows of one fact from tables with the same columns, each with its ``source_id``."""

    fact: Fact
    relation: str
    provides: tuple[str, ...]
    primary: bool
    identified: str  # how: "id", "name", "document", "key"
    staged: tuple[Staged, ...]
    by: dict[str, str]  # reference columns: looked up by id, by name, or either


def gathered(staged: Sequence[Staged]) -> list[Group]:
    """The staged tables of each fact, together where they have the same columns; ids come next."""
    found: dict[tuple[str, frozenset[str], bool], list[Staged]] = {}
    for one in staged:
        key = (one.mapping.fact, frozenset(one.provides), one.primary)
        found.setdefault(key, []).append(one)
    order = {name: place for place, name in enumerate(FACTS)}
    made = []
    for (name, _, primary), members in found.items():
        provides = members[0].provides
        columns = ", ".join(identifier(column) for column in (*provides, *HELD))
        relation = " UNION ALL ".join(f"SELECT {columns} FROM {member.relation}" for member in members)
        by: dict[str, str] = {column.to: column.by for member in members for column in member.mapping.columns}
        made.append(Group(FACTS[name], f"({relation})", provides, primary, "", tuple(members), by))
    made.sort(key=lambda group: (order[group.fact.name], not group.primary))
    return made


def identified(work: Work, group: Group) -> Group:
    """The group with a ``source_id`` for each row; rows without one are left out."""
    fact, given = group.fact, group.provides
    if "source_id" in given:
        return replace(group, identified="id", relation=_present(group.relation, "source_id"))
    name = _name_column(fact, given)
    if name:
        relation = f"(SELECT *, {identifier(name)} AS source_id FROM {group.relation})"
        return _with(group, "name", _present(relation, "source_id"), "source_id")
    if fact.document and fact.document in given:
        return _lines(work, group)
    return _keyed(work, group)


def _with(group: Group, how: str, relation: str, *columns: str) -> Group:
    new = tuple(column for column in columns if column not in group.provides)
    return replace(group, identified=how, relation=relation, provides=(*group.provides, *new))


def _present(relation: str, column: str) -> str:
    return f"(SELECT * FROM {relation} WHERE {identifier(column)} IS NOT NULL)"


def _name_column(fact: Fact, given: Sequence[str]) -> str:
    if fact.name in ("deals", "contacts", "stages") or not fact.by_name:
        return ""
    wanted = {"products": ("code", "name"), "reps": ("name", "email")}.get(fact.name, (fact.by_name,))
    return next((column for column in wanted if column in given), "")


def _lines(work: Work, group: Group) -> Group:
    """Lines of documents: the document and the line's number, counted where it is not given or not unique."""
    document = identifier(group.fact.document)
    relation = group.relation
    if "line" in group.provides:
        unsure = f"SELECT 1 FROM {relation} GROUP BY {document}, line HAVING count(*) > 1 OR line IS NULL LIMIT 1"
        if work.run(unsure).fetchone() is None:
            select = f"(SELECT *, {document} || '#' || line AS source_id FROM {relation})"
            return _with(group, "document", select, "source_id")
    counted = f"row_number() OVER (PARTITION BY {document} ORDER BY _row)"
    kept = "* EXCLUDE (line)" if "line" in group.provides else "*"
    table = work.table(
        "lines",
        f"SELECT *, {document} || '#' || line AS source_id FROM (SELECT {kept}, {counted} AS line FROM {relation})",
    )
    return _with(group, "document", table, "source_id", "line")


def _keyed(work: Work, group: Group) -> Group:
    """Rows known by what does not change about them; equal ones are counted, so that each stays a row."""
    fact = group.fact
    stable = [column for column in NATURAL.get(fact.name, ()) if column in group.provides]
    if not stable:
        stable = [column for column in group.provides if fact.column(column) and column != "extra"]
    every = sorted(column for column in group.provides if fact.column(column))
    key = _digest(sorted(stable))
    if fact.name in ONE_EACH:
        return _with(group, "key", f"(SELECT *, {key} AS source_id FROM {group.relation})", "source_id")
    keys = work.table("keys", f"SELECT _row, {key} AS key, {_digest(every)} AS content FROM {group.relation}")
    twins = work.table(
        "twins",
        f"SELECT _row, row_number() OVER (PARTITION BY key ORDER BY content, _row) AS nth FROM {keys} "
        f"WHERE key IN (SELECT key FROM {keys} GROUP BY key HAVING count(*) > 1)",
    )
    relation = (
        f"(SELECT g.*, k.key || CASE WHEN t.nth > 1 THEN '-' || t.nth ELSE '' END AS source_id FROM {group.relation} g "
        f"JOIN {keys} k ON k._row = g._row LEFT JOIN {twins} t ON t._row = g._row)"
    )
    return _with(group, "key", relation, "source_id")


def _digest(columns: Sequence[str]) -> str:
    """Twenty hexadecimal digits that are the same wherever and whenever they are computed."""
    parts = ", ".join(f"coalesce(CAST({identifier(column)} AS VARCHAR), {literal(chr(30))})" for column in columns)
    return f"left(md5(concat_ws({literal(chr(31))}, {parts})), 20)" if parts else "'-'"

"""From staged tables to the facts of a draft: who each row is, what it refers to, what follows, and what has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tolok.imports import completion, duplicates, events, history, merge, organisation, references, stages
from tolok.imports.difference import Change, absent, difference
from tolok.imports.forgotten_rows import cleaned_group
from tolok.imports.identity import HELD, Group, gathered, identified
from tolok.imports.leads import with_deals
from tolok.imports.merge import Merged
from tolok.imports.owners import with_history
from tolok.imports.rejects import Rejects
from tolok.imports.staging import Staged
from tolok.imports.work import Work
from tolok.model import FACTS, IMPORTED
from tolok.sources.values.quoting import identifier, literal

ORDER = tuple(
    sorted(
        (fact for fact in IMPORTED if fact != "deal_events"),
        key=lambda fact: (fact == "leads", IMPORTED.index(fact)),
    )
)
"""Facts in the order in which they are compared: leads after the deals that they became."""


@dataclass
class Outcome:
    """What an import did to each fact, and what it could not settle."""

    changes: dict[str, Change] = field(default_factory=dict)
    unresolved: list[dict[str, object]] = field(default_factory=list)
    new_stages: tuple[str, ...] = ()
    ends_on: date | None = None
    day: date | None = None


def bring_in(
    work: Work, staged: Sequence[Staged], rejects: Rejects, *, complete: bool, tell: Callable[[str, str], None]
) -> Outcome:
    """Write all facts of the staged tables, and the events of their deals, into the draft."""
    outcome = Outcome()
    tell("resolving", "")
    raw = [history.changes(work, group) if group.fact.name == "deal_events" else group for group in gathered(staged)]
    known = [cleaned_group(work, work.forgotten, identified(work, group)) for group in raw]
    found = [duplicates.settle(work, group, rejects) for group in known]
    tracks = [group for group in found if group.fact.name == "deal_events"]
    extra = [("reps", group.by.get("new", ""), query) for group in tracks for query in history.owners(group)]
    resolved = references.resolve(work, found, extra)
    settled = stages.resolve(work, found)
    outcome.unresolved, outcome.new_stages = resolved.unresolved, settled.new
    found = [references.applied(work, group, resolved) for group in found]
    found = [stages.applied(work, group, settled) if group.fact.name == "deals" else group for group in found]
    rows = _merged(work, found, resolved, settled)
    gone = {fact: _deleted(staged, work, fact) for fact in rows}
    for fact in {one.fact for one in work.mapping.synonyms if one.confirmed} & set(FACTS):
        gone[fact] = " UNION ALL ".join(part for part in (gone.get(fact, ""), _merged_away(work, fact)) if part)
    memberships = _organisation(work, rows)
    complete_facts = {one.mapping.fact for one in staged if (complete or one.mapping.complete) and one.primary}
    for fact in ORDER:
        if fact not in rows or fact == "memberships":
            continue
        tell("comparing", fact)
        relation = completion.completed(work, rows[fact])
        if fact == "deals":
            relation = with_history(work, relation, [g for g in found if g.fact.name == "deal_events"], resolved)
        if fact == "leads":
            relation = with_deals(work, relation, outcome.changes.get("deals"))
        _compare(work, outcome, fact, relation, rows[fact], fact in complete_facts, gone.get(fact, ""))
    if "leads" not in rows and "deals" in outcome.changes and work.stands("leads"):
        relation = with_deals(work, "", outcome.changes["deals"])
        if relation:
            _compare(work, outcome, "leads", relation, None, False, "")
    outcome.ends_on = _ends_on(work, outcome.changes)
    outcome.day = events.day_of_change(work, outcome.ends_on)
    if "memberships" in rows:
        relation = completion.completed(work, rows["memberships"])
        _compare(work, outcome, "memberships", relation, rows["memberships"], "memberships" in complete_facts, "")
    elif memberships and not organisation.declares_memberships(work):
        _compare(
            work, outcome, "memberships", organisation.memberships(work, memberships, outcome.day), None, False, ""
        )
    tell("comparing", "deal_events")
    _events(work, outcome, tracks, resolved, settled, found)
    return outcome


def _merged(
    work: Work, found: Sequence[Group], resolved: references.Resolved, settled: stages.Stages
) -> dict[str, Merged]:
    """The rows of every fact that the import touches, but for events."""
    rows: dict[str, Merged] = {}
    by_fact: dict[str, list[Group]] = {}
    for group in found:
        by_fact.setdefault(group.fact.name, []).append(group)
    for fact in {*by_fact, *resolved.made} - {"deal_events", "stages", "pipelines"}:
        merged = merge.merged(work, fact, by_fact.get(fact, ()), resolved.made.get(fact, ""))
        if merged is not None:
            rows[fact] = merged
    for fact, table in (("stages", settled.rows), ("pipelines", settled.pipelines)):
        if work.count(table):
            rows[fact] = Merged(fact, _declared(work, fact, table), frozenset(), False)
    return rows


def _declared(work: Work, fact: str, table: str) -> str:
    given = {row[0] for row in work.run(f"DESCRIBE {table}").fetchall()}
    columns = [
        f"{literal(work.source)} AS source"
        if column.name == "source"
        else f"CAST({identifier(column.name) if column.name in given else 'NULL'} AS {column.sql_type}) "
        f"AS {identifier(column.name)}"
        for column in FACTS[fact].columns
    ]
    return f"(SELECT {', '.join(columns)} FROM {table})"


def _deleted(staged: Sequence[Staged], work: Work, fact: str) -> str:
    queries = [one.deleted for one in staged if one.mapping.fact == fact and one.deleted and one.primary]
    return " UNION ALL ".join(f"SELECT {work.prefix} || source_id AS id FROM ({query})" for query in queries)


def _merged_away(work: Work, fact: str) -> str:
    """Ids of rows that were only made for a spelling which a person has confirmed to mean another."""
    words = ", ".join(literal(s.written) for s in work.mapping.synonyms if s.fact == fact and s.confirmed)
    return (
        f"SELECT id FROM {work.now(fact)} WHERE source = {literal(work.source)} AND source_id = name "
        f"AND name IN ({words})"
    )


def _organisation(work: Work, rows: dict[str, Merged]) -> str:
    """Teams for reps whose export names only managers; gives the relation of the reps that say where they belong."""
    reps = rows.get("reps")
    if reps is None:
        return ""
    table = work.table("reps", f"SELECT * FROM {reps.relation}")
    rows["reps"] = replace(reps, relation=table)
    if not reps.provides & {"team_id", "manager_id"}:
        return ""
    if "team_id" not in reps.provides and "teams" not in rows:
        relation, teams = organisation.teams_of_managers(work, table)
        relation = work.table("reps", f"SELECT * FROM {relation}")
        rows["reps"] = replace(reps, relation=relation)
        if work.count(teams):
            rows["teams"] = Merged("teams", teams, frozenset(), False)
        return relation
    return table


def _compare(
    work: Work, outcome: Outcome, fact: str, relation: str, rows: Merged | None, complete: bool, deleted: str
) -> None:
    gone = ""
    if work.stands(fact):
        documents = rows is not None and rows.documents
        given = relation
        if documents:
            given = work.table("documents", f"SELECT * FROM {relation}")
            relation = _documents_changed(work, fact, given)
        there = given if complete else relation  # a document that is as it was is there, too
        gone = absent(work, fact, there, complete=complete, documents=documents, deleted=deleted)
    outcome.changes[fact] = difference(work, fact, relation, gone=gone)


def _documents_changed(work: Work, fact: str, new: str) -> str:
    """Lines of documents whose lines are not, in whatever order, those that stand."""
    document = identifier(FACTS[fact].document)
    columns = [name for name in FACTS[fact].column_names if name not in ("id", "source_id", "line")]
    content = "hash(" + ", ".join(identifier(name) for name in columns) + ")"
    sums = f"{document} AS document, count(*) AS n, sum(CAST({content} AS HUGEINT)) AS total"
    same = work.table(
        "same_documents",
        f"SELECT a.document FROM (SELECT {sums} FROM {new} GROUP BY ALL) a "
        f"JOIN (SELECT {sums} FROM {work.now(fact)} WHERE source = {literal(work.source)} GROUP BY ALL) b "
        f"ON a.document = b.document AND a.n = b.n AND a.total = b.total",
    )
    return f"(SELECT * FROM {new} WHERE {document} NOT IN (SELECT document FROM {same}))"


def _ends_on(work: Work, changes: dict[str, Change]) -> date | None:
    """The last date that the data itself tells, not after the day of the import; when we saw a change is none."""
    today = f"DATE {literal(work.today.isoformat())}"
    dates = [events.told_until(work)]
    for fact in changes:
        for column in FACTS[fact].real_dates:
            name = identifier(column)
            dates.append(work.one(f"SELECT max({name}) FILTER ({name} <= {today}) FROM {work.next(fact)}")[0])
    return max((day for day in dates if day is not None), default=None)


def _events(
    work: Work,
    outcome: Outcome,
    tracks: Sequence[Group],
    resolved: references.Resolved,
    settled: stages.Stages,
    found: Sequence[Group],
) -> None:
    told = [group for group in found if group.fact.name == "deal_events"]
    if not told and "deals" not in outcome.changes:
        return
    relation = ""
    if told:
        applied = [history.applied(work, group, resolved, settled, work.next("deals")) for group in told]
        applied = [_with_origin(group) for group in applied]
        merged = merge.merged(work, "deal_events", applied)
        relation = merged.relation if merged else ""
    deals = outcome.changes.get("deals") or _untouched(work)
    outcome.changes["deal_events"] = events.renewed(work, deals, relation, outcome.ends_on)


def _with_origin(group: Group) -> Group:
    held = ", ".join(identifier(name) for name in (*group.provides, *HELD))
    on = "" if "on" in group.provides else ', CAST("at" AS DATE) AS "on"'
    provides = (*group.provides, "origin", *(() if "on" in group.provides else ("on",)))
    return replace(group, relation=f"(SELECT {held}, 'history' AS origin{on} FROM {group.relation})", provides=provides)


def _untouched(work: Work) -> Change:
    rows = work.table("no_deals", f"SELECT *, false AS _new FROM {work.now('deals')} WHERE false")
    return Change("deals", rows, work.table("no_ids", "SELECT NULL::VARCHAR AS id WHERE false"), 0, 0, 0, False)

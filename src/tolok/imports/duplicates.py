"""One id, one row: the same row again counts once; other data under the same id is settled, and the loser kept."""

from __future__ import annotations

from dataclasses import replace

from tolok.imports.identity import HELD, Group
from tolok.imports.rejects import Rejects
from tolok.imports.work import Work
from tolok.sources.values.quoting import identifier, literal


def settle(work: Work, group: Group, rejects: Rejects) -> Group:
    """The group with one row per id: the latest by the export's own date of change, else the last in the file."""
    if group.identified == "document" and "line" in group.provides:
        return group
    if not group.primary:
        return _described(work, group)
    twice = work.table("twice", f"SELECT source_id FROM {group.relation} GROUP BY source_id HAVING count(*) > 1")
    if not work.count(twice):
        return group
    columns = sorted(column for column in group.provides if column not in ("updated_at", "deleted"))
    content = "hash(" + ", ".join(identifier(column) for column in columns) + ")"
    latest = "updated_at DESC NULLS LAST, " if "updated_at" in group.provides else ""
    ranked = work.table(
        "ranked",
        f"SELECT _row, _line, _table, source_id, {content} AS content, "
        f"row_number() OVER w AS place, first_value({content}) OVER w AS winner, first_value(_line) OVER w AS line, "
        f"first_value(_table) OVER w AS winner_table "
        f"FROM {group.relation} WHERE source_id IN (SELECT source_id FROM {twice}) "
        f"WINDOW w AS (PARTITION BY source_id ORDER BY {latest}_row DESC)",
    )
    same, other = work.one(
        f"SELECT count(*) FILTER (content = winner), count(*) FILTER (content <> winner) FROM {ranked} WHERE place > 1"
    )
    if same and group.identified == "id":
        work.notes.append(f"{same:,} records of {group.fact.name} stand twice with the same data and were taken once.")
    if other:
        _keep(work, group, rejects, ranked)
    held = ", ".join(identifier(name) for name in (*group.provides, *HELD))
    relation = f"(SELECT {held} FROM {group.relation} WHERE _row NOT IN (SELECT _row FROM {ranked} WHERE place > 1))"
    return replace(group, relation=relation)


def _keep(work: Work, group: Group, rejects: Rejects, ranked: str) -> None:
    shown = ", ".join(
        f"{literal(column + '=')} || CAST(g.{identifier(column)} AS VARCHAR)"
        for column in group.provides
        if group.fact.column(column)
    )
    for staged in group.staged:
        header = next((reading.header for reading in staged.readings if reading.to.name == "source_id"), "")
        header = header or next(
            (r.header for r in staged.readings if r.to.name in (group.fact.by_name, "code", "email")), "id"
        )
        files = " ".join(f"WHEN {one.number} THEN {literal(one.table.title)}" for one in group.staged)
        rejects.add_rows(
            f"SELECT {literal(staged.table.title)}, k._line, {literal(header)}, "
            f"'The id “' || left(k.source_id, 60) || '” stands again in record ' || k.line || CASE WHEN k.winner_table "
            f"<> k._table THEN ' of ' || CASE k.winner_table {files} END ELSE '' END || ' with other data, which counts.', "
            f"left(concat_ws(', ', {shown}), 2000) FROM {ranked} k JOIN {group.relation} g ON g._row = k._row "
            f"WHERE k.place > 1 AND k.content <> k.winner AND k._table = {staged.number}",
            staged.number,
            group.fact.name,
        )


def _described(work: Work, group: Group) -> Group:
    """Rows that describe something along the way (the customers of orders): for each column what is said most often."""
    columns = [name for name in group.provides if name != "source_id"]
    rows = work.table("described", f"SELECT * FROM {group.relation}")
    joins, chosen = "", []
    for place, name in enumerate(columns):
        value = identifier(name)
        counted = f"SELECT source_id, {value}, count(*) AS n FROM {rows} WHERE {value} IS NOT NULL GROUP BY ALL"
        joins += (
            f" LEFT JOIN (SELECT source_id, arg_max({value}, (n, CAST({value} AS VARCHAR))) AS said FROM ({counted}) "
            f"GROUP BY 1) s{place} ON s{place}.source_id = h.source_id"
        )
        chosen.append(f"s{place}.said AS {value}")
    first = f"SELECT source_id, min(_row) AS _row, arg_min(_line, _row) AS _line, arg_min(_table, _row) AS _table FROM {rows} GROUP BY 1"  # noqa: E501
    listed = ", ".join(["h.source_id", *chosen, "h._row", "h._line", "h._table"])
    return replace(group, relation=f"(SELECT {listed} FROM ({first}) h{joins})")

"""Approved targets as rows of the targets fact: what KPIs, comparisons and status read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tolok.model import FACTS
from tolok.model.targets import TOLOK
from tolok.store.draft import Draft
from tolok.store.manifest import Snapshot
from tolok.store.quoting import identifier
from tolok.store.snapshots import Snapshots
from tolok.targets.scope import COLUMNS
from tolok.targets.target import Target, in_force


def publish(snapshots: Snapshots, targets: Iterable[Target], *, by: str = "", wait: bool = True) -> Snapshot | None:
    """Publish a snapshot in which exactly these approved targets stand for Tolok's own; imported ones stay.

    All approved targets are given each time, so that doing it again after a crash or a rollback mends it. Where they
    stand already, nothing is published and None is returned. Without ``wait`` it is refused while another writes.
    """
    rows = sorted(row(target) for target in in_force(list(targets)).values())
    with snapshots.write(wait=wait) as draft:
        _write(draft, rows)
        if not _differs(draft):
            return None
        draft.put(
            "targets",
            f"SELECT * FROM next.targets WHERE coalesce(source, '') <> '{TOLOK}'"
            " UNION ALL BY NAME SELECT * FROM approved_targets",
        )
        about = draft.current.about if draft.current else {}
        kept = {name: about[name] for name in ("revenue_from",) if name in about}
        return draft.publish("edit", {**kept, "targets": len(rows), "by": by})


def row(target: Target) -> tuple[Any, ...]:
    """An approved target in the order of :data:`NAMES`; its id is what it is about, so that versions replace each other."""
    scope = {COLUMNS[dimension]: value for dimension, value in target.scope.members}
    source_id = "/".join((target.kpi, str(target.scope), target.start.isoformat(), target.end.isoformat()))
    values: dict[str, Any] = {
        "id": f"{TOLOK}:{source_id}",
        "source": TOLOK,
        "source_id": source_id,
        "kpi": target.kpi,
        "from_on": target.start.isoformat(),
        "to_on": target.end.isoformat(),
        "value": str(target.value),
        "currency": target.currency,
        **scope,
    }
    return tuple(values.get(name, "") for name in NAMES)


NAMES = tuple(name for name in FACTS["targets"].column_names if name != "extra")


def _write(draft: Draft, rows: list[tuple[Any, ...]]) -> None:
    texts = ", ".join(f"{identifier(name)} VARCHAR" for name in NAMES)
    draft.connection.execute(f"CREATE TEMP TABLE approved_texts ({texts})")
    if rows:
        marks = ", ".join("?" for _ in NAMES)
        draft.connection.executemany(f"INSERT INTO approved_texts VALUES ({marks})", rows)
    columns = [FACTS["targets"].column(name) for name in NAMES]
    typed = ", ".join(
        f"CAST(nullif({identifier(column.name)}, '') AS {column.sql_type}) AS {identifier(column.name)}"
        for column in columns
        if column
    )
    draft.connection.execute(f"CREATE TEMP TABLE approved_targets AS SELECT {typed} FROM approved_texts")


def _differs(draft: Draft) -> bool:
    names = ", ".join(identifier(name) for name in NAMES)
    now = f"SELECT {names} FROM now.targets WHERE source = '{TOLOK}'"
    new = f"SELECT {names} FROM approved_targets"
    sql = f"SELECT count(*) FROM (({now} EXCEPT ALL {new}) UNION ALL ({new} EXCEPT ALL {now}))"
    found = draft.connection.execute(sql).fetchone()
    return bool(found and found[0])

"""Moves of reps between teams that people enter: an overlay over what exports say, which survives imports.

They stand in ``mappings/organisation/moves.toml``. As rows of ``memberships`` they are part of every snapshot, so that
attribution, access and comparisons follow them without a second rule: a stretch ends where the next one begins.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit

from tolok.errors import DefinitionError, WorkspaceError
from tolok.imports.leaders import KEYS as LEADER_KEYS
from tolok.imports.leaders import Leader, lay, leader_of
from tolok.model.targets import TOLOK
from tolok.store.draft import Draft
from tolok.store.manifest import Snapshot
from tolok.store.snapshots import Snapshots

FILE = Path("mappings") / "organisation" / "moves.toml"
KEYS = ("rep", "team", "manager", "from_on", "by")
HEAD = "Who moved to which team and who leads which, from when on. Written by the settings page; ids are those of the facts."


@dataclass(frozen=True)
class Move:
    """From a day on a rep is in a team and reports to a manager: "" for who leads the team, or most of its members."""

    rep: str
    team: str
    from_on: date
    manager: str = ""
    by: str = ""


def read(workspace: Path) -> tuple[Move, ...]:
    """The moves of a workspace, by rep and day; none where there is no file."""
    found = (_move(item, str(workspace / FILE)) for item in _written(workspace).get("move", []))
    return tuple(sorted(found, key=lambda move: (move.rep, move.from_on)))


def read_leaders(workspace: Path) -> tuple[Leader, ...]:
    """The leaders that people entered, by team and day."""
    found = (leader_of(item, str(workspace / FILE)) for item in _written(workspace).get("leader", []))
    return tuple(sorted(found, key=lambda leader: (leader.team, leader.from_on)))


def edition(workspace: Path) -> str:
    """Which edition of the moves and leaders stands; "" where nobody entered any."""
    try:
        return hashlib.sha256((workspace / FILE).read_bytes()).hexdigest()[:16]
    except FileNotFoundError:
        return ""


def _written(workspace: Path) -> dict[str, Any]:
    file = workspace / FILE
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"This is not TOML: {error}.", file=str(file)) from error
    if not all(isinstance(listed, list) for listed in written.values()) or set(written) - {"move", "leader"}:
        raise DefinitionError("Moves are written as [[move]] and [[leader]] tables.", file=str(file))
    return written


def _move(item: Any, file: str) -> Move:
    if not isinstance(item, dict) or set(item) - set(KEYS):
        raise DefinitionError(f"A move has {', '.join(KEYS)} and nothing else.", file=file)
    texts = {name: item.get(name, "") for name in ("rep", "team", "manager", "by")}
    if not all(isinstance(text, str) for text in texts.values()) or not texts["rep"] or not texts["team"]:
        raise DefinitionError("A move needs the ids of a rep and a team.", file=file)
    if not isinstance(item.get("from_on"), date):
        raise DefinitionError("A move needs its first day, such as from_on = 2026-05-01.", file=file)
    return Move(texts["rep"], texts["team"], item["from_on"], texts["manager"], texts["by"])


def write(workspace: Path, moves: Iterable[Move], leaders: Iterable[Leader] = ()) -> None:
    """Write the moves and leaders in their order; a crash leaves the file as it was."""
    document = tomlkit.document()
    document.add(tomlkit.comment(HEAD))
    listed: tuple[tuple[str, tuple[str, ...], list[Move] | list[Leader]], ...] = (
        ("move", KEYS, sorted(moves, key=lambda move: (move.rep, move.from_on))),
        ("leader", LEADER_KEYS, sorted(leaders, key=lambda leader: (leader.team, leader.from_on))),
    )
    for name, keys, items in listed:
        tables = tomlkit.aot()
        for item in items:
            table = tomlkit.table()
            for key in keys:
                if getattr(item, key):
                    table[key] = getattr(item, key)
            tables.append(table)
        if len(tables):
            document[name] = tables
    file = workspace / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as opened:
        opened.write(tomlkit.dumps(document))
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)


def apply(draft: Draft, moves: Sequence[Move], leaders: Sequence[Leader] = ()) -> bool:
    """Lay the moves, and who leads teams since when, over the memberships of a draft; says whether that changes any.

    Reps of whom no membership is known get one from what their own row says, so that a first move takes nobody else
    out of their team. Moves of reps or teams that are not there are passed over.
    """
    run = draft.connection.execute
    run(
        "CREATE OR REPLACE TEMP TABLE moves_given (rep_id VARCHAR, team_id VARCHAR, manager_id VARCHAR, from_on DATE);"
        "CREATE OR REPLACE TEMP TABLE moves_laid (id VARCHAR, source VARCHAR, source_id VARCHAR, rep_id VARCHAR,"
        " team_id VARCHAR, manager_id VARCHAR, from_on DATE, to_on DATE)"
    )
    for move in moves:
        run(
            "INSERT INTO moves_given VALUES (?, ?, nullif(?, ''), ?)",
            [move.rep, move.team, move.manager, move.from_on],
        )
    imported = f"(SELECT * FROM next.memberships WHERE coalesce(source, '') <> '{TOLOK}')"
    if moves or leaders:
        run(
            f"INSERT INTO moves_laid SELECT '{TOLOK}:' || key, '{TOLOK}', key, rep_id, team_id, manager_id, from_on, NULL"
            " FROM (SELECT 'move/' || g.rep_id || '/' || g.from_on AS key, g.rep_id, g.team_id,"
            " coalesce(g.manager_id, nullif(t.manager_id, g.rep_id), (SELECT mode(m.manager_id) FROM next.reps m"
            " WHERE m.team_id = g.team_id AND m.manager_id <> g.rep_id)) AS manager_id, g.from_on"
            " FROM moves_given g JOIN next.reps r ON r.id = g.rep_id JOIN next.teams t ON t.id = g.team_id"
            " UNION ALL SELECT 'before/' || r.id, r.id, r.team_id, r.manager_id, NULL FROM next.reps r"
            f" WHERE (r.team_id IS NOT NULL OR r.manager_id IS NOT NULL)"
            f" AND r.id NOT IN (SELECT rep_id FROM {imported} WHERE rep_id IS NOT NULL))"
        )
    if leaders:
        lay(run, leaders, f"(SELECT * FROM {imported} UNION ALL BY NAME SELECT * FROM moves_laid)")
    names = "id, source, source_id, rep_id, team_id, manager_id, from_on, to_on"
    now = f"SELECT {names} FROM next.memberships WHERE source = '{TOLOK}'"
    laid = f"SELECT {names} FROM moves_laid"
    found = run(f"SELECT count(*) FROM (({now} EXCEPT {laid}) UNION ALL ({laid} EXCEPT {now}))").fetchone()
    if not found or not found[0]:
        return False
    draft.put("memberships", f"SELECT * FROM {imported} UNION ALL BY NAME {laid}")
    return True


def publish(
    workspace: Path,
    snapshots: Snapshots,
    moves: Sequence[Move],
    leaders: Sequence[Leader] | None = None,
    *,
    by: str = "",
    seen: str | None = None,
) -> Snapshot | None:
    """Write the moves and publish a snapshot in which they count; refused while an import is writing.

    Leaders that are not given stay as they are. ``seen`` is the edition that the writer looked at: where another
    stands by now, nothing is written.
    """
    with snapshots.write(wait=False) as draft:
        if seen is not None and seen != edition(workspace):
            raise WorkspaceError(
                "Somebody else changed the teams while this page was open.",
                next_step="Look at what they entered, then send yours again. Nothing of theirs was overwritten.",
            )
        leaders = read_leaders(workspace) if leaders is None else leaders
        changed = apply(draft, moves, leaders)
        write(workspace, moves, leaders)
        if not changed:
            return None
        about = draft.current.about if draft.current else {}
        kept = {name: about[name] for name in ("revenue_from",) if name in about}
        return draft.publish("edit", {**kept, "moves": len(moves), "by": by})

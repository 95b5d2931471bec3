"""Bring the sources that ``tolok.toml`` lists up to date: folders, files and databases, each in its turn."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tolok.errors import TolokError, WorkspaceError, nearest
from tolok.imports.result import ImportResult, Progress
from tolok.imports.run import run
from tolok.settings import FILE, Settings, Source, add_source, load
from tolok.settings.secrets import expanded
from tolok.sources import databases

STATE = "refreshed.json"
AGAIN = timedelta(minutes=15)
"""How long a source is left alone after it could not be read."""

_EVERY = {"minutes": 60, "hours": 3600}


@dataclass(frozen=True)
class Refreshed:
    """One source: its result, or the sentence that says why it could not be read."""

    name: str
    result: ImportResult | None = None
    error: str = ""

    @property
    def changed(self) -> bool:
        return self.result is not None and self.result.changed > 0


def refresh(
    workspace: Path,
    names: Sequence[str] = (),
    *,
    settings: Settings | None = None,
    today: date | None = None,
    now: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Refreshed]:
    """Import every listed source, or those named. A source that cannot be read does not stop the others.

    No source is begun once ``stopped`` says so.
    """
    settings = settings or load(workspace)
    chosen = _chosen(settings, names)
    found = []
    for source in chosen:
        if stopped():
            break
        try:
            found.append(Refreshed(source.name, _import(workspace, source, settings, today, progress)))
        except TolokError as error:
            found.append(Refreshed(source.name, error=str(error)))
        _note(workspace, found[-1], now or datetime.now(UTC))
    return found


def _chosen(settings: Settings, names: Sequence[str]) -> list[Source]:
    listed = {source.name: source for source in settings.sources}
    if not listed:
        raise WorkspaceError(
            "No sources are listed in tolok.toml.",
            next_step="Import a folder or a database, or add a [[source]] with a name and a path or url.",
        )
    for name in names:
        if name not in listed:
            raise WorkspaceError(f"No source is called {name!r}.", next_step=nearest(name, listed))
    return [listed[name] for name in names] if names else list(listed.values())


def _import(
    workspace: Path, source: Source, settings: Settings, today: date | None, progress: Callable[[Progress], None] | None
) -> ImportResult:
    place, given = asked(workspace, source)
    return run(workspace, [place], settings=settings, today=today, progress=progress, **given)


def asked(workspace: Path, source: Source) -> tuple[Path | str, dict[str, Any]]:
    """Where a listed source lies, its secrets filled in, and what else its import is given."""
    if bool(source.path) == bool(source.url):
        raise WorkspaceError(
            f"The source {source.name!r} needs a path or a url, and not both.", next_step="Correct it in tolok.toml."
        )
    place = expanded(source.url, workspace) if source.url else workspace / expanded(source.path)
    return place, {
        "source": source.name,
        "map_file": workspace / "mappings" / source.map if source.map else None,
        "complete": source.complete,
        "query": source.query if " " in source.query.strip() else "",
        "tables": [source.query.strip()] if source.query and " " not in source.query.strip() else (),
    }


def listed(workspace: Path, settings: Settings, place: Path | str, name: str, query: str = "") -> Source | None:
    """Note a folder or a database in ``tolok.toml`` when it was first imported; None where it is there already.

    A password is never written there: it becomes the name of an environment variable.
    """
    if any(source.name == name for source in settings.sources) or not (workspace / FILE).is_file():
        return None
    if isinstance(place, str) and "://" in place:
        source = Source(name=name, url=without_password(place, name), query=query)
    elif Path(place).is_dir() or databases.is_database(Path(place)):
        source = Source(name=name, path=os.path.relpath(Path(place).resolve(), workspace.resolve()), query=query)
    else:
        return None
    add_source(workspace / FILE, source)
    return source


def without_password(url: str, name: str) -> str:
    """An address whose password stands in the environment.

    >>> without_password("postgresql://ana:s3cret@db/sales", "crm")
    'postgresql://ana:${TOLOK_CRM_PASSWORD}@db/sales'
    """
    return re.sub(r"(?<=://)([^\s/:@]*):([^\s@]*)@", lambda found: f"{found.group(1)}:${{{variable(name)}}}@", url)


def variable(name: str) -> str:
    """What the password of a source is called in the environment.

    >>> variable("our crm")
    'TOLOK_OUR_CRM_PASSWORD'
    """
    return f"TOLOK_{re.sub(r'[^A-Z0-9]+', '_', name.upper()).strip('_')}_PASSWORD"


def refreshed(workspace: Path) -> dict[str, dict[str, str]]:
    """When each source was last refreshed, and what came of it."""
    try:
        found = json.loads((workspace / "imports" / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _note(workspace: Path, done: Refreshed, now: datetime) -> None:
    state = refreshed(workspace)
    moment = now.astimezone(UTC).isoformat(timespec="seconds")
    state[done.name] = {
        "at": moment,
        "read_at": state.get(done.name, {}).get("read_at", "") if done.error else moment,
        "snapshot": done.result.snapshot if done.result else "",
        "error": done.error,
    }
    path = workspace / "imports" / STATE
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{STATE}.{os.getpid()}")
    beside.write_text(json.dumps(state, ensure_ascii=False, indent=1), encoding="utf-8")
    beside.replace(path)


def due(sources: Iterable[Source], last: dict[str, datetime], now: datetime, timezone: str) -> list[Source]:
    """The sources whose schedule says that they should be refreshed by now.

    >>> daily = Source(name="crm", path="x", schedule="daily 06:30")
    >>> moment = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    >>> [source.name for source in due([daily], {"crm": moment - timedelta(hours=2)}, moment, "UTC")]
    ['crm']
    >>> due([daily], {"crm": moment - timedelta(minutes=10)}, moment, "UTC")
    []
    """
    return [source for source in sources if source.schedule and _is_due(source, last.get(source.name), now, timezone)]


def _is_due(source: Source, last: datetime | None, now: datetime, timezone: str) -> bool:
    if last is None:
        return True
    words = source.schedule.split()
    if words[0] == "every":
        return now - last >= timedelta(seconds=int(words[1]) * _EVERY[words[2]])
    if words[0] == "hourly":
        return now - last >= timedelta(hours=1)
    if words[0] == "weekly":
        return now - last >= timedelta(days=7)
    local = now.astimezone(ZoneInfo(timezone))
    hour, minute = (int(part) for part in (words[1] if len(words) > 1 else "06:00").split(":"))
    latest = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if latest > local:
        latest -= timedelta(days=1)
    return last < latest


def last_refreshed(workspace: Path) -> dict[str, datetime]:
    """The moment at which each source was last read."""
    state = refreshed(workspace)
    return {name: datetime.fromisoformat(entry["read_at"]) for name, entry in state.items() if entry.get("read_at")}


def _failed_lately(workspace: Path, now: datetime) -> set[str]:
    """Sources that could not be read a moment ago: they are left alone for a while."""
    return {
        name
        for name, entry in refreshed(workspace).items()
        if entry.get("error") and now - datetime.fromisoformat(entry["at"]) < AGAIN
    }


def refresh_due(
    workspace: Path, *, now: datetime | None = None, stopped: Callable[[], bool] = lambda: False
) -> list[Refreshed]:
    """Refresh what the schedules ask for now; what is not listed or not due is left alone."""
    settings = load(workspace)
    moment = now or datetime.now(UTC)
    wanted = due(settings.sources, last_refreshed(workspace), moment, settings.timezone)
    resting = _failed_lately(workspace, moment)
    names = [source.name for source in wanted if source.name not in resting]
    if not names:
        return []
    return refresh(workspace, names, settings=settings, now=moment, stopped=stopped)

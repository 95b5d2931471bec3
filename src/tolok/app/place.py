"""The workspace that this process serves, as it is now: read anew when its settings, KPIs or mappings change."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from tolok.errors import DefinitionError, WorkspaceError
from tolok.kpis.own import readable
from tolok.workspace import Workspace, open_workspace

_lock = Lock()
_folder: Path | None = None
_opened: tuple[tuple[object, ...], Workspace] | None = None


def use(folder: Path) -> None:
    """Say which workspace this process serves."""
    global _folder, _opened
    with _lock:
        _folder, _opened = folder.resolve(), None


def folder() -> Path:
    if _folder is None:
        raise WorkspaceError("No workspace is served.", next_step="Start with: tolok serve -w DIR")
    return _folder


def workspace() -> Workspace:
    """The workspace, reopened when somebody changed its files."""
    global _opened
    place = folder()
    state = _state(place)
    with _lock:
        if _opened is None or _opened[0] != state:
            _opened = (state, _as_far_as_readable(open_workspace(place)))
        return _opened[1]


def _as_far_as_readable(opened: Workspace) -> Workspace:
    """One KPI file that somebody broke by hand must not stop the pages of all others."""
    try:
        opened.definitions  # noqa: B018
    except DefinitionError:
        definitions, _ = readable(opened.folder / "kpis")
        return opened.trying(definitions)
    return opened


def _state(place: Path) -> tuple[object, ...]:
    """When the files that people edit were last written; a change of any makes another workspace."""
    watched = [place / "tolok.toml", place / "kpis", place / "mappings"]
    watched += sorted((place / "kpis").rglob("*.toml"))
    return tuple(path.stat().st_mtime_ns for path in watched if path.exists())

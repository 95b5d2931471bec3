"""Backup and restore of a whole workspace: one archive, checked when it is read back.

Facts are immutable files, so a backup taken while an import runs holds the snapshots that were published when it
began. What people entered is copied by the database's own means; where it lives on PostgreSQL, it is in the archive as
the file that it would be in the workspace, and goes back to a server or stays a file, as whoever restores it says.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from tolok.errors import WorkspaceError
from tolok.settings import FILE, Settings, load, save
from tolok.store.lock import LOCK
from tolok.store.manifest import load as load_record
from tolok.store.snapshots import REMOVED

CONTENTS = "tolok-backup.json"
FORM = 1
FACTS = "facts"
_PINS = ".backup-"
_ATTEMPTS = 20
APP = "app.sqlite3"
DATABASES = (APP, "jobs.sqlite3")
_NOT_KEPT = (LOCK, "worker.lock")
_PASSING_FOLDERS = ("uploads", "reports")
_PASSING = ("-wal", "-shm", "-journal")


def backup(workspace: Path, target: Path, *, now: datetime | None = None) -> int:
    """Write a workspace into one archive; the number of files in it. A target that exists is never overwritten."""
    settings = load(workspace)
    if not target.name.casefold().endswith((".tar.gz", ".tgz")):
        raise WorkspaceError(f"{target.name} is no name of a backup.", next_step="Give one that ends in .tar.gz.")
    if target.exists():
        raise WorkspaceError(f"{target} exists already.", next_step="Give another name; backups are not overwritten.")
    if target.resolve().is_relative_to(workspace.resolve()):
        raise WorkspaceError(
            "A backup inside its own workspace would be lost with it.", next_step="Give another folder."
        )
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    sums: dict[str, str] = {}
    try:
        with (
            tarfile.open(beside, "w:gz", compresslevel=3) as archive,
            tempfile.TemporaryDirectory() as scratch,
            _pinned(workspace) as facts,
        ):
            people = _from_server(workspace, settings, Path(scratch))
            for path, name in (*facts, *(one for one in _files(workspace) if not people or one[1] != APP), *people):
                source = _database_copy(path, Path(scratch)) if path.name in DATABASES else path
                try:
                    sums[name] = _add(archive, source, name)
                except FileNotFoundError:
                    continue  # an import replaced it meanwhile
            contents = {
                "form": FORM,
                "workspace": settings.name,
                "made_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
                "files": sums,
            }
            data = json.dumps(contents, ensure_ascii=False, indent=1).encode()
            info = tarfile.TarInfo(CONTENTS)
            info.size, info.mode = len(data), 0o600
            archive.addfile(info, io.BytesIO(data))
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.chmod(0o600)
        os.link(beside, target)  # fails where somebody made the target meanwhile
    except FileExistsError:
        raise WorkspaceError(f"{target} exists already.", next_step="Give another name.") from None
    except OSError as error:
        raise WorkspaceError(
            f"The backup cannot be written: {error.strerror}.", next_step="Check the folder and the space on its disk."
        ) from error
    finally:
        beside.unlink(missing_ok=True)
    return len(sums)


def restore(source: Path, workspace: Path, *, app_url: str | None = None) -> int:
    """Lay a backup out as a new workspace; the number of files. It is whole and checked, or nothing is there.

    What people entered goes to the database of ``app_url``, which must be empty: the one that the settings name, or
    another that is given here and written into them; "" for a file in the workspace.
    """
    if workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir())):
        raise WorkspaceError(f"{workspace} is not empty.", next_step="Restore into a new folder, then look at it.")
    if not source.is_file():
        raise WorkspaceError(f"{source} does not exist.", next_step="Give the file that tolok backup wrote.")
    workspace.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{workspace.name}.", dir=workspace.parent))
    try:
        sums = _unpacked(source, beside)
        wanted = _contents(beside, source)
        if sums != wanted:
            differing = sorted(set(sums.items()) ^ set(wanted.items()))
            raise WorkspaceError(
                f"{source.name} is damaged: {differing[0][0]} is not what was backed up.",
                next_step="Use another backup.",
            )
        if app_url is not None:
            save(beside / FILE, {"app_url": app_url})
        if load(beside).app_url and (beside / APP).is_file():
            _to_server(beside)
        if workspace.exists():
            workspace.rmdir()
        beside.rename(workspace)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(f"{source.name} is damaged or no backup.", next_step="Use another backup.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return len(wanted)


@contextmanager
def _pinned(workspace: Path) -> Iterator[list[tuple[Path, str]]]:
    """The snapshots of one moment, by links that last while the backup is written, whatever is let go of meanwhile."""
    for left in workspace.glob(f"{_PINS}*"):
        if not _runs(left.name.removeprefix(_PINS)):
            shutil.rmtree(left, ignore_errors=True)
    pins = workspace / f"{_PINS}{os.getpid()}"
    pins.mkdir(mode=0o700, exist_ok=True)
    try:
        for attempt in range(_ATTEMPTS):
            try:
                found = _linked(workspace / FACTS, pins)
                break
            except FileNotFoundError:  # a snapshot was let go of between its record and its files
                if attempt + 1 == _ATTEMPTS:
                    raise
                shutil.rmtree(pins)
                pins.mkdir(mode=0o700)
        yield [(path, f"{FACTS}/{path.name}") for path in found]
    finally:
        shutil.rmtree(pins, ignore_errors=True)


def _linked(facts: Path, pins: Path) -> list[Path]:
    if not facts.is_dir():
        return []
    records = sorted(path for path in facts.glob("*.json") if path.stem.isdecimal() and _plain(path))
    for record in records:
        shutil.copyfile(record, pins / record.name)
    names = {name for record in records for name in load_record(pins / record.name).files}
    for name in sorted(names):
        try:
            os.link(facts / name, pins / name)
        except FileNotFoundError:
            raise
        except OSError:  # a file system without links
            shutil.copyfile(facts / name, pins / name)
    for name in (REMOVED,):
        if _plain(facts / name):
            shutil.copyfile(facts / name, pins / name)
    return sorted(pins.iterdir())


def _runs(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _files(workspace: Path) -> Iterator[tuple[Path, str]]:
    """What belongs to a workspace beside its facts; no links, no scratch."""
    for base, folders, names in os.walk(workspace):
        if Path(base) == workspace and FACTS in folders:
            folders.remove(FACTS)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _PASSING_FOLDERS and not Path(base, name).is_symlink()
        )
        for name in sorted(names):
            path = Path(base, name)
            if name.startswith(".") or name in _NOT_KEPT or name.endswith(_PASSING) or not _plain(path):
                continue
            yield path, path.relative_to(workspace).as_posix()


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _database_copy(path: Path, scratch: Path) -> Path:
    """A database as of one moment, although others are writing to it."""
    copy = scratch / path.name
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as open_, closing(sqlite3.connect(copy)) as into:
        open_.backup(into)
    return copy


def _from_server(workspace: Path, settings: Settings, scratch: Path) -> list[tuple[Path, str]]:
    """What people entered on a database server, as the file that it would be in the workspace."""
    if not settings.app_url:
        return []
    from tolok.app import rows_file

    (scratch / "rows").mkdir()
    copy = scratch / "rows" / APP
    return [(copy, APP)] if rows_file.write(workspace, copy) else []


def _to_server(folder: Path) -> None:
    from tolok.app import rows_file

    rows_file.read(folder / APP, folder)
    for path in folder.glob(f"{APP}*"):
        path.unlink()


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        info = archive.gettarinfo(arcname=name, fileobj=file)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        archive.addfile(info, file)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(source: Path, into: Path) -> dict[str, str]:
    """Unpack plain files only, each below the folder; anything else is no backup of ours."""
    sums: dict[str, str] = {}
    with tarfile.open(source, "r:gz") as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            if not member.isfile() or name.is_absolute() or ".." in name.parts or member.name in sums:
                raise ValueError(member.name)
            target = into.joinpath(*name.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(member)
            assert content is not None
            digest = hashlib.sha256()
            with target.open("xb") as file:
                while block := content.read(1024 * 1024):
                    digest.update(block)
                    file.write(block)
            target.chmod(member.mode & 0o600 | 0o400)
            sums[member.name] = digest.hexdigest()
    sums.pop(CONTENTS, None)
    return sums


def _contents(folder: Path, source: Path) -> dict[str, str]:
    path = folder / CONTENTS
    contents = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    if int(contents["form"]) > FORM:
        raise WorkspaceError(f"{source.name} was made by a newer Tolok.", next_step="Upgrade Tolok, then restore it.")
    found: dict[str, str] = contents["files"]
    if FILE not in found:
        raise ValueError("no workspace in it")
    return found

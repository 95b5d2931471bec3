"""What is kept of an import: the files by content hash, the mapping they were read by, the rejects and a record."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tolok.sources.mapping import Mapping
from tolok.sources.table import RawTable

RECORD = "record.json"
REJECTS = "rejects.csv"
MAPPING = "mapping.toml"
FILES = "files"


@dataclass(frozen=True)
class KeptFile:
    """One file as it was given: its name, and its content by hash in ``imports/files``."""

    name: str
    content_hash: str
    place: str


def given_files(paths: Sequence[Path], tables: Iterable[RawTable]) -> list[tuple[Path, str, str]]:
    """The files that tables were read from: path, name and content hash. An archive is one file."""
    found: dict[Path, tuple[Path, str, str]] = {}
    read = list(tables)
    for path in paths:
        if path.is_file():
            digest = next((t.content_hash for t in read if t.file == path.name and t.content_hash), "") or _hash(path)
            found[path] = (path, path.name, digest)
            continue
        for table in read:
            parts = Path(table.file).parts
            for depth in range(len(parts), 0, -1):
                candidate = path.joinpath(*parts[:depth])
                if candidate.is_file():
                    digest = table.content_hash if depth == len(parts) else ""
                    found.setdefault(candidate, (candidate, "/".join(parts[:depth]), digest or _hash(candidate)))
                    break
    return list(found.values())


def keep(
    folder: Path, files: Iterable[tuple[Path, str, str]], keep_out: Callable[[Path], bool] = lambda path: False
) -> list[KeptFile]:
    """Copy files into ``imports/files`` under their hash; what is there already is not copied again.

    ``keep_out`` may change a copy before it is kept, or say that it is not kept at all.
    """
    place = folder / FILES
    place.mkdir(parents=True, exist_ok=True)
    kept = []
    for path, name, digest in files:
        target = place / f"{digest}{path.suffix.lower()[:12]}"
        if not target.exists():
            beside = target.with_name(f".new-{target.name}")
            shutil.copyfile(path, beside)
            if keep_out(beside):
                beside.unlink(missing_ok=True)
                kept.append(KeptFile(name, digest, ""))
                continue
            beside.replace(target)
        kept.append(KeptFile(name, digest, f"{FILES}/{target.name}"))
    return kept


def write(folder: Path, import_id: str, record: dict[str, Any], mapping: Mapping, rejects: Path) -> Path:
    """Write ``imports/<id>/`` whole; what a crash left under the id is replaced."""
    from tolok.sources import mapping_file

    target = folder / import_id
    beside = folder / f".{import_id}.new"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    mapping_file.save(mapping, beside / MAPPING)
    if rejects.exists():
        shutil.move(rejects, beside / REJECTS)
    with (beside / RECORD).open("w", encoding="utf-8") as file:
        json.dump(record, file, ensure_ascii=False, indent=1, default=str)
        file.flush()
        os.fsync(file.fileno())
    shutil.rmtree(target, ignore_errors=True)
    beside.rename(target)
    return target


def records(folder: Path) -> list[dict[str, Any]]:
    """The records of all imports, oldest first; a damaged one is left out."""
    found = []
    for path in sorted(folder.glob(f"*/{RECORD}")):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return found


def latest(folder: Path, connection: str) -> dict[str, Any] | None:
    """The record of a connection's last import."""
    return next((record for record in reversed(records(folder)) if record.get("connection") == connection), None)


def fingerprint(mapping: Mapping) -> str:
    """Another value where a mapping would read the same files otherwise."""
    plain = asdict(mapping)
    for synonym in plain["synonyms"]:
        synonym.pop("refused", None)
    for table in plain["tables"]:
        table.pop("confidence", None)
        for column in table["columns"]:
            for name in ("confidence", "why", "samples", "assumption"):
                column.pop(name, None)
    return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

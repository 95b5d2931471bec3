"""An organisation's own KPI files: found, checked with all the others, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock

from tolok.errors import DefinitionError, TolokError, WorkspaceError
from tolok.kpis.definition import Definition, Measure, Value
from tolok.kpis.load import KPI_ID, Choice, catalogue, load_file, merged, parse
from tolok.kpis.references import names_of

LONGEST = 200_000
"""Characters that a KPI file may have."""

_writing = Lock()


class Meanwhile(TolokError):
    """Somebody else changed the same file first."""


def file_of(folder: Path, id_: str) -> Path | None:
    """The file of an own KPI, in any folder below ``folder``; None where there is none."""
    if not KPI_ID.fullmatch(id_):
        return None
    return next((path for path in sorted(folder.rglob(f"{id_}.toml")) if path.is_file()), None)


def text_of(folder: Path, id_: str) -> str:
    """What the file of an own KPI says, "" where there is none."""
    path = file_of(folder, id_)
    try:
        return path.read_text("utf-8-sig") if path is not None else ""
    except UnicodeDecodeError:
        raise DefinitionError(
            "The file is not UTF-8.", file=str(path), line=1, next_step="Save it again as UTF-8."
        ) from None


def stamp(text: str) -> str:
    """One word for what a file says, so that of two people who change it at once the second is told."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def read_each(folder: Path) -> tuple[dict[str, Definition | Choice], dict[str, DefinitionError]]:
    """Every own KPI that can be read, and by id what is wrong with the files that cannot."""
    found: dict[str, Definition | Choice] = {}
    broken: dict[str, DefinitionError] = {}
    for path in sorted(folder.rglob("*.toml")):
        try:
            found[path.stem] = load_file(path)
        except DefinitionError as problem:
            broken[path.stem] = problem
    return found, broken


def readable(folder: Path) -> tuple[dict[str, Definition], dict[str, DefinitionError]]:
    """All KPIs as far as the own files can be read, and by id what is wrong with the files that cannot.

    A KPI whose file cannot be read stays known and has no answer; the catalogue's does not take its place unseen.
    """
    found, broken = read_each(folder)
    while True:
        known = dict(catalogue())
        known |= {id_: _unreadable(id_, known.get(id_)) for id_ in broken if KPI_ID.fullmatch(id_)}
        try:
            return merged(known, found), broken
        except DefinitionError as problem:
            culprit = Path(problem.file).stem if problem.file else ""
            if culprit not in found:
                raise
            broken[culprit] = problem
            del found[culprit]


def _unreadable(id_: str, known: Definition | None) -> Definition:
    nothing = Value(Measure("observed", name=f"kpis/{id_}.toml"))
    if known is None:
        return Definition(id_, id_, "", "", "count", "higher", "lagging", "operational", "sales", nothing)
    variants = {name: replace(variant, body=nothing) for name, variant in known.variants.items()}
    return replace(known, body=nothing, variants=variants, rules=(), examples=())


def checked(folder: Path, id_: str, text: str) -> dict[str, Definition]:
    """All KPIs as they would be with this text; refused where it, or another own KPI because of it, is wrong."""
    if len(text) > LONGEST:
        raise DefinitionError(f"The file is longer than {LONGEST:,} characters.", file=f"{id_}.toml", line=1)
    read = parse(text, id_, file=f"{id_}.toml")
    others, _ = read_each(folder)
    return merged(catalogue(), {**others, id_: read})


def save(folder: Path, id_: str, text: str, *, seen: str) -> str:
    """Write an own KPI, checked first; says what the file said before. ``seen`` is the stamp of what was opened."""
    checked(folder, id_, text)
    with _writing:
        before = _unchanged(folder, id_, seen)
        path = file_of(folder, id_) or folder / f"{id_}.toml"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _replace(path, text)
        except OSError as problem:
            raise WorkspaceError(
                f"{path} cannot be written: {problem.strerror}.", next_step="See that the server may write there."
            ) from None
    return before


def remove(folder: Path, id_: str, *, seen: str) -> str:
    """Delete an own KPI, so that the catalogue's counts again or none; says what the file said."""
    others, _ = read_each(folder)
    others.pop(id_, None)
    with _writing:
        before = _unchanged(folder, id_, seen)
        merged(catalogue(), others)  # refuses where another KPI is computed from it
        path = file_of(folder, id_)
        if path is not None:
            path.unlink()
    return before


def uses(definitions: Mapping[str, Definition], id_: str) -> tuple[str, ...]:
    """The other KPIs that name a KPI: in how they are computed, or in what their rules say to look at."""
    return tuple(one.id for one in definitions.values() if one.id != id_ and id_ in set(_names(one)))


def _names(definition: Definition) -> Iterator[str]:
    for name, _, _ in names_of(definition):
        yield name


def _unchanged(folder: Path, id_: str, seen: str) -> str:
    now = text_of(folder, id_)
    if stamp(now) != seen:
        raise Meanwhile("Somebody else changed this KPI in the meantime.", next_step="See how it stands now.")
    return now


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(path)

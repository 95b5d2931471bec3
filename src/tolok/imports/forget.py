"""Forget a person: find them, and take them out of everything that the workspace keeps, figures unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from tolok.errors import QuestionError, WorkspaceError, nearest
from tolok.imports import forgotten_files as files
from tolok.imports.forgotten import WORD, Forgotten, Person, forms, load, save, with_salt
from tolok.imports.forgotten_rows import ABOUT, Cleaning, Looked, edit_of, look
from tolok.imports.forgotten_server import clean_server
from tolok.imports.run import snapshots_of
from tolok.model import FACTS
from tolok.settings import Settings
from tolok.settings import load as load_settings
from tolok.sources.values.quoting import identifier, literal
from tolok.store.connection import connect
from tolok.store.fact_file import attach, reading
from tolok.store.snapshots import Snapshots

MOST = 12
ROUNDS = 5


@dataclass(frozen=True)
class Found:
    """One record about the person, in the current snapshot or an older one."""

    fact: str
    id: str
    name: str
    email: str = ""
    phone: str = ""
    extra: str = ""

    @property
    def shown(self) -> str:
        mail = f", {self.email}" if self.email else ""
        return f"{self.fact[:-1]} {self.id} ({self.name}{mail})"


@dataclass(frozen=True)
class Report:
    """What was done, or would be."""

    pseudonym: str
    records: tuple[Found, ...]
    facts: dict[str, int] = field(default_factory=dict)  # texts replaced by fact
    cleaned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    app_rows: int = 0
    dry_run: bool = False


def forget(
    workspace: Path,
    person: str,
    *,
    dry_run: bool = False,
    namesakes: bool = False,
    settings: Settings | None = None,
    now: datetime | None = None,
) -> Report:
    """Replace a person by a pseudonym in snapshots, kept files, rejects, mappings and what people entered.

    The person is named by name, e-mail address or id. The list of the forgotten is written first, so that an import
    that runs meanwhile, or later, does not bring the person back; doing it again finishes what a crash cut short.
    """
    settings = settings or load_settings(workspace)
    snapshots = snapshots_of(workspace, settings)
    forgotten = with_salt(load(workspace))
    records = find(snapshots, person)
    again = _again(forgotten, person)
    if not records and not again:
        raise _nobody(snapshots, person)
    if not namesakes:
        _one_person(records)
    spellings = [(person, "address" if "@" in person else "name")] if again and not records else []
    for record in records:
        spellings += _spellings(record)
    added = forgotten.person(spellings, [(one.fact, one.id) for one in records], now or datetime.now(UTC))
    forgotten = forgotten.having(added)
    if not dry_run:
        save(workspace, forgotten)
    facts = _snapshots(snapshots, forgotten, added, dry_run=dry_run)
    cleaned, removed = _files(workspace, forgotten, dry_run=dry_run)
    app_rows = sum(files.clean_app(workspace / name, forgotten, write=not dry_run) for name in files.APP)
    if settings.app_url:
        app_rows += clean_server(settings.app_url, forgotten, write=not dry_run)
    return Report(added.pseudonym, records, facts, cleaned, removed, app_rows, dry_run)


def find(snapshots: Snapshots, person: str) -> tuple[Found, ...]:
    """Records of a name, an address or an id, in all kept snapshots; those of the same name or address with them."""
    wanted = " ".join(person.split()).casefold()
    if not wanted:
        raise QuestionError("Nobody was named.", next_step="Give a name, an e-mail address or an id.")
    found = _matching(snapshots, {wanted}, ("id", "source_id", "name", "email"))
    if not found:
        return ()
    names = {_plain(one.name) for one in found if one.name}
    mails = {_plain(one.email) for one in found if one.email}
    return tuple(
        sorted(_matching(snapshots, names | mails, ("name", "email")) | found, key=lambda one: (one.fact, one.id))
    )


def _matching(snapshots: Snapshots, wanted: set[str], columns: Sequence[str]) -> set[Found]:
    found: dict[tuple[str, str], Found] = {}
    with _files_of(snapshots, ABOUT) as opened:
        for fact, relation in opened:
            held = set(FACTS[fact].column_names)
            tests = [
                f"lower(regexp_replace(trim({identifier(name)}), '\\s+', ' ', 'g')) IN ({', '.join(map(literal, wanted))})"
                for name in columns
                if name in held
            ]
            chosen = ", ".join(
                identifier(name) if name in held else "CAST(NULL AS VARCHAR)"
                for name in ("id", "name", "email", "phone", "extra")
            )
            for row in opened.connection.execute(
                f"SELECT {chosen} FROM {relation} WHERE {' OR '.join(tests)}"
            ).fetchall():
                one = Found(fact, *(cell or "" for cell in row))
                found.setdefault((fact, one.id), one)
    return set(found.values())


def _one_person(records: Iterable[Found]) -> None:
    """Refuse where the records may be of several people: their names cannot be told apart in a sentence."""
    listed = list(records)
    by_fact: dict[tuple[str, str], set[str]] = {}
    for one in listed:
        by_fact.setdefault((one.fact, one.id.split(":")[0]), set()).add(one.id)
    mails = {_plain(one.email) for one in listed if one.email}
    if any(len(ids) > 1 for ids in by_fact.values()) or len(mails) > 1:
        shown = "; ".join(one.shown for one in listed[:MOST])
        more = f" … ({len(listed)} in all)" if len(listed) > MOST else ""
        raise QuestionError(
            f"These may be several people: {shown}{more}.",
            next_step="Names cannot be told apart in texts; --namesakes forgets all of these together.",
        )


def _nobody(snapshots: Snapshots, person: str) -> QuestionError:
    names: set[str] = set()
    with _files_of(snapshots, ("reps", "contacts"), current=True) as opened:
        for _, relation in opened:
            rows = opened.connection.execute(f"SELECT DISTINCT name FROM {relation} WHERE name IS NOT NULL LIMIT 20000")
            names |= {str(name) for (name,) in rows.fetchall()}
    near = nearest(person, names)
    return QuestionError(
        f"Nobody is called {person!r} here, by name, e-mail address or id.",
        next_step=near if near.startswith("Did") else "Look at the spelling: tolok kpi deals_won --rows.",
    )


def _again(forgotten: Forgotten, person: str) -> bool:
    known = {spelling.hash for one in forgotten.people for spelling in one.spellings}
    kind = "address" if "@" in person else "name"
    return any(forgotten.hashed(" ".join(words)) in known for words in forms(person, kind))


def _spellings(record: Found) -> list[tuple[str, str]]:
    found = [(record.name, "name"), (record.email, "address"), (record.phone, "number")]
    try:
        cells = json.loads(record.extra) if record.extra else {}
    except ValueError:
        cells = {}
    if record.fact != "accounts":  # a customer's own cells may be those of its company
        for name, value in cells.items() if isinstance(cells, dict) else ():
            text = str(value)
            if "@" in text and len(WORD.findall(text)) < 10:
                found.append((text, "address"))
            elif sum(letter.isdecimal() for letter in text) >= 7 and _is_number(name):
                found.append((text, "number"))
    return [(text, kind) for text, kind in found if text]


def _is_number(heading: str) -> bool:
    plain = heading.casefold()
    return any(word in plain for word in ("phone", "mobile", "telp", "telepon", "whatsapp", "handphone", "fax"))


def _snapshots(snapshots: Snapshots, forgotten: Forgotten, person: Person, *, dry_run: bool) -> dict[str, int]:
    """Rewrite every kept snapshot until none holds the person; an import may have published one meanwhile."""
    done: dict[str, int] = {}
    for _ in range(ROUNDS):
        cleanings: dict[str, Cleaning] = {}
        kept = [one.id for one in snapshots.list()]
        with _files_of(snapshots, tuple(FACTS)) as opened:
            looked = Looked(opened.connection)
            for fact, relation in opened:
                found = cleanings.setdefault(fact, Cleaning())
                look(opened.connection.execute, forgotten, FACTS[fact], relation, found, looked=looked)
        left = {name: one for name, one in cleanings.items() if one}
        for name, one in left.items():
            done[name] = done.get(name, 0) + one.cells
        if dry_run or not left:
            return done
        snapshots.rewrite(edit_of(left), {"forgotten": str(len(forgotten.people))})
        if kept == [one.id for one in snapshots.list()]:
            return done
    raise WorkspaceError(
        "Imports kept publishing while the person was taken out.", next_step="Stop them, then run tolok forget again."
    )


def _files(workspace: Path, forgotten: Forgotten, *, dry_run: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cleaned, removed = [], []
    for path in (*files.kept_originals(workspace), *files.texts(workspace)):
        try:
            done = files.clean(path, forgotten, write=not dry_run)
        except FileNotFoundError:
            continue  # an import replaced it meanwhile
        name = path.relative_to(workspace).as_posix()
        if done == "cleaned":
            cleaned.append(name)
        elif done == "removed":
            removed.append(name)
    return tuple(cleaned), tuple(removed)


class _files_of:
    """The fact files of the kept snapshots, each once, attached for reading."""

    def __init__(self, snapshots: Snapshots, facts: Sequence[str], *, current: bool = False) -> None:
        self.snapshots, self.facts, self.current = snapshots, facts, current

    def __enter__(self) -> _files_of:
        self.connection: duckdb.DuckDBPyConnection = connect(None, self.snapshots.limits)
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def __iter__(self) -> Iterator[tuple[str, str]]:
        seen = set()
        listed = self.snapshots.list()
        for snapshot in listed[-1:] if self.current else listed:
            for name, stored in snapshot.facts.items():
                if name not in self.facts or name not in FACTS or stored.file in seen:
                    continue
                seen.add(stored.file)
                database = f"look_{len(seen)}"
                attach(self.connection, snapshot.path(name), database)
                try:
                    yield name, f"({reading(FACTS[name], stored, database)})"
                finally:
                    self.connection.execute(f"DETACH {identifier(database)}")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()

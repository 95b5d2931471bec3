"""People who were forgotten: how they are recognised again without keeping what they were called.

Of each spelling only a salted hash is kept, with the number of its words and letters. A spelling is found wherever its
words follow each other, whatever stands between them: in a cell, a sentence, an address, in two cells side by side.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate
from operator import sub
from pathlib import Path

from tolok.errors import WorkspaceError

FILE = "forgotten.json"
FORM = 1
WORD = re.compile(r"[^\W_]+")
PERSONAL = re.compile(
    r"(?i)name|nama|mail|surel|phone|telp|telepon|mobile|handphone|whatsapp|\bwa\b|fax|address|alamat|street|jalan|"
    r"birth|lahir|linkedin|facebook|twitter|instagram|skype|salutation|note|catatan|description|photo|avatar|user"
)
"""Headings of cells that describe the person, in rows that are about them."""

_APART = frozenset(",;|\t\r\n\"'<>:/#={}[]()\x1f")


@dataclass(frozen=True)
class Spelling:
    """One way in which a person was written, by its hash."""

    words: int
    letters: int
    hash: str
    kind: str = "name"  # "name", "address", "number"


@dataclass(frozen=True)
class Person:
    """One forgotten person: what stands in their place, their spellings, and the rows that were about them."""

    pseudonym: str
    at: str
    spellings: tuple[Spelling, ...]
    rows: tuple[str, ...] = ()

    def stands(self, kind: str) -> str:
        """What is written instead."""
        name, _, code = self.pseudonym.partition(" ")
        if kind == "address":
            return f"{name.casefold()}-{code}@forgotten.invalid"
        return code if kind == "number" else self.pseudonym


@dataclass(frozen=True)
class Forgotten:
    """Everybody who was forgotten in a workspace."""

    salt: str = ""
    people: tuple[Person, ...] = ()
    _seen: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.people)

    @cached_property
    def _known(self) -> dict[str, tuple[Person, Spelling]]:
        return {spelling.hash: (person, spelling) for person in self.people for spelling in person.spellings}

    @cached_property
    def _sizes(self) -> list[tuple[int, frozenset[int]]]:
        """Numbers of words, most first, with the lengths that occur."""
        found: dict[int, set[int]] = {}
        for _, spelling in self._known.values():
            found.setdefault(spelling.words, set()).add(spelling.letters)
        return [(words, frozenset(found[words])) for words in sorted(found, reverse=True)]

    @cached_property
    def _rows(self) -> dict[str, Person]:
        return {row: person for person in self.people for row in person.rows}

    def hashed(self, text: str) -> str:
        return hashlib.sha256(f"{self.salt}\x00{text}".encode()).hexdigest()

    def cleaned(self, text: str) -> str:
        """One cell or sentence without the forgotten."""
        return self._without(text, whole=True)

    def cleaned_lines(self, text: str) -> str:
        """A piece of a file without the forgotten; its delimiters and quotes stay as they are."""
        return self._without(text, whole=False)

    def of_row(self, fact: str, id_: str) -> Person | None:
        """The person whom a row is about."""
        return self._rows.get(self.hashed(f"{fact}\x00{id_}"))

    def _without(self, text: str, *, whole: bool) -> str:
        parts: list[str] = []
        done = 0
        for first, last, person, spelling in self._found(text):
            spans = list(WORD.finditer(text, first, last))
            between = text[first:last]
            parts.append(text[done:first])
            if whole or not _APART & set(between):
                parts.append(person.stands(spelling.kind))
            else:  # the words stand in several cells: each keeps its place
                words = person.stands(spelling.kind).split(" ")
                words = [*words[: len(spans) - 1], " ".join(words[len(spans) - 1 :])]
                at = first
                for place, span in enumerate(spans):
                    parts.append(text[at : span.start()])
                    parts.append(words[place] if place < len(words) else "")
                    at = span.end()
            done = last
        return "".join([*parts, text[done:]]) if parts else text

    def _found(self, text: str) -> Iterator[tuple[int, int, Person, Spelling]]:
        """Where the forgotten stand, longest spelling first; runs of words of no known length are passed over unhashed."""
        words = WORD.findall(text.lower()) if text.isascii() else [word.casefold() for word in WORD.findall(text)]
        ends = list(accumulate(map(len, words), initial=0))
        hits: dict[int, list[tuple[int, Person, Spelling]]] = {}
        for size, letters in self._sizes:
            wanted = {length - size + 1 for length in letters}
            lengths = map(sub, ends[size:], ends)
            for place in [place for place, length in enumerate(lengths) if length in wanted]:
                hit = self._known.get(self._key(" ".join(words[place : place + size])))
                if hit:
                    hits.setdefault(place, []).append((size, *hit))
        if not hits:
            return
        spans = [match.span() for match in WORD.finditer(text)]
        done = 0
        for place in sorted(hits):
            if place < done:
                continue
            for size, person, spelling in hits[place]:
                first, last = spans[place][0], spans[place + size - 1][1]
                if size > 1 or spelling.kind == "address" or _alone(text, first, last):
                    yield first, last, person, spelling
                    done = place + size
                    break

    def _key(self, said: str) -> str:
        key = self._seen.get(said)
        if key is None:
            key = self.hashed(said)
            if len(self._seen) < 100_000:
                self._seen[said] = key
        return key

    def without_personal(self, extra: str) -> str | None:
        """A row's cells that map to nothing, less those that describe the person."""
        try:
            cells = json.loads(extra)
        except ValueError:
            return None
        if not isinstance(cells, dict):
            return None
        kept = {name: value for name, value in cells.items() if not PERSONAL.search(name)}
        return self.cleaned(json.dumps(kept, ensure_ascii=False, separators=(",", ":"))) if kept else None

    def person(self, spellings: Iterable[tuple[str, str]], rows: Iterable[tuple[str, str]], at: datetime) -> Person:
        """A person to add: spellings as written with their kind, and the rows (fact, id) that are about them.

        The same name gives the same pseudonym again.
        """
        made: dict[str, Spelling] = {}
        for text, kind in spellings:
            for words in forms(text, kind):
                said = " ".join(words)
                key = self.hashed(said)
                made.setdefault(key, Spelling(len(words), len(said), key, kind))
        before = next((one for one in self.people if {s.hash for s in one.spellings} & set(made)), None)
        about = {self.hashed(f"{fact}\x00{id_}") for fact, id_ in rows}
        if before is not None:
            known = {one.hash for one in before.spellings}
            new = tuple(one for key, one in made.items() if key not in known)
            return replace(before, spellings=(*before.spellings, *new), rows=tuple(sorted(about | set(before.rows))))
        taken = {one.pseudonym for one in self.people}
        seed = min(made, default=secrets.token_hex(8))
        code = next(code for size in range(4, 64) if (code := _code(seed, size)) and f"Forgotten {code}" not in taken)
        moment = at.astimezone(UTC).isoformat(timespec="seconds")
        return Person(f"Forgotten {code}", moment, tuple(made.values()), tuple(sorted(about)))

    def having(self, person: Person) -> Forgotten:
        others = tuple(one for one in self.people if one.pseudonym != person.pseudonym)
        return Forgotten(self.salt, (*others, person))


def forms(text: str, kind: str) -> Iterator[tuple[str, ...]]:
    """The orders in which a spelling's words are written: as given, and the last name first.

    >>> list(forms("Siti Nur Haliza", "name"))
    [('siti', 'nur', 'haliza'), ('haliza', 'siti', 'nur')]
    """
    words = tuple(word.casefold() for word in WORD.findall(text))
    if not words or (kind == "number" and len("".join(words)) < 7):
        return
    yield words
    if kind == "name" and len(words) > 1:
        yield (words[-1], *words[:-1])
    if kind == "number" and len(words) > 1:
        yield ("".join(words),)


def load(workspace: Path) -> Forgotten:
    """Who was forgotten here."""
    path = workspace / FILE
    if not path.is_file():
        return Forgotten()
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        if written["form"] > FORM:
            raise WorkspaceError(f"{FILE} was written by a newer Tolok.", next_step="Upgrade Tolok.")
        people = tuple(
            Person(
                str(one["pseudonym"]),
                str(one["at"]),
                tuple(Spelling(**spelling) for spelling in one["spellings"]),
                tuple(one["rows"]),
            )
            for one in written["people"]
        )
        return Forgotten(str(written["salt"]), people)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{FILE} is damaged, so an import could bring back people who were forgotten.",
            next_step="Restore the file from a backup.",
        ) from error


def save(workspace: Path, forgotten: Forgotten) -> None:
    """Write the list whole."""
    path = workspace / FILE
    beside = path.with_name(f".{FILE}.new")
    content = {"form": FORM, "salt": forgotten.salt, "people": [asdict(person) for person in forgotten.people]}
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o600)
    beside.replace(path)


def with_salt(forgotten: Forgotten) -> Forgotten:
    """The list with a salt of its own, made once."""
    return forgotten if forgotten.salt else Forgotten(secrets.token_hex(16))


def _code(seed: str, size: int) -> str:
    return hashlib.sha256(f"pseudonym {seed}".encode()).hexdigest()[:size]


def _alone(text: str, first: int, last: int) -> bool:
    """Whether nothing else stands in the cell: a single word is no proof inside a sentence."""
    before, after = text[:first].rstrip(" ")[-1:], text[last:].lstrip(" ")[:1]
    return (not before or before in _APART) and (not after or after in _APART)

"""Reading ``tolok.toml``: every mistake is named with file, line and the nearest legal word."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from tolok.errors import DefinitionError, WorkspaceError, nearest
from tolok.settings.declared import NorthStar, Settings, SignOn, Source
from tolok.settings.form import form_of
from tolok.settings.secrets import redacted

FILE = "tolok.toml"

_KINDS: dict[str, type] = {"text": str, "number": int, "yes or no": bool, "texts": list}
_SAID = {"text": "a text", "number": "a whole number", "yes or no": "true or false", "texts": "a list of texts"}


def load(path: Path) -> Settings:
    """Read the settings of a workspace, given its folder or its ``tolok.toml``."""
    file = path / FILE if path.is_dir() or path.suffix != ".toml" else path
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WorkspaceError(
            f"{file.parent} is no workspace: it has no {FILE}.", next_step=f"Make one: tolok init {file.parent}"
        ) from None
    except UnicodeDecodeError:
        raise DefinitionError("The file is not in UTF-8.", file=str(file), next_step="Save it as UTF-8.") from None
    except OSError as error:
        raise WorkspaceError(f"{file} cannot be read: {error.strerror}.") from error
    form_of(file.parent)
    return parse(text, str(file))


def parse(text: str, file: str = FILE) -> Settings:
    """Settings from the text of a ``tolok.toml``.

    >>> parse('currency = "IDR"').currency
    'IDR'
    >>> parse('curency = "IDR"')
    Traceback (most recent call last):
    tolok.errors.DefinitionError: tolok.toml:1: Unknown setting 'curency'. Did you mean currency?
    """
    try:
        written = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = re.search(r"\(at line (\d+), column (\d+)\)", message)
        said = message[: at.start()].strip() if at else message
        line = int(at.group(1)) if at else text.count("\n") + 1
        raise DefinitionError(f"This is not TOML: {said}.", file=file, line=line) from error
    return _Reader(text, file).settings(written)


@dataclass(frozen=True)
class _Reader:
    """Turns a parsed file into settings, refusing what is not declared with its line."""

    text: str
    file: str

    def settings(self, written: dict[str, Any]) -> Settings:
        known = [item.name for item in fields(Settings)]
        self._only(written, known, "", 0)
        found = self._values(Settings, written, "", 0)
        star = written.get("north_star", {})
        if not isinstance(star, dict):
            self._refuse("'north_star' must be a table.", "", 0, "north_star", 'Write [north_star] and kpi = "…".')
        self._only(star, [item.name for item in fields(NorthStar)], "north_star", 0)
        if isinstance(star.get("target"), int | float) and not isinstance(star["target"], bool):
            star = {**star, "target": str(star["target"])}
        found["north_star"] = NorthStar(**self._values(NorthStar, star, "north_star", 0))
        sources = written.get("source", [])
        if not isinstance(sources, list) or not all(isinstance(item, dict) for item in sources):
            self._refuse("'source' must be a list of tables.", "", 0, "source", "Write [[source]] above each.")
        found["source"] = tuple(self._source(item, number) for number, item in enumerate(sources))
        names = [source.name for source in found["source"]]
        for number, name in enumerate(names):
            if name in names[:number]:
                self._refuse(f"Two sources are called {name!r}.", "source", number, "name", "Give each its own name.")
        found["sign_on"] = self._sign_ons(written.get("sign_on", []))
        return Settings(**found)

    def _sign_ons(self, written: Any) -> tuple[SignOn, ...]:
        if not isinstance(written, list) or not all(isinstance(item, dict) for item in written):
            self._refuse("'sign_on' must be a list of tables.", "", 0, "sign_on", "Write [[sign_on]] above each.")
        found: list[SignOn] = []
        for number, item in enumerate(written):
            self._only(item, [one.name for one in fields(SignOn)], "sign_on", number)
            sign_on = SignOn(**self._values(SignOn, item, "sign_on", number))
            for one in fields(SignOn):
                if not getattr(sign_on, one.name) or (one.name == "name" and not sign_on.id):
                    self._refuse(f"A sign_on needs a {one.name}.", "sign_on", number, one.name)
            if sign_on.id in [other.id for other in found]:
                said = f"Two sign_ons are called {sign_on.name!r}."
                self._refuse(said, "sign_on", number, "name", "Give each its own name.")
            found.append(sign_on)
        return tuple(found)

    def _source(self, written: dict[str, Any], number: int) -> Source:
        self._only(written, [item.name for item in fields(Source)], "source", number)
        source = Source(**self._values(Source, written, "source", number))
        if not re.fullmatch(r"\w[\w .-]*", source.name):
            said = "A source needs a name of letters, digits, spaces, dots and dashes."
            self._refuse(said, "source", number, "name", 'Write name = "crm".')
        if bool(source.path) == bool(source.url):
            said = f"Source {source.name!r} needs either a path or a url."
            self._refuse(said, "source", number, "path", 'Write path = "…" or url = "${TOLOK_DB_URL}".')
        return source

    def _only(self, written: Mapping[str, Any], known: list[str], table: str, number: int) -> None:
        for key in written:
            if key not in known:
                what = "setting" if not table else f"key of {table}"
                self._refuse(f"Unknown {what} {key!r}.", table, number, key, nearest(key, known))

    def _values(self, of: type[Any], written: Mapping[str, Any], table: str, number: int) -> dict[str, Any]:
        found = {}
        for item in fields(of):
            if not item.metadata or item.name not in written:
                continue
            value: Any = written[item.name]
            kind: str = item.metadata["kind"]
            shown = redacted(repr(value))

            def refuse(message: str, next_step: str = "", name: str = item.name) -> NoReturn:
                self._refuse(message, table, number, name, next_step)

            fits = isinstance(value, _KINDS[kind]) and not (kind == "number" and isinstance(value, bool))
            if not fits:
                refuse(f"{item.name!r} must be {_SAID[kind]}, not {shown}.")
            if kind == "texts":
                if not all(isinstance(part, str) for part in value):
                    refuse(f"{item.name!r} must be a list of texts.")
                value = tuple(value)
            parts: tuple[Any, ...] = tuple(value) if kind == "texts" else (value,)
            for part in parts:
                if item.metadata["legal"] and part not in item.metadata["legal"]:
                    refuse(
                        f"{item.name!r} cannot be {redacted(repr(part))}.",
                        nearest(str(part), filter(None, item.metadata["legal"])),
                    )
            wrong = item.metadata["check"](value)
            if wrong:
                near = item.metadata["near"]
                refuse(f"{item.name!r} {wrong}: {shown}.", nearest(value, near()) if near else "")
            found[item.name] = value
        return found

    def _refuse(self, message: str, table: str, number: int, key: str, next_step: str = "") -> NoReturn:
        line = line_of(self.text, table, number, key)
        raise DefinitionError(message, file=self.file, line=line, next_step=next_step)


def line_of(text: str, table: str, number: int, key: str) -> int:
    """The line on which a key of a table stands (the ``number``-th of that name), or else where the table begins.

    >>> line_of('name = "x"\\n[[source]]\\nname = "a"\\n[[source]]\\nname = "b"\\n', "source", 1, "name")
    5
    """
    here, seen, header = "", {"": 0}, 1
    wanted = re.compile(rf"\s*(?:{re.escape(key)}|\"{re.escape(key)}\"|'{re.escape(key)}')\s*[=.]")
    for position, line in enumerate(text.splitlines(), start=1):
        opening = re.match(r"\s*\[\[?\s*([^\]]+?)\s*\]", line)
        if opening:
            here = opening.group(1).strip("\"'")
            seen[here] = seen.get(here, -1) + 1
            if here == key and not table:
                return position
        if here == table and seen.get(here, 0) == number:
            header = position if opening else header
            if wanted.match(line):
                return position
    return header

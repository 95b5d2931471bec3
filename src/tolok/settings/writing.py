"""Writing ``tolok.toml``: a commented file for a new workspace, and changes that leave people's comments alone."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import tomlkit

from tolok.errors import DefinitionError, WorkspaceError, nearest
from tolok.settings.declared import NorthStar, Setting, Settings, SignOn, Source, declared
from tolok.settings.form import write_form
from tolok.settings.reading import FILE, parse

FOLDERS = ("mappings", "kpis", "imports", "facts")
FIRST = ("name", "currency", "timezone", "fiscal_year_start", "language")
"""Settings that a new file states even where they are the default; the others stand there as comments."""


def create(folder: Path, **chosen: Any) -> Settings:
    """Make a workspace: its folders and a ``tolok.toml`` that explains every setting. Never touches an existing one."""
    file = folder / FILE
    if file.exists():
        raise WorkspaceError(
            f"{folder} is a workspace already.", next_step=f"Change {file} instead, or choose another folder."
        )
    if folder.exists() and not folder.is_dir():
        raise WorkspaceError(f"{folder} is a file.", next_step="Choose another folder.")
    known = [setting.name for setting in declared()]
    for name in chosen:
        if name not in known:
            raise DefinitionError(f"Unknown setting {name!r}.", next_step=nearest(name, known))
    values = {"name": folder.resolve().name, **{name: value for name, value in chosen.items() if value is not None}}
    text = as_text(values)
    settings = parse(text, str(file))
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        write_form(folder)
        _replace(file, text)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {folder} cannot be made: {error.strerror}.", next_step="Choose a folder you may write to."
        ) from error
    return settings


def as_text(values: Mapping[str, Any]) -> str:
    """A whole ``tolok.toml`` with every setting, its help, and what it may be.

    >>> parse(as_text({"currency": "IDR"})).currency
    'IDR'
    """
    blocks = ["# Settings of this workspace. Lines that begin with # are comments; remove the # to change a setting.\n"]
    for setting in declared():
        stated = setting.name in values or setting.name in FIRST
        usual = setting.default if stated or setting.default not in ("", ()) else setting.example
        value = values.get(setting.name, usual)
        blocks.append(f"{_help(setting)}{'' if stated else '# '}{_line(setting.name, value)}\n")
    blocks.append(_table("[north_star]", "The one KPI that the organisation steers by", declared(NorthStar)))
    about = "Folders, files and databases that `tolok refresh` brings up to date; one [[source]] each, a path or a url"
    blocks.append(_table("[[source]]", about, declared(Source)))
    about = "Single sign-on by OpenID Connect for people who have an account here; one [[sign_on]] each"
    blocks.append(_table("[[sign_on]]", about, declared(SignOn)))
    return "\n".join(blocks)


def save(file: Path, changes: Mapping[str, Any]) -> Settings:
    """Change settings in a file (``north_star.kpi`` for a key of a table), keeping everything else as written.

    The result is read back before it replaces the file, so that a wrong value leaves the file as it was.
    """
    text = _read(file)
    for name, value in changes.items():
        text = _changed(text, name, value)
    settings = parse(text, str(file))
    _replace(file, text)
    return settings


def add_source(file: Path, source: Source) -> Settings:
    """Add a source to the file, or replace the one of the same name."""
    document = tomlkit.parse(_read(file))
    listed = document.get("source")
    if listed is None:
        listed = tomlkit.aot()
        document.append("source", listed)
    table = next((item for item in listed if item.get("name") == source.name), None)
    new = tomlkit.table() if table is None else table
    for item in fields(Source):
        value = getattr(source, item.name)
        if value != item.default:
            new[item.name] = value
        elif item.name in new:
            new.remove(item.name)
    if table is None:
        listed.append(new)
    text = tomlkit.dumps(document)
    settings = parse(text, str(file))
    _replace(file, text)
    return settings


def remove_source(file: Path, name: str) -> Settings:
    """Take a source out of the file; its data stays."""
    document = tomlkit.parse(_read(file))
    listed = document.get("source", [])
    for index in range(len(listed) - 1, -1, -1):
        if listed[index].get("name") == name:
            del listed[index]
    if not listed and "source" in document:
        document.remove("source")
    text = tomlkit.dumps(document)
    settings = parse(text, str(file))
    _replace(file, text)
    return settings


def _changed(text: str, name: str, value: Any) -> str:
    table, _, key = name.rpartition(".")
    if not table and not re.search(rf"(?m)^{re.escape(key)}\s*=", text):
        commented = re.compile(rf"(?m)^# {re.escape(key)} = .*$")
        if commented.search(text):
            return commented.sub(lambda found: _line(key, value), text, count=1)
    document = tomlkit.parse(text)
    place: Any = document
    if table:
        if table not in document:
            document[table] = tomlkit.table()
        place = document[table]
    place[key] = list(value) if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def _help(setting: Setting) -> str:
    legal = ", ".join(repr(value) for value in setting.legal if value != "")
    said = f"{setting.help} ({legal})" if legal else setting.help
    return f"# {said}.\n"


def _table(header: str, about: str, settings: tuple[Setting, ...]) -> str:
    lines = [f"# {_line(setting.name, setting.example)}  # {setting.help}" for setting in settings]
    return "\n".join([f"# {about}.", f"# {header}", *lines]) + "\n"


def _line(name: str, value: Any) -> str:
    written = tomlkit.item(list(value) if isinstance(value, tuple) else value).as_string()
    return f"{name} = {written}"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(f"{file} cannot be read: {error.strerror}.") from error


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")
    with beside.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)

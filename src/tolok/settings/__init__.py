"""The settings of a workspace, ``tolok.toml``: one declared list with default, help and legal values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tolok.settings.declared import WEEKDAYS, NorthStar, Setting, Settings, SignOn, Source, declared
from tolok.settings.reading import FILE, load, parse
from tolok.settings.secrets import expanded, redacted


def create(folder: Path, **chosen: Any) -> Settings:
    """Make a workspace (see ``writing``, which is loaded only when something is written)."""
    from tolok.settings import writing

    return writing.create(folder, **chosen)


def save(file: Path, changes: Mapping[str, Any]) -> Settings:
    """Change settings in a file, keeping its comments."""
    from tolok.settings import writing

    return writing.save(file, changes)


def add_source(file: Path, source: Source) -> Settings:
    """Add or replace a source in a file, keeping its comments."""
    from tolok.settings import writing

    return writing.add_source(file, source)


def remove_source(file: Path, name: str) -> Settings:
    """Take a source out of a file, keeping its comments."""
    from tolok.settings import writing

    return writing.remove_source(file, name)


def defaults() -> Settings:
    """The settings of a workspace that says nothing."""
    return Settings()


__all__ = [
    "FILE",
    "WEEKDAYS",
    "NorthStar",
    "Setting",
    "Settings",
    "SignOn",
    "Source",
    "add_source",
    "create",
    "declared",
    "defaults",
    "expanded",
    "load",
    "parse",
    "redacted",
    "remove_source",
    "save",
]
